"""What speaks for a match: how alike the shapes and the colours of a picture's reading and of an icon are.

The network's vectors forgive much. Here the drawings themselves are compared: the correlation of their pixels, at
the resolution that the screenshot had, allowing for small errors in the crop.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from search.matching.placements import AS_FRAMED, placed, reach_of
from search.matching.signature import SHAPE, Floats, UnpackedSignatures, chroma, lightness
from search.vision.drawing import MARGIN
from search.vision.readings import Reading

PARTS = 4  # parts, across and down, in which shapes are compared on their own
# (SHAPE², PARTS²): which pixels are in which part, so that one product adds up what each part has.
OF_PARTS = np.kron(np.eye(PARTS, dtype=np.float32), np.ones((SHAPE // PARTS, 1), np.float32))
OF_PARTS = np.kron(OF_PARTS, OF_PARTS)
# Places in the sorted lists (shape, vector) whose distance tells whether many icons look like the reading.
PLAIN_BY = 10, 20
FEW_DISTANCE = 0.0  # the logarithm of that distance that is assumed where a list is shorter
COARSE = 1.2  # px of a drawing that a px of the screenshot covers, from which candidates are softened as well
FIXED_COLOUR = 40  # of 255: an icon of one ink that is brighter has its own colour, else it takes that of the text

READING_KINDS = ("cluster", "inside", "ring", "unbadged", "filled", "one ink")  # "whole" is what these are compared to
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
    *READING_KINDS,
    "not the first reading",
    "another colour reading",
    "strokes",
    "log shape distance of those behind",
    "log vector distance of those behind",
    "few pixels",
    "not clean",
)


def features(reading: Reading, first: Reading, inner_products: Floats, icons: UnpackedSignatures) -> Floats:
    """(n, len(FEATURES)) float32: what speaks for each of n icons being what a reading shows.

    `first` is the likeliest reading of the picture; `inner_products`, (n,), are those of the icons' vectors with the
    reading's, and `icons` their signatures.
    """
    likeness = shape_likeness(reading, icons)
    few, unclean = 1 - min(1.0, reading.drawing.scale), float(not reading.drawing.clean)
    shape_distance, vector_distance = _log_distance(likeness.best), _log_distance(inner_products)
    worst = np.log(0.003 + likeness.worst)
    ones = np.ones(len(inner_products), np.float32)
    columns = [
        inner_products,
        likeness.as_framed,
        shape_distance,
        vector_distance,
        shape_distance * few,
        shape_distance * unclean,
        worst,
        worst * unclean,
        *_colour_features(reading, icons),
        *(ones * (reading.kind == kind) for kind in READING_KINDS),
        ones * (reading is not first),
        ones * (reading.drawing.coloured != first.drawing.coloured),
        ones * _strokes(reading),
        # A plain shape, say the button under an icon, has many icons like it, so that each of them says less.
        *(
            ones * (np.sort(distance)[place - 1] if place <= len(ones) else FEW_DISTANCE)
            for distance, place in zip((_log_distance(likeness.as_framed), vector_distance), PLAIN_BY, strict=True)
        ),
        ones * few,
        ones * unclean,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True)
class ShapeLikeness:
    """How alike the shapes of a reading and of n icons are."""

    best: Floats  # (n,): correlation in the placement that suits best
    as_framed: Floats  # (n,): correlation as both are framed
    worst: Floats  # (n,), 0 to 4: how much of their squared distance lies in the worst of PARTS² parts


def shape_likeness(reading: Reading, icons: UnpackedSignatures) -> ShapeLikeness:
    """How alike a reading's shape is to those of icons, at the reading's resolution."""
    query, ink = framed_ink(reading), softened(icons.ink, reading).reshape(len(icons.ink), -1)
    placements = as_placed(query, reading)
    if reading.drawing.hidden is not None:
        return _likeness_of_seen(placements, as_placed((~reading.drawing.hidden).astype(np.float32), reading), ink)
    shapes, placements = correlatable(ink), correlatable(placements)
    correlations = placements @ shapes.T
    as_framed = correlatable(query[MARGIN:-MARGIN, MARGIN:-MARGIN].reshape(1, -1)) @ shapes.T
    difference = placements[correlations.argmax(axis=0)] - shapes
    difference *= difference
    return ShapeLikeness(correlations.max(axis=0), as_framed[0], (difference @ OF_PARTS).max(axis=1))


def _likeness_of_seen(placements: Floats, seen: Floats, ink: Floats) -> ShapeLikeness:
    """The likeness where a part of a reading is hidden: correlations weighted by what is seen of it.

    `placements` and `seen`, 0 to 1, are (p, SHAPE²), those of `as_placed`; `ink` is (n, SHAPE²).
    """
    weights = seen / np.maximum(seen.sum(axis=1, keepdims=True), 1e-6)
    weighted = weights * placements
    mean = weighted.sum(axis=1, keepdims=True)
    deviation = np.sqrt(((weighted * placements).sum(axis=1, keepdims=True) - mean**2).clip(1e-6))
    means = weights @ ink.T
    deviations = np.sqrt((weights @ (ink * ink).T - means**2).clip(1e-6))
    correlations = (weighted @ ink.T - mean * means) / (deviation * deviations)
    best = correlations.argmax(axis=0)
    each = np.arange(len(ink))
    query = (placements[best] - mean[best]) / deviation[best]
    shapes = (ink - means[best, each][:, None]) / deviations[best, each][:, None]
    difference = weights[best] * (query - shapes) ** 2
    return ShapeLikeness(correlations[best, each], correlations[AS_FRAMED], (difference @ OF_PARTS).max(axis=1))


def framed_ink(reading: Reading) -> Floats:
    """(SIDE, SIDE), 0 to 1: how much ink a reading has where, its margin included."""
    return np.asarray(1 - lightness(reading.drawing.pixels) / 255, np.float32)


def as_placed(values: Floats, reading: Reading) -> Floats:
    """(p, SHAPE²): values for each pixel of a reading, (SIDE, SIDE), in each placement that its resolution allows."""
    return placed(values, reach_of(pixel_width(reading)))


def pixel_width(reading: Reading) -> float:
    """px of the reading's drawing that a px of the screenshot covers."""
    return 1 / max(reading.drawing.scale, 1e-3)


