"""Where the single icons are on a screenshot that holds several: a toolbar, a sidebar, a whole window.

All is judged on connected edges, not on a background colour, since every panel and button has its own.
"""

from collections.abc import Iterator
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
ROOM = 1.35  # of the usual icon's side: as much may what is left out in a line of icons have
ASKEW = 0.3  # of it: how far icons may be off a line, or off equal distances
FARTHEST = 6.0  # of it: how far apart icons in a line may be
MOST_COMPONENTS, MOST_PIECES = 4000, 800  # bound the time; more are noise in any case
TEXT_HEIGHT = (5, 48)  # px of a word
WORD_ASPECT = 1.8
LABEL_MOST = 0.4  # of the height of a button with the word under it
SMALLEST_PHOTO = 40  # px of the shorter side
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
    labels, boxes = _components(pixels)
    if len(boxes) < 2:
        return []
    pieces = np.flatnonzero(_pieces(pixels, labels, boxes))[:MOST_PIECES]
    if len(pieces) < 2:
        return []
    places, sure = _icons(boxes[pieces])
    outermost = [_inside(places[index : index + 1], places).sum() == 1 for index in range(len(places))]
    places, sure = places[outermost].clip(0, np.array(picture.size * 2)), sure[outermost]
    if 2 <= len(places) <= 4 and _is_one(pixels, places):
        return []
    width, height = picture.size
    left_out = _left_out(places, boxes, (width, height))
    places = np.concatenate([places, left_out])
    sure = np.concatenate([sure, np.full(len(left_out), 0.5)])
    best = np.argsort(-sure, kind="stable")[:MOST_REGIONS]
    best = best[_reading_order(places[best])]
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


def _components(pixels: NDArray[np.uint8]) -> tuple[Labels, Boxes]:
    """The connected edges and their boxes; component i of the labels is row i - 1.

    An edge is found on both its sides, so components lie at least 3 px apart.
    """
    contrast = cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    edges = (cv2.max(cv2.max(contrast[..., 0], contrast[..., 1]), contrast[..., 2]) > EDGE).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(edges, connectivity=8)
    if _cut_off_labels(pixels, edges, stats[1:]):
        _, labels, stats, _ = cv2.connectedComponentsWithStats(edges, connectivity=8)
    left, top, width, height = stats[1:, :4].T
    rows, columns = edges.shape
    right = np.maximum(left + width - (left + width < columns), left + 1)
    bottom = np.maximum(top + height - (top + height < rows), top + 1)
    left, top = np.minimum(left + (left > 0), right - 1), np.minimum(top + (top > 0), bottom - 1)
    return labels.astype(np.int32, copy=False), np.stack([left, top, right, bottom], axis=1).astype(np.int32)


def _cut_off_labels(pixels: NDArray[np.uint8], edges: NDArray[np.uint8], stats: Boxes) -> bool:
    """Clear the edges on the row of page between a button and the word close under it; whether there was any."""
    cut = False
    left, top, width, height = stats[:, :4].T
    fit = (np.minimum(width, height) >= SMALLEST + TEXT_HEIGHT[0]) & (np.maximum(width, height) <= LARGEST)
    for index in np.flatnonzero(fit)[:MOST_PIECES].tolist():
        x, y, wide, high = stats[index, :4].tolist()
        rows = pixels[y + 1 : y + high - 1, max(0, x - 1) : x + wide + 1]
        inked = np.ptp(rows, axis=1).max(axis=1) > EDGE
        empty = np.flatnonzero(~inked)
        if len(empty) and TEXT_HEIGHT[0] <= len(inked) - 1 - empty[-1] < LABEL_MOST * high:
            edges[y + 1 + empty[-1], x : x + wide] = 0
            cut = True
    return cut


def _sizes(boxes: Boxes) -> tuple[Indices, Indices]:
    return boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]


