"""Compares two running sites: whether both find the same icons, and how fast.

Both need the same icons, the demo set say. They get the same screenshots, one after the other in turn.
"""

import contextlib
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import requests
from playwright.sync_api import Error as BrowserError
from tqdm import tqdm

from bench import library
from bench.client import Answer, Site
from bench.judging import TOP_K, Judge, quality
from bench.results import latency
from bench.screenshots import Query, browser
from bench.tables import Section, Table
from bench.workload import main_queries
from icons.importing.packs import SourceError

SHOWN = 20  # differing answers that are listed


@dataclass(frozen=True)
class Comparison:
    """The answers of two sites to the same queries."""

    judge: Judge
    queries: list[Query]
    old: list[Answer]
    new: list[Answer]

    def differing(self, depth: int) -> list[int]:
        """The indices of the queries whose first `depth` answers are not the same icons in the same order."""
        pairs = enumerate(zip(self.old, self.new, strict=True))
        return [index for index, (old, new) in pairs if old.icons[:depth] != new.icons[:depth]]

    def section(self) -> Section:
        """The comparison, as tables and sentences."""
        first, ten = self.differing(1), self.differing(TOP_K)
        visibly = [index for index in first if not self._look_same(index)]
        total = len(self.queries)
        notes = [
            f"The first answers differ for {len(first)} of {total} queries; for {len(visibly)} of these they also "
            "look different.",
            f"The first {TOP_K} answers differ for {len(ten)} of {total} queries.",
        ]
        return Section("Comparison", [self._table(), *self._differences(first)], notes)

    def _look_same(self, index: int) -> bool:
        old, new = self.old[index].icons[:1], self.new[index].icons[:1]
        return bool(old and new) and self.judge.looks_same(old[0], new[0])

    def _table(self) -> Table:
        rows = [self._row("old", self.old), self._row("new", self.new)]
        ratios = [new / old for old, new in zip(latency(self.old), latency(self.new), strict=True)]
        ratio_row = ["new / old", "", "", *(f"{ratio:.2f}" for ratio in ratios), ""]
        return Table(["site", "R@1", f"R@{TOP_K}", "p50, ms", "p95, ms", "refused"], [*rows, ratio_row])

    def _row(self, name: str, answers: Sequence[Answer]) -> list[str]:
        pairs = zip(self.queries, answers, strict=True)
        measured = quality([self.judge.rank(query.icon, answer.icons) for query, answer in pairs])
        p50, p95 = latency(answers)
        recall = f"{measured.recall_at_1:.3f}", f"{measured.recall_at_10:.3f}"
        return [name, *recall, f"{p50:.1f}", f"{p95:.1f}", str(sum(answer.refused for answer in answers))]

    def _differences(self, indices: Sequence[int]) -> list[Table]:
        if not indices:
            return []
        rows = []
        for index in indices[:SHOWN]:
            query = self.queries[index]
            firsts = [(answers[index].icons or ("nothing",))[0] for answers in (self.old, self.new)]
            rows.append([query.condition, query.icon, *firsts])
        return [Table(["condition", "icon", "old site's first", "new site's first"], rows, left_aligned=4)]


def compare(old: Site, new: Site, queries: Sequence[Query], judge: Judge) -> Comparison:
    """Ask both sites each query, the old one first for every other query, after a warm-up of both.

    Raises requests.RequestException where a site does not reply.
    """
    answers: dict[Site, list[Answer]] = {old: [], new: []}
    for site in (old, new):
        site.warm_up(queries)
    for index, query in enumerate(tqdm(queries, "Searching", unit=" queries", disable=None, leave=False)):
        for site in (old, new) if index % 2 == 0 else (new, old):
            answers[site].append(site.ask(query))
    return Comparison(judge, list(queries), answers[old], answers[new])


def main() -> None:
    """Compare the sites that the command line names."""
    options = _options()
    try:
        icons = library.choose(options.icons, options.source, options.seed)
        print(f"Making {options.queries:,} queries of {len(icons.icons):,} icons ...", flush=True)
        with browser() as drawer:
            queries = main_queries(drawer, icons, options.queries, options.seed)
        with contextlib.closing(Site(options.old)) as old, contextlib.closing(Site(options.new)) as new:
            print(compare(old, new, queries, Judge(icons.icons)).section().text())
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
    except (SourceError, requests.RequestException, BrowserError) as error:
        sys.exit(f"{error}")


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m bench.compare", description=__doc__)
    parser.add_argument("old", metavar="OLD_URL", help="address of the site as it was")
    parser.add_argument("new", metavar="NEW_URL", help="address of the site as it is now")
    parser.add_argument("--queries", type=int, default=500, help="screenshots in all conditions (default 500)")
    parser.add_argument("--seed", type=int, default=1, help="seed for choosing icons and scenes (default 1)")
    parser.add_argument("--icons", nargs="+", default=["demo"], help="what both sites have, as in python -m bench")
    parser.add_argument("--source", type=Path, help="folder of Iconify's JSON files, in place of a download")
    options = parser.parse_args()
    if options.queries < 1:
        parser.error("--queries must be at least 1.")
    return options


if __name__ == "__main__":
    main()
