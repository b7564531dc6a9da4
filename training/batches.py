"""Batches of pairs, a synthetic screenshot and the icon's own drawing, made by worker processes."""

import multiprocessing
import random
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.matching.features import correlatable
from search.vision.drawing import SIDE
from search.vision.readings import readings_of
from training.library import Library
from training.scenes import scene

TRIES = 3  # screenshots drawn at most, until a reading of one of them shows the icon
RECOGNISED = 0.4  # correlation from which a reading shows the icon
LOOK_ALIKE = 0.95  # correlation from which two icons are look-alikes, which are not held against each other
LOOK_ALIKE_IN_COLOUR = 0.985  # the same where one of them has several colours: flags differ by less
FAMILY = 16  # icons of a batch that look somewhat alike
NEAREST = 32  # icons from which a family is chosen
# How many times as often icons in several colours are chosen as icons of one colour, which are easier and five times as
# many.
COLOURED_OFTEN = 3.0
SLICES = 3  # slices of the library, of which each batch is chosen from one
KEPT = 512  # batches from which those that are learnt from together are chosen
COARSE = 16  # px: width and height of the drawings that are compared


def coarse(drawings: Sequence[NDArray[np.uint8]] | NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, COARSE² · 3) centred vectors of length 1, whose inner products are the correlations of n RGB drawings."""
    small = np.stack([cv2.resize(pixels, (COARSE, COARSE), interpolation=cv2.INTER_AREA) for pixels in drawings])
    return correlatable(small.reshape(len(small), -1).astype(np.float32))


@dataclass(frozen=True)
class Pairs:
    """What a network learns from in one step: n screenshots' readings, and their icons' drawings."""

    queries: NDArray[np.uint8]  # (n, SIDE, SIDE, 3) RGB
    keys: NDArray[np.uint8]  # (n, SIDE, SIDE, 3) RGB
    taught: NDArray[np.float32] | None = None  # (n, 2, d): a teacher's vectors of both


def screenshot_of(library: Library, index: int, rnd: random.Random) -> Image.Image:
    """A synthetic screenshot of one icon. Raises some exception if the rasteriser refuses it or its neighbour."""
    neighbour = library.source(rnd.randrange(len(library.ids)))
    return scene(rnd, *library.source(index), neighbour)


def make_pairs(folder: Path, indices: NDArray[np.int64], seed: str) -> Pairs:
    """The pairs of these icons of the library in a folder; the same ones for the same seed."""
    cv2.setNumThreads(1)
    library = _library(folder)
    queries, keys = np.empty((2, len(indices), SIDE, SIDE, 3), np.uint8)
    for row, index in enumerate(indices):
        queries[row], keys[row] = _pair(library, int(index), random.Random(f"{seed} {index}"))
    return Pairs(queries, keys)


def _pair(library: Library, index: int, rnd: random.Random) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The reading of a screenshot that shows the icon best, and the rendition of the icon that it shows.

    Both are the rendition on white where no screenshot shows the icon.
    """
    renditions = library.renditions(index)
    for _ in range(TRIES):
        try:
            readings = readings_of(screenshot_of(library, index, rnd))
        except Exception:  # an icon, perhaps the neighbour, that the rasteriser refuses
            continue
        if readings:
            pixels = np.stack([reading.drawing.pixels for reading in readings])
            likeness = coarse(pixels) @ coarse(renditions).T
            if likeness.max() > RECOGNISED:
                reading_index, rendition_index = np.unravel_index(likeness.argmax(), likeness.shape)
                return pixels[reading_index], renditions[rendition_index]
    return renditions[0], renditions[0]


def replayed(batches: Iterator[Pairs], together: int, first: int) -> Iterator[Pairs]:
    """For each batch one of `together` batches: itself and others of the last KEPT, so that each is used as often.

    Drawing screenshots takes longer than learning from them, and more pairs at a time are harder to tell apart.
    `first` is the number of the first batch.
    """
    kept: deque[Pairs] = deque(maxlen=KEPT)
    for number, batch in enumerate(batches, first):
        earlier = np.random.default_rng(number).choice(len(kept), min(together - 1, len(kept)), replace=False)
        chosen = [batch, *(kept[index] for index in earlier)]
        chosen += [batch] * (together - len(chosen))  # at the beginning, so that all are of one size
        kept.append(batch)
        names = [name for name, value in vars(batch).items() if value is not None]
        yield Pairs(**{name: np.concatenate([getattr(pairs, name) for pairs in chosen]) for name in names})


_libraries: dict[Path, Library] = {}


def _library(folder: Path) -> Library:
    """The library in a folder, opened once in each process."""
    return _libraries.setdefault(folder, Library(folder))


@dataclass
class Batches:
    """Endless batches of pairs, always the same ones for a seed."""

    folder: Path  # of the library
    features: NDArray[np.float32]  # (icons, d), whose inner products say how alike the icons look
    icons: NDArray[np.int64]  # indices in the library
    coloured: NDArray[np.bool_]  # (icons,)
    size: int  # pairs in a batch
    seed: int
    workers: int  # processes

    def __call__(self, first: int) -> Generator[Pairs, None, None]:
        """The batches from batch number `first` on."""
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
        # One slice of the library is faster to search than all of it, and varies the families.
        part = slice(number % SLICES, None, SLICES)
        icons, features = self.icons[part], self.features[part]
        often = np.where(self.coloured[part], COLOURED_OFTEN, 1.0)
        heads = rng.choice(len(icons), families, replace=False, p=often / often.sum())
        likeness = features[heads] @ features.T
        near = np.argpartition(-likeness, NEAREST, axis=1)[:, :NEAREST]
        members = [
            rng.choice(row[row != head], FAMILY - 1, replace=False) for row, head in zip(near, heads, strict=True)
        ]
        chosen = np.concatenate([np.append(head, rest) for head, rest in zip(heads, members, strict=True)])
        return np.asarray(icons[chosen])