def _pieces(pixels: NDArray[np.uint8], labels: Labels, boxes: Boxes) -> Mask:
    """Which components may be (part of) an icon: no text, no photo, no panel, no line between panels."""
    width, height = _sizes(boxes)
    shorter, longer = np.minimum(width, height), np.maximum(width, height)
    keep = (longer <= LARGEST) & ((shorter > 3) | (longer <= 40))
    keep[np.argsort(-longer, kind="stable")[MOST_COMPONENTS:]] = False
    for index in np.flatnonzero(shorter >= SMALLEST_PHOTO).tolist():
        left, top, right, bottom = boxes[index]
        if _is_photo(pixels[top:bottom, left:right]):
            keep &= ~_inside(boxes, boxes[index])
    frames: list[tuple[int, Mask]] = []
    for index in np.flatnonzero(keep & (shorter >= 14)).tolist():
        inside = keep & _inside(boxes, boxes[index])
        inside[index] = False
        if inside.any() and _is_frame(labels, boxes[index], index + 1):
            if longer[index] > 1.7 * shorter[index]:
                keep[index] = False
            else:
                frames.append((index, inside))
    tiles = _equal(boxes, [index for index, _ in frames])
    text = _text(pixels, labels, boxes, keep & ~tiles)
    for _ in range(2):  # what is found at first tells where the lines are
        text |= _short_words(pixels, boxes, keep & ~tiles & ~text, text)
    keep &= ~text
    common = _common(boxes, keep, frames)
    for index, inside in frames:
        # a tile with a label in it; but as large as the icons around, it is an icon with letters (a file type)
        like_icons = longer[index] < 1.3 * min(shorter[index], common) and common < 1.3 * longer[index]
        keep[index] &= like_icons or not (inside & text).any()
    frames = [(index, inside & keep) for index, inside in frames if keep[index] and (inside & keep).any()]
    for index in _buttons(pixels, labels, boxes, keep, frames):
        keep[index] = False
    return keep


def _equal(boxes: Boxes, frames: list[int]) -> Mask:
    """Which of the frames are one of three or more of one size: tiles of a toolbar, be they as close as letters."""
    equal = np.zeros(len(boxes), bool)
    sizes = np.stack(_sizes(boxes), axis=1)[frames].reshape(-1, 2)
    alike = (np.abs(sizes[:, None] - sizes).max(axis=2) <= 2).sum(axis=1)
    equal[frames] = (alike >= 3) & (sizes.min(axis=1) >= 18)
    return equal


def _buttons(
    pixels: NDArray[np.uint8], labels: Labels, boxes: Boxes, keep: Mask, frames: list[tuple[int, Mask]]
) -> Iterator[int]:
    """The frames with an icon in them; other frames are the outline of an icon.

    What is not framed tells how large the icons are. Where all is framed, equal ones are buttons, but for filled
    circles: these may be faces.
    """
    longer = np.maximum(*_sizes(boxes))
    common = _common(boxes, keep, frames)
    equal = _equal(boxes, [index for index, _ in frames])
    for index, inside in frames:
        left, top, right, bottom = _around(boxes[inside])
        inner, outer = max(right - left, bottom - top), int(longer[index])
        if common:
            button = inner > 0.33 * outer and abs(np.log(inner / common)) + 0.15 < abs(np.log(outer / common))
        else:
            button = bool(equal[index]) and 0.3 * outer < inner < 0.8 * outer
            button = button and (_is_rectangle(labels, boxes[index], index + 1) or _is_outline(pixels, boxes[index]))
        if button:
            yield index


def _common(boxes: Boxes, keep: Mask, frames: list[tuple[int, Mask]]) -> float:
    """The usual longer side, px, of what is not framed; 0 if all is."""
    width, height = _sizes(boxes)
    shorter, longer = np.minimum(width, height), np.maximum(width, height)
    naked = keep & (longer >= SMALLEST) & (longer < 1.7 * shorter)
    for index, inside in frames:
        naked &= ~inside
        naked[index] = False
    return _weighted_median(boxes[naked]) if naked.any() else 0.0


def _span(box: Boxes) -> tuple[int, int]:
    return int(box[2] - box[0]), int(box[3] - box[1])


