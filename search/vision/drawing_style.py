"""What the ink of an icon tells of its style: lines or areas, one tone or two."""

import cv2
import numpy as np
from numpy.typing import NDArray

FINER = 3  # factor by which the ink is enlarged before line widths are measured
# px, where an icon is 44 px wide: an icon is drawn in lines if its ink is no wider than this on average, or at its
# widest. Of icons whose names tell the style, 87 of 100 are classified like that.
THIN_ON_AVERAGE, THIN_AT_MOST = 6.5, 10.0
LIGHT_TONE = 0.1, 0.7  # the range of ink, of 1, of the lighter of two tones
LIGHT_SHARE = 0.05  # of the drawing; a lighter tone that covers less is the edge of something
EVEN = 0.08  # ink, of 1; within an area of one tone, neighbouring pixels differ by less


def has_two_tones(ink: NDArray[np.float32]) -> bool:
    """Whether a part of the drawing is evenly lighter than the rest. `ink` is (h, w), 0 to 1."""
    neighbours = np.ones((3, 3), np.uint8)
    even = cv2.dilate(ink, neighbours) - cv2.erode(ink, neighbours) < EVEN
    light = np.count_nonzero(even & (ink > LIGHT_TONE[0]) & (ink < LIGHT_TONE[1]))
    return bool(light > LIGHT_SHARE * (light + np.count_nonzero(ink >= LIGHT_TONE[1])))


def is_drawn_in_lines(ink: NDArray[np.float32]) -> bool:
    """Whether the drawing consists of thin lines rather than areas. `ink` is (h, w), 0 to 1."""
    fine = cv2.resize(ink, None, fx=FINER, fy=FINER, interpolation=cv2.INTER_LINEAR)
    # The frame gives a drawing that fills the picture an edge.
    framed = np.pad((fine > ink.max() / 2).astype(np.uint8), 1)
    to_edge = cv2.distanceTransform(framed, cv2.DIST_L2, 3) / FINER
    inside = to_edge[to_edge > 0]
    # Within a line, the distance to its edge is a quarter of its width on average, and half of its width at most.
    return bool(inside.size and (4 * inside.mean() < THIN_ON_AVERAGE or 2 * inside.max() < THIN_AT_MOST))
