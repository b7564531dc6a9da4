"""Where the single icons are on a screenshot that holds several: a toolbar, a sidebar, a whole window.

All is judged on connected edges, not on a background colour, since every panel and button has its own.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

MOST_REGIONS = 40
SMALLEST_PICTURE = 44  # px of the longer side: two icons of 16 px and their gap need as much
EDGE = 24  # of 255: a smaller difference between neighbouring pixels is no edge (gradients, JPEG)
SMALLEST, LARGEST = 9, 160  # px: longer side of an icon
GAPS = (0, 2, 3, 4, 5, 6, 8, 10, 12, 16)  # px: pieces closer than that may be one icon
NEIGHBOURS = 32  # px: icons closer than that are drawn in one style, so one of GAPS suits them all
MOST_PIECES = 800  # bounds the time; more are a photo or a page of text in any case
TEXT_HEIGHT = (5, 48)  # px of a word
WORD_ASPECT = 2.0
PHOTO_COLOURS = 130  # different ones among SAMPLES pixels
SAMPLES = 576

Boxes = NDArray[np.int32]  # (n, 4): left, top, right, bottom, px
Labels = NDArray[np.int32]  # (height, width): which component a pixel belongs to, 0 none
Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Region:
    """A place that looks like one icon."""

    box: tuple[float, float, float, float]  # x, y, width, height in fractions of the picture
    confidence: float  # 0 to 1 that this is one icon


def find_regions(picture: Image.Image) -> list[Region]:
    """The icons on an RGB or RGBA picture in reading order, none inside another; at most MOST_REGIONS.

    Of a picture that shows one icon alone: none, or one.
    """
    if max(picture.size) < SMALLEST_PICTURE:
        return []
    pixels = _opaque(picture)
    labels, boxes, areas = _components(pixels)
    if len(boxes) < 2:
        return []
    pieces = _pieces(pixels, labels, boxes, areas)
    boxes = boxes[np.flatnonzero(pieces)[:MOST_PIECES]]
    if len(boxes) < 2:
        return []
    places, sure = _icons(boxes)
    best = np.argsort(-sure, kind="stable")[:MOST_REGIONS]
    best = best[_reading_order(places[best])]
    width, height = picture.size
    regions = []
    for (left, top, right, bottom), confidence in zip(places[best].tolist(), sure[best].tolist(), strict=True):
        box = (left / width, top / height, (right - left) / width, (bottom - top) / height)
        regions.append(Region(box, round(confidence, 3)))
    return regions


def _opaque(picture: Image.Image) -> NDArray[np.uint8]:
    """(height, width, 3); a transparent picture on white, or on black where it is itself light."""
    if picture.mode != "RGBA":
        return np.asarray(picture.convert("RGB"))
    grey, alpha = (np.asarray(channel) for channel in picture.convert("LA").split())
    shown = alpha > 128
    light = bool(shown.any()) and not bool(shown.all()) and float(grey[shown].mean()) > 200
    ground = Image.new("RGBA", picture.size, "black" if light else "white")
    return np.asarray(Image.alpha_composite(ground, picture).convert("RGB"))


def _components(pixels: NDArray[np.uint8]) -> tuple[Labels, Boxes, Indices]:
    """The connected edges, the box and the number of pixels of each; component i of the labels is row i - 1.

    An edge is found on both its sides, so components lie at least 3 px apart.
    """
    contrast = cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    edges = (cv2.max(cv2.max(contrast[..., 0], contrast[..., 1]), contrast[..., 2]) > EDGE).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(edges, connectivity=8)
    left, top, width, height, area = stats[1:].T
    return labels, np.stack([left + 1, top + 1, left + width - 1, top + height - 1], axis=1), area


def _sizes(boxes: Boxes) -> tuple[Indices, Indices]:
    return boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]


def _pieces(pixels: NDArray[np.uint8], labels: Labels, boxes: Boxes, areas: Indices) -> Mask:
    """Which components may be (part of) an icon: no text, no photo, no panel, no line between panels."""
    width, height = _sizes(boxes)
    large = np.maximum(width, height) > LARGEST
    line = (np.minimum(width, height) <= 3) & (np.maximum(width, height) > 40)
    keep = ~large & ~line
    for index in np.flatnonzero(np.minimum(width, height) >= 40):
        left, top, right, bottom = boxes[index]
        if _is_photo(pixels[top:bottom, left:right]):
            keep &= ~_inside(boxes, boxes[index])
            keep[index] = False
    text = _text(labels, boxes, keep)
    keep &= ~text
    for index in np.flatnonzero(keep & (np.minimum(width, height) >= 14)):
        inside = _inside(boxes, boxes[index])
        inside[index] = False
        if not inside.any() or not _is_frame(labels, boxes[index], index + 1):
            continue
        aspect = max(width[index], height[index]) / min(width[index], height[index])
        if aspect > 1.7 or (inside & text).any():
            keep[index] = False
    return keep


def _inside(boxes: Boxes, outer: Boxes) -> Mask:
    return (boxes[:, :2] >= outer[:2]).all(axis=1) & (boxes[:, 2:] <= outer[2:]).all(axis=1)


def _is_photo(pixels: NDArray[np.uint8]) -> bool:
    side = round(SAMPLES**0.5)
    rows = np.linspace(0, pixels.shape[0] - 1, side).astype(int)
    columns = np.linspace(0, pixels.shape[1] - 1, side).astype(int)
    sample = (pixels[np.ix_(rows, columns)] >> 4).astype(np.int32).reshape(-1, 3)
    return len(np.unique(sample @ (1, 16, 256))) > PHOTO_COLOURS


def _is_frame(labels: Labels, box: Boxes, label: int) -> bool:
    """Whether a component runs along its box, with none of itself in the middle."""
    left, top, right, bottom = (int(v) for v in box)
    x, y = round(0.22 * (right - left)), round(0.22 * (bottom - top))
    return not (labels[top + y : bottom - y, left + x : right - x] == label).any()


def _text(labels: Labels, boxes: Boxes, allowed: Mask) -> Mask:
    """Which components are letters or words."""
    width, height = _sizes(boxes)
    fit = allowed & (height >= TEXT_HEIGHT[0]) & (height <= TEXT_HEIGHT[1])
    text = fit & (width > WORD_ASPECT * height)
    tight, loose = _row_neighbours(labels, boxes, allowed)
    chain = _joined(len(boxes), tight)
    counts = np.bincount(chain, minlength=len(boxes))
    text |= allowed & (counts[chain] >= 3)
    for _ in range(6):
        before = int(text.sum())
        for one, other in loose:
            if text[one] != text[other]:
                word, token = (one, other) if text[one] else (other, one)
                if height[token] <= 1.25 * height[word]:
                    text[token] = True
        if int(text.sum()) == before:
            break
    return text


def _row_neighbours(labels: Labels, boxes: Boxes, allowed: Mask) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Pairs of components side by side: as close as letters, and as close as words."""
    width, height = _sizes(boxes)
    tight, loose = [], []
    index = np.flatnonzero(allowed & (height <= TEXT_HEIGHT[1]))
    box = boxes[index]
    seen: set[tuple[int, int]] = set()
    for share in (0.3, 0.5, 0.75):
        y = (box[:, 1] + share * (box[:, 3] - box[:, 1])).astype(int).clip(0, labels.shape[0] - 1)
        open_ends = np.ones(len(index), bool)
        for distance in range(1, TEXT_HEIGHT[1] // 2):
            x = box[:, 2] + distance
            there = np.where(x < labels.shape[1], labels[y, x.clip(0, labels.shape[1] - 1)], 0) - 1
            hit = open_ends & (there >= 0) & (there != index)
            open_ends &= ~hit
            for position in np.flatnonzero(hit):
                one, other = int(index[position]), int(there[position])
                if (one, other) in seen or not allowed[other] or height[other] > TEXT_HEIGHT[1]:
                    continue
                seen.add((one, other))
                low, high = sorted((int(height[one]), int(height[other])))
                overlap = min(boxes[one, 3], boxes[other, 3]) - max(boxes[one, 1], boxes[other, 1])
                gap = int(boxes[other, 0] - boxes[one, 2])
                if overlap < 0.5 * low or high > 2.3 * low or gap > 0.5 * high:
                    continue
                loose.append((one, other))
                if gap <= max(3, 0.2 * high):
                    tight.append((one, other))
    return tight, loose


def _joined(count: int, pairs: list[tuple[int, int]]) -> Indices:
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


def _icons(pieces: Boxes) -> tuple[Boxes, Numbers]:
    """The boxes that pieces form, and how sure each is one icon.

    Among neighbours, the gap width wins at which the most clusters are square and of one size.
    """
    links = _nearest_links(pieces)
    group = _joined(len(pieces), [pair for gap, pair in links if gap <= NEIGHBOURS])
    best: dict[int, tuple[float, Boxes, Numbers]] = {}
    for width in GAPS:
        cluster = _joined(len(pieces), [pair for gap, pair in links if gap <= width])
        for number in np.unique(group):
            members = np.flatnonzero(group == number)
            boxes = np.array([_around(pieces[members[cluster[members] == c]]) for c in np.unique(cluster[members])])
            match = _match(boxes)
            score = float(match.sum() - 0.7 * (1 - match).sum())
            if number not in best or score > best[number][0] + 1e-6:
                best[number] = score, boxes, match
    places, sure = [], []
    for _, boxes, match in best.values():
        good = match > 0.3
        places.append(boxes[good])
        sure.append(match[good] * (0.7 + 0.3 * min(1, good.sum() / 3)))
    return np.concatenate(places), np.concatenate(sure)


def _around(boxes: Boxes) -> list[int]:
    return [*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)]


def _nearest_links(boxes: Boxes) -> list[tuple[int, tuple[int, int]]]:
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


def _match(boxes: Boxes) -> Numbers:
    """(n,), 0 to 1: how far each is square, of an icon's size, and as large as the others."""
    width, height = _sizes(boxes)
    side = np.maximum(width, height).astype(float)
    aspect = side / np.maximum(np.minimum(width, height), 1)
    good = ((2.0 - aspect) / 0.6).clip(0, 1) * ((side - SMALLEST) / 3).clip(0, 1) * (side <= LARGEST)
    if not (good > 0.5).any():
        return good
    common = np.median(side[good > 0.5])
    ratio = np.maximum(side / common, common / side)
    return good * ((1.9 - ratio) / 0.5).clip(0, 1)


def _reading_order(boxes: Boxes) -> list[int]:
    """Rows from the top, each from the left."""
    rows: list[list[int]] = []
    for index in np.argsort(boxes[:, 1] + boxes[:, 3], kind="stable").tolist():
        middle = (boxes[index, 1] + boxes[index, 3]) / 2
        if rows and middle < boxes[rows[-1][0], 3]:
            rows[-1].append(index)
        else:
            rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda i: int(boxes[i, 0]))]
