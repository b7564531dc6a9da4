"""What the detector learns from: parts of pages as people crop them, spoilt as pictures are, and what is to be said."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.detection.network import STRIDE
from training.detector.pages import PagePicture

SIDES = (128, 192, 256)  # px: width and height of the pictures of a batch
PIXELS = 16 * 128 * 128  # of a batch
SCALES = 0.55, 2.8  # least and largest factor by which a crop is reduced or enlarged
SMALLEST = 5  # px of the longer side of an icon, below which nothing is learnt from it
WHOLE, SEEN = 0.82, 0.12  # share of an icon that a crop must show to hold it, and up to which it shows none of it
SPREAD = 0.11  # width of the peak at an icon's middle, in its sides
INNER = 0.22  # share of an icon's side, to each side of its middle, from where its edges are learnt
PAGES_KEPT = 60  # pages that are cropped from for a while
BATCHES_A_SHELF = 20  # batches before a third of these pages are replaced


@dataclass(frozen=True)
class Sample:
    """A picture and where on it icons and texts are."""

    pixels: NDArray[np.uint8]  # (side, side, 3) RGB
    icons: NDArray[np.float32]  # (n, 4): left, top, right, bottom, px
    unsure: NDArray[np.float32]
    texts: NDArray[np.float32]


@dataclass(frozen=True)
class Targets:
    """What the network is to say of a picture, for each of its places (rows, columns)."""

    icon: NDArray[np.float32]  # 0 to 1: 1 at the middle of an icon, falling off around it
    text: NDArray[np.float32]  # 1 within lines of text
    edges: NDArray[np.float32]  # (rows, columns, 4): distances to the icon's edges, units of STRIDE px
    inner: NDArray[np.float32]  # the weight with which `edges` is learnt
    sure: NDArray[np.float32]  # 0 where nothing is to be learnt, else 1


def targets_of(sample: Sample) -> Targets:
    """What the network is to say of a sample."""
    places = sample.pixels.shape[0] // STRIDE
    middle = np.arange(places, dtype=np.float32) + 0.5
    icon, text, inner = (np.zeros((places, places), np.float32) for _ in range(3))
    edges, sure = np.ones((places, places, 4), np.float32), np.ones((places, places), np.float32)
    for left, top, right, bottom in sample.texts / STRIDE:
        text[np.ix_((middle > top) & (middle < bottom), (middle > left) & (middle < right))] = 1
    for left, top, right, bottom in sample.unsure / STRIDE:
        sure[np.ix_((middle > top - 0.5) & (middle < bottom + 0.5), (middle > left - 0.5) & (middle < right + 0.5))] = 0
    boxes = sample.icons / STRIDE
    for left, top, right, bottom in boxes[np.argsort(-(boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))]:
        x, y, side = (left + right) / 2, (top + bottom) / 2, ((right - left) * (bottom - top)) ** 0.5
        row, column = min(int(y), places - 1), min(int(x), places - 1)
        width = max(0.55, SPREAD * side)
        off_x, off_y = middle - middle[column], middle - middle[row]
        peak = np.exp(-(off_y[:, None] ** 2 + off_x[None] ** 2) / (2 * width**2))
        icon = np.maximum(icon, peak)
        near = (np.abs(middle - y)[:, None] <= max(0.8, INNER * (bottom - top))) & (
            np.abs(middle - x)[None] <= max(0.8, INNER * (right - left))
        )
        distances = np.broadcast_arrays(
            middle[None] - left, middle[:, None] - top, right - middle[None], bottom - middle[:, None]
        )
        distance = np.stack(distances, axis=-1)
        near &= distance.min(axis=-1) > 0.05
        edges[near], inner[near], sure[near] = distance[near], 1, 1
    return Targets(icon, text, edges, inner, sure)


def crop_of(page: PagePicture, side: int, rng: np.random.Generator) -> Sample:
    """A part of a page, as people crop, on `side` px; what is beyond its edge repeats the edge."""
    height, width = page.pixels.shape[:2]
    scale = 1.0 if rng.random() < 0.5 else float(np.exp(rng.uniform(*np.log(SCALES))))
    left, top, right, bottom = _window(page, side / scale, rng)
    left, top = min(max(0, int(left)), width - 8), min(max(0, int(top)), height - 8)
    right, bottom = min(width, max(left + 8, int(right))), min(height, max(top + 8, int(bottom)))
    part = page.pixels[top:bottom, left:right]
    wide, high = min(side, max(6, round(part.shape[1] * scale))), min(side, max(6, round(part.shape[0] * scale)))
    if scale != 1:
        method = (
            rng.choice((cv2.INTER_AREA, cv2.INTER_CUBIC, cv2.INTER_LINEAR))
            if scale < 1
            else rng.choice((cv2.INTER_CUBIC, cv2.INTER_LINEAR))
        )
        part = np.asarray(cv2.resize(part, (wide, high), interpolation=int(method)), np.uint8)
    part = spoilt(part[:high, :wide], rng)
    high, wide = part.shape[:2]
    x, y = int(rng.integers(0, side - wide + 1)), int(rng.integers(0, side - high + 1))
    pixels = np.pad(part, ((y, side - high - y), (x, side - wide - x), (0, 0)), mode="edge")
    offset = np.array([x, y, x, y], np.float32)
    limits = np.array([x, y, x + wide, y + high], np.float32)

    def moved(boxes: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        placed = (boxes - np.array([left, top, left, top], np.float32)) * scale + offset
        kept = np.concatenate([np.maximum(placed[:, :2], limits[:2]), np.minimum(placed[:, 2:], limits[2:])], axis=1)
        area = np.prod(placed[:, 2:] - placed[:, :2], axis=1)
        shown = np.prod((kept[:, 2:] - kept[:, :2]).clip(0), axis=1) / np.maximum(area, 1e-6)
        return kept, shown

    icons, shown = moved(page.icons)
    unsure, shown_unsure = moved(page.unsure)
    texts, shown_texts = moved(page.texts)
    large = (icons[:, 2:] - icons[:, :2]).max(axis=1, initial=0) >= SMALLEST
    sure = (shown >= WHOLE) & large
    unsure = np.concatenate([unsure[shown_unsure > 0], icons[~sure & (shown > SEEN)]])
    if rng.random() < 0.2:
        pixels = pixels[:, ::-1]
        icons, unsure, texts = (_mirrored(boxes, side) for boxes in (icons, unsure, texts))
    return Sample(np.ascontiguousarray(pixels), icons[sure], unsure, texts[shown_texts > 0])


def _mirrored(boxes: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    return np.stack([side - boxes[:, 2], boxes[:, 1], side - boxes[:, 0], boxes[:, 3]], axis=1)


def _window(page: PagePicture, reach: float, rng: np.random.Generator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a crop of a page, px of it, at most `reach` wide and high."""
    height, width = page.pixels.shape[:2]
    subjects = page.icons if len(page.icons) and rng.random() < 0.9 else page.texts if len(page.texts) else page.icons
    if rng.random() < 0.12 or not len(subjects):
        x, y = rng.uniform(0, max(1, width - reach)), rng.uniform(0, max(1, height - reach))
        return x, y, x + reach, y + reach
    left, top, right, bottom = subjects[rng.integers(len(subjects))]
    side = float(max(right - left, bottom - top)) if subjects is page.icons else float(bottom - top)
    if (chance := rng.random()) < 0.45:  # anywhere in a window of full size
        x, y = (
            rng.uniform(right - reach, left) if reach > right - left else left,
            rng.uniform(bottom - reach, top) if reach > bottom - top else top,
        )
        x, y = min(max(0, x), max(0, width - reach)), min(max(0, y), max(0, height - reach))
        return x, y, x + reach, y + reach
    if chance < 0.6:  # the icon alone, tightly or loosely
        margins = rng.uniform(-0.03, 0.6, 4) * side
    elif chance < 0.85:  # with what stands beside it
        margins = np.array([rng.uniform(0, 1), rng.uniform(0, 0.9), rng.uniform(1, 12), rng.uniform(0, 0.9)]) * side
        if rng.random() < 0.3:
            margins = margins[[2, 1, 0, 3]]
    else:  # with its surroundings
        margins = rng.uniform(0.3, 4, 4) * side
    edges = np.array([left, top, right, bottom]) + margins * (-1, -1, 1, 1)
    x, y, x2, y2 = (float(edge) for edge in edges)
    return x, y, min(x2, max(x, 0) + reach), min(y2, max(y, 0) + reach)


