"""The second stage: the best few hundred of the first, ordered again by their shapes and colours.

The first stage compares vectors, which forgive much. Here the drawings themselves are compared: the
correlation of their pixels, at the resolution that the screenshot had, wherever its edges may have been.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from search.vision.drawing import MARGIN, SIDE, Drawing
from search.vision.inks import LIGHTNESS
from search.vision.readings import Reading

SHAPE = SIDE - 2 * MARGIN  # px: what of a drawing is kept, all but its margin
CHROMA = 11  # px a side of what is kept of its colours
SHAPE_BYTES = SHAPE * SHAPE // 2
CHROMA_BYTES = 2 * CHROMA * CHROMA
COLOUR_AT = SHAPE_BYTES
CHROMA_AT = SHAPE_BYTES + 3
SHARED = 50  # best icons among which look-alikes are looked for
COEFFICIENTS_FILE = "second_stage_1.json"
BEHIND, BEHIND_MOST = 0.25, 1.6  # of what its best lacks, a view's list is put behind, in the logarithm of a place
PARTS = 4  # parts a side in which shapes are compared on their own
PLAIN_BY = 10, 20  # places by whose shape and vector it is told whether many icons are alike
NOTHING_ALIKE = 0.0  # the logarithm of that distance where fewer icons are found
ALIKE = 0.97  # correlation of two icons that answer for each other

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One icon near one view of the query, as the first stage found it."""

    icon_id: int
    view: int  # index of the view
    inner_product: float
    signature: bytes  # as stored with the vector


@dataclass(frozen=True, slots=True)
class Match:
    icon_id: int
    score: float  # 0 to 1: how probable it is that this is the icon meant
    present: float  # 0 to 1: how probable it is that the library has what the picture shows; for all the same


def signature(drawing: Drawing) -> bytes:
    """What is stored of a drawing: 44 × 44 lightness in 4 bits, the mean colour, and 11 × 11 chroma if it has any."""
    inner = drawing.pixels[MARGIN:-MARGIN, MARGIN:-MARGIN]
    levels = (_lightness(inner) / 17 + 0.5).astype(np.uint8).reshape(-1, 2)
    packed = (levels[:, 0] << 4 | levels[:, 1]).tobytes() + bytes(drawing.colour)
    return packed + _chroma(inner).tobytes() if drawing.coloured else packed


def _lightness(pixels: NDArray[np.uint8]) -> Floats:
    """(h, w), 0 to 255, of (h, w, 3) RGB: ITU-R BT.601."""
    return (pixels.astype(np.float32) @ LIGHTNESS).clip(0, 255)


