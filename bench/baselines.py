"""What the site is compared with. Every baseline searches the same icons with the same queries."""

import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from bench.judging import TOP_K
from bench.pictures import draw_on_white, flatten
from bench.screenshots import Query

HASH_SIDE = 32  # 32 × 32 differences of 33 × 32 grey pixels are 1,024 bits
DRAWN_SIDE = 64  # px; the side at which an icon is drawn before its hash is taken


@dataclass(frozen=True)
class Baseline:
    """What another method found, and how fast it was."""

    name: str
    library_size: int  # icons that were searched
    rankings: list[list[str]]  # ids for each query, best first
    milliseconds: list[float]  # of each query that was timed
    icons_a_second: float  # while indexing
    resident: int = 0  # bytes of memory; 0: not measured


def dhash(picture: Image.Image) -> NDArray[np.uint8]:
    """The difference hash of a picture, (128,) bytes: each bit says that the pixel to the right is lighter.

    The picture is reduced to grey pixels first; transparent pixels count as white.
    """
    grey = flatten(picture).convert("L")
    pixels = np.asarray(grey.resize((HASH_SIDE + 1, HASH_SIDE), Image.Resampling.BOX))
    return np.packbits(pixels[:, 1:] > pixels[:, :-1])


def measure_dhash(icons: Mapping[str, str], queries: Sequence[Query]) -> Baseline:
    """Search by 1,024 bits of the whole picture, ordered by Hamming distance, without a network or normalisation."""
    ids, started = list(icons), time.perf_counter()
    bar = tqdm(ids, "dHash, indexing", unit=" icons", disable=None, leave=False)
    hashes = np.stack([dhash(draw_on_white(icons[icon], DRAWN_SIDE)) for icon in bar])
    icons_a_second = len(ids) / (time.perf_counter() - started)
    rankings, milliseconds = [], []
    for query in queries:
        started = time.perf_counter()
        query_hash = dhash(Image.open(io.BytesIO(query.picture)))
        distances = np.bitwise_count(hashes ^ query_hash).sum(axis=1)
        nearest = np.argsort(distances, kind="stable")[:TOP_K]
        rankings.append([ids[index] for index in nearest])
        milliseconds.append(1000 * (time.perf_counter() - started))
    return Baseline("dHash", len(ids), rankings, milliseconds, icons_a_second)
