"""Batches of pairs, a synthetic screenshot and the icon's own drawing, made by worker processes."""

import multiprocessing
import random
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.matching.second_stage import correlatable
from search.vision.drawing import SIDE
from search.vision.readings import readings_of
from training.library import Library
from training.scenes import scene

TRIES = 3  # screenshots drawn until one of its views shows the icon
RECOGNISED = 0.4  # correlation from which a view shows the icon
ALIKE = 0.95  # correlation from which two icons are not held against each other
ALIKE_IN_COLOUR = 0.985  # the same where one has several colours: flags differ by less
FAMILY = 16  # icons of a batch that look somewhat alike
NEAREST = 32  # icons from which a family is chosen
COLOURED_OFTEN = 3.0  # times as often as icons of one colour, which are easier and five times as many
PARTS = 3
COARSE = 16  # px of the pictures that are compared


def coarse(drawings: Sequence[NDArray[np.uint8]] | NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, COARSE² · 3) centred vectors of length 1, whose inner product is the drawings' correlation."""
    small = np.stack([cv2.resize(one, (COARSE, COARSE), interpolation=cv2.INTER_AREA) for one in drawings])
    return correlatable(small.reshape(len(small), -1).astype(np.float32))


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
    queries, keys = np.empty((2, len(indices), SIDE, SIDE, 3), np.uint8)
    for row, index in enumerate(indices):
        rnd = random.Random(f"{seed} {index}")
        looks = library.looks(index)
        queries[row] = keys[row] = looks[0]
        for _ in range(TRIES):
            try:
                views = readings_of(screenshot_of(library, int(index), rnd))
            except Exception:  # an icon, perhaps the neighbour, that the rasteriser refuses
                continue
            if views:
                pixels = np.stack([view.drawing.pixels for view in views])
                likeness = coarse(pixels) @ coarse(looks).T
                if likeness.max() > RECOGNISED:
                    view, look = np.unravel_index(likeness.argmax(), likeness.shape)
                    queries[row], keys[row] = pixels[view], looks[look]
                    break
    known = coarse(keys)
    coloured = (keys.max(axis=3) != keys.min(axis=3)).any(axis=(1, 2))
    limit = np.where(coloured[:, None] | coloured, ALIKE_IN_COLOUR, ALIKE)
    alike = (known @ known.T > limit).astype(np.float32)
    np.fill_diagonal(alike, 0)
    return Pairs(queries, keys, alike)


_libraries: dict[Path, Library] = {}


def _library(folder: Path) -> Library:
    return _libraries.setdefault(folder, Library(folder))


@dataclass
class Batches:
    """Endless batches of `size` pairs from batch number `first` on, always the same ones for a seed."""

    folder: Path
    features: NDArray[np.float32]  # (icons, d), whose inner product says how alike they look
    icons: NDArray[np.int64]
    coloured: NDArray[np.bool_]  # (icons,)
    size: int
    seed: int
    workers: int

    def __call__(self, first: int) -> Generator[Pairs, None, None]:
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
        """Families of icons that look somewhat alike: those that the network has to learn to tell apart."""
        rng = np.random.default_rng((self.seed, number))
        families = self.size // FAMILY
        # A part of the library at a time, which takes a part of the time and varies the families.
        part = slice(number % PARTS, None, PARTS)
        icons, features = self.icons[part], self.features[part]
        often = np.where(self.coloured[part], COLOURED_OFTEN, 1.0)
        heads = rng.choice(len(icons), families, replace=False, p=often / often.sum())
        likeness = features[heads] @ features.T
        near = np.argpartition(-likeness, NEAREST, axis=1)[:, :NEAREST]
        members = [
            rng.choice(row[row != head], FAMILY - 1, replace=False) for row, head in zip(near, heads, strict=True)
        ]
        return icons[np.concatenate([np.append(head, rest) for head, rest in zip(heads, members, strict=True)])]
