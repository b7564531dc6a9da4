"""Where the single icons are on a picture: a button, a menu, a toolbar, a whole window."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.detection.boxes import overlap_of
from search.detection.detector import Detection, detect
from search.detection.places import icon_chances
from search.vision.crops import FractionBox
from search.vision.foreground import box_of

MOST_REGIONS = 80
SURE_FROM = 0.5  # confidence, 0 to 1, from which a place is an icon
# Confidence from which a place may be one, and the same where there are more than FEW such places: a crop of a button
# is searched for all it may hold, while a window has enough that is surer.
# Of 1,100 icons on windows of other people's pages that were told as regions, 5 had less than 0.25.
PERHAPS_FROM, FEW, PERHAPS_OF_MANY = 0.05, 15, 0.25
UNKNOWN = 0.5  # what is said of a picture on which nothing is drawn as small as the icons of a screen
UNTOLD, LARGE = 0.3, 100  # what is said of one where nothing so small is told, and px of the shorter side of larger ink
FILLING = 0.15  # share of the picture's longer side from which an icon that stands alone is what the picture shows
MOST_OF_IT = 0.6  # the same from which the picture is nothing but that icon
SMALLEST = 6  # px of the longer side of an icon
EDGE = 24  # of 255: the contrast of neighbouring pixels from which something is drawn there
AROUND = 3  # px around an icon's box that may still be its own edge
OFF = 0.25  # of a box's longer side: how far its edges are off at most
FREE = 2  # px around what is drawn at a box in which nothing else is
LITTLE = 0.7  # intersection over union of a box and of what is drawn there, below which the box is wrong


@dataclass(frozen=True)
class Region:
    """A place that looks like one icon."""

    box: FractionBox
    confidence: float  # 0 to 1: how probably this is one icon
    alone: bool = False  # whether nothing else is on the picture, so that the whole has the same drawing

    @property
    def sure(self) -> bool:
        """Whether this is rather an icon than nothing, as far as its looks tell."""
        return self.confidence >= SURE_FROM


def look_for_icons(picture: Image.Image) -> tuple[list[Region], float]:
    """The regions of an RGB or RGBA picture, and how probably anything on it is an icon by its looks, 0 to 1.

    The regions are the places that may be icons, in reading order, at most MOST_REGIONS, none in another. A picture
    that is nothing but one icon has none; one with much room around it has one that is alone. The probability is that
    of the surest place, also where the picture is one icon; UNKNOWN where there is no place since nothing is drawn or
    only what is too large for one, UNTOLD for smaller things such as words. Raises WeightsError as `detect` does.
    """
    pixels = _opaque(picture)
    detection = detect(pixels)
    confidence = icon_chances(pixels, detection)
    looks = float(confidence.max()) if len(confidence) else UNKNOWN if _is_blank_or_large(pixels) else UNTOLD
    return _regions(pixels, detection, confidence), looks


def _regions(pixels: NDArray[np.uint8], detection: Detection, confidence: NDArray[np.float32]) -> list[Region]:
    perhaps = (_longer_sides(detection.boxes) >= SMALLEST) & (confidence >= PERHAPS_FROM)
    if perhaps.sum() > FEW:
        perhaps &= confidence >= PERHAPS_OF_MANY
    kept = np.flatnonzero(perhaps)
    kept = kept[np.argsort(-confidence[kept], kind="stable")][:MOST_REGIONS]
    height, width = pixels.shape[:2]
    filled = _longer_sides(detection.boxes[kept]) / max(width, height)
    sure = len(kept) == 1 and filled[0] >= FILLING and confidence[kept[0]] >= SURE_FROM
    if sure and _is_alone(pixels, detection.boxes[kept[0]]):
        alone = _region(detection.boxes[kept[0]], float(confidence[kept[0]]), (width, height))
        return [] if filled[0] >= MOST_OF_IT else [replace(alone, alone=True)]
    # The surest first, so that of two that turn out to be one the surer is left.
    tight, first = np.unique([_tight(pixels, detection.boxes[index]) for index in kept], axis=0, return_index=True)
    boxes, chances = tight.reshape(-1, 4), confidence[kept][first]
    ordered = _reading_order(boxes)
    return [_region(boxes[index], float(chances[index]), (width, height)) for index in ordered]


def _opaque(picture: Image.Image) -> NDArray[np.uint8]:
    """(height, width, 3) RGB; a transparent picture is put on white, or on black if it is itself light."""
    if picture.mode != "RGBA":
        return np.asarray(picture.convert("RGB"))
    grey, alpha = (np.asarray(channel) for channel in picture.convert("LA").split())
    shown = alpha > 128
    light = bool(shown.any()) and not bool(shown.all()) and float(grey[shown].mean()) > 200
    page = Image.new("RGBA", picture.size, "black" if light else "white")
    return np.asarray(Image.alpha_composite(page, picture).convert("RGB"))


def _longer_sides(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0))


def _is_blank_or_large(pixels: NDArray[np.uint8]) -> bool:
    """Whether nothing is drawn, or what is drawn is so large that no place would be told of it."""
    rows, columns = np.nonzero(_contrast(pixels) > EDGE)
    return not len(rows) or int(min(np.ptp(rows), np.ptp(columns))) >= LARGE


def _contrast(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(height, width), of 255: by how much the neighbours of each pixel differ."""
    return np.asarray(cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).max(axis=2))


