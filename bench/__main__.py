"""The benchmark, `make bench`: indexing speed, search latency, recall and memory of a site of its own."""

import signal
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import requests

from bench import own_site, report
from bench.client import Answers, ask
from bench.indexing import Indexing, measure_indexing
from bench.judging import Judge, Recall
from bench.old_way import OldWay, measure_old_way
from bench.pictures import read_icons
from bench.report import MB, Figure
from bench.screenshots import Query, make_queries
from icons.importing.drawings import SourceError

DEMO = own_site.ROOT / "demo" / "tabler.json"
OLD_SEARCHED = 1000  # icons: the old way takes a tenth of a second for each
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Measured:
    """What there is to tell of a site of one's own."""

    indexing: Indexing
    answers: Answers
    web: own_site.Memory
    worker: own_site.Memory
    engine: str
    old: OldWay | None


def main() -> None:
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    options = _options()
    try:
        _bench(options)
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
    except (SourceError, requests.RequestException) as error:
        sys.exit(f"{error}")


def _interrupt(number: int, frame: FrameType | None) -> None:
    for each in SIGNALS:  # a second Ctrl-C must not cut the clearing up short
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--queries", type=int, default=500, help="number of screenshots (default 500)")
    parser.add_argument("--seed", type=int, default=1, help="of the choice of icons and scenes (default 1)")
    parser.add_argument(
        "--icons", type=Path, nargs="+", default=[DEMO], help="Iconify JSON (default: the demo set)"
    )
    parser.add_argument("--skip-old", action="store_true", help="leave out the comparison with the old way")
    parser.add_argument(
        "--old-all",
        action="store_true",
        help=f"search all icons the old way too, not {OLD_SEARCHED:,} (slow)",
    )
    parser.add_argument("--url", help="only search, on a running site, which has the icons")
    options = parser.parse_args()
    if options.queries < 1:
        parser.error("--queries must be at least 1.")
    return options


def _bench(options: Namespace) -> None:
    machine = report.machine()
    icons = read_icons(path.resolve() for path in options.icons)
    print(f"Making {options.queries} of {len(icons):,} icons into screenshots ...", flush=True)
    queries = make_queries(icons, options.queries, options.seed)
    counts = {**Counter(query.condition for query in queries), "all": len(queries)}
    print("Searching ..." if options.url else "Starting a site ...", flush=True)
    measured = None if options.url else _measure_own_site(options, icons, queries)
    answers = measured.answers if measured else ask(options.url, queries)
    recall = Judge(icons).recall(queries, answers.found)
    old = measured.old if measured else None
    print(f"\n{machine}\n{len(icons):,} icons, {len(queries)} queries, seed {options.seed}")
    if measured:
        print(measured.engine)
    print("\n" + report.figures_table(_figures(answers, recall, measured)))
    print("\n" + report.recall_table(counts, recall, old.recall if old else None))
    print("\n" + "\n".join(_notes(answers, measured)))


def _measure_own_site(options: Namespace, icons: dict[str, str], queries: Sequence[Query]) -> Measured:
    with own_site.servers() as folder:
        from django.conf import settings

        from search import vgg

        own_site.manage("migrate", "--verbosity", "0")
        own_site.manage("collectstatic", "--noinput", "--verbosity", "0")
        own_site.manage("import_icons", *(str(path.resolve()) for path in options.icons))
        with own_site.running("worker", own_site.WORKER, folder) as worker:
            print("Indexing twice ...", flush=True)
            indexing = measure_indexing(worker)
            with own_site.web_server(folder) as (address, web):
                print("Searching ...", flush=True)
                answers = ask(address, queries)
                memory = web.memory(), worker.memory()
        engine = f"model {settings.EMBEDDING_MODEL}, {vgg.precision()}; rasteriser {settings.RASTERISER}"
        old = None
        if not options.skip_old:
            print("Measuring the old way ...", flush=True)
            searched = len(icons) if options.old_all else OLD_SEARCHED
            weights = Path(settings.WEIGHTS_DIR) / vgg.WEIGHTS_FILE
            old = measure_old_way(icons, queries, searched, options.seed, weights, folder)
    return Measured(indexing, answers, *memory, engine, old)


def _figures(answers: Answers, recall: Recall, measured: Measured | None) -> list[Figure]:
    old = measured.old if measured else None
    p50, p95 = report.latency(answers.milliseconds)
    old_p50, old_p95 = report.latency(old.milliseconds) if old else (None, None)
    (first, ten), (old_first, old_ten) = recall["all"], old.recall["all"] if old else (None, None)
    figures = [
        Figure("latency, p50", "ms", p50, 80, old_p50, digits=1),
        Figure("latency, p95", "ms", p95, 150, old_p95, digits=1),
        Figure("R@1", "", first, 0.70, old_first, more_is_better=True, digits=3),
        Figure("R@10", "", ten, None, old_ten, more_is_better=True, digits=3),
    ]
    if not measured:
        return figures
    rate, old_rate = measured.indexing.icons_a_second, old.icons_a_second if old else None
    return [
        Figure("indexing", "icons/s", rate, 150, old_rate, more_is_better=True, digits=1),
        *figures,
        Figure("memory, web", "MB", measured.web.resident / MB, 1000, old.resident / MB if old else None),
        Figure("memory, worker", "MB", measured.worker.resident / MB, 1500),
    ]


def _notes(answers: Answers, measured: Measured | None) -> list[str]:
    notes = ["Latency: over HTTP, one client, one query after the other, after a warm-up."]
    if answers.refused:
        notes.append(
            f"REFUSED: {answers.refused} queries were not answered with 200; they count as not found."
        )
    if not measured:
        return notes
    work, web, worker = measured.indexing, measured.web, measured.worker
    notes += [
        f"Indexing: {work.icons:,} icons in {work.seconds:.1f} s by one warm worker; {work.failed} failed.",
        "Memory: resident sets, summed over all processes (master, workers, rasterisers). With shared pages "
        f"divided (PSS): web {web.proportional / MB:,.0f} MB, worker {worker.proportional / MB:,.0f} MB.",
    ]
    if old := measured.old:
        favour = ", which favours it" if old.searched < work.icons else ""
        notes += [
            f"Old way: recall is among {old.searched:,} icons{favour}; these vectors were made in batches.",
            "Old way: timed on single pictures, float32, without HTTP, the network standing ready. The old "
            f"system built it for each request: {1000 * old.build_seconds:,.0f} ms more, not counted here.",
            "Old way: memory is what TensorFlow and the network took, without a web server.",
        ]
    return notes


if __name__ == "__main__":
    main()
