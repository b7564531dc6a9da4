"""itertools.batched for Python 3.11, which does not have it."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items each; the last may be shorter. Items are read as the lists are asked for."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
