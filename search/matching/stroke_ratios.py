"""How wide the strokes of a reading are beside those of icons, told by how much ink there is.

A stroke that is twice as wide has twice the ink, at any resolution; what is measured along an edge would have to know
how soft the edge is.
"""

import numpy as np
from numpy.typing import NDArray

from search.matching.features import softened
from search.matching.signature import Floats, lightness
from search.vision.drawing import MARGIN
from search.vision.readings import Reading

WIDTHS = np.array([1, 1.25, 1.5, 1.75, 2, 2.5, 3])  # what people choose, in units of a view box of 24
THINNEST, WIDEST = 0.5, 3.5  # likewise
NEAR = 0.12  # difference of two logarithms from which widths are told apart
STEP = 0.25  # to which a width is rounded that is near none of WIDTHS
EXTENT = 20.0  # of a drawing in a view box of 24, its strokes included
INKED = 0.15  # ink, of 1, from which a pixel counts as inked
FULL_SHARE = 5  # what the most inked pixels have is taken for full ink: a fifth of those that are inked


def ink_of(reading: Reading) -> Floats:
    """(SHAPE, SHAPE), 0 to 1: how much ink a reading has where."""
    inner = reading.drawing.pixels[MARGIN:-MARGIN, MARGIN:-MARGIN]
    return np.asarray(1 - lightness(inner) / 255, np.float32)


def stroke_ratios(reading: Reading, ink: Floats) -> Floats:
    """(n,): how much more ink the reading has than each of n drawings would have at its resolution.

    `ink` is (n, SHAPE, SHAPE), 0 to 1, as in signatures. For the same drawing with other strokes, this is the ratio of
    the widths but for the frame, which follows the strokes. Strokes that are thinner than a pixel of the screenshot
    look as if they were as wide, since nobody knows how dark they should be.
    """
    return np.asarray(_covered(ink_of(reading)[None])[0] / _covered(softened(ink, reading)))


def width_in_reading(width: float, ratio: float) -> float:
    """The width that the strokes of a drawing have in a reading, rounded to what people choose where it is near that.

    `width` is the drawing's own and `ratio` that of `stroke_ratios`; widths are in units of a view box of 24.
    """
    aimed = width
    for _ in range(6):  # a drawing with wider strokes is larger, and so framed at a smaller scale
        aimed = width * ratio * ((EXTENT - 2 + aimed) / (EXTENT - 2 + width)) ** 2
    aimed = min(max(aimed, THINNEST), WIDEST)
    nearest = float(WIDTHS[np.abs(np.log(WIDTHS / aimed)).argmin()])
    return nearest if differ_little(nearest, aimed) else max(round(aimed / STEP) * STEP, THINNEST)


def differ_little(width: float, other: float) -> bool:
    """Whether nobody could tell two stroke widths apart; a ratio is compared with 1."""
    return bool(abs(np.log(max(width, 1e-3) / max(other, 1e-3))) < NEAR)


def _covered(ink: Floats) -> NDArray[np.float32]:
    """(n,) px: the area of the ink of n drawings, were it as dark all over as where it is darkest."""
    darkest_first = np.sort(ink.reshape(len(ink), -1), axis=1)[:, ::-1]
    full = (darkest_first > INKED).sum(axis=1) // FULL_SHARE + 1
    sums = darkest_first.cumsum(axis=1)
    darkest = sums[np.arange(len(ink)), full - 1] / full
    return np.asarray(sums[:, -1] / np.maximum(darkest, 1e-3), np.float32)
