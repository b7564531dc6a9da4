"""The second stage: the best few hundred of the first, ordered again by their shapes and colours.

The first stage compares vectors, which forgive much. Here the drawings themselves are compared: the
correlation of their pixels, at the resolution that the screenshot had, wherever its edges may have been.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from search.drawing import MARGIN, SIDE, Drawing
from search.query_views import QueryView

SHAPE = SIDE - 2 * MARGIN  # px: what of a drawing is kept, all but its margin
CHROMA = 11  # px a side of what is kept of its colours
SHAPE_BYTES = SHAPE * SHAPE // 2
CHROMA_BYTES = 2 * CHROMA * CHROMA
COLOUR_AT = SHAPE_BYTES
CHROMA_AT = SHAPE_BYTES + 3
FEW = 200  # found icons compared for one view
ALIKE = 0.97  # correlation of two icons that answer for each other

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """One icon near one view of the query, as the first stage found it."""

    icon_id: int
    view: int  # index of the view
    inner_product: float
    signature: bytes  # as stored with the vector


@dataclass(frozen=True, slots=True)
class Match:
    icon_id: int
    score: float  # 0 to 1: how probable it is that this is the icon meant


def signature(drawing: Drawing) -> bytes:
    """What is stored of a drawing: 44 × 44 lightness in 4 bits, the mean colour, and 11 × 11 chroma if it has any."""
    inner = drawing.pixels[MARGIN:-MARGIN, MARGIN:-MARGIN]
    levels = (_lightness(inner) / 17 + 0.5).astype(np.uint8).reshape(-1, 2)
    packed = (levels[:, 0] << 4 | levels[:, 1]).tobytes() + bytes(drawing.colour)
    return packed + _chroma(inner).tobytes() if drawing.coloured else packed


def _lightness(pixels: NDArray[np.uint8]) -> Floats:
    """(h, w), 0 to 255, of (h, w, 3) RGB: ITU-R BT.601."""
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    return (pixels.astype(np.float32) @ weights).clip(0, 255)


def _chroma(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(CHROMA, CHROMA, 2): blue and red difference, 128 where there is no colour."""
    coarse = cv2.resize(pixels, (CHROMA, CHROMA), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(cv2.cvtColor(coarse, cv2.COLOR_RGB2YCrCb)[..., 1:])


@dataclass(frozen=True)
class _Candidates:
    """The signatures of n icons, unpacked."""

    ink: Floats  # (n, SHAPE, SHAPE), 0 to 1
    colour: Floats  # (n, 3), 0 to 255
    chroma: Floats  # (n, CHROMA² · 2), -1 to 1; zeros for icons of one colour
    coloured: NDArray[np.bool_]  # (n,)


def _unpack(signatures: Sequence[bytes]) -> _Candidates:
    count = len(signatures)
    packed = np.frombuffer(b"".join(one[:CHROMA_AT] for one in signatures), np.uint8).reshape(count, CHROMA_AT)
    levels = np.empty((count, SHAPE_BYTES, 2), np.uint8)
    levels[..., 0], levels[..., 1] = packed[:, :SHAPE_BYTES] >> 4, packed[:, :SHAPE_BYTES] & 15
    ink = 1 - levels.reshape(count, SHAPE, SHAPE).astype(np.float32) / 15
    coloured = np.array([len(one) > CHROMA_AT for one in signatures], bool)
    chroma = np.zeros((count, CHROMA_BYTES), np.float32)
    for index in np.flatnonzero(coloured):
        chroma[index] = np.frombuffer(signatures[index], np.uint8, CHROMA_BYTES, CHROMA_AT)
    chroma[coloured] = (chroma[coloured] - 128) / 128
    return _Candidates(ink, packed[:, COLOUR_AT:].astype(np.float32), chroma, coloured)


@lru_cache(maxsize=64)
def _softening(width: float) -> Floats:
    """(SHAPE, SHAPE): averages over `width` px along one axis, as a screen's pixels do."""
    distance = np.abs(np.subtract.outer(np.arange(SHAPE), np.arange(SHAPE))).astype(np.float32)
    weights = np.clip(width / 2 + 0.5 - distance, 0, 1)
    return weights / weights.sum(axis=1, keepdims=True)


def _placements(query: Floats, reach: float) -> Floats:
    """(n, SHAPE²): the query as it would be framed, were its edges up to `reach` px elsewhere."""
    variants = []
    centre = (SIDE - 1) / 2
    for wider in (-1, 0, 1):
        for taller in (-1, 0, 1):
            a, b = 1 + 2 * reach * wider / SHAPE, 1 + 2 * reach * taller / SHAPE
            for right in (-1, 0, 1):
                for down in (-1, 0, 1):
                    if abs(wider) + abs(taller) + abs(right) + abs(down) > 2:
                        continue  # three or four edges that are all off are rare
                    matrix = np.array(
                        [
                            [a, 0, centre - a * centre + right * reach],
                            [0, b, centre - b * centre + down * reach],
                        ],
                        np.float32,
                    )
                    moved = cv2.warpAffine(query, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
                    variants.append(moved[MARGIN:-MARGIN, MARGIN:-MARGIN].ravel())
    return np.stack(variants)


def _unit(rows: Floats) -> Floats:
    """Rows centred and of length 1, so that their inner products are correlations."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)


def _likeness(view: QueryView, candidates: _Candidates) -> tuple[Floats, Floats]:
    """(n,) correlation of the shapes, in the best placement of some, and (n,) in the plain one."""
    drawing = view.drawing
    query = 1 - _lightness(drawing.pixels) / 255
    pixel = 1 / max(drawing.scale, 1e-3)  # px of the drawing that one of the screenshot covers
    ink = candidates.ink
    if pixel > 1.2:
        soften = _softening(round(min(pixel, 8.0) * 4) / 4)
        ink = soften @ ink @ soften.T
    known = _unit(ink.reshape(len(ink), -1))
    placed = _unit(_placements(query, min(max(0.3 * pixel, 0.5), 1.6)))
    correlations = placed @ known.T
    plain = _unit(query[MARGIN:-MARGIN, MARGIN:-MARGIN].reshape(1, -1)) @ known.T
    return correlations.max(axis=0), plain[0]


def _colour_features(view: QueryView, candidates: _Candidates) -> list[Floats]:
    """What the colours say: distance where both have several, and whether only one has; distance of single inks."""
    drawing, count = view.drawing, len(candidates.coloured)
    zeros = np.zeros(count, np.float32)
    both, only_icon, only_query, ink, fixed = zeros.copy(), zeros.copy(), zeros.copy(), zeros.copy(), zeros.copy()
    if drawing.coloured:
        chroma = (_chroma(drawing.pixels[MARGIN:-MARGIN, MARGIN:-MARGIN]).astype(np.float32).ravel() - 128) / 128
        distance = np.sqrt(((candidates.chroma - chroma) ** 2).mean(axis=1))
        both = np.where(candidates.coloured, distance, 0)
        only_query = (~candidates.coloured).astype(np.float32)
    else:
        only_icon = candidates.coloured.astype(np.float32)
        own = np.array(drawing.colour, np.float32)
        # An icon drawn in black takes the colour of the text around it; any other colour is its own.
        fixed = (~candidates.coloured & (candidates.colour.max(axis=1) > 40)).astype(np.float32)
        ink = fixed * np.abs(candidates.colour - own).max(axis=1) / 255
    return [both, only_icon, only_query, ink, fixed]


KINDS = ("whole", "cluster", "inside", "ring", "unbadged")


def features(view: QueryView, first: bool, inner_products: Floats, candidates: _Candidates) -> Floats:
    """(n, d): what speaks for each candidate being what this view shows."""
    shape, plain = _likeness(view, candidates)
    few = min(1.0, view.drawing.scale)  # of the screenshot's pixels: few of them tell less
    kind = [np.full(len(shape), float(view.kind == one), np.float32) for one in KINDS[1:]]
    columns = [
        inner_products,
        shape,
        plain,
        np.log(np.maximum(1.02 - shape, 0.02)),
        np.log(np.maximum(1.02 - inner_products, 0.02)),
        shape * few,
        np.log(np.maximum(1.02 - shape, 0.02)) * few,
        *_colour_features(view, candidates),
        *kind,
        np.full(len(shape), float(not first), np.float32),
    ]
    return np.stack(columns, axis=1).astype(np.float32)