def _is_rectangle(labels: Labels, box: Boxes, label: int) -> bool:
    """Whether a frame reaches nearly into the corners of its box."""
    left, top, right, bottom = (int(v) for v in box)
    depth = max(2, round(0.12 * min(right - left, bottom - top)))
    corners = [labels[y : y + depth, x : x + depth] for y in (top, bottom - depth) for x in (left, right - depth)]
    return sum(bool((corner == label).any()) for corner in corners) >= 3


def _inside(boxes: Boxes, outer: Boxes) -> Mask:
    """Which boxes lie within `outer`; for one box and many outer ones: within which it lies."""
    outer = np.atleast_2d(outer)
    result: Mask = (boxes[:, :2] >= outer[:, :2]).all(axis=1) & (boxes[:, 2:] <= outer[:, 2:]).all(axis=1)
    return result


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


def _is_outline(pixels: NDArray[np.uint8], box: Boxes) -> bool:
    """Whether a frame is of the same colour inside as around."""
    left, top, right, bottom = (int(v) for v in box)
    middle, depth = (top + bottom) // 2, max(4, round(0.1 * (right - left)))
    outside = pixels[middle, max(0, left - 3)].astype(int)
    return int(np.abs(outside - pixels[middle, min(left + depth, right - 1)]).max()) < EDGE


def _text(pixels: NDArray[np.uint8], labels: Labels, boxes: Boxes, allowed: Mask) -> Mask:
    """Which components are words, letters of words, or short words close to longer ones."""
    width, height = _sizes(boxes)
    fit = allowed & (height >= TEXT_HEIGHT[0]) & (height <= TEXT_HEIGHT[1])
    text = np.zeros(len(boxes), bool)
    for index in np.flatnonzero(fit & (width > WORD_ASPECT * height)):
        text[index] = _is_split(pixels, boxes[index]) or _strokes(pixels, boxes[index]) > width[index] / height[index]
    square = (height >= 11) & (width <= 1.4 * height) & (height <= 1.25 * width)
    tight, loose = _row_neighbours(labels, boxes, allowed)
    chain = _joined(len(boxes), tight)
    chains, home = _clusters(boxes, chain, chain)
    chain_width, chain_height = _sizes(chains)
    wordy = np.zeros(len(boxes), bool)
    wordy[home] = chain_width >= 1.6 * chain_height
    text |= allowed & wordy[chain] & (np.bincount(chain, minlength=len(boxes))[chain] >= 2)
    for _ in range(6):
        before = int(text.sum())
        for one, other, near in loose:
            if text[one] != text[other]:
                word, token = (one, other) if text[one] else (other, one)
                if height[token] <= 1.25 * height[word] and (near or not square[token]):
                    text[token] = True
        if int(text.sum()) == before:
            break
    return text


def _short_words(pixels: NDArray[np.uint8], boxes: Boxes, allowed: Mask, text: Mask) -> Mask:
    """Which components are short words on the line of longer ones, maybe far from them: in a table, under an icon."""
    result = np.zeros(len(boxes), bool)
    tokens = np.flatnonzero(allowed)
    if not 0 < len(tokens) <= 2 * MOST_PIECES or not text.any():
        return result
    unit = _joined(len(tokens), [pair for gap, pair in _nearest_links(boxes[tokens]) if gap <= 2])
    units, home = _clusters(boxes[tokens], unit, unit)
    width, height = _sizes(units)
    line, token = boxes[text], units[:, None]
    tall = (line[:, 3] - line[:, 1]).astype(float)
    on_line = (token[..., 1] >= line[:, 1] - 0.1 * tall - 1) & (token[..., 3] <= line[:, 3] + 0.3 * tall)
    after, before = token[..., 0] - line[:, 2], line[:, 0] - token[..., 2]
    on_line &= (after < 8 * tall) & (before < 8 * tall)
    # what stands before a line, and not as close as its words stand to each other, is that line's icon
    row = (token[..., 1] < line[:, 3]) & (token[..., 3] > line[:, 1])
    high = np.where(row & (after < 30 * tall) & (before < 30 * tall), tall, 10.0).max(axis=1)
    follows = row & (after > -2) & (after < 4 * tall)
    gap = np.where(row & (before > -2), before, np.inf).min(axis=1)
    leads = (gap > 0.45 * high) & (gap < 2 * high) & ~follows.any(axis=1)
    leads &= (np.maximum(width, height) >= high) & (np.minimum(width, height) > 0.4 * high)
    square = (height >= 11) & (width <= 1.4 * height) & (height <= 1.25 * width)
    wordy = on_line.any(axis=1) & ~leads
    running = on_line.any(axis=1) & (follows & (after < 0.9 * tall)).any(axis=1)
    for index in np.flatnonzero(~running & wordy & square):
        wordy[index] = _is_split(pixels, units[index])
    for index in np.flatnonzero(~wordy & (height <= 1.2 * float(np.median(tall))) & (width >= 1.3 * height)):
        wordy[index] = _is_split(pixels, units[index])
    wordy |= running
    result[tokens] = wordy[np.searchsorted(home, unit)]
    return result


