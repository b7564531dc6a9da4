"""What the site is compared with. Every baseline searches the same icons with the same queries."""

import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from bench.judging import FIRST
from bench.pictures import on_white, opaque
from bench.screenshots import Query

BITS = 32  # a side: 32 × 32 differences of 33 × 32 grey pixels are 1,024 bits
DRAWN = 64  # px of the icons whose bits are taken


@dataclass(frozen=True)
class Baseline:
    name: str
    icons: int  # that were searched
    found: list[list[str]]  # for each query, best first
    milliseconds: list[float]  # of the timed queries
    icons_a_second: float
    resident: int = 0  # bytes; 0: not measured


def dhash(picture: Image.Image) -> NDArray[np.uint8]:
    """(128,) bytes: of each grey pixel whether the one to its right is lighter; transparent counts as white."""
    grey = opaque(picture).convert("L")
    pixels = np.asarray(grey.resize((BITS + 1, BITS), Image.Resampling.BOX))
    return np.packbits(pixels[:, 1:] > pixels[:, :-1])


def measure_dhash(icons: Mapping[str, str], queries: Sequence[Query]) -> Baseline:
    """1,024 bits of the whole picture, ordered by Hamming distance; no network, nothing normalised."""
    names, started = list(icons), time.perf_counter()
    bar = tqdm(names, "dHash, indexing", unit=" icons", disable=None, leave=False)
    hashes = np.stack([dhash(on_white(icons[name], DRAWN)) for name in bar])
    rate = len(names) / (time.perf_counter() - started)
    found, taken = [], []
    for query in queries:
        started = time.perf_counter()
        bits = dhash(Image.open(io.BytesIO(query.picture)))
        order = np.argsort(np.bitwise_count(hashes ^ bits).sum(axis=1), kind="stable")[:FIRST]
        found.append([names[i] for i in order])
        taken.append(1000 * (time.perf_counter() - started))
    return Baseline("dHash", len(names), found, taken, rate)
