"""The words on a screenshot, which are no icons."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from search.vision.pixel_boxes import Indices, Labels, Mask, PixelBoxes, box_sizes, cluster_boxes, joined, nearest_links

TEXT_HEIGHT = (5, 48)  # px: least and most height of a word
WORD_ASPECT = 1.8  # width by height from which a component may be a word
EDGE = 18  # of 255: a smaller difference between neighbouring pixels is no edge, but a gradient or JPEG
MOST_TOKENS = 1600  # components looked at, which bounds the time
SPREADING = 6  # times that words may take in the components beside them

Pair = tuple[int, int]  # the indices of two components, the left one first


def find_text(pixels: NDArray[np.uint8], labels: Labels, boxes: PixelBoxes, allowed: Mask) -> Mask:
    """Which of the n components are words, letters of words, or short words close to longer ones.

    `pixels` is (height, width, 3) RGB; `labels` and `boxes` are the components, of which only those in `allowed`
    are looked at.
    """
    width, height = box_sizes(boxes)
    fitting = allowed & (height >= TEXT_HEIGHT[0]) & (height <= TEXT_HEIGHT[1])
    text = np.zeros(len(boxes), bool)
    for index in np.flatnonzero(fitting & (width > WORD_ASPECT * height)):
        text[index] = _is_split(pixels, boxes[index]) or _strokes(pixels, boxes[index]) > width[index] / height[index]
    letters, words = _row_neighbours(labels, boxes, allowed)
    chain = joined(len(boxes), letters)
    chains, number = cluster_boxes(boxes, chain, chain)
    chain_width, chain_height = box_sizes(chains)
    wordy = np.zeros(len(boxes), bool)
    wordy[number] = chain_width >= 1.6 * chain_height
    text |= allowed & wordy[chain] & (np.bincount(chain, minlength=len(boxes))[chain] >= 2)
    for _ in range(SPREADING):
        before = int(text.sum())
        _spread(text, words, boxes)
        if int(text.sum()) == before:
            break
    return text


def _spread(text: Mask, words: list[tuple[Pair, bool]], boxes: PixelBoxes) -> None:
    """Add to `text` the components that stand beside a word in it, like words, unless they may be icons."""
    _, height = box_sizes(boxes)
    square = _square(boxes)
    for (left, right), as_close_as_letters in words:
        if text[left] != text[right]:
            word, token = (left, right) if text[left] else (right, left)
            if height[token] <= 1.25 * height[word] and (as_close_as_letters or not square[token]):
                text[token] = True


def _square(boxes: PixelBoxes) -> Mask:
    """Which boxes are as square, and as large, as icons are."""
    width, height = box_sizes(boxes)
    result: Mask = (height >= 11) & (width <= 1.4 * height) & (height <= 1.25 * width)
    return result


def find_short_words(pixels: NDArray[np.uint8], boxes: PixelBoxes, allowed: Mask, text: Mask) -> Mask:
    """Which of the n components are short words on the line of longer ones, maybe far away: in a table, under an icon.

    `pixels` is (height, width, 3) RGB; only components in `allowed` are looked at, and `text` are the words known.
    """
    result = np.zeros(len(boxes), bool)
    tokens = np.flatnonzero(allowed)
    if not 0 < len(tokens) <= MOST_TOKENS or not text.any():
        return result
    unit = joined(len(tokens), [pair for gap, pair in nearest_links(boxes[tokens]) if gap <= 2])
    units, number = cluster_boxes(boxes[tokens], unit, unit)
    lines = boxes[text]
    width, height = box_sizes(units)
    usual_height = float(np.median((lines[:, 3] - lines[:, 1]).astype(float)))
    on_line, running = _on_lines(units, lines)
    wordy = on_line & ~_leads_line(units, lines)
    for index in np.flatnonzero(~running & wordy & _square(units)):
        wordy[index] = _is_split(pixels, units[index])
    for index in np.flatnonzero(~wordy & (height <= 1.2 * usual_height) & (width >= 1.3 * height)):
        wordy[index] = _is_split(pixels, units[index])
    wordy |= running
    result[tokens] = wordy[np.searchsorted(number, unit)]
    return result


def _on_lines(units: PixelBoxes, lines: PixelBoxes) -> tuple[Mask, Mask]:
    """Which units stand on the line of some word in `lines`, and which of these follow it as close as another word."""
    unit = units[:, None]
    tall = (lines[:, 3] - lines[:, 1]).astype(float)
    on_line = (unit[..., 1] >= lines[:, 1] - 0.1 * tall - 1) & (unit[..., 3] <= lines[:, 3] + 0.3 * tall)
    after, before = unit[..., 0] - lines[:, 2], lines[:, 0] - unit[..., 2]
    on_line &= (after < 8 * tall) & (before < 8 * tall)
    follows = _overlaps(units, lines) & (after > -2) & (after < 0.9 * tall)
    is_on_line = np.asarray(on_line.any(axis=1))
    return is_on_line, is_on_line & follows.any(axis=1)


def _leads_line(units: PixelBoxes, lines: PixelBoxes) -> Mask:
    """Which units are the icon of a line: they stand before it, not as close as its words to each other."""
    width, height = box_sizes(units)
    tall = (lines[:, 3] - lines[:, 1]).astype(float)
    after, before = units[:, None, 0] - lines[:, 2], lines[:, 0] - units[:, None, 2]
    beside = _overlaps(units, lines)
    high = np.where(beside & (after < 30 * tall) & (before < 30 * tall), tall, 10.0).max(axis=1)
    follows = beside & (after > -2) & (after < 4 * tall)
    gap = np.where(beside & (before > -2), before, np.inf).min(axis=1)
    leads = (gap > 0.45 * high) & (gap < 2 * high) & ~follows.any(axis=1)
    result: Mask = leads & (np.maximum(width, height) >= high) & (np.minimum(width, height) > 0.4 * high)
    return result


def _overlaps(units: PixelBoxes, lines: PixelBoxes) -> Mask:
    """(units, lines): whether a unit and a word have some height in common."""
    unit = units[:, None]
    result: Mask = (unit[..., 1] < lines[:, 3]) & (unit[..., 3] > lines[:, 1])
    return result


def _strokes(pixels: NDArray[np.uint8], box: PixelBoxes) -> float:
    """How many strokes stand side by side a little below the middle, where all letters have some."""
    left, top, right, bottom = (int(v) for v in box)
    row = pixels[top + round(0.6 * (bottom - top)), left:right].max(axis=1).astype(int)
    return float((np.diff(row > (row.max() + row.min()) / 2) != 0).sum()) / 2 if np.ptp(row) > EDGE else 0.0


def _is_split(pixels: NDArray[np.uint8], box: PixelBoxes) -> bool:
    """Whether empty columns divide a component into pieces that are as narrow as letters."""
    left, top, right, bottom = (int(v) for v in box)
    patch = pixels[top:bottom, left:right]
    contrast = (patch.max(axis=0) - patch.min(axis=0)).max(axis=1)
    inked = np.flatnonzero(contrast > 0.4 * contrast.max())
    if not len(inked):
        return False
    starts = np.flatnonzero(np.diff(inked) > 1)
    widths = np.diff(np.concatenate([[-1], starts, [len(inked) - 1]]))
    return len(widths) >= 2 and int(widths.max()) <= 1.1 * (bottom - top)


def _row_neighbours(labels: Labels, boxes: PixelBoxes, allowed: Mask) -> tuple[list[Pair], list[tuple[Pair, bool]]]:
    """The components side by side: those as close as letters; those as close as words, and whether even closer."""
    _, height = box_sizes(boxes)
    letters, words = [], []
    for left, right in _visible_neighbours(labels, boxes, np.flatnonzero(allowed & (height <= TEXT_HEIGHT[1]))):
        if not allowed[right] or height[right] > TEXT_HEIGHT[1]:
            continue
        low, high = sorted((int(height[left]), int(height[right])))
        overlap = min(boxes[left, 3], boxes[right, 3]) - max(boxes[left, 1], boxes[right, 1])
        gap = int(boxes[right, 0] - boxes[left, 2])
        if overlap < 0.5 * low or high > 2.3 * low or gap > 0.5 * high:
            continue
        words.append(((left, right), gap <= 0.25 * high))
        if gap <= max(3, 0.14 * high) and high <= 1.8 * low:
            letters.append((left, right))
    return letters, words


def _visible_neighbours(labels: Labels, boxes: PixelBoxes, chosen: Indices) -> Iterator[Pair]:
    """Each chosen component and the one that a look to the right, at three heights, meets first; no pair twice."""
    box = boxes[chosen]
    seen: set[Pair] = set()
    for share in (0.3, 0.5, 0.75):
        y = (box[:, 1] + share * (box[:, 3] - box[:, 1])).astype(int).clip(0, labels.shape[0] - 1)
        looking = np.ones(len(chosen), bool)
        for distance in range(1, TEXT_HEIGHT[1] // 2):
            x = box[:, 2] + distance
            met = np.where(x < labels.shape[1], labels[y, x.clip(0, labels.shape[1] - 1)], 0) - 1
            hit = looking & (met >= 0) & (met != chosen)
            looking &= ~hit
            for position in np.flatnonzero(hit):
                pair = int(chosen[position]), int(met[position])
                if pair not in seen:
                    seen.add(pair)
                    yield pair
