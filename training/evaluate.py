"""How well icons that the network never learnt are found among others, by synthetic screenshots."""

import random

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from search.vision.readings import readings_of
from training.batches import coarse, screenshot_of
from training.held_out import Parts
from training.library import Library

AMONG = 20_000  # icons searched
ASKED = 1000  # screenshots of each kind
CHUNK = 256
SAME = 0.98  # correlation from which another icon is as right


def embed_all(embed: keras.Model, drawings: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, d) vectors of (n, SIDE, SIDE, 3) drawings."""
    starts = tqdm(range(0, len(drawings), CHUNK), desc="embedding", unit_scale=CHUNK, leave=False)
    return np.concatenate([_vectors(embed, drawings[start : start + CHUNK]) for start in starts])


def _vectors(embed: keras.Model, drawings: NDArray[np.uint8]) -> NDArray[np.float32]:
    vectors = embed(drawings.astype(np.float32), training=False)
    return np.asarray(keras.ops.convert_to_numpy(vectors), np.float32)


def evaluate(embed: keras.Model, library: Library, parts: Parts, seed: int) -> dict[str, tuple[float, float]]:
    """R@1 and R@10 for icons learnt, held out and of the unseen set; printed as well."""
    rng = np.random.default_rng(seed)
    asked = {
        "learnt": rng.choice(parts.learnt, ASKED, replace=False),
        "held out": parts.held_out[:ASKED],
        "unseen set": rng.choice(parts.unseen, min(ASKED, len(parts.unseen)), replace=False),
    }
    others = rng.choice(parts.learnt, AMONG, replace=False)
    searched = np.unique(np.concatenate([*asked.values(), others]))
    looks = [library.looks(icon) for icon in searched]
    starts = np.cumsum([0, *(len(each) for each in looks)])[:-1]
    vectors, shapes = embed_all(embed, np.concatenate(looks)), coarse([each[0] for each in looks])
    figures = {}
    for name, icons in asked.items():
        ranks = []
        for icon in icons:
            views = readings_of(screenshot_of(library, int(icon), random.Random(f"{seed} {icon} evaluation")))
            if not views:
                ranks.append(10**6)
                continue
            pixels = np.stack([view.drawing.pixels for view in views])
            scores = np.maximum.reduceat((vectors @ _vectors(embed, pixels).T).max(axis=1), starts)
            own = int(np.searchsorted(searched, icon))
            right = shapes @ shapes[own] > SAME
            right[own] = True
            ranks.append(int((scores > scores[right].max()).sum()))
        figures[name] = float(np.mean(np.array(ranks) < 1)), float(np.mean(np.array(ranks) < 10))
        print(f"{name:10}  R@1 {figures[name][0]:.3f}  R@10 {figures[name][1]:.3f}  among {len(searched):,} icons")
    return figures
