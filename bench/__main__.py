"""The benchmark, `make bench`: what the site finds, how fast, with how much memory, and beside other ways."""

import shlex
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import requests
from playwright.sync_api import Error as BrowserError

from bench import library, own_site, workload
from bench.baselines import Baseline, measure_dhash
from bench.client import ask_all
from bench.document import write_document
from bench.library import Library
from bench.machine import describe_machine
from bench.old_way import measure_old_way
from bench.report import report_sections
from bench.results import Results, judge_answers
from bench.screenshots import Query
from bench.site_runs import SiteRun, measure_site
from bench.workload import Workload
from icons.importing.packs import SourceError
from search.networks.compiled import precision

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
BASELINES = ("old-way", "dhash")
BASELINE_QUERIES = 500  # how many of the queries the baselines are asked, at most


def main() -> None:
    """Run the benchmark as the command line says."""
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    options = _options()
    try:
        _bench(options)
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
    except (SourceError, requests.RequestException, BrowserError) as error:
        sys.exit(f"{error}")


def _interrupt(number: int, frame: FrameType | None) -> None:
    for other_number in SIGNALS:  # A second Ctrl-C must not interrupt the clean-up.
        signal.signal(other_number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--queries", type=int, default=500, help="screenshots in all conditions (default 500)")
    parser.add_argument("--seed", type=int, default=1, help="seed for choosing icons and scenes (default 1)")
    parser.add_argument(
        "--icons",
        nargs="+",
        default=["demo"],
        help="demo (default); all of Iconify; a number, to draw so many of Iconify's at random; or JSON files",
    )
    parser.add_argument("--source", type=Path, help="folder of Iconify's JSON files, in place of a download")
    parser.add_argument("--beside", type=int, default=1000, help="icons that the baselines search (default 1000)")
    parser.add_argument(
        "--without",
        nargs="+",
        default=[],
        choices=[*workload.OPTIONAL, *BASELINES],
        help="kinds of queries and baselines to leave out",
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the report there, as Markdown")
    parser.add_argument("--url", help="only search, on a running site, which has the icons")
    options = parser.parse_args()
    if options.queries < 1:
        parser.error("--queries must be at least 1.")
    return options


def _bench(options: Namespace) -> None:
    machine = describe_machine()
    icons = library.choose(options.icons, options.source, options.seed)
    print(f"Making queries of {len(icons.icons):,} icons ...", flush=True)
    load = workload.make_workload(icons, options.queries, options.seed, options.without)
    results, engine = _measure(options, icons, load)
    facts = [
        datetime.now(UTC).strftime("%-d %B %Y"),
        machine,
        f"`python -m bench {shlex.join(_public_arguments(options.source))}`",
        f"{len(icons.icons):,} icons, {len(load.queries):,} queries, seed {options.seed}",
        engine,
    ]
    sections = report_sections(results)
    print("\n" + "\n".join(facts), *(section.text() for section in sections), sep="\n\n")
    if options.write:
        write_document(options.write, sections, results, facts, options.seed)
        print(f"\nWritten to {options.write}.")


def _public_arguments(source: Path | None) -> list[str]:
    """The arguments of the program; where a copy of the source lies changes nothing and concerns nobody."""
    return ["DIR" if argument == str(source) else argument for argument in sys.argv[1:]]


def _measure(options: Namespace, icons: Library, load: Workload) -> tuple[Results, str]:
    """The results, and a line on the site that gave them."""
    if options.url:
        print("Searching ...", flush=True)
        answers = ask_all(options.url, load.queries)
        return judge_answers(icons, load, answers, None, []), f"the site at {options.url}"
    print("Starting a site ...", flush=True)
    run, baselines, engine = _measure_own_site(options, icons, load)
    return judge_answers(icons, load, run.answers, run, baselines), engine


def _measure_own_site(options: Namespace, icons: Library, load: Workload) -> tuple[SiteRun, list[Baseline], str]:
    with own_site.servers() as folder:
        from django.conf import settings

        own_site.manage("migrate", "--verbosity", "0")
        own_site.manage("collectstatic", "--noinput", "--verbosity", "0")
        run = measure_site(icons, load.queries, folder)
        baselines = _measure_baselines(options, icons, load.main[:BASELINE_QUERIES], folder)
        engine = f"model {settings.EMBEDDING_MODEL}, {precision()}; rasteriser {settings.RASTERISER}"
    return run, baselines, engine


def _measure_baselines(options: Namespace, icons: Library, queries: Sequence[Query], folder: Path) -> list[Baseline]:
    searched = icons.sample(options.beside, options.seed, {query.icon for query in queries}).icons
    baselines = []
    if "dhash" not in options.without:
        baselines.append(measure_dhash(searched, queries))
    if "old-way" not in options.without:
        print("Measuring the old way ...", flush=True)
        baselines.append(measure_old_way(searched, queries, len(icons.icons), folder))
    return baselines


if __name__ == "__main__":
    main()
