"""The benchmark, `make bench`: what the site finds, how fast, with how much memory, and beside other ways."""

import shlex
import signal
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import requests
from playwright.sync_api import Error as BrowserError

from bench import document, library, own_site, questions, report
from bench.baselines import Baseline, measure_dhash
from bench.client import ask
from bench.library import Library
from bench.old_way import measure_old_way
from bench.questions import Questions
from bench.site_runs import SiteRun, measure_site, model
from icons.importing.packs import SourceError

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OLD_MODEL = "vgg16-imagenet"
WAYS = ("old-way", "dhash", OLD_MODEL)
COMPARED = 500  # queries for the baselines


def main() -> None:
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
    for each in SIGNALS:  # a second Ctrl-C must not cut the clearing up short
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--queries", type=int, default=500, help="screenshots in all conditions (default 500)")
    parser.add_argument("--seed", type=int, default=1, help="of the choice of icons and scenes (default 1)")
    parser.add_argument(
        "--icons", nargs="+", default=["demo"], help="demo (default), all of Iconify, so many of these, or files"
    )
    parser.add_argument("--source", type=Path, help="folder of Iconify's JSON files, in place of a download")
    parser.add_argument("--beside", type=int, default=1000, help="icons that baselines search (default 1000)")
    parser.add_argument(
        "--without", nargs="+", default=[], choices=[*questions.PARTS, *WAYS], help="parts to leave out"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the report there, as Markdown")
    parser.add_argument("--url", help="only search, on a running site, which has the icons")
    options = parser.parse_args()
    if options.queries < 1:
        parser.error("--queries must be at least 1.")
    return options


def _bench(options: Namespace) -> None:
    machine = report.machine()
    icons = library.choose(options.icons, options.source, options.seed)
    print(f"Making queries of {len(icons.icons):,} icons ...", flush=True)
    asked = questions.make_questions(icons, options.queries, options.seed, options.without)
    print("Searching ..." if options.url else "Starting a site ...", flush=True)
    if options.url:
        of = report.results(icons, asked, ask(options.url, asked.all), None, [])
        engine = f"the site at {options.url}"
    else:
        run, baselines, engine = _measure(options, icons, asked)
        of = report.results(icons, asked, run.answers, run, baselines)
    facts = [
        datetime.now(UTC).strftime("%-d %B %Y"),
        machine,
        # Where a copy of the source lies changes nothing and concerns nobody.
        f"`python -m bench {shlex.join('DIR' if arg == str(options.source) else arg for arg in sys.argv[1:])}`",
        f"{len(icons.icons):,} icons, {len(asked.all):,} queries, seed {options.seed}",
        engine,
    ]
    sections = report.sections(of)
    print("\n" + "\n".join(facts), *(section.text() for section in sections), sep="\n\n")
    if options.write:
        document.write(options.write, sections, of, facts, options.seed)
        print(f"\nWritten to {options.write}.")


def _measure(options: Namespace, icons: Library, asked: Questions) -> tuple[SiteRun, list[Baseline], str]:
    """The site, what it is compared with, and a line on what it ran with."""
    with own_site.servers() as folder:
        from django.conf import settings

        from search.matching import vgg16

        own_site.manage("migrate", "--verbosity", "0")
        own_site.manage("collectstatic", "--noinput", "--verbosity", "0")
        run = measure_site(icons, asked.all, folder)
        engine = f"model {settings.EMBEDDING_MODEL}, {vgg16.precision()}; rasteriser {settings.RASTERISER}"
        compared = asked.main[:COMPARED]
        part = icons.part(options.beside, options.seed, {query.icon for query in compared})
        ways, baselines = set(WAYS) - set(options.without), []
        if OLD_MODEL in ways and settings.EMBEDDING_MODEL != OLD_MODEL:
            print(f"Measuring {OLD_MODEL} ...", flush=True)
            with model(OLD_MODEL):
                old = measure_site(part, compared, folder)
            times = [answer.milliseconds for answer in old.answers]
            found = [list(answer.found) for answer in old.answers]
            rate, memory = old.indexing.icons_a_second, old.web.resident
            baselines.append(Baseline(OLD_MODEL, len(part.icons), found, times, rate, memory))
        if "dhash" in ways:
            baselines.append(measure_dhash(part.icons, compared))
        if "old-way" in ways:
            print("Measuring the old way ...", flush=True)
            baselines.append(measure_old_way(part.icons, compared, len(icons.icons), folder))
    return run, baselines, engine


if __name__ == "__main__":
    main()
