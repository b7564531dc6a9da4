"""Which pieces of a screenshot together form one icon."""

import numpy as np

from search.vision.pieces import LARGEST, SMALLEST
from search.vision.pixel_boxes import (
    Indices,
    Mask,
    Numbers,
    PixelBoxes,
    box_centres,
    box_size,
    box_sizes,
    cluster_boxes,
    joined,
    nearest_links,
    usual_side,
)

GAPS = (0, 2, 3, 4, 5, 6, 8, 10, 12, 16)  # px: gaps up to which pieces may belong to one icon
NEIGHBOURS = 32  # px: icons closer than that are drawn in one style, so that one of GAPS suits them all
FITTING = 0.3  # fitness, 0 to 1, from which a cluster of pieces is an icon
THIN = 0.5  # the confidence, 0 to 1, that something thin is an icon

Clustering = tuple[PixelBoxes, Indices]  # the boxes of clusters of pieces, and the group that each is in


def group_pieces(pieces: PixelBoxes) -> tuple[PixelBoxes, Numbers]:
    """The boxes of the icons that pieces form, and how sure each is one icon, 0 to 1.

    Among neighbours, the gap wins at which the most clusters are square and of one size: of the size that is
    usual in the whole picture, wherever that fits.
    """
    links = nearest_links(pieces)
    group = joined(len(pieces), [pair for gap, pair in links if gap <= NEIGHBOURS])
    clusterings = [
        cluster_boxes(pieces, joined(len(pieces), [pair for gap, pair in links if gap <= most]), group) for most in GAPS
    ]
    alone = {number: _best_clustering(clusterings, number, None) for number in np.unique(group).tolist()}
    fitting = np.concatenate([boxes[fitness > FITTING] for _, boxes, fitness in alone.values()])
    if not len(fitting):
        return fitting, np.zeros(0)
    usual = usual_side(fitting)
    chosen = []
    for number, (score_alone, boxes_alone, fitness_alone) in alone.items():
        score, boxes, fitness = _best_clustering(clusterings, number, usual)
        if score <= 0 and score_alone > 0 and (fitness_alone > FITTING).sum() >= 3:
            boxes, fitness = boxes_alone, fitness_alone
        chosen.append((boxes, fitness, fitness * (0.7 + 0.3 * min(1, (fitness > FITTING).sum() / 3))))
    boxes, fitness, confidence = (np.concatenate(column) for column in zip(*chosen, strict=True))
    icons = fitness > FITTING
    icons &= ~_labels(boxes, icons)
    thin = _thin_icons(boxes[icons], boxes[~icons])
    return np.concatenate([boxes[icons], thin]), np.concatenate([confidence[icons], np.full(len(thin), THIN)])


def _best_clustering(
    clusterings: list[Clustering], group: int, usual: float | None
) -> tuple[float, PixelBoxes, Numbers]:
    """Score, boxes and their fitness at the gap that suits a group best. `usual` is as for `_fitness`."""
    best: tuple[float, PixelBoxes, Numbers] | None = None
    for boxes, group_of_box in clusterings:
        in_group = boxes[group_of_box == group]
        fitness = _fitness(in_group, usual)
        score = float(fitness.sum() - 0.7 * (1 - fitness).sum())
        if best is None or score > best[0] + 1e-6:
            best = score, in_group, fitness
    assert best is not None
    return best


def _fitness(boxes: PixelBoxes, usual: float | None) -> Numbers:
    """(n,), 0 to 1: how far each box is square, of an icon's size, and as large as `usual`.

    `usual` is a longer side in px; None for what is usual among these boxes.
    """
    width, height = box_sizes(boxes)
    side = np.maximum(width, height).clip(1).astype(float)
    aspect = side / np.minimum(width, height).clip(1)
    fitness: Numbers = ((2.0 - aspect) / 0.6).clip(0, 1) * ((side - SMALLEST) / 3).clip(0, 1) * (side <= LARGEST)
    square = fitness > 0.5
    if not square.any():
        return fitness
    if usual is None:
        usual = usual_side(boxes[square])
    ratio = np.maximum(side / usual, usual / side)
    return np.asarray(fitness * ((1.9 - ratio) / 0.5).clip(0, 1))


def _labels(boxes: PixelBoxes, icons: Mask) -> Mask:
    """Which of the icons are rather a word close under, or beside, an icon that is higher than they are."""
    width, height = box_sizes(boxes)
    box, icon = boxes[:, None], boxes[icons]
    tall = (icon[:, 3] - icon[:, 1]).astype(float)
    low = (height[:, None] < 0.7 * tall) & (width[:, None] > 1.3 * height[:, None])
    icon_centre, wide = box_centres(icon), (icon[:, 2] - icon[:, 0]).astype(float)
    off_centre = np.abs(box_centres(box) - icon_centre)
    below, beside = box[..., 1] - icon[:, 3], box[..., 0] - icon[:, 2]
    under = (below >= 0) & (below < 0.5 * tall) & (off_centre[..., 0] < 0.35 * wide)
    after = (beside >= 0) & (beside < 0.5 * tall) & (off_centre[..., 1] < 0.25 * tall)
    result: Mask = icons & (low & (under | after)).any(axis=1)
    return result


def _thin_icons(icons: PixelBoxes, leftovers: PixelBoxes) -> PixelBoxes:
    """Squares around leftovers that are too thin for an icon (a minus, three dots), but stand in line with some."""
    squares: list[list[float]] = []
    if len(icons) < 2 or not len(leftovers):
        return np.zeros((0, 4), np.int32)
    most = 0.35 * usual_side(icons)
    cluster = joined(len(leftovers), [pair for gap, pair in nearest_links(leftovers) if gap <= most])
    centres, sides = box_centres(icons), np.maximum(*box_sizes(icons))
    for box in cluster_boxes(leftovers, cluster, cluster)[0]:
        size, centre = np.array(box_size(box)), box_centres(box)
        away = np.abs(centre - centres)
        lines = [(away[:, axis] < 0.2 * sides) & (away[:, 1 - axis] < 6 * sides) for axis in (1, 0)]
        across = int(lines[0].sum() >= lines[1].sum())
        line = lines[1 - across]
        if line.sum() < 2:
            continue
        side = float(np.median(sides[line]))
        separator = size.min() <= 3 and size[across] > 0.7 * side
        if 0.3 * side < size.max() < 1.35 * side and away.max(axis=1).min() > 1.1 * side and not separator:
            corner = (centre - side / 2).round()
            squares.append([*corner, *(corner + round(side))])
    return np.array(squares, np.int32).reshape(-1, 4)
