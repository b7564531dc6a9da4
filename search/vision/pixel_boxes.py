"""Boxes on a picture, in pixels: which of them lie near each other or in line, and what encloses them."""

import numpy as np
from numpy.typing import NDArray

PixelBoxes = NDArray[np.int32]  # (n, 4): left, top, right, bottom, px; of a single box (4,)
Mask = NDArray[np.bool_]  # (n,): which of n boxes are chosen
Indices = NDArray[np.int64]
Numbers = NDArray[np.float64]
Labels = NDArray[np.int32]  # (height, width): the number of the component that a pixel belongs to, 0 for none


def box_sizes(boxes: PixelBoxes) -> tuple[Indices, Indices]:
    """The widths and the heights of the boxes, px, each (n,)."""
    return boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]


def box_size(box: PixelBoxes) -> tuple[int, int]:
    """The width and the height of one box, px."""
    return int(box[2] - box[0]), int(box[3] - box[1])


def box_centres(boxes: PixelBoxes) -> Numbers:
    """The x and y of the centres of boxes, px: (n, 2), or (2,) of a single box."""
    return (boxes[..., :2] + boxes[..., 2:]) / 2


def within(boxes: PixelBoxes, outer: PixelBoxes) -> Mask:
    """Which of the boxes lie within `outer`; of a single box and many outer ones: within which of these it lies."""
    outer = np.atleast_2d(outer)
    return np.asarray((boxes[:, :2] >= outer[:, :2]).all(axis=1) & (boxes[:, 2:] <= outer[:, 2:]).all(axis=1))


def enclosing_box(boxes: PixelBoxes) -> list[int]:
    """The left, top, right and bottom of the smallest box around all boxes, px."""
    return [*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)]


def joined(count: int, pairs: list[tuple[int, int]]) -> Indices:
    """(count,): a number for each of `count` things, the same for all that the pairs of their indices connect."""
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for first, second in pairs:
        parent[root(first)] = root(second)
    return np.array([root(node) for node in range(count)])


def cluster_boxes(pieces: PixelBoxes, cluster: Indices, group: Indices) -> tuple[PixelBoxes, Indices]:
    """The box around each cluster of pieces, and the group that the cluster is in.

    `cluster` and `group` are (n,), the numbers of the cluster and of the group of each piece; all pieces of a
    cluster are in one group.
    """
    numbers, index = np.unique(cluster, return_inverse=True)
    boxes = np.empty((len(numbers), 4), np.int32)
    boxes[:, :2], boxes[:, 2:] = 1 << 30, 0
    np.minimum.at(boxes[:, :2], index, pieces[:, :2])
    np.maximum.at(boxes[:, 2:], index, pieces[:, 2:])
    group_of_cluster = np.empty(len(numbers), group.dtype)
    group_of_cluster[index] = group
    return boxes, group_of_cluster


def usual_side(boxes: PixelBoxes) -> float:
    """The usual longer side, px: the median in which each box counts as much as its side is long."""
    sides = np.sort(np.maximum(*box_sizes(boxes)))
    return float(sides[np.searchsorted(np.cumsum(sides), sides.sum() / 2)])


def nearest_links(boxes: PixelBoxes) -> list[tuple[int, tuple[int, int]]]:
    """The n - 1 links that connect all boxes by the smallest gaps: each a gap in px and the indices of two boxes.

    They are a minimum spanning tree, built as in R. C. Prim, "Shortest connection networks and some
    generalizations" (1957).
    """
    count = len(boxes)
    nearest = np.full(count, 1 << 30)
    origin = np.zeros(count, np.int64)
    outside = np.ones(count, bool)  # of the tree so far
    links = []
    node = 0
    for _ in range(count - 1):
        outside[node] = False
        gap = np.maximum(boxes[:, :2] - boxes[node, 2:], boxes[node, :2] - boxes[:, 2:]).max(axis=1).clip(0)
        closer = outside & (gap < nearest)
        nearest[closer] = gap[closer]
        origin[closer] = node
        node = int(np.where(outside, nearest, 1 << 30).argmin())
        links.append((int(nearest[node]), (int(origin[node]), node)))
    return links


def reading_order(boxes: PixelBoxes) -> list[int]:
    """The indices of the boxes in reading order: rows from the top, each from the left."""
    rows: list[list[int]] = []
    for index in np.argsort(boxes[:, 1] + boxes[:, 3], kind="stable").tolist():
        middle = (boxes[index, 1] + boxes[index, 3]) / 2
        if rows and middle < boxes[rows[-1][0], 3]:
            rows[-1].append(index)
        else:
            rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda i: int(boxes[i, 0]))]
