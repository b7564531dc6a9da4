"""Where the single icons are on a screenshot that holds several: a toolbar, a sidebar, a whole window.

All is judged on connected edges, not on a background colour, since every panel and button has its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.vision.pieces import LARGEST, MOST_PIECES, SMALLEST, components, find_pieces
from search.vision.pixel_boxes import (
    Indices,
    Mask,
    PixelBoxes,
    box_sizes,
    clusters,
    enclosing,
    joined,
    nearest_links,
    reading_order,
    span,
    weighted_median,
    within,
)

MOST_REGIONS = 40
SMALLEST_PICTURE = 44  # px of the longer side: two icons of 16 px and their gap need as much
GAPS = (0, 2, 3, 4, 5, 6, 8, 10, 12, 16)  # px: pieces closer than that may be one icon
NEIGHBOURS = 32  # px: icons closer than that are drawn in one style, so one of GAPS suits them all
ROOM = 1.5  # of the usual icon's side: as much may what is left out in a line of icons have
ASKEW = 0.3  # of it: how far icons may be off a line, or off equal distances
PART = 0.8  # of the area of what stands in a place: an icon that has less is part of it
FARTHEST = 6.0  # of it: how far apart icons in a line may be

Numbers = NDArray[np.float64]


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
    labels, boxes = components(pixels)
    if len(boxes) < 2:
        return []
    pieces = np.flatnonzero(find_pieces(pixels, labels, boxes))[:MOST_PIECES]
    if len(pieces) < 2:
        return []
    places, sure = _icons(boxes[pieces])
    outermost = [within(places[index : index + 1], places).sum() == 1 for index in range(len(places))]
    places, sure = places[outermost].clip(0, np.array(picture.size * 2)), sure[outermost]
    if 2 <= len(places) <= 4 and _is_one(pixels, places):
        return []
    width, height = picture.size
    places = _completed(places, boxes, (width, height))
    sure = np.concatenate([sure, np.full(len(places) - len(sure), 0.5)])
    best = np.argsort(-sure, kind="stable")[:MOST_REGIONS]
    best = best[reading_order(places[best])]
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


def _icons(pieces: PixelBoxes) -> tuple[PixelBoxes, Numbers]:
    """The boxes that pieces form, and how sure each is one icon.

    Among neighbours, the gap width wins at which the most clusters are square and of one size: where it can be, the
    size that is common in the picture.
    """
    links = nearest_links(pieces)
    group = joined(len(pieces), [pair for gap, pair in links if gap <= NEIGHBOURS])
    cuts = [
        clusters(pieces, joined(len(pieces), [pair for gap, pair in links if gap <= width]), group) for width in GAPS
    ]
    first = {number: _best_cut(cuts, number, None) for number in np.unique(group).tolist()}
    good = np.concatenate([boxes[match > 0.3] for _, boxes, match in first.values()])
    if not len(good):
        return good, np.zeros(0)
    common = weighted_median(good)
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


def _best_cut(
    cuts: list[tuple[PixelBoxes, Indices]], group: int, common: float | None
) -> tuple[float, PixelBoxes, Numbers]:
    """Score, boxes and how each matches, at the gap width that suits a group best."""
    best: tuple[float, PixelBoxes, Numbers] | None = None
    for boxes, home in cuts:
        here = boxes[home == group]
        match = _match(here, common)
        score = float(match.sum() - 0.7 * (1 - match).sum())
        if best is None or score > best[0] + 1e-6:
            best = score, here, match
    assert best is not None
    return best


def _labels(boxes: PixelBoxes, good: Mask) -> Mask:
    """Which of the good boxes are a word close under, or beside, a higher one that is good too."""
    width, height = box_sizes(boxes)
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


def _thin_ones(icons: PixelBoxes, others: PixelBoxes) -> PixelBoxes:
    """Squares around those others that are too thin for an icon (a minus, three dots), but stand in line with some."""
    found: list[list[float]] = []
    if len(icons) < 2 or not len(others):
        return np.zeros((0, 4), np.int32)
    usual = weighted_median(icons)
    part = joined(len(others), [pair for gap, pair in nearest_links(others) if gap <= 0.35 * usual])
    centres, sides = _centres(icons), np.maximum(*box_sizes(icons))
    for box in clusters(others, part, part)[0]:
        extent, centre = np.array(span(box)), _centres(box)
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


def _completed(icons: PixelBoxes, pieces: PixelBoxes, size: tuple[int, int]) -> PixelBoxes:
    """The icons, completed where one is only a part of what stands in its place, and those that were left out.

    Where icons stand at equal distances, so does one that does not look like an icon by itself: a wordmark,
    something flat. `size` is the picture's width and height.
    """
    icons = icons.copy()
    if len(icons) < 3:
        return icons
    found: list[PixelBoxes] = []
    side = weighted_median(icons)
    pieces = pieces[np.maximum(*box_sizes(pieces)) <= ROOM * side]
    for along in (0, 1):
        for line, step in _lines(icons, along, side):
            for centre in _places(icons[line], along, step, size[along]):
                here = pieces[within(pieces, np.concatenate([centre - ROOM / 2 * side, centre + ROOM / 2 * side]))]
                if not len(here):
                    continue
                whole = np.array(enclosing(here), np.int32)
                off = float(np.abs(_centres(whole) - centre).max())
                away = np.abs(_centres(icons[line]) - centre)[:, along]
                if away.min() < 0.5 * step:
                    icon = icons[line[int(away.argmin())]]
                    farther = off < np.abs(_centres(icon) - centre).max()
                    if farther and np.prod(span(icon)) < PART * np.prod(span(whole)):
                        icon[:] = [*np.minimum(icon[:2], whole[:2]), *np.maximum(icon[2:], whole[2:])]
                elif off < ASKEW * side and max(span(whole)) > 0.3 * side:
                    corner = (_centres(whole) - side / 2).round()
                    square = np.concatenate([corner, corner + round(side)]).astype(np.int32).clip(0, np.array(size * 2))
                    if all(np.abs(square - other).max() > 0.5 * side for other in found):
                        found.append(square)
    return np.concatenate([icons, np.array(found, np.int32).reshape(-1, 4)])


def _centres(boxes: PixelBoxes) -> Numbers:
    """(n, 2) x and y, or of one box (2,)."""
    return (boxes[..., :2] + boxes[..., 2:]) / 2


def _places(icons: PixelBoxes, along: int, step: float, length: int) -> Iterator[Numbers]:
    """The centres of all places of a line of icons, and of up to two at each end, within the picture's `length`."""
    centres = _centres(icons)
    across, taken = float(np.median(centres[:, 1 - along])), centres[:, along]
    first = taken[0] + float(np.median((taken - taken[0] + step / 2) % step)) - step / 2
    for place in np.arange(first % step, length, step):
        if np.abs(taken - place).min() <= 2.2 * step:
            yield np.array([place, across] if along == 0 else [across, place])


