"""`manage.py export_icons`: sets, a bag, or what a search by words finds, as files that others read."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from iconify.export_formats import FORMATS, exported
from iconify.exporting import Selection
from iconify.selections import all_sets, icons_of_bag, icons_of_query, sets_named
from icons.models import IconSet


class Command(BaseCommand):
    """Writes the files into a folder; those that are there are overwritten."""

    help = "Export icon sets, a bag or a query. The same icons give the same bytes, and import_icons reads them again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("prefixes", nargs="*", metavar="PREFIX", help="icon sets (default: all)")
        parser.add_argument("--bag", metavar="KEY", help="the icons of a bag; KEY is the last part of its address")
        parser.add_argument("--query", metavar="WORDS", help="the icons that a search by these words finds")
        parser.add_argument("--format", choices=list(FORMATS), default="iconify", dest="file_format")
        parser.add_argument("--output", type=Path, default=Path("."), metavar="FOLDER", help="where to write to")
        parser.add_argument("--package-version", default="", help="version of npm packages (default: that of the set)")

    def handle(self, *args: Any, **options: Any) -> None:
        selections = chosen(options["prefixes"], options["bag"], options["query"])
        folder: Path = options["output"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, contents in exported(selections, options["file_format"], options["package_version"]):
                (folder / name).write_bytes(contents)
                self.stdout.write(f"{folder / name}: {len(contents):,} bytes")
        except IconSet.DoesNotExist as error:
            raise CommandError(f"The set {error} has just been deleted.") from None
        except OSError as error:
            raise CommandError(f"{error.filename or folder} cannot be written: {error.strerror}.") from None


def chosen(prefixes: list[str], bag: str | None, query: str | None) -> list[Selection]:
    """The sets, or the icons of them, that the command line names. Raises CommandError."""
    if (bool(prefixes), bag is not None, query is not None).count(True) > 1:
        raise CommandError("Name either sets, or a bag, or a query.")
    try:
        if bag is not None:
            return icons_of_bag(bag)
        if query is not None:
            return icons_of_query(query)
        return sets_named(prefixes) if prefixes else all_sets()
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
