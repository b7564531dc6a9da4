"""How fast a worker indexes: from the SVG in the database to the committed vector."""

import io
import time
from dataclasses import dataclass

from django.core.management import call_command
from tqdm import tqdm

from bench.own_site import Failure, Program

LOOK = 0.25  # seconds between two looks at the database
STANDSTILL = 300  # seconds without progress after which it is given up; the network loads in some 10


@dataclass(frozen=True)
class Indexing:
    icons: int  # that came to a vector
    failed: int  # that came to an error
    seconds: float

    @property
    def icons_a_second(self) -> float:
        return self.icons / self.seconds


def measure_indexing(worker: Program) -> Indexing:
    """Have everything indexed twice: once to warm the worker up, then again against the clock."""
    from search.embedding import active_model
    from search.models import IconVector

    _wait(worker, "Indexing (warm-up)")
    started = time.perf_counter()
    call_command("index_icons", "--all", stdout=io.StringIO())
    _wait(worker, "Indexing")
    seconds = time.perf_counter() - started
    rows = IconVector.objects.filter(model=active_model().id)
    icons = rows.filter(vector__isnull=False).count()
    if not icons:
        raise Failure(f"No icon could be indexed: {rows.values_list('error', flat=True).first()}")
    return Indexing(icons, rows.count() - icons, seconds)


def _wait(worker: Program, what: str) -> None:
    """Until no icon is pending. Raises Failure if the worker ends or stands still."""
    from search.embedding import active_model
    from search.progress import pending_icons

    pending = pending_icons(active_model().id)
    total, moved = pending.count(), time.monotonic()
    with tqdm(total=total, unit=" icons", desc=what, disable=None, leave=False) as bar:
        done = 0
        while left := pending.count():
            worker.check()
            if total - left > done:
                done, moved = total - left, time.monotonic()
                bar.update(done - bar.n)
            elif time.monotonic() - moved > STANDSTILL:
                raise Failure(f"The worker has done nothing for {STANDSTILL} seconds: {left} icons are left.")
            time.sleep(LOOK)
