import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from tqdm import tqdm

from icons.models import Icon, IconSet
from search.matching.embedding import active_model
from search.progress import ask_for_reindexing, pending_icons
from search.tasks import enqueue, sweep

STANDSTILL = 60  # seconds without progress after which a hint is printed


class Command(BaseCommand):
    help = "Find the icons whose vector is missing or stale, and have the workers index them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--set", metavar="PREFIX", help="re-index this set, also what is up to date")
        parser.add_argument("--all", action="store_true", help="re-index everything, also what is up to date")
        parser.add_argument("--wait", action="store_true", help="stay until it is done, with a progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        sets = IconSet.objects.all()
        if prefix := options["set"]:
            sets = sets.filter(prefix=prefix)
            if not sets:
                raise CommandError(f"There is no icon set {prefix!r}.")
        if prefix or options["all"]:
            queued = enqueue(ask_for_reindexing(sets).values_list("pk", flat=True).iterator())
        else:
            queued = sweep(unless_busy=False)
        waiting = pending_icons(active_model().id)
        total = waiting.count()
        if total and not queued:
            self.stderr.write("The queue is out of reach: is Redis running? A sweep repeats this every minute.")
        self.stdout.write(f"{total} icons to index.")
        if total and options["wait"]:
            self.wait(waiting, total)

    def wait(self, pending: QuerySet[Icon], total: int) -> None:
        moved_at, hinted = time.monotonic(), False
        with tqdm(total=total, unit=" icons", desc="Indexing", dynamic_ncols=True) as bar:
            while left := pending.count():
                if done := max(0, total - left) - bar.n:
                    bar.update(done)
                    moved_at = time.monotonic()
                elif time.monotonic() - moved_at > STANDSTILL and not hinted:
                    hinted = True
                    bar.write("Nothing moves: is a worker running? (celery -A iconsite worker)")
                time.sleep(1)
            bar.update(total - bar.n)
