"""The words on a screenshot, which are no icons."""

import numpy as np
from numpy.typing import NDArray

from search.vision.pixel_boxes import Labels, Mask, PixelBoxes, box_sizes, clusters, joined, nearest_links

TEXT_HEIGHT = (5, 48)  # px of a word
WORD_ASPECT = 1.8
EDGE = 18  # of 255: a smaller difference between neighbouring pixels is no edge (gradients, JPEG)
MOST_TOKENS = 1600  # bounds the time


def find_text(pixels: NDArray[np.uint8], labels: Labels, boxes: PixelBoxes, allowed: Mask) -> Mask:
    """Which components are words, letters of words, or short words close to longer ones."""
    width, height = box_sizes(boxes)
    fit = allowed & (height >= TEXT_HEIGHT[0]) & (height <= TEXT_HEIGHT[1])
    text = np.zeros(len(boxes), bool)
    for index in np.flatnonzero(fit & (width > WORD_ASPECT * height)):
        text[index] = _is_split(pixels, boxes[index]) or _strokes(pixels, boxes[index]) > width[index] / height[index]
    square = (height >= 11) & (width <= 1.4 * height) & (height <= 1.25 * width)
    tight, loose = _row_neighbours(labels, boxes, allowed)
    chain = joined(len(boxes), tight)
    chains, home = clusters(boxes, chain, chain)
    chain_width, chain_height = box_sizes(chains)
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


def find_short_words(pixels: NDArray[np.uint8], boxes: PixelBoxes, allowed: Mask, text: Mask) -> Mask:
    """Which components are short words on the line of longer ones, maybe far from them: in a table, under an icon."""
    result = np.zeros(len(boxes), bool)
    tokens = np.flatnonzero(allowed)
    if not 0 < len(tokens) <= MOST_TOKENS or not text.any():
        return result
    unit = joined(len(tokens), [pair for gap, pair in nearest_links(boxes[tokens]) if gap <= 2])
    units, home = clusters(boxes[tokens], unit, unit)
    width, height = box_sizes(units)
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


def _strokes(pixels: NDArray[np.uint8], box: PixelBoxes) -> float:
    """How many strokes stand side by side a little below the middle, where all letters have some."""
    left, top, right, bottom = (int(v) for v in box)
    row = pixels[top + round(0.6 * (bottom - top)), left:right].max(axis=1).astype(int)
    return float((np.diff(row > (row.max() + row.min()) / 2) != 0).sum()) / 2 if np.ptp(row) > EDGE else 0.0


def _is_split(pixels: NDArray[np.uint8], box: PixelBoxes) -> bool:
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
    labels: Labels, boxes: PixelBoxes, allowed: Mask
) -> tuple[list[tuple[int, int]], list[tuple[int, int, bool]]]:
    """Pairs of components side by side: as close as letters; as close as words, and whether not even that far."""
    width, height = box_sizes(boxes)
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
                if gap <= max(3, 0.14 * high) and high <= 1.8 * low:
                    tight.append((one, other))
    return tight, loose
