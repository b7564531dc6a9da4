"""Batches that processes of their own make ahead, while the network learns."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from typing import Any

AHEAD = 4  # batches that each process makes ahead

# From a number and a step to the batches of this number, of this and a step, of this and two steps, and so on.
Source = Callable[[int, int], Iterator[Any]]


def made_ahead(source: Source, start: int, processes: int) -> Generator[Any, None, None]:
    """The batches of a source from number `start` on, in order; the source can be sent to a process."""
    context = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        pools = [
            stack.enter_context(ProcessPoolExecutor(1, context, _begin, (source, start + number, processes)))
            for number in range(processes)
        ]
        waiting: deque[Future[Any]] = deque(pool.submit(_next) for _ in range(AHEAD) for pool in pools)
        try:
            while True:
                for pool in pools:
                    waiting.append(pool.submit(_next))
                    yield waiting.popleft().result()
        finally:
            for pool in pools:
                pool.shutdown(wait=False, cancel_futures=True)


_batches: Any = None  # in one of the processes: those that it makes


def _begin(source: Source, start: int, step: int) -> None:
    global _batches
    _batches = source(start, step)


def _next() -> Any:
    return next(_batches)