def _lines(icons: PixelBoxes, along: int, side: float) -> Iterator[tuple[list[int], float]]:
    """The icons of each row (along 0) or column (along 1) and their distance, px, if it is always the same."""
    centres = _centres(icons)
    rows = [np.flatnonzero(np.abs(centres[:, 1 - along] - one[1 - along]) < ASKEW * side).tolist() for one in centres]
    lines = [list(line) for line in dict.fromkeys(map(tuple, rows))]
    gaps = np.concatenate([np.diff(np.sort(centres[line, along])) for line in lines])
    gaps = gaps[gaps > ROOM * side]
    if len(gaps) < 2:
        return
    step = float(np.median(gaps[gaps < 1.15 * gaps.min()]))
    off = np.abs(gaps / step - np.round(gaps / step)) * step
    if step <= FARTHEST * side and (off < ASKEW * side).mean() >= 0.8:
        for line in lines:
            yield line, step


def _match(boxes: PixelBoxes, common: float | None) -> Numbers:
    """(n,), 0 to 1: how far each is square, of an icon's size, and as large as is common: here, if not given."""
    width, height = box_sizes(boxes)
    side = np.maximum(width, height).clip(1).astype(float)
    aspect = side / np.minimum(width, height).clip(1)
    good = ((2.0 - aspect) / 0.6).clip(0, 1) * ((side - SMALLEST) / 3).clip(0, 1) * (side <= LARGEST)
    square = good > 0.5
    if not square.any():
        return good
    if common is None:
        common = weighted_median(boxes[square])
    ratio = np.maximum(side / common, common / side)
    return good * ((1.9 - ratio) / 0.5).clip(0, 1)


def _is_one(pixels: NDArray[np.uint8], places: PixelBoxes) -> bool:
    """Whether the few places are rather the parts of one icon: close to each other, askew, or all alike."""
    width, height = box_sizes(places)
    side = float(np.maximum(width, height).max())
    centres = _centres(places)
    aside = np.abs(centres[:, None] - centres).min(axis=2) + 1e9 * np.eye(len(places))
    if len(places) < 4 and (min(nearest_links(places))[0] < 0.25 * side or aside.min(axis=1).max() > 0.2 * side):
        return True
    extent = np.subtract(*reversed(np.split(np.array(enclosing(places)), 2)))
    # in a row, buttons are alike too, but for their icons
    alike = 0.95 if extent.max() > 2 * extent.min() else 0.75
    patches = []
    for left, top, right, bottom in places:
        patch = cv2.resize(pixels[top:bottom, left:right], (12, 12), interpolation=cv2.INTER_AREA).astype(float)
        patch -= patch.mean(axis=(0, 1))
        patches.append(patch / max(float(np.linalg.norm(patch)), 1e-6))
    turned = [np.rot90(patch, turn) for patch in (patches[0], patches[0][:, ::-1]) for turn in range(4)]
    return all(max(float((patch * other).sum()) for other in turned) > alike for patch in patches[1:])
