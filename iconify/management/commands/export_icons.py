"""`manage.py export_icons`: sets, a bag, or what a search by words finds, as files that others read."""

from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from iconify.export_formats import FORMATS, exported
from iconify.exporting import Selection
from icons.models import Icon, IconSet
from search.words.look_up import rank_by_words

MOST_MATCHES = 100_000  # icons of a query


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
    if bag is not None or query is not None:
        if prefixes or (bag is not None and query is not None):
            raise CommandError("Name either sets, or a bag, or a query.")
        return _icons_of_bag(bag) if bag is not None else _icons_of_query(str(query))
    sets = {icon_set.prefix: icon_set for icon_set in IconSet.objects.order_by("prefix")}
    unknown = [prefix for prefix in prefixes if prefix not in sets]
    if unknown:
        raise CommandError(f"There is no icon set {', '.join(unknown)}.")
    if not sets:
        raise CommandError("There are no icon sets yet.")
    return [Selection(sets[prefix]) for prefix in dict.fromkeys(prefixes or sets)]


def _icons_of_bag(key: str) -> list[Selection]:
    # This app does not import that of the bags; the database knows the way.
    selections = _by_set(Icon.objects.filter(bagicon__bag__key=key).values_list("pk", flat=True))
    if not selections:
        raise CommandError(f"There is no bag {key!r}, or it is empty.")
    return selections


def _icons_of_query(words: str) -> list[Selection]:
    selections = _by_set([pk for pk, _score in rank_by_words(words, MOST_MATCHES)])
    if not selections:
        raise CommandError(f"Nothing is found for {words!r}.")
    return selections


def _by_set(pks: Any) -> list[Selection]:
    by_set: dict[int, set[int]] = defaultdict(set)
    for pk, set_pk in Icon.objects.filter(pk__in=list(pks)).values_list("pk", "set_id"):
        by_set[set_pk].add(pk)
    sets = IconSet.objects.filter(pk__in=by_set).order_by("prefix")
    return [Selection(icon_set, frozenset(by_set[icon_set.pk])) for icon_set in sets]
