"""`manage.py setup_demo`: what `make run` does before the first start."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from icons.models import ImportRun


class Command(BaseCommand):
    """Makes what a new database lacks, and leaves alone what it has."""

    help = "Make an admin account with a new password and import the demo set, each unless it is there already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("demo", help="folder of the demo set")

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        if not users.filter(is_superuser=True).exists():
            password = secrets.token_urlsafe(12)
            users.create_superuser("admin", password=password)
            self.stdout.write(f"Admin account: user admin, password {password} (shown once; change it in /admin/)")
        is_there = ImportRun.objects.filter(source=options["demo"], status=ImportRun.Status.DONE).exists()
        if settings.DEMO and not is_there:
            call_command("import_icons", options["demo"])