def _is_alone(pixels: NDArray[np.uint8], box: NDArray[np.float32]) -> bool:
    """Whether nothing is drawn beside a box."""
    contrast = _contrast(pixels)
    left, top = np.floor(box[:2]).astype(int) - AROUND
    right, bottom = np.ceil(box[2:]).astype(int) + AROUND
    contrast[max(0, top) : bottom, max(0, left) : right] = 0
    return not bool((contrast > EDGE).any())


def _tight(pixels: NDArray[np.uint8], box: NDArray[np.float32]) -> NDArray[np.float32]:
    """The box, px, of what is drawn at a box, where nothing else is near it and both have little in common; or the box.

    Three dots have much room beside them in theirs, and the outer ones reach over its edge; of an icon at the edge of a
    crop, the box may hold less than there is.
    """
    size = np.array(pixels.shape[1::-1])
    off = 1 + int((box[2:] - box[:2]).max() * OFF)
    start = np.maximum(np.floor(box[:2]).astype(int) - off - FREE, 0)
    end = np.minimum(np.ceil(box[2:]).astype(int) + off + FREE, size)
    drawn = _contrast(pixels[start[1] : end[1], start[0] : end[0]]) > EDGE
    if not drawn.any():
        return box
    left, top, right, bottom = box_of(drawn)
    corner, far = start + (left, top), start + (right, bottom)
    at_edge = np.concatenate([box[:2] <= off, box[2:] >= size - off])
    if (np.concatenate([corner == start, far == end]) & ~at_edge).any():
        return box
    # Contrast reaches a pixel further than what is drawn, but for what is at the edge of the picture.
    corner, far = corner + (corner > 0), far - (far < size)
    tight = np.array([*corner, *far], np.float32)
    return tight if (far > corner).all() and overlap_of(tight[None], box[None])[0, 0] < LITTLE else box


def _region(box: NDArray[np.float32], confidence: float, size: tuple[int, int]) -> Region:
    """The region of a box, px, on a picture of that width and height, px."""
    left, top, right, bottom = box.tolist()
    width, height = size
    return Region((left / width, top / height, (right - left) / width, (bottom - top) / height), round(confidence, 3))


def _reading_order(boxes: NDArray[np.float32]) -> list[int]:
    """The indices of the boxes in reading order: rows from the top, each from the left."""
    rows: list[list[int]] = []
    for index in np.argsort(boxes[:, 1] + boxes[:, 3], kind="stable").tolist():
        middle = (boxes[index, 1] + boxes[index, 3]) / 2
        if rows and middle < boxes[rows[-1][0], 3]:
            rows[-1].append(index)
        else:
            rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda i: float(boxes[i, 0]))]
