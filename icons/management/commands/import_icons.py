"""`manage.py import_icons`: every kind of source, from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from icons.importing.graphql import TOKEN_VARIABLE, read_query
from icons.importing.importer import run_import
from icons.importing.packs import Pack, SourceError
from icons.importing.sources import Options, open_source
from icons.models import ImportRun
from icons.texts import storable

PROBLEMS_SHOWN = 20  # icons left out that are named on the command line; the admin shows more


class Command(BaseCommand):
    """Imports one source after another; one that fails does not stop the next."""

    help = "Import icons. Icons that have not changed are skipped, so an import may be stopped and run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "sources",
            nargs="+",
            metavar="SOURCE",
            help="Iconify JSON file; folder of them; folder or zip of .svg files (sub-folder = category); "
            "source.json of the old system; npm:@iconify-json/NAME; with --graphql, a URL",
        )
        parser.add_argument("--prefix", default="", help="prefix of the icon set (default: from the source)")
        parser.add_argument("--title", default="", help="title of the icon set")
        parser.add_argument("--licence", default="", help="name of its licence")
        parser.add_argument("--spdx", default="", help="SPDX id of its licence")
        parser.add_argument("--prune", action="store_true", help="delete icons that the source no longer has")
        parser.add_argument(
            "--earlier",
            action="store_true",
            help="SOURCE is an earlier release of a set that is here: keep how its icons were drawn, for searches by "
            "picture, and change nothing else",
        )
        parser.add_argument(
            "--graphql",
            action="store_true",
            help=f"SOURCE is a GraphQL endpoint; a bearer token comes from {TOKEN_VARIABLE}",
        )
        parser.add_argument("--query", default="", help="GraphQL query, or @FILE (default: the old system's)")
        parser.add_argument(
            "--header",
            action="append",
            default=[],
            metavar="'NAME: VALUE'",
            help="further HTTP header (no secrets)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["earlier"] and options["prune"]:
            raise CommandError("--earlier deletes nothing: leave out --prune.")
        failed = [source for source in options["sources"] if not self.import_source(source, options)]
        if failed:
            raise CommandError(f"Not imported, or not completely: {storable(', '.join(failed))}")

    def import_source(self, source: str, options: dict[str, Any]) -> bool:
        """Import one source, and print in one line how it went; returns whether it was imported to its end."""
        how = {key: options[key] for key in ("prune", "earlier")}
        run = ImportRun.objects.create(source=storable(source, 500), options=how)
        quiet = not self.stderr.isatty()
        with run.worked_on(), tqdm(unit=" icons", disable=quiet, dynamic_ncols=True) as bar:
            run.claim()

            def progress(pack: Pack, done: int) -> None:
                bar.set_description(pack.info.prefix, refresh=False)
                bar.update(done)

            try:
                packs = open_source(source, source_options(options))
                run_import(run, packs, options["prune"], progress, options["earlier"])
            except SourceError as error:
                run.finish(ImportRun.Status.FAILED, str(error))
            except KeyboardInterrupt:
                run.stop(_("Ctrl-C stopped this import. The icons imported so far are kept."))
                raise CommandError("Stopped. Icons imported so far are kept: run the command again to go on.") from None
        ended = ImportRun.objects.filter(pk=run.pk).first()
        if ended is None:
            self.stderr.write(f"{run.source}: deleted in the admin while it ran. Icons imported so far are kept.")
            return False
        self.print_outcome(ended)
        return ended.status == ImportRun.Status.DONE

    def print_outcome(self, run: ImportRun) -> None:
        """Print the first icons that were left out, and the counts."""
        for problem in run.problems.all()[:PROBLEMS_SHOWN]:
            self.stderr.write(f"Left out {problem}")
        if run.rejected > PROBLEMS_SHOWN:
            self.stderr.write(f"… and {run.rejected - PROBLEMS_SHOWN} more: see the import in the admin.")
        reason = f" ({run.reason})" if run.reason else ""
        self.stdout.write(f"{run.source}: {run.status}{reason}: {run.summary()}")


def source_options(options: dict[str, Any]) -> Options:
    """What the command line says of a source. Raises SourceError."""
    headers = {}
    for header in options["header"]:
        name, colon, value = header.partition(":")
        if not colon or not name.strip():
            raise SourceError(_("%(header)r does not have the form 'NAME: VALUE'.") % {"header": header})
        headers[name.strip()] = value.strip()
    return Options(
        prefix=options["prefix"],
        title=options["title"],
        licence=options["licence"],
        licence_spdx=options["spdx"],
        graphql=options["graphql"],
        query=read_query(options["query"]),
        headers=headers,
    )
