"""Drawings of strokes, with strokes as wide as most sets have them.

Whoever draws an icon's strokes thinner or wider moves its vector away from that of the icon, and to those of icons
that are drawn so. As the frame cuts off what a stroke is wider, a drawing whose ink is grown or shrunk by the same on
all sides is nearly the one that its set would have drawn.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from search.vision.drawing import SIDE, Drawing, frame
from search.vision.strokes import edge_distances, line_widths, widened

USUAL = 4.0  # px of a drawing: the width of most sets' strokes, 2 in a view box of 24
FINE = 4  # px for each of a drawing's, since a stroke is a few of them wide
WIDEST = 8.0  # px of a drawing: what is wider is an area and no stroke
EVEN = 1.35  # times the median width, up to which nine tenths of a drawing of strokes are wide
AS_USUAL = 0.12  # the difference of two logarithms up to which nobody tells two widths apart
LEAST_RIDGE = 10  # pixels of the finer drawing that must be the middle of a stroke to say how wide it is
BLACK = np.zeros(3, np.float32)


def with_usual_strokes(drawing: Drawing) -> NDArray[np.uint8] | None:
    """(SIDE, SIDE, 3): the pixels of a drawing with strokes of USUAL px, framed as drawings are.

    None where it has several colours, where it has no strokes, and where they are about as wide already.
    """
    if drawing.coloured:
        return None
    side = FINE * SIDE
    ink = cv2.resize(255 - drawing.pixels[..., 0], (side, side), interpolation=cv2.INTER_CUBIC) > 127
    distances = edge_distances(np.pad(ink, side // 2))
    widths = line_widths(distances) / FINE
    if len(widths) < LEAST_RIDGE:
        return None
    width, widest = np.quantile(widths, (0.5, 0.9))
    if widest > EVEN * width or width > WIDEST or abs(np.log(width / USUAL)) < AS_USUAL:
        return None
    usual = widened(distances, FINE * (USUAL - width))
    if not (usual > 0.5).any():
        return None
    return frame(255 * (1 - usual), usual, BLACK, coloured=False, clean=drawing.clean).pixels