def _strokes(pixels: NDArray[np.uint8], box: Boxes) -> float:
    """How many strokes stand side by side a little below the middle, where all letters have some."""
    left, top, right, bottom = (int(v) for v in box)
    row = pixels[top + round(0.6 * (bottom - top)), left:right].max(axis=1).astype(int)
    return float((np.diff(row > (row.max() + row.min()) / 2) != 0).sum()) / 2 if np.ptp(row) > EDGE else 0.0


def _is_split(pixels: NDArray[np.uint8], box: Boxes) -> bool:
    """Whether empty columns part a component into pieces as narrow as letters."""
    left, top, right, bottom = (int(v) for v in box)
    patch = pixels[top:bottom, left:right]
    contrast = (patch.max(axis=0) - patch.min(axis=0)).max(axis=1)
    inked = np.flatnonzero(contrast > 0.4 * contrast.max())
    if not len(inked):
        return False
    starts = np.flatnonzero(np.diff(inked) > 1)
    widths = np.diff(np.concatenate([[-1], starts, [len(inked) - 1]]))
    return len(widths) >= 2 and int(widths.max()) <= 1.1 * (bottom - top)


def _row_neighbours(
    labels: Labels, boxes: Boxes, allowed: Mask
) -> tuple[list[tuple[int, int]], list[tuple[int, int, bool]]]:
    """Pairs of components side by side: as close as letters; as close as words, and whether not even that far."""
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
                loose.append((one, other, gap <= 0.25 * high))
                if gap <= max(3, 0.2 * high) and high <= 1.8 * low:
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

    Among neighbours, the gap width wins at which the most clusters are square and of one size: where it can be, the
    size that is common in the picture.
    """
    links = _nearest_links(pieces)
    group = _joined(len(pieces), [pair for gap, pair in links if gap <= NEIGHBOURS])
    cuts = [
        _clusters(pieces, _joined(len(pieces), [pair for gap, pair in links if gap <= width]), group) for width in GAPS
    ]
    first = {number: _best_cut(cuts, number, None) for number in np.unique(group).tolist()}
    good = np.concatenate([boxes[match > 0.3] for _, boxes, match in first.values()])
    if not len(good):
        return good, np.zeros(0)
    common = _weighted_median(good)
    found = []
    for number, (own_score, own_boxes, own_match) in first.items():
        score, boxes, match = _best_cut(cuts, number, common)
        if score <= 0 and own_score > 0 and (own_match > 0.3).sum() >= 3:
            boxes, match = own_boxes, own_match
        found.append((boxes, match, match * (0.7 + 0.3 * min(1, (match > 0.3).sum() / 3))))
    boxes, match, sure = (np.concatenate(column) for column in zip(*found, strict=True))
    good = match > 0.3
    good &= ~_labels(boxes, good)
    thin = _thin_ones(boxes[good], boxes[~good])
    return np.concatenate([boxes[good], thin]), np.concatenate([sure[good], np.full(len(thin), 0.5)])


def _best_cut(cuts: list[tuple[Boxes, Indices]], group: int, common: float | None) -> tuple[float, Boxes, Numbers]:
    """Score, boxes and how each matches, at the gap width that suits a group best."""
    best: tuple[float, Boxes, Numbers] | None = None
    for boxes, home in cuts:
        here = boxes[home == group]
        match = _match(here, common)
        score = float(match.sum() - 0.7 * (1 - match).sum())
        if best is None or score > best[0] + 1e-6:
            best = score, here, match
    assert best is not None
    return best


def _labels(boxes: Boxes, good: Mask) -> Mask:
    """Which of the good boxes are a word close under, or beside, a higher one that is good too."""
    width, height = _sizes(boxes)
    one, other = boxes[:, None], boxes[good]
    tall = (other[:, 3] - other[:, 1]).astype(float)
    low = (height[:, None] < 0.7 * tall) & (width[:, None] > 1.3 * height[:, None])
    middle, wide = (other[:, :2] + other[:, 2:]) / 2, (other[:, 2] - other[:, 0]).astype(float)
    centre = (one[..., :2] + one[..., 2:]) / 2
    below, beside = one[..., 1] - other[:, 3], one[..., 0] - other[:, 2]
    under = (below >= 0) & (below < 0.5 * tall) & (np.abs(centre - middle)[..., 0] < 0.35 * wide)
    after = (beside >= 0) & (beside < 0.5 * tall) & (np.abs(centre - middle)[..., 1] < 0.25 * tall)
    result: Mask = good & (low & (under | after)).any(axis=1)
    return result


def _thin_ones(icons: Boxes, others: Boxes) -> Boxes:
    """Squares around those others that are too thin for an icon (a minus, three dots), but stand in line with some."""
    found: list[list[float]] = []
    if len(icons) < 2 or not len(others):
        return np.zeros((0, 4), np.int32)
    usual = _weighted_median(icons)
    part = _joined(len(others), [pair for gap, pair in _nearest_links(others) if gap <= 0.35 * usual])
    centres, sides = (icons[:, :2] + icons[:, 2:]) / 2, np.maximum(*_sizes(icons))
    for box in _clusters(others, part, part)[0]:
        extent, centre = np.array(_span(box)), (box[:2] + box[2:]) / 2
        away = np.abs(centre - centres)
        lines = [(away[:, axis] < 0.2 * sides) & (away[:, 1 - axis] < 6 * sides) for axis in (1, 0)]
        across = int(lines[0].sum() >= lines[1].sum())
        line = lines[1 - across]
        if line.sum() < 2:
            continue
        side = float(np.median(sides[line]))
        separator = extent.min() <= 3 and extent[across] > 0.7 * side
        if 0.3 * side < extent.max() < 1.35 * side and away.max(axis=1).min() > 1.1 * side and not separator:
            corner = (centre - side / 2).round()
            found.append([*corner, *(corner + round(side))])
    return np.array(found, np.int32).reshape(-1, 4)


def _left_out(icons: Boxes, pieces: Boxes, size: tuple[int, int]) -> Boxes:
    """Squares around what stands where icons at equal distances leave one out: a wordmark, something flat.

    `size` is the picture's width and height.
    """
    found: list[list[int]] = []
    if len(icons) < 3:
        return np.zeros((0, 4), np.int32)
    side = _weighted_median(icons)
    centres = (icons[:, :2] + icons[:, 2:]) / 2
    pieces = pieces[np.maximum(*_sizes(pieces)) <= ROOM * side]
    for along in (0, 1):
        lines = [
            np.flatnonzero(np.abs(centres[:, 1 - along] - one[1 - along]) < ASKEW * side).tolist() for one in centres
        ]
        lines = [list(line) for line in dict.fromkeys(map(tuple, lines))]
        gaps = np.concatenate([np.diff(np.sort(centres[line, along])) for line in lines])
        gaps = gaps[gaps > ROOM * side]
        if len(gaps) < 2:
            continue
        step = float(np.median(gaps[gaps < 1.15 * gaps.min()]))
        off = np.abs(gaps / step - np.round(gaps / step)) * step
        if step > FARTHEST * side or (off < ASKEW * side).mean() < 0.8:
            continue
        for line in lines:
            across = float(np.median(centres[line, 1 - along]))
            taken = centres[line, along]
            first = float(taken[0] % step)
            for place in np.arange(first, size[along], step):
                centre = np.array([place, across] if along == 0 else [across, place])
                if np.abs(taken - place).min() < 0.5 * step or np.abs(taken - place).min() > 2.2 * step:
                    continue
                room = [*(centre - ROOM / 2 * side), *(centre + ROOM / 2 * side)]
                here = pieces[_inside(pieces, np.array(room))]
                if not len(here):
                    continue
                left, top, right, bottom = _around(here)
                middle = np.array([left + right, top + bottom]) / 2
                if np.abs(middle - centre).max() < ASKEW * side and max(right - left, bottom - top) > 0.3 * side:
                    corner = (middle - side / 2).round().astype(int).tolist()
                    found.append([*corner, corner[0] + round(side), corner[1] + round(side)])
    distinct: list[list[int]] = []
    for box in found:
        if all(max(abs(box[0] - other[0]), abs(box[1] - other[1])) > 0.5 * side for other in distinct):
            distinct.append(box)
    result = np.array(distinct, np.int32).reshape(-1, 4)
    return result.clip(0, np.array(size * 2))


def _clusters(pieces: Boxes, cluster: Indices, group: Indices) -> tuple[Boxes, Indices]:
    """The box around each cluster of pieces, and its group."""
    numbers, index = np.unique(cluster, return_inverse=True)
    boxes = np.empty((len(numbers), 4), np.int32)
    boxes[:, :2], boxes[:, 2:] = 1 << 30, 0
    np.minimum.at(boxes[:, :2], index, pieces[:, :2])
    np.maximum.at(boxes[:, 2:], index, pieces[:, 2:])
    home = np.empty(len(numbers), group.dtype)
    home[index] = group
    return boxes, home


def _weighted_median(boxes: Boxes) -> float:
    """The longer side such that half of all the boxes' length belongs to larger ones."""
    sides = np.sort(np.maximum(*_sizes(boxes)))
    return float(sides[np.searchsorted(np.cumsum(sides), sides.sum() / 2)])


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


