"""`manage.py prepare_site`: all that `make run` does to the database and the files before it starts the site."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Three commands in one process, since each process that starts takes a second or two."""

    help = "Run migrate, collectstatic and setup_demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("demo", help="folder of the demo set")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run them, each unless it has nothing to do."""
        call_command("migrate", verbosity=0)
        collect_static()
        call_command("setup_demo", options["demo"])


def collect_static() -> None:
    """Collect the static files, unless those that were collected last are of the same sources.

    Compressing them takes eight seconds of the processor's time, for which a site that starts anew would be away.
    """
    stamp = Path(settings.STATIC_ROOT).with_suffix(".sources")  # not among what is served
    sources = _digest_of_sources()
    if stamp.exists() and stamp.read_text() == sources:
        return
    stamp.unlink(missing_ok=True)  # a start that is cut off here collects them at the next
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(sources)


def _digest_of_sources() -> str:
    """A digest of paths, sizes and times of all static files of the project and its libraries."""
    digest = hashlib.sha256(str(settings.STORAGES).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{storage.path(path)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
