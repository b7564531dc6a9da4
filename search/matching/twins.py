"""Twins: icons that nobody can tell apart at the resolution of the picture that was searched for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.matching.features import FIXED_COLOUR, correlatable, softened, softening_width
from search.matching.signature import Floats, UnpackedSignatures
from search.vision.readings import Reading

# The shapes of twins correlate so far, and nowhere differ by as much of the ink, once both are softened to the pixels
# of the picture. Of the 1.7 million pairs of icons that Lucide has, these let 3 pass at 16 px, and from 20 px on only
# the 2 that are one drawing under two names; of the icons that Feather and Lucide both have, 49 % pass.
SAME_SHAPE, PIXEL_APART = 0.98, 0.5
SAME_CHROMA = 0.06  # root of the mean squared difference, of 1: twins with several colours have the same ones
SAME_INK = 40  # of 255, in each of red, green and blue: twins with one fixed colour have the same one


class Shapes:
    """The shapes of n icons at the resolutions of readings, each of which is made once."""

    def __init__(self, icons: UnpackedSignatures) -> None:
        self.icons = icons
        self._made: dict[float, tuple[Floats, Floats]] = {}  # by the width over which ink is averaged

    def ink(self, reading: Reading) -> Floats:
        """(n, SHAPE²): the ink at this reading's resolution."""
        return self._at(reading)[0]

    def correlations(self, reading: Reading) -> Floats:
        """(n, n): of the shapes with each other at this reading's resolution."""
        return self._at(reading)[1]

    def _at(self, reading: Reading) -> tuple[Floats, Floats]:
        width = softening_width(reading)
        if width not in self._made:
            ink = softened(self.icons.ink, reading).reshape(len(self.icons.ink), -1)
            shapes = correlatable(ink)
            self._made[width] = ink, shapes @ shapes.T
        return self._made[width]


def twin_groups(readings: Sequence[Reading], shapes: Shapes) -> list[list[int]]:
    """n icons, the likeliest first, in groups of twins: lists of indices, each with the likeliest first.

    `readings` has for each icon the reading that it was found for, whose resolution decides who its twins are.
    """
    icons = shapes.icons
    groups: list[list[int]] = []
    left = np.ones(len(readings), bool)
    at: dict[int, tuple[Floats, dict[int, NDArray[np.int64]]]] = {}  # by the id of a reading
    for head, reading in enumerate(readings):
        if not left[head]:
            continue
        if id(reading) not in at:
            at[id(reading)] = shapes.ink(reading), _correlating(shapes.correlations(reading))
        ink, correlating = at[id(reading)]
        left[head] = False
        twins: list[int] = []
        if head in correlating:
            close = correlating[head][left[correlating[head]]]
            close = close[np.abs(ink[close] - ink[head]).max(axis=1) < PIXEL_APART]
            twins = close[_same_palette(icons, head, close)].tolist()
            left[twins] = False
        groups.append([head, *twins])
    return groups


def _correlating(correlations: Floats) -> dict[int, NDArray[np.int64]]:
    """For each of n rows that correlates with others: the indices of these."""
    same = correlations > SAME_SHAPE
    np.fill_diagonal(same, False)
    return {row: np.flatnonzero(same[row]) for row in np.flatnonzero(same.any(axis=1)).tolist()}


def _same_palette(icons: UnpackedSignatures, first: int, others: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(n,): whether n icons are painted as the first: in the same colours, the same ink, or that of the text."""
    coloured = icons.coloured[others]
    if icons.coloured[first]:
        apart = ((icons.chroma[others] - icons.chroma[first]) ** 2).mean(axis=1)
        return np.asarray(coloured & (apart < SAME_CHROMA**2))
    own = icons.colour[others].max(axis=1) > FIXED_COLOUR
    if icons.colour[first].max() <= FIXED_COLOUR:
        return np.asarray(~coloured & ~own)
    near = np.abs(icons.colour[others] - icons.colour[first]).max(axis=1) <= SAME_INK
    return np.asarray(~coloured & own & near)


def palette_suits(reading: Reading, icons: UnpackedSignatures) -> NDArray[np.bool_]:
    """(n,): whether a reading's colours are what each of n icons may look like.

    A picture with several colours is of an icon with several. One with a single colour is of an icon that takes the
    colour of the text around it, or whose own colour this is.
    """
    if reading.drawing.coloured:
        return icons.coloured
    own = icons.colour.max(axis=1) > FIXED_COLOUR
    near = np.abs(icons.colour - np.array(reading.drawing.colour, np.float32)).max(axis=1) <= SAME_INK
    return np.asarray(~icons.coloured & (~own | near))
