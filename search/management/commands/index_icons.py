"""`manage.py index_icons`: queues what is not indexed, and with --wait shows the progress until it is."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connection
from tqdm import tqdm

from icons.models import IconSet
from search.model_choice import active_model
from search.progress import IndexingProgress, ask_for_reindexing, count_icons
from search.tasks import enqueue, sweep

INTERVAL = 1  # seconds between two looks at the database
# Seconds in which no icon was indexed and after which a hint is printed, once. A task stores its icons together, up to
# INDEX_BUDGET after it has begun, and then the network may not be done with the last ones.
STANDSTILL = settings.INDEX_BUDGET + 60
HINT = f"No icon was indexed for {STANDSTILL} seconds: is a worker running? (celery -A iconsite worker)"


class Command(BaseCommand):
    """Queues the icons that are not indexed, or a set or all of them anew."""

    help = "Find the icons whose vector is missing or stale, and have the workers index them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--set", metavar="PREFIX", help="re-index this set, also what is up to date")
        parser.add_argument("--all", action="store_true", help="re-index everything, also what is up to date")
        parser.add_argument("--wait", action="store_true", help="stay until it is done, with a progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        """Queue the icons, say how many wait, and with --wait stay until none does."""
        sets = IconSet.objects.all()
        if prefix := options["set"]:
            sets = sets.filter(prefix=prefix)
            if not sets:
                raise CommandError(f"There is no icon set {prefix!r}.")
        if prefix or options["all"]:
            queued = enqueue(ask_for_reindexing(sets).values_list("pk", flat=True).iterator())
        else:
            queued = sweep(unless_busy=False)
        model = active_model().id
        progress = IndexingProgress(count_icons(model), time.monotonic())
        if progress.pending and not queued:
            self.stderr.write("The queue cannot be reached: is Redis running? A sweep tries again every minute.")
        self.stdout.write(f"{progress.pending} icon{'' if progress.pending == 1 else 's'} to index.")
        if progress.pending and options["wait"]:
            self.wait(model, progress)

    def wait(self, model: str, progress: IndexingProgress) -> None:
        """Show the progress until no icon waits, whoever imports, changes or deletes icons meanwhile."""
        hinted = False
        with tqdm(total=progress.total, unit=" icons", desc="Indexing", dynamic_ncols=True) as bar:
            while progress.pending:
                time.sleep(INTERVAL)
                try:
                    counts = count_icons(model)
                except (OperationalError, InterfaceError):  # the database is being restarted
                    connection.close()
                    continue
                progress.update(counts, time.monotonic())
                bar.total = progress.total
                bar.update(progress.done - bar.n)
                bar.refresh()
                if not hinted and progress.pending and time.monotonic() - progress.moved_at > STANDSTILL:
                    hinted = True
                    bar.write(HINT)
