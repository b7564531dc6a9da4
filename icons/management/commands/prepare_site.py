"""`manage.py prepare_site`: all that `make run` does to the database and the files before it starts the site."""

from argparse import ArgumentParser
from typing import Any

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
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("setup_demo", options["demo"])