def softened(ink: Floats, reading: Reading) -> Floats:
    """The ink of n icons, (n, SHAPE, SHAPE), as it looks at the reading's resolution; as it is where that is fine."""
    width = softening_width(reading)
    if not width:
        return ink
    soften = _softening(width)
    # Across, all rows of all icons are one matrix, which is multiplied faster than many small ones.
    across = (soften @ ink).reshape(-1, SHAPE) @ soften.T
    return np.asarray(across.reshape(ink.shape), np.float32)


def softening_width(reading: Reading) -> float:
    """px of a drawing over which ink is averaged to look as at the reading's resolution; 0 where that is fine."""
    pixel = pixel_width(reading)
    return round(min(pixel, 8.0) * 4) / 4 if pixel > COARSE else 0


@lru_cache(maxsize=64)
def _softening(width: float) -> Floats:
    """(SHAPE, SHAPE): averages over `width` px along one axis, as a screen's pixels do."""
    distance = np.abs(np.subtract.outer(np.arange(SHAPE), np.arange(SHAPE))).astype(np.float32)
    weights = np.clip(width / 2 + 0.5 - distance, 0, 1)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def correlatable(rows: Floats) -> Floats:
    """The rows of (n, d), centred and of length 1, so that their inner products are (Pearson's) correlations."""
    centred: Floats = rows - rows.mean(axis=1, keepdims=True)
    # In one pass over what may be megabytes, and without a copy of them.
    lengths = np.sqrt(np.einsum("ij,ij->i", centred, centred))
    centred /= np.maximum(lengths, 1e-6)[:, None]
    return centred


def _colour_features(reading: Reading, icons: UnpackedSignatures) -> list[Floats]:
    """What the colours say, in the order of FEATURES, each (n,).

    They are distances where reading and icon have several colours, and whether only one of them has; the distance
    of the inks where neither has, and whether the icon's ink has a colour of its own.
    """
    drawing, count = reading.drawing, len(icons.coloured)
    distance = log_distance = log_hue = icon_alone = picture_alone = ink = own_ink = np.zeros(count, np.float32)
    if drawing.coloured:
        own_chroma = (chroma(drawing.pixels[MARGIN:-MARGIN, MARGIN:-MARGIN]).astype(np.float32).ravel() - 128) / 128
        apart = np.sqrt(((icons.chroma - own_chroma) ** 2).mean(axis=1))
        distance = np.where(icons.coloured, apart, 0)
        log_distance = np.where(icons.coloured, np.log(0.02 + apart), 0)
        lengths = np.linalg.norm(icons.chroma, axis=1) * np.linalg.norm(own_chroma)
        cosine = (icons.chroma @ own_chroma / np.maximum(lengths, 1e-3)).clip(-1, 1)
        log_hue = np.where(icons.coloured, np.log(1.05 - cosine), 0)
        picture_alone = (~icons.coloured).astype(np.float32)
    else:
        icon_alone = icons.coloured.astype(np.float32)
        colour = np.array(drawing.colour, np.float32)
        # An icon drawn in black takes the colour of the text around it; any other colour is its own.
        own_ink = (~icons.coloured & (icons.colour.max(axis=1) > FIXED_COLOUR)).astype(np.float32)
        ink = own_ink * np.abs(icons.colour - colour).max(axis=1) / 255
    return [distance, log_distance, log_hue, icon_alone, picture_alone, ink, own_ink]


def _log_distance(likeness: Floats) -> Floats:
    """The logarithm of how far a correlation or an inner product is from 1."""
    result: Floats = np.log(1.02 - likeness.clip(-1, 1))
    return result


def _strokes(reading: Reading) -> float:
    """How much outline a drawing has for its ink: little for a filled square, much for thin lines."""
    ink = 1 - lightness(reading.drawing.pixels) / 255
    outline = float(np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum())
    return float(outline / max(float(ink.sum()), 1.0) ** 0.5 / 10)
