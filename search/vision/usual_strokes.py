"""Drawings of strokes, with strokes as wide as most sets have them.

Whoever draws an icon's strokes thinner or wider moves its vector away from that of the icon, and to those of icons
that are drawn so. As the frame cuts off what a stroke is wider, a drawing whose ink is grown or shrunk by the same on
all sides is nearly the one that its set would have drawn.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from search.vision.drawing import MARGIN, SIDE, Drawing
from search.vision.foreground import Coverage, PixelMask, box_of

USUAL = 4.0  # px of a drawing: the width of most sets' strokes, 2 in a view box of 24
FINE = 4  # px for each of a drawing's, since a stroke is a few of them wide
WIDEST = 8.0  # px of a drawing: what is wider is an area and no stroke
EVEN = 1.35  # times the median width, up to which nine tenths of a drawing of strokes are wide
AS_USUAL = 0.12  # the difference of two logarithms up to which nobody tells two widths apart
LEAST_RIDGE = 10  # pixels of the finer drawing that must be the middle of a stroke to say how wide it is


def with_usual_strokes(drawing: Drawing) -> NDArray[np.uint8] | None:
    """(SIDE, SIDE, 3): the pixels of a drawing with strokes of USUAL px, framed as drawings are.

    None where it has several colours, where it has no strokes, and where they are about as wide already.
    """
    if drawing.coloured:
        return None
    side = FINE * SIDE
    ink = cv2.resize(255 - drawing.pixels[..., 0], (side, side), interpolation=cv2.INTER_CUBIC) > 127
    width = _stroke_width(ink)
    if width is None or width > WIDEST or abs(np.log(width / USUAL)) < AS_USUAL:
        return None
    grown = _grown(np.pad(ink, side // 2), FINE * (USUAL - width) / 2)
    return _framed(grown) if (grown > 0.5).any() else None


def _stroke_width(ink: PixelMask) -> float | None:
    """px of a drawing: the median width of what is inked in its finer form; None where that is no strokes of one."""
    inside = cv2.distanceTransform(ink.astype(np.uint8), cv2.DIST_L2, 5)
    ridge = (inside >= cv2.dilate(inside, np.ones((3, 3), np.uint8)) - 1e-3) & (inside > 1)
    if ridge.sum() < LEAST_RIDGE:
        return None
    median, widest = np.quantile(inside[ridge], (0.5, 0.9))
    return float(2 * median / FINE) if widest <= EVEN * median else None


def _grown(ink: PixelMask, by: float) -> Coverage:
    """The ink with so many pixels more on all sides, or, where `by` is negative, fewer."""
    inked, blank = ink.astype(np.uint8), (~ink).astype(np.uint8)
    away = cv2.distanceTransform(blank if by > 0 else inked, cv2.DIST_L2, 5)
    return np.asarray((by + 0.5 + (-away if by > 0 else away)).clip(0, 1), np.float32)


def _framed(ink: Coverage) -> NDArray[np.uint8]:
    left, top, right, bottom = box_of(ink > 0.5)
    longer = max(right - left, bottom - top)
    square = np.zeros((longer, longer), np.float32)
    x, y = (longer - right + left) // 2, (longer - bottom + top) // 2
    square[y : y + bottom - top, x : x + right - left] = ink[top:bottom, left:right]
    inner = cv2.resize(square, (SIDE - 2 * MARGIN, SIDE - 2 * MARGIN), interpolation=cv2.INTER_AREA)
    grey = np.pad(255 * (1 - inner), MARGIN, constant_values=255).round().astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)
