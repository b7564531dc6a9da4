from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from icons.importing.graphql import TOKEN_VARIABLE, read_query
from icons.importing.importer import run_import
from icons.importing.packs import Pack, SourceError
from icons.importing.sources import Options, open_source
from icons.models import ImportRun


class Command(BaseCommand):
    help = "Import icons; what is already there and unchanged is skipped, so it may be stopped and run again."

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
        failed = [source for source in options["sources"] if not self.import_source(source, options)]
        if failed:
            raise CommandError(f"Not imported, or not completely: {', '.join(failed)}")

    def import_source(self, source: str, given: dict[str, Any]) -> bool:
        """Import one source, and say how it went in one line."""
        run = ImportRun.objects.create(source=source[:500], options={"prune": given["prune"]})
        run.claim()
        quiet = not self.stderr.isatty()
        with tqdm(unit=" icons", disable=quiet, dynamic_ncols=True) as bar:

            def progress(pack: Pack, done: int) -> None:
                bar.set_description(pack.info.prefix, refresh=False)
                bar.update(done)

            try:
                run_import(run, open_source(source, self.options(given)), given["prune"], progress)
            except SourceError as error:
                run.finish(ImportRun.Status.FAILED, str(error))
            except KeyboardInterrupt:
                run.finish(ImportRun.Status.STOPPED, "Ctrl-C")
                raise CommandError("Stopped. What is in is kept; run it again to go on.") from None
        for problem in run.problems.all()[:20]:
            self.stderr.write(f"Left out {problem}")
        if run.rejected > 20:
            self.stderr.write(f"… and {run.rejected - 20} more: see the import in the admin.")
        reason = f" ({run.reason})" if run.reason else ""
        self.stdout.write(f"{source}: {run.status}{reason}: {run.summary()}")
        return run.status == ImportRun.Status.DONE

    def options(self, given: dict[str, Any]) -> Options:
        headers = {}
        for header in given["header"]:
            name, colon, value = header.partition(":")
            if not colon or not name.strip():
                raise SourceError(f"{header!r} is not of the form 'NAME: VALUE'.")
            headers[name.strip()] = value.strip()
        return Options(
            prefix=given["prefix"],
            title=given["title"],
            licence=given["licence"],
            licence_spdx=given["spdx"],
            graphql=given["graphql"],
            query=read_query(given["query"]),
            headers=headers,
        )
