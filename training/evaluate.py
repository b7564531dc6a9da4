"""How well icons that the network never learnt are found among others, by synthetic screenshots."""

import random

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from search.vision.readings import readings_of
from training.batches import coarse, screenshot_of
from training.held_out import Split
from training.library import Library

AMONG = 20_000  # icons searched
QUERIES = 1000  # screenshots of each kind of icon
CHUNK = 256  # drawings embedded together
SAME = 0.98  # correlation from which another icon is as right
NOT_FOUND = 10**6  # the rank, from 0, of the right icon where a screenshot has no reading


def embed_all(embed: keras.Model, drawings: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, d) vectors of (n, SIDE, SIDE, 3) RGB drawings."""
    starts = tqdm(range(0, len(drawings), CHUNK), desc="embedding", unit_scale=CHUNK, leave=False)
    return np.concatenate([_vectors(embed, drawings[start : start + CHUNK]) for start in starts])


def _vectors(embed: keras.Model, drawings: NDArray[np.uint8]) -> NDArray[np.float32]:
    vectors = embed(drawings.astype(np.float32), training=False)
    return np.asarray(keras.ops.convert_to_numpy(vectors), np.float32)


def evaluate(embed: keras.Model, library: Library, split: Split, seed: int) -> dict[str, tuple[float, float]]:
    """R@1 and R@10, 0 to 1, of icons learnt, held out and of the unseen set; they are printed as well."""
    rng = np.random.default_rng(seed)
    queries = {
        "learnt": rng.choice(split.learnt, QUERIES, replace=False),
        "held out": split.held_out[:QUERIES],
        "unseen set": rng.choice(split.unseen, min(QUERIES, len(split.unseen)), replace=False),
    }
    others = rng.choice(split.learnt, AMONG, replace=False)
    searched = _Searched(embed, library, np.unique(np.concatenate([*queries.values(), others])))
    figures = {}
    for name, icons in queries.items():
        ranks = np.array([searched.rank(int(icon), random.Random(f"{seed} {icon} evaluation")) for icon in icons])
        figures[name] = float(np.mean(ranks < 1)), float(np.mean(ranks < 10))
        count = len(searched.icons)
        print(f"{name:10}  R@1 {figures[name][0]:.3f}  R@10 {figures[name][1]:.3f}  among {count:,} icons")
    return figures


class _Searched:
    """The icons among which the right one is to be found, embedded."""

    def __init__(self, embed: keras.Model, library: Library, icons: NDArray[np.int64]) -> None:
        self.embed, self.library, self.icons = embed, library, icons
        renditions = [library.renditions(icon) for icon in icons]
        self.starts = np.cumsum([0, *(len(drawings) for drawings in renditions)])[:-1]  # of each icon's vectors
        self.vectors = embed_all(embed, np.concatenate(renditions))
        self.shapes = coarse([drawings[0] for drawings in renditions])

    def rank(self, icon: int, rnd: random.Random) -> int:
        """The place, from 0, of an icon, or of one that looks the same, for a screenshot of it."""
        readings = readings_of(screenshot_of(self.library, icon, rnd))
        if not readings:
            return NOT_FOUND
        pixels = np.stack([reading.drawing.pixels for reading in readings])
        products = (self.vectors @ _vectors(self.embed, pixels).T).max(axis=1)
        scores = np.maximum.reduceat(products, self.starts)
        index = int(np.searchsorted(self.icons, icon))
        right = self.shapes @ self.shapes[index] > SAME
        right[index] = True
        return int((scores > scores[right].max()).sum())