def _chroma(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(CHROMA, CHROMA, 2): blue and red difference, 128 where there is no colour."""
    coarse = cv2.resize(pixels, (CHROMA, CHROMA), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(cv2.cvtColor(coarse, cv2.COLOR_RGB2YCrCb)[..., 1:])


@dataclass(frozen=True)
class UnpackedSignatures:
    """The signatures of n icons, unpacked."""

    ink: Floats  # (n, SHAPE, SHAPE), 0 to 1
    colour: Floats  # (n, 3), 0 to 255
    chroma: Floats  # (n, CHROMA² · 2), -1 to 1; zeros for icons of one colour
    coloured: NDArray[np.bool_]  # (n,)


def unpack(signatures: Sequence[bytes]) -> UnpackedSignatures:
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
    return UnpackedSignatures(ink, packed[:, COLOUR_AT:].astype(np.float32), chroma, coloured)


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


def correlatable(rows: Floats) -> Floats:
    """Rows centred and of length 1, so that their inner products are correlations."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)


@dataclass(frozen=True)
class Likeness:
    """How alike the shapes of a view and of n icons are."""

    best: Floats  # (n,) correlation in the best placement of some
    plain: Floats  # (n,) correlation as framed
    worst: Floats  # (n,) the share that the worst of PARTS² parts has in their difference, 0 to 2


def _likeness(view: Reading, candidates: UnpackedSignatures) -> Likeness:
    drawing = view.drawing
    query = 1 - _lightness(drawing.pixels) / 255
    pixel = 1 / max(drawing.scale, 1e-3)  # px of the drawing that one of the screenshot covers
    ink = candidates.ink
    if pixel > 1.2:
        soften = _softening(round(min(pixel, 8.0) * 4) / 4)
        ink = soften @ ink @ soften.T
    known = correlatable(ink.reshape(len(ink), -1))
    placed = correlatable(_placements(query, min(max(0.3 * pixel, 0.5), 1.6)))
    correlations = placed @ known.T
    plain = correlatable(query[MARGIN:-MARGIN, MARGIN:-MARGIN].reshape(1, -1)) @ known.T
    off = ((placed[correlations.argmax(axis=0)] - known) ** 2).reshape(-1, PARTS, SHAPE // PARTS, PARTS, SHAPE // PARTS)
    return Likeness(correlations.max(axis=0), plain[0], off.sum(axis=(2, 4)).max(axis=(1, 2)))


def _colour_features(view: Reading, candidates: UnpackedSignatures) -> list[Floats]:
    """What the colours say: distances where both have several, and whether only one has; distance of single inks."""
    drawing, count = view.drawing, len(candidates.coloured)
    zeros = np.zeros(count, np.float32)
    both = near = hue = only_icon = only_query = ink = fixed = zeros
    if drawing.coloured:
        chroma = (_chroma(drawing.pixels[MARGIN:-MARGIN, MARGIN:-MARGIN]).astype(np.float32).ravel() - 128) / 128
        distance = np.sqrt(((candidates.chroma - chroma) ** 2).mean(axis=1))
        both = np.where(candidates.coloured, distance, 0)
        near = np.where(candidates.coloured, np.log(0.02 + distance), 0)
        lengths = np.linalg.norm(candidates.chroma, axis=1) * np.linalg.norm(chroma)
        cosine = (candidates.chroma @ chroma / np.maximum(lengths, 1e-3)).clip(-1, 1)
        hue = np.where(candidates.coloured, np.log(1.05 - cosine), 0)
        only_query = (~candidates.coloured).astype(np.float32)
    else:
        only_icon = candidates.coloured.astype(np.float32)
        own = np.array(drawing.colour, np.float32)
        # An icon drawn in black takes the colour of the text around it; any other colour is its own.
        fixed = (~candidates.coloured & (candidates.colour.max(axis=1) > 40)).astype(np.float32)
        ink = fixed * np.abs(candidates.colour - own).max(axis=1) / 255
    return [both, near, hue, only_icon, only_query, ink, fixed]


KINDS = ("cluster", "inside", "ring", "unbadged", "filled", "one ink")  # beside "whole", to which they are compared
FEATURES = (
    "inner product",
    "shape as framed",
    "log shape distance",
    "log vector distance",
    "log shape distance, few pixels",
    "log shape distance, not clean",
    "log worst part",
    "log worst part, not clean",
    "colours apart",
    "log colours apart",
    "log hues apart",
    "icon alone in colour",
    "picture alone in colour",
    "ink apart",
    "icon with an ink of its own",
    *KINDS,
    "not the first view",
    "another reading",
    "strokes",
    "log shape distance of those behind",
    "log vector distance of those behind",
    "few pixels",
    "not clean",
)
AHEAD_OF = 3, 10, 40  # places behind the best, of its view: what is shown stands out, what is not is one of many
NEITHER = 5.0  # how far ahead speaks neither for nor against; where a view has fewer icons
SINGLE = ("constant", "value", *(f"ahead of place {place}" for place in AHEAD_OF), *FEATURES)
# What is much for one picture is little for another: how alike two shapes should be depends on the pixels there are.
TOGETHER = (
    *SINGLE[1 : 2 + len(AHEAD_OF)],
    "inner product",
    "shape as framed",
    "log shape distance",
    "log vector distance",
    "few pixels",
    "not clean",
)
PAIRS = np.array([(SINGLE.index(one), SINGLE.index(other)) for i, one in enumerate(TOGETHER) for other in TOGETHER[i:]])
EVIDENCE = (*SINGLE, *(f"{SINGLE[one]} × {SINGLE[other]}" for one, other in PAIRS))


def features(view: Reading, first: Reading, inner_products: Floats, candidates: UnpackedSignatures) -> Floats:
    """(n, len(FEATURES)): what speaks for each candidate being what this view shows; `first` is the first view."""
    shape = _likeness(view, candidates)
    few, unclean = 1 - min(1.0, view.drawing.scale), float(not view.drawing.clean)
    shape_distance, vector_distance = _log_distance(shape.best), _log_distance(inner_products)
    worst = np.log(0.003 + shape.worst)
    ones = np.ones(len(inner_products), np.float32)
    columns = [
        inner_products,
        shape.plain,
        shape_distance,
        vector_distance,
        shape_distance * few,
        shape_distance * unclean,
        worst,
        worst * unclean,
        *_colour_features(view, candidates),
        *(ones * (view.kind == kind) for kind in KINDS),
        ones * (view is not first),
        ones * (view.drawing.coloured != first.drawing.coloured),
        # A plain shape, say the button under an icon, has many likenesses, and says the less for it.
        ones * _strokes(view),
        *(
            ones * (np.sort(distance)[place - 1] if place <= len(ones) else NOTHING_ALIKE)
            for distance, place in zip((_log_distance(shape.plain), vector_distance), PLAIN_BY, strict=True)
        ),
        ones * few,
        ones * unclean,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _log_distance(likeness: Floats) -> Floats:
    result: Floats = np.log(1.02 - likeness.clip(-1, 1))
    return result


def _strokes(view: Reading) -> float:
    """How much outline a drawing has for its ink: little for a filled square, much for thin lines."""
    ink = 1 - _lightness(view.drawing.pixels) / 255
    outline = float(np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum())
    return outline / max(float(ink.sum()), 1.0) ** 0.5 / 10


def evidence(value: Floats, rows: Floats, view: NDArray[np.int64]) -> Floats:
    """(len(EVIDENCE),): what speaks for the best of the n pairs being right at all."""
    best = int(value.argmax())
    of_view = np.sort(value[view == view[best]])[::-1]
    ahead = [value[best] - of_view[place] if place < len(of_view) else NEITHER for place in AHEAD_OF]
    single = np.array([1, value[best], *ahead, *rows[best]], np.float32)
    return np.concatenate([single, single[PAIRS].prod(axis=1)])


@dataclass(frozen=True)
class Coefficients:
    """What training.second_stage has fitted."""

    order: Floats  # (len(FEATURES),)
    present: Floats  # (len(EVIDENCE),)

    @staticmethod
    def read(path: Path) -> "Coefficients":
        """Raises OSError, ValueError or KeyError where the file is missing or another version's."""
        fitted = json.loads(path.read_text())
        order = [fitted["order"][name] for name in FEATURES]
        present = [fitted["present"][name] for name in EVIDENCE]
        return Coefficients(np.array(order, np.float32), np.array(present, np.float32))


@cache
def _coefficients() -> Coefficients:
    return Coefficients.read(Path(settings.WEIGHTS_DIR) / COEFFICIENTS_FILE)


@dataclass(frozen=True)
class Compared:
    """The pairs of a view and an icon found near it; n of them, and n > 0."""

    icons: NDArray[np.int64]  # (n,)
    view: NDArray[np.int64]  # (n,) index
    rows: Floats  # (n, len(FEATURES))
    ink: Floats  # (n, SHAPE²)


def compared(views: Sequence[Reading], found: Sequence[Candidate]) -> Compared:
    """The features of all that was found, in the order of the views."""
    icons, of_view, rows, ink = [], [], [], []
    for index, view in enumerate(views):
        near = [one for one in found if one.view == index]
        if near:
            candidates = unpack([one.signature for one in near])
            inner_products = np.array([one.inner_product for one in near], np.float32)
            icons.append(np.array([one.icon_id for one in near]))
            of_view.append(np.full(len(near), index))
            rows.append(features(view, views[0], inner_products, candidates))
            ink.append(candidates.ink.reshape(len(near), -1))
    return Compared(*(np.concatenate(parts) for parts in (icons, of_view, rows, ink)))


def merged(value: Floats, view: NDArray[np.int64]) -> Floats:
    """(n,) keys, the larger the better, by which the views' lists become one list.

    A plain shape, say the button under an icon, has a hundred perfect likenesses. They must not crowd out
    what the other views found: what a view has best comes among the first few, however surer another is.
    """
    order = np.lexsort((-value, view))
    place = np.empty(len(value), np.int64)
    place[order] = np.arange(len(value)) - np.searchsorted(view[order], view[order])
    best = np.full(int(view.max()) + 1, -np.inf)
    np.maximum.at(best, view, value)
    behind = value.max() - best[view]
    return (-np.log1p(place) - np.minimum(BEHIND * behind, BEHIND_MOST)).astype(np.float32)


def unique(every: Compared, value: Floats) -> NDArray[np.int64]:
    """Indices of pairs: each icon once, in the view that speaks most for it, best first."""
    best = np.lexsort((-value, -merged(value, every.view)))
    _, firsts = np.unique(every.icons[best], return_index=True)
    return best[np.sort(firsts)]


def best_matches(views: Sequence[Reading], found: Sequence[Candidate]) -> list[Match]:
    """Each icon found once, the most probable first.

    The score is the probability that the library has what is shown, times this icon's share of it, look-alikes
    counted in.
    """
    fitted = _coefficients()
    every = compared(views, found)
    value = every.rows @ fitted.order
    logit = float(evidence(value, every.rows, every.view) @ fitted.present)
    present = 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
    chosen = unique(every, value)
    weight = np.exp(value[chosen] - value.max())
    share = weight / weight.sum()
    known = correlatable(every.ink[chosen[:SHARED]])
    share[:SHARED] = (known @ known.T > ALIKE).astype(np.float32) @ share[:SHARED]
    scores = present * share.clip(0, 1)
    # Falling with the order: what another view has best is no less than what follows it.
    scores = np.minimum(np.maximum.accumulate(scores[::-1])[::-1], scores[0])
    return [Match(int(icon), float(score), present) for icon, score in zip(every.icons[chosen], scores, strict=True)]
