"""`manage.py import_h5`: the old system's vectors, for icons of the same names."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search.feature_file import MODEL, FeatureFileError, read_file, store_rows
from search.management.commands.export_h5 import named_sets

NAMES_SHOWN = 5  # of those that were left out


class Command(BaseCommand):
    """Reads vgg_featureCNN.h5, so that a site answers at once with the model of the old system."""

    help = "Take the old system's vectors for icons of the same names, as those of the model vgg16-imagenet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--set", action="append", metavar="PREFIX", help="only this set; may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.EMBEDDING_MODEL != MODEL and not settings.KEEP_OTHER_MODELS:
            raise CommandError(
                f"These are vectors of the model {MODEL}, and a site deletes those of other models than its own:"
                f" set EMBEDDING_MODEL={MODEL}, or KEEP_OTHER_MODELS=1."
            )
        try:
            names, vectors = read_file(options["file"])
        except FeatureFileError as error:
            raise CommandError(str(error)) from None
        matched = store_rows(names, vectors, named_sets(options["set"]))
        self.stdout.write(f"{options['file']}: {matched.stored} of {len(names)} vectors stored.")
        for reason, left_out in (
            ("no icon has this name", matched.unknown),
            ("several icons have this name", matched.ambiguous),
            ("the vector is empty", matched.empty),
        ):
            if left_out:
                more = f" and {len(left_out) - NAMES_SHOWN} more" if len(left_out) > NAMES_SHOWN else ""
                self.stderr.write(f"Left out, {reason}: {', '.join(left_out[:NAMES_SHOWN])}{more}.")
