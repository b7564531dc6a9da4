"""Boxes on a picture, px: (n, 4) left, top, right, bottom; how much of their areas they have in common."""

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]


def areas_of(boxes: Boxes) -> NDArray[np.float32]:
    """(n,): the areas of n boxes, px²."""
    return np.asarray(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1), np.float32)


def shared_areas(boxes: Boxes, others: Boxes) -> NDArray[np.float32]:
    """(n, m): the area, px², that each of n boxes shares with each of m others."""
    corner = np.maximum(boxes[:, None, :2], others[None, :, :2])
    far = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.prod((far - corner).clip(0), axis=2), np.float32)


def overlap_of(boxes: Boxes, others: Boxes) -> NDArray[np.float32]:
    """(n, m), 0 to 1: the intersection over union of each of n boxes with each of m others."""
    shared = shared_areas(boxes, others)
    union = areas_of(boxes)[:, None] + areas_of(others)[None] - shared
    return np.asarray(shared / np.maximum(union, 1e-6), np.float32)
