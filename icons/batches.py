"""Lists of some items at a time."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items each; the last may be shorter. Items are read as the lists are asked for.

    Python 3.11 does not have itertools.batched.
    """
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def batched_by_weight(items: Iterable[T], size: int, weight: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """Lists of up to `size` items, which end with the item that makes them weigh `most` or more."""
    batch: list[T] = []
    total = 0
    for item in items:
        batch.append(item)
        total += weight(item)
        if len(batch) == size or total >= most:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch
