"""Where the single icons are on a screenshot that holds several: a toolbar, a sidebar, a whole window.

Everything is judged by connected edges, not by a background colour, since every panel and button has its own.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.vision.crops import FractionBox
from search.vision.grouping import group_pieces
from search.vision.pieces import MOST_PIECES, components, find_pieces
from search.vision.pixel_boxes import (
    PixelBoxes,
    box_centres,
    box_sizes,
    enclosing_box,
    nearest_links,
    reading_order,
    within,
)
from search.vision.rows import complete_rows

MOST_REGIONS = 40
SMALLEST_PICTURE = 44  # px of the longer side: two icons of 16 px and the gap between them need as much
COMPLETED = 0.5  # the confidence, 0 to 1, of an icon that only its place in a row tells
SAME_IN_ROW, SAME = 0.95, 0.75  # correlation of two places from which they are the same, in a row and otherwise


@dataclass(frozen=True)
class Region:
    """A place that looks like one icon."""

    box: FractionBox
    confidence: float  # 0 to 1 that this is one icon


def find_regions(picture: Image.Image) -> list[Region]:
    """The icons on an RGB or RGBA picture in reading order, none inside another; at most MOST_REGIONS.

    A picture that shows one icon and nothing beside it has no region; one with a text beside the icon has one.
    """
    if max(picture.size) < SMALLEST_PICTURE:
        return []
    pixels = _opaque(picture)
    labels, boxes = components(pixels)
    if len(boxes) < 2:
        return []
    pieces = np.flatnonzero(find_pieces(pixels, labels, boxes))[:MOST_PIECES]
    if not len(pieces):
        return []
    icons, confidence = group_pieces(boxes[pieces])
    outermost = [within(icons[index : index + 1], icons).sum() == 1 for index in range(len(icons))]
    icons, confidence = icons[outermost].clip(0, np.array(picture.size * 2)), confidence[outermost]
    if len(icons) == 1 and not _has_neighbours(icons[0], boxes):
        return []
    if 2 <= len(icons) <= 4 and _is_single_icon(pixels, icons):
        return []
    icons = complete_rows(icons, boxes, picture.size)
    confidence = np.concatenate([confidence, np.full(len(icons) - len(confidence), COMPLETED)])
    best = np.argsort(-confidence, kind="stable")[:MOST_REGIONS]
    best = best[reading_order(icons[best])]
    return [_region(icons[index], float(confidence[index]), picture.size) for index in best]


def _region(icon: PixelBoxes, confidence: float, size: tuple[int, int]) -> Region:
    """The region of an icon's box on a picture of that width and height, px."""
    left, top, right, bottom = icon.tolist()
    width, height = size
    box = (left / width, top / height, (right - left) / width, (bottom - top) / height)
    return Region(box, round(confidence, 3))


def _opaque(picture: Image.Image) -> NDArray[np.uint8]:
    """(height, width, 3) RGB; a transparent picture is put on white, or on black if it is itself light."""
    if picture.mode != "RGBA":
        return np.asarray(picture.convert("RGB"))
    grey, alpha = (np.asarray(channel) for channel in picture.convert("LA").split())
    shown = alpha > 128
    light = bool(shown.any()) and not bool(shown.all()) and float(grey[shown].mean()) > 200
    page = Image.new("RGBA", picture.size, "black" if light else "white")
    return np.asarray(Image.alpha_composite(page, picture).convert("RGB"))


def _has_neighbours(icon: PixelBoxes, components: PixelBoxes) -> bool:
    """Whether something stands beside an icon, a label say, that is neither part of it nor a button around it."""
    part, around = within(components, icon), within(icon[None], components)
    return not bool((part | around).all())


def _is_single_icon(pixels: NDArray[np.uint8], places: PixelBoxes) -> bool:
    """Whether the few places are rather the parts of one icon: close to each other, not in line, or all the same."""
    width, height = box_sizes(places)
    side = float(np.maximum(width, height).max())
    centres = box_centres(places)
    aside = np.abs(centres[:, None] - centres).min(axis=2) + 1e9 * np.eye(len(places))
    if len(places) < 4 and (min(nearest_links(places))[0] < 0.25 * side or aside.min(axis=1).max() > 0.2 * side):
        return True
    left, top, right, bottom = enclosing_box(places)
    longer, shorter = max(right - left, bottom - top), min(right - left, bottom - top)
    # Buttons in a row look much the same, apart from the icons on them.
    same = SAME_IN_ROW if longer > 2 * shorter else SAME
    first, *others = (_patch(pixels, place) for place in places)
    turned = [np.rot90(patch, turn) for patch in (first, first[:, ::-1]) for turn in range(4)]
    return all(max(float((patch * turn).sum()) for turn in turned) > same for patch in others)


def _patch(pixels: NDArray[np.uint8], place: PixelBoxes) -> NDArray[np.float64]:
    """(12, 12, 3): what a box holds, each channel centred, of length 1, so that products are correlations."""
    left, top, right, bottom = place
    patch = cv2.resize(pixels[top:bottom, left:right], (12, 12), interpolation=cv2.INTER_AREA).astype(float)
    patch -= patch.mean(axis=(0, 1))
    return np.asarray(patch / max(float(np.linalg.norm(patch)), 1e-6))
