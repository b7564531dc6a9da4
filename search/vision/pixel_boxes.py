"""Boxes on a picture: which of them lie near each other, or in line, and what encloses them."""

import numpy as np
from numpy.typing import NDArray

PixelBoxes = NDArray[np.int32]  # (n, 4): left, top, right, bottom, px
Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]
Labels = NDArray[np.int32]  # (height, width): which component a pixel belongs to, 0 none


def box_sizes(boxes: PixelBoxes) -> tuple[Indices, Indices]:
    return boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]


def span(box: PixelBoxes) -> tuple[int, int]:
    return int(box[2] - box[0]), int(box[3] - box[1])


def within(boxes: PixelBoxes, outer: PixelBoxes) -> Mask:
    """Which boxes lie within `outer`; for one box and many outer ones: within which it lies."""
    outer = np.atleast_2d(outer)
    result: Mask = (boxes[:, :2] >= outer[:, :2]).all(axis=1) & (boxes[:, 2:] <= outer[:, 2:]).all(axis=1)
    return result


def enclosing(boxes: PixelBoxes) -> list[int]:
    return [*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)]


def joined(count: int, pairs: list[tuple[int, int]]) -> Indices:
    """(count,): the same number for all that pairs join."""
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        parent[root(one)] = root(other)
    return np.array([root(node) for node in range(count)])


def clusters(pieces: PixelBoxes, cluster: Indices, group: Indices) -> tuple[PixelBoxes, Indices]:
    """The box around each cluster of pieces, and its group."""
    numbers, index = np.unique(cluster, return_inverse=True)
    boxes = np.empty((len(numbers), 4), np.int32)
    boxes[:, :2], boxes[:, 2:] = 1 << 30, 0
    np.minimum.at(boxes[:, :2], index, pieces[:, :2])
    np.maximum.at(boxes[:, 2:], index, pieces[:, 2:])
    home = np.empty(len(numbers), group.dtype)
    home[index] = group
    return boxes, home


def weighted_median(boxes: PixelBoxes) -> float:
    """The longer side such that half of all the boxes' length belongs to larger ones."""
    sides = np.sort(np.maximum(*box_sizes(boxes)))
    return float(sides[np.searchsorted(np.cumsum(sides), sides.sum() / 2)])


def nearest_links(boxes: PixelBoxes) -> list[tuple[int, tuple[int, int]]]:
    """The links, each with its gap in px, that join all boxes by the smallest gaps (a minimum spanning tree)."""
    count = len(boxes)
    nearest = np.full(count, 1 << 30)
    origin = np.zeros(count, np.int64)
    out = np.ones(count, bool)
    links = []
    node = 0
    for _ in range(count - 1):
        out[node] = False
        gap = np.maximum(boxes[:, :2] - boxes[node, 2:], boxes[node, :2] - boxes[:, 2:]).max(axis=1).clip(0)
        closer = out & (gap < nearest)
        nearest[closer] = gap[closer]
        origin[closer] = node
        node = int(np.where(out, nearest, 1 << 30).argmin())
        links.append((int(nearest[node]), (int(origin[node]), node)))
    return links


def reading_order(boxes: PixelBoxes) -> list[int]:
    """Rows from the top, each from the left."""
    rows: list[list[int]] = []
    for index in np.argsort(boxes[:, 1] + boxes[:, 3], kind="stable").tolist():
        middle = (boxes[index, 1] + boxes[index, 3]) / 2
        if rows and middle < boxes[rows[-1][0], 3]:
            rows[-1].append(index)
        else:
            rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda i: int(boxes[i, 0]))]
