"""What on a screenshot may be (part of) an icon: its connected edges without text, photos, panels and buttons."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from search.vision.lettering import EDGE, TEXT_HEIGHT, find_short_words, find_text
from search.vision.pixel_boxes import Labels, Mask, PixelBoxes, box_sizes, enclosing_box, usual_side, within

SMALLEST, LARGEST = 9, 160  # px: least and most of an icon's longer side
MOST_COMPONENTS, MOST_PIECES = 4000, 800  # components and pieces that are examined at most, to bound the time
LABEL_MOST = 0.4  # share of the height of a button with a word under it that the word may take
SMALLEST_PHOTO = 40  # px of the shorter side
PHOTO_COLOURS = 130  # different colours among SAMPLES pixels, from which a component is a photo
SAMPLES = 576

Frame = tuple[int, Mask]  # the index of a component that runs around others, and which ones these are


def components(pixels: NDArray[np.uint8]) -> tuple[Labels, PixelBoxes]:
    """The connected edges on (height, width, 3) RGB pixels, and their boxes; label i belongs to row i - 1.

    An edge is found on both its sides, so components lie at least 3 px apart.
    """
    contrast = cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    edges = (cv2.max(cv2.max(contrast[..., 0], contrast[..., 1]), contrast[..., 2]) > EDGE).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(edges, connectivity=8)
    if _cut_off_labels(pixels, edges, np.asarray(stats[1:], np.int32)):
        _, labels, stats, _ = cv2.connectedComponentsWithStats(edges, connectivity=8)
    left, top, width, height = stats[1:, :4].T
    rows, columns = edges.shape
    right = np.maximum(left + width - (left + width < columns), left + 1)
    bottom = np.maximum(top + height - (top + height < rows), top + 1)
    left, top = np.minimum(left + (left > 0), right - 1), np.minimum(top + (top > 0), bottom - 1)
    return labels.astype(np.int32, copy=False), np.stack([left, top, right, bottom], axis=1).astype(np.int32)


def _cut_off_labels(pixels: NDArray[np.uint8], edges: NDArray[np.uint8], stats: NDArray[np.int32]) -> bool:
    """Clear the edges on the row of page between a button and the word close under it; whether there was any.

    `stats` are the components' left, top, width, height and area, as OpenCV has them.
    """
    cut = False
    left, top, width, height = stats[:, :4].T
    fitting = (np.minimum(width, height) >= SMALLEST + TEXT_HEIGHT[0]) & (np.maximum(width, height) <= LARGEST)
    for index in np.flatnonzero(fitting)[:MOST_PIECES].tolist():
        x, y, wide, high = stats[index, :4].tolist()
        rows = pixels[y + 1 : y + high - 1, max(0, x - 1) : x + wide + 1]
        inked = np.ptp(rows, axis=1).max(axis=1) > EDGE
        empty = np.flatnonzero(~inked)
        if len(empty) and TEXT_HEIGHT[0] <= len(inked) - 1 - empty[-1] < LABEL_MOST * high:
            edges[y + 1 + empty[-1], x : x + wide] = 0
            cut = True
    return cut


def find_pieces(pixels: NDArray[np.uint8], labels: Labels, boxes: PixelBoxes) -> Mask:
    """Which components may be (part of) an icon: no text, no photo, no panel, no line between panels.

    `pixels` is (height, width, 3) RGB; `labels` and `boxes` are what `components` returns for it.
    """
    width, height = box_sizes(boxes)
    shorter, longer = np.minimum(width, height), np.maximum(width, height)
    pieces = (longer <= LARGEST) & ((shorter > 3) | (longer <= 40))
    pieces[np.argsort(-longer, kind="stable")[MOST_COMPONENTS:]] = False
    for index in np.flatnonzero(shorter >= SMALLEST_PHOTO).tolist():
        left, top, right, bottom = boxes[index]
        if _is_photo(pixels[top:bottom, left:right]):
            pieces &= ~within(boxes, boxes[index])
    frames = _frames(labels, boxes, pieces)
    tiles = _equal(boxes, [index for index, _ in frames])
    text = find_text(pixels, labels, boxes, pieces & ~tiles)
    for _ in range(2):  # the words that the first pass finds tell where the lines are
        text |= find_short_words(pixels, boxes, pieces & ~tiles & ~text, text)
    pieces &= ~text
    usual = _usual_side_unframed(boxes, pieces, frames)
    for index, inside in frames:
        # A tile with a label is no icon; but a tile as large as the icons around it is one that contains letters (a
        # file type).
        like_icons = longer[index] < 1.3 * min(shorter[index], usual) and usual < 1.3 * longer[index]
        pieces[index] &= like_icons or not (inside & text).any()
    frames = [(index, inside & pieces) for index, inside in frames if pieces[index] and (inside & pieces).any()]
    for index in _buttons(pixels, labels, boxes, pieces, frames):
        pieces[index] = False
    return pieces


def _frames(labels: Labels, boxes: PixelBoxes, pieces: Mask) -> list[Frame]:
    """The pieces that run around other ones; long ones, such as panels, are taken out of the pieces instead."""
    width, height = box_sizes(boxes)
    shorter, longer = np.minimum(width, height), np.maximum(width, height)
    frames: list[Frame] = []
    for index in np.flatnonzero(pieces & (shorter >= 14)).tolist():
        inside = pieces & within(boxes, boxes[index])
        inside[index] = False
        if inside.any() and _is_frame(labels, boxes[index], index + 1):
            if longer[index] > 1.7 * shorter[index]:
                pieces[index] = False
            else:
                frames.append((index, inside))
    return frames


def _equal(boxes: PixelBoxes, frames: list[int]) -> Mask:
    """Which of the frames have the same size as two others: tiles of a toolbar, even if as close as letters."""
    equal = np.zeros(len(boxes), bool)
    sizes = np.stack(box_sizes(boxes), axis=1)[frames].reshape(-1, 2)
    same_size = (np.abs(sizes[:, None] - sizes).max(axis=2) <= 2).sum(axis=1)
    equal[frames] = (same_size >= 3) & (sizes.min(axis=1) >= 18)
    return equal


def _buttons(
    pixels: NDArray[np.uint8], labels: Labels, boxes: PixelBoxes, pieces: Mask, frames: list[Frame]
) -> Iterator[int]:
    """The frames with an icon in them; other frames are the outline of an icon.

    What is not framed tells how large the icons are. Where all is framed, equal frames are buttons, except filled
    circles: these may be faces.
    """
    longer = np.maximum(*box_sizes(boxes))
    usual = _usual_side_unframed(boxes, pieces, frames)
    equal = _equal(boxes, [index for index, _ in frames])
    for index, inside in frames:
        left, top, right, bottom = enclosing_box(boxes[inside])
        inner, outer = max(right - left, bottom - top), int(longer[index])
        if usual:
            is_button = inner > 0.33 * outer and abs(np.log(inner / usual)) + 0.15 < abs(np.log(outer / usual))
        else:
            is_button = bool(equal[index]) and 0.3 * outer < inner < 0.8 * outer
            is_button = is_button and (
                _is_rectangle(labels, boxes[index], index + 1) or _is_outline(pixels, boxes[index])
            )
        if is_button:
            yield index


def _usual_side_unframed(boxes: PixelBoxes, pieces: Mask, frames: list[Frame]) -> float:
    """The usual longer side, px, of the pieces that are no frame and in none; 0 if there are none."""
    width, height = box_sizes(boxes)
    shorter, longer = np.minimum(width, height), np.maximum(width, height)
    unframed = pieces & (longer >= SMALLEST) & (longer < 1.7 * shorter)
    for index, inside in frames:
        unframed &= ~inside
        unframed[index] = False
    return usual_side(boxes[unframed]) if unframed.any() else 0.0


def _is_rectangle(labels: Labels, box: PixelBoxes, label: int) -> bool:
    """Whether a frame reaches nearly into the corners of its box."""
    left, top, right, bottom = (int(v) for v in box)
    depth = max(2, round(0.12 * min(right - left, bottom - top)))
    corners = [labels[y : y + depth, x : x + depth] for y in (top, bottom - depth) for x in (left, right - depth)]
    return sum(bool((corner == label).any()) for corner in corners) >= 3


def _is_photo(pixels: NDArray[np.uint8]) -> bool:
    """Whether the pixels have as many colours as a photo."""
    side = round(SAMPLES**0.5)
    rows = np.linspace(0, pixels.shape[0] - 1, side).astype(int)
    columns = np.linspace(0, pixels.shape[1] - 1, side).astype(int)
    sample = (pixels[np.ix_(rows, columns)] >> 4).astype(np.int32).reshape(-1, 3)
    return len(np.unique(sample @ (1, 16, 256))) > PHOTO_COLOURS


def _is_frame(labels: Labels, box: PixelBoxes, label: int) -> bool:
    """Whether a component runs along its box and leaves the middle free."""
    left, top, right, bottom = (int(v) for v in box)
    x, y = round(0.22 * (right - left)), round(0.22 * (bottom - top))
    return not (labels[top + y : bottom - y, left + x : right - x] == label).any()


def _is_outline(pixels: NDArray[np.uint8], box: PixelBoxes) -> bool:
    """Whether a frame has the same colour inside as around it."""
    left, top, right, bottom = (int(v) for v in box)
    middle, depth = (top + bottom) // 2, max(4, round(0.1 * (right - left)))
    outside = pixels[middle, max(0, left - 3)].astype(int)
    return int(np.abs(outside - pixels[middle, min(left + depth, right - 1)]).max()) < EDGE
