"""How fast a worker indexes: from the SVG in the database to the committed vector."""

import time
from dataclasses import dataclass

from tqdm import tqdm

from bench.own_site import BenchmarkError, Program

POLL_INTERVAL = 0.25  # seconds between two queries of the database, at least
POLL_FACTOR = 10  # the interval is at least this many times the duration of a query, which slows the worker down
STANDSTILL = 300  # seconds without progress after which the benchmark gives up; the network loads in some 10


@dataclass(frozen=True)
class Indexing:
    """How indexing ended, and its speed."""

    indexed: int  # icons that have a vector
    failed: int  # icons that have an error
    icons_a_second: float  # of a warm worker: the time up to the first icons, in which the network loads, is left out


def measure_indexing(worker: Program) -> Indexing:
    """Watch the worker until no icon is pending.

    Raises BenchmarkError if the worker ends, stands still or indexes nothing.
    """
    from search.model_choice import active_model
    from search.models import IconVector

    model = active_model().id
    icons_a_second = _watch(worker, model)
    rows = IconVector.objects.filter(model=model, rendition=0)
    indexed = rows.filter(error="").count()
    if not indexed:
        raise BenchmarkError(f"No icon could be indexed: {rows.values_list('error', flat=True).first()}")
    return Indexing(indexed, rows.count() - indexed, icons_a_second)


def _watch(worker: Program, model: str) -> float:
    """Wait until no icon is pending; the icons a second that were indexed after the first ones."""
    from search.progress import pending_icons

    pending = pending_icons(model)
    left = before = pending.count()
    progress_at, first_at, left_at_first = time.monotonic(), 0.0, 0
    with tqdm(total=left, unit=" icons", desc=f"Indexing, {model}", disable=None, leave=False) as bar:
        while left:
            now = time.monotonic()
            left = pending.count()
            duration = time.monotonic() - now
            worker.check()
            if left < before:
                bar.update(before - left)
                before, progress_at = left, now
                if not first_at:
                    first_at, left_at_first = now, left
            elif now - progress_at > STANDSTILL:
                raise BenchmarkError(f"The worker has done nothing for {STANDSTILL} seconds: {left} icons are left.")
            time.sleep(max(POLL_INTERVAL, POLL_FACTOR * duration) if left else 0)
    seconds = progress_at - first_at
    return left_at_first / seconds if seconds > 0 else 0.0
