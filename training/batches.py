"""Batches of pairs, a synthetic screenshot and the icon's own drawing, made by worker processes."""

import hashlib
import multiprocessing
import random
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.drawing import SIDE
from search.query_views import query_views
from training.library import Library
from training.scenes import scene

TRIES = 3  # screenshots drawn until one of its views shows the icon
RECOGNISED = 0.4  # correlation from which a view shows the icon
ALIKE = 0.95  # correlation from which two icons are not held against each other
LEAF = 32  # icons that look somewhat alike, side by side in a batch
COARSE = 16  # px of the pictures that are compared


def coarse(drawings: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, COARSE² · 3) centred vectors of length 1, whose inner product is the drawings' correlation."""
    small = np.stack([cv2.resize(one, (COARSE, COARSE), interpolation=cv2.INTER_AREA) for one in drawings])
    flat = small.reshape(len(small), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)


@dataclass(frozen=True)
class Pairs:
    queries: NDArray[np.uint8]  # (n, SIDE, SIDE, 3)
    keys: NDArray[np.uint8]  # (n, SIDE, SIDE, 3)
    alike: NDArray[np.float32]  # (n, n): 1 where two different icons look the same


def screenshot_of(library: Library, index: int, rnd: random.Random) -> Image.Image:
    """A synthetic screenshot of one icon."""
    neighbour = library.source(rnd.randrange(len(library.ids)))
    return scene(rnd, *library.source(index), neighbour)


def make_pairs(folder: Path, indices: NDArray[np.int64], seed: str) -> Pairs:
    """The pairs of these icons; the same ones for the same seed."""
    cv2.setNumThreads(1)
    library = _library(folder)
    keys = library.drawings[indices]
    known = coarse(keys)
    queries = np.empty((len(indices), SIDE, SIDE, 3), np.uint8)
    for row, index in enumerate(indices):
        rnd = random.Random(f"{seed} {index}")
        queries[row] = keys[row]
        for _ in range(TRIES):
            try:
                views = query_views(screenshot_of(library, int(index), rnd))
            except Exception:  # a neighbour that the rasteriser refuses
                continue
            if views:
                pixels = np.stack([view.drawing.pixels for view in views])
                likeness = coarse(pixels) @ known[row]
                if likeness.max() > RECOGNISED:
                    queries[row] = pixels[int(likeness.argmax())]
                    break
    alike = (known @ known.T > ALIKE).astype(np.float32)
    np.fill_diagonal(alike, 0)
    return Pairs(queries, keys, alike)


_libraries: dict[Path, Library] = {}


def _library(folder: Path) -> Library:
    return _libraries.setdefault(folder, Library(folder))


def order_of_epoch(features: NDArray[np.float32], icons: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """The icons so that each LEAF in a row look somewhat alike: leaves of a random projection tree, shuffled.

    `features` are (n, d), one row an icon of the library. S. Dasgupta and Y. Freund, "Random projection
    trees and low dimensional manifolds" (2008).
    """
    rng = np.random.default_rng(seed)
    leaves: list[NDArray[np.int64]] = []
    stack = [rng.permutation(icons)]
    while stack:
        part = stack.pop()
        if len(part) <= LEAF:
            leaves.append(part)
            continue
        along = features[part] @ rng.standard_normal(features.shape[1]).astype(np.float32)
        middle = max(LEAF, len(part) // 2 // LEAF * LEAF)
        by_place = part[np.argpartition(along, middle)]
        stack += [by_place[:middle], by_place[middle:]]
    order = rng.permutation(len(leaves))
    return np.concatenate([leaves[leaf] for leaf in order])


@dataclass
class Batches:
    """Endless batches of `size` pairs from batch number `first` on, always the same ones for a seed."""

    folder: Path
    features: NDArray[np.float32]
    icons: NDArray[np.int64]
    size: int
    seed: int
    workers: int

    def __call__(self, first: int) -> Iterator[Pairs]:
        context = multiprocessing.get_context("spawn")
        waiting: deque[Future[Pairs]] = deque()
        number = first
        with ProcessPoolExecutor(self.workers, context) as pool:
            try:
                while True:
                    while len(waiting) < self.workers + 3:
                        waiting.append(
                            pool.submit(make_pairs, self.folder, self._icons(number), f"{self.seed} {number}")
                        )
                        number += 1
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _icons(self, number: int) -> NDArray[np.int64]:
        per_epoch = len(self.icons) // self.size
        epoch, place = divmod(number, per_epoch)
        if getattr(self, "_epoch", None) != epoch:
            self._epoch, self._order = epoch, order_of_epoch(self.features, self.icons, self.seed + epoch)
        return self._order[place * self.size : (place + 1) * self.size]


def drawing_hash(pixels: NDArray[np.uint8]) -> str:
    return hashlib.sha256(pixels.tobytes()).hexdigest()
