"""Drawings of lines: how wide these are, and the same drawing with wider or narrower ones."""

import cv2
import numpy as np
from numpy.typing import NDArray

from search.vision.foreground import Coverage, PixelMask


def edge_distances(drawn: PixelMask) -> NDArray[np.float32]:
    """(height, width), px: how far the middle of each pixel is from the edge of what is drawn; below 0 outside it."""
    inside, outside = (cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5) for mask in (drawn, ~drawn))
    return np.asarray(np.where(drawn, inside - 0.5, 0.5 - outside), np.float32)


def line_widths(distances: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,), px: how wide the lines are at each pixel along their middles, by `edge_distances`."""
    middle = (distances > 0) & (distances >= cv2.dilate(distances, np.ones((3, 3))))
    return 2 * distances[middle] + np.float32(0.5)


def widened(distances: NDArray[np.float32], by: float) -> Coverage:
    """The drawing of these `edge_distances` with lines that are so many px wider; narrower where that is below 0."""
    return np.asarray((distances + by / 2 + 0.5).clip(0, 1), np.float32)
