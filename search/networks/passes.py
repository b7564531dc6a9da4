"""Inputs through a compiled network: as batches of few sizes, some of them at once.

For every size of a batch that it has not had before, TensorFlow prepares anew, which takes as long as some inputs do,
and keeps what it has prepared: some megabytes, for as long as the process lives.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Item = TypeVar("Item")
Result = TypeVar("Result")

SIZES = 1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64  # of batches
AT_ONCE = 2  # batches: a search may use two cores, while others wait for their turn in the database, say
SHARED = 16  # inputs from which they are shared out

_pool = ThreadPoolExecutor(AT_ONCE, "passes")


def in_passes(forward: Callable[..., Array], *inputs: Array, most: int = SIZES[-1]) -> Array:
    """What a network gives for n inputs, n > 0: (n, …). `inputs` are its arrays, (n, …) each.

    No batch has more than `most`, one of SIZES; it is filled up with its last input. Raises what `forward` raises.
    """
    number = len(inputs[0])
    batches = -(-number // most)
    if number >= SHARED:
        batches = AT_ONCE * -(-batches // AT_ONCE)
    ends = [number * index // batches for index in range(batches + 1)]
    parts = [[array[start:end] for array in inputs] for start, end in zip(ends[:-1], ends[1:], strict=True)]
    return np.concatenate(at_once(lambda part: _filled(forward, part, most), parts))


def at_once(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """What a function that lets other threads run gives for each item, in order; some are computed at once."""
    return list(_pool.map(function, items)) if len(items) > 1 else [function(item) for item in items]


def _filled(forward: Callable[..., Array], arrays: Sequence[Array], most: int) -> Array:
    number = len(arrays[0])
    size = next((size for size in SIZES if number <= size <= most), number)
    return forward(*(np.concatenate([array, *[array[-1:]] * (size - number)]) for array in arrays))[:number]