def _match(boxes: Boxes, common: float | None) -> Numbers:
    """(n,), 0 to 1: how far each is square, of an icon's size, and as large as is common: here, if not given."""
    width, height = _sizes(boxes)
    side = np.maximum(width, height).clip(1).astype(float)
    aspect = side / np.minimum(width, height).clip(1)
    good = ((2.0 - aspect) / 0.6).clip(0, 1) * ((side - SMALLEST) / 3).clip(0, 1) * (side <= LARGEST)
    square = good > 0.5
    if not square.any():
        return good
    if common is None:
        common = _weighted_median(boxes[square])
    ratio = np.maximum(side / common, common / side)
    return good * ((1.9 - ratio) / 0.5).clip(0, 1)


def _is_one(pixels: NDArray[np.uint8], places: Boxes) -> bool:
    """Whether the few places are rather the parts of one icon: close to each other, askew, or all alike."""
    width, height = _sizes(places)
    side = float(np.maximum(width, height).max())
    centres = (places[:, :2] + places[:, 2:]) / 2
    aside = np.abs(centres[:, None] - centres).min(axis=2) + 1e9 * np.eye(len(places))
    if len(places) < 4 and (min(_nearest_links(places))[0] < 0.25 * side or aside.min(axis=1).max() > 0.2 * side):
        return True
    extent = np.subtract(*reversed(np.split(np.array(_around(places)), 2)))
    # in a row, buttons are alike too, but for their icons
    alike = 0.95 if extent.max() > 2 * extent.min() else 0.75
    patches = []
    for left, top, right, bottom in places:
        patch = cv2.resize(pixels[top:bottom, left:right], (12, 12), interpolation=cv2.INTER_AREA).astype(float)
        patch -= patch.mean(axis=(0, 1))
        patches.append(patch / max(float(np.linalg.norm(patch)), 1e-6))
    turned = [np.rot90(patch, turn) for patch in (patches[0], patches[0][:, ::-1]) for turn in range(4)]
    return all(max(float((patch * other).sum()) for other in turned) > alike for patch in patches[1:])


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
