"""How fast a worker indexes: from the SVG in the database to the committed vector."""

import time
from dataclasses import dataclass

from tqdm import tqdm

from bench.own_site import Failure, Program

LOOK = 0.25  # seconds between two looks at the database, at least
RARELY = 10  # times as long as a look takes: counting must not slow the worker down
STANDSTILL = 300  # seconds without progress after which it is given up; the network loads in some 10


@dataclass(frozen=True)
class Indexing:
    icons: int  # that came to a vector
    failed: int  # that came to an error
    icons_a_second: float  # of a warm worker: the time to the first ones, in which the network loads, is left out


def measure_indexing(worker: Program) -> Indexing:
    """Watch the worker until no icon is pending. Raises Failure if it ends, stands still or indexes nothing."""
    from search.matching.embedding import active_model
    from search.models import IconVector
    from search.progress import pending_icons

    model = active_model().id
    pending = pending_icons(model)
    left = before = pending.count()
    moved, started, first = time.monotonic(), 0.0, 0
    with tqdm(total=left, unit=" icons", desc=f"Indexing, {model}", disable=None, leave=False) as bar:
        while left:
            looked = time.monotonic()
            left = pending.count()
            took = time.monotonic() - looked
            worker.check()
            if left < before:
                bar.update(before - left)
                before, moved = left, looked
                if not started:
                    started, first = looked, left
            elif looked - moved > STANDSTILL:
                raise Failure(f"The worker has done nothing for {STANDSTILL} seconds: {left} icons are left.")
            time.sleep(max(LOOK, RARELY * took) if left else 0)
    rows = IconVector.objects.filter(model=model, rendition=0)
    icons = rows.filter(error="").count()
    if not icons:
        raise Failure(f"No icon could be indexed: {rows.values_list('error', flat=True).first()}")
    seconds = moved - started
    return Indexing(icons, rows.count() - icons, first / seconds if seconds > 0 else 0.0)
