"""`manage.py export_h5`: the vectors of icons as the old system's file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from icons.models import Icon, IconSet
from search.feature_file import write_file


class Command(BaseCommand):
    """Writes vgg_featureCNN.h5."""

    help = "Write the icons' vectors of VGG16 (ImageNet) into an HDF5 file, as the old system's search reads it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=Path("vgg_featureCNN.h5"), metavar="FILE")
        parser.add_argument("--set", action="append", metavar="PREFIX", help="only this set; may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        sets = named_sets(options["set"])
        total = Icon.objects.filter(set__in=sets).count()
        try:
            with tqdm(total=total, unit=" icons", disable=not self.stderr.isatty(), dynamic_ncols=True) as bar:
                written = write_file(options["file"], sets, bar.update)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror or error}.") from None
        self.stdout.write(f"{options['file']}: {written} of {total} icons.")


def named_sets(prefixes: list[str] | None) -> list[IconSet]:
    """The sets of these prefixes, or all. Raises CommandError where there is none."""
    sets = IconSet.objects.order_by("prefix")
    if prefixes is None:
        return list(sets)
    named = list(sets.filter(prefix__in=prefixes))
    unknown = set(prefixes) - {icon_set.prefix for icon_set in named}
    if unknown:
        raise CommandError(f"There is no icon set {', '.join(sorted(unknown))}.")
    return named