def spoilt(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """What happens to colours and edges of screenshots on their way."""
    if rng.random() < 0.12:
        pixels = 255 - pixels
    if rng.random() < 0.2:
        pixels = pixels[..., rng.permutation(3)]
    if rng.random() < 0.2:
        contrast, brightness = rng.uniform(0.6, 1.2), rng.uniform(-30, 30)
        pixels = (128 + (pixels.astype(np.float32) - 128) * contrast + brightness).clip(0, 255).astype(np.uint8)
    if rng.random() < 0.15:
        pixels = _subpixel(pixels)
    if rng.random() < 0.12:
        pixels = np.asarray(cv2.GaussianBlur(pixels, (3, 3), float(rng.uniform(0.3, 0.9))), np.uint8)
    if (chance := rng.random()) < 0.25:
        buffer = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(
            buffer, "JPEG" if chance < 0.18 else "WEBP", quality=int(rng.integers(35, 92))
        )
        pixels = np.asarray(Image.open(buffer).convert("RGB"))
    return np.asarray(pixels)


def _subpixel(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Red a third of a pixel to the left, blue to the right, as on screens whose colours stand side by side."""
    shifted = pixels.copy()
    for channel, shift in ((0, 1 / 3), (2, -1 / 3)):
        matrix = np.array([[1, 0, shift], [0, 1, 0]], np.float32)
        moved = cv2.warpAffine(pixels[..., channel], matrix, pixels.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
        shifted[..., channel] = moved
    return shifted


def crops(
    folder: Path, seed: int, held_out: int, times: int, start: int = 0, step: int = 1
) -> Iterator[tuple[NDArray[np.uint8], list[Targets]]]:
    """Endless batches, (n, side, side, 3) RGB, and what is to be said of each of their crops.

    They are those of the numbers `start`, `start + step` and so on, and have `times` as many px as PIXELS. Pages come
    from the folder as they are drawn; every `held_out`-th is not learnt from.
    """
    cv2.setNumThreads(1)
    pages: list[PagePicture] = []
    for made, number in enumerate(count(start, step)):
        rng = np.random.default_rng((seed, number))
        if made % BATCHES_A_SHELF == 0:
            files = [path for path in sorted(folder.glob("*.npz")) if int(path.stem) % held_out]
            pages = [pages[i] for i in rng.permutation(len(pages))[: 2 * PAGES_KEPT // 3]]
            fresh = rng.choice(len(files), min(len(files), PAGES_KEPT - len(pages)), replace=False)
            pages += [PagePicture.read(files[i]) for i in fresh]
        side = SIDES[number % len(SIDES)]
        samples = [crop_of(pages[rng.integers(len(pages))], side, rng) for _ in range(times * PIXELS // side**2)]
        yield np.stack([sample.pixels for sample in samples]), [targets_of(sample) for sample in samples]
