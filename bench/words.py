"""The search by words, measured on a running site: `python -m bench.words http://127.0.0.1:8000/`.

It asks each of the queries in `data/word_queries.tsv`, and looks for an expected icon in the first row of the page.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import requests

from icons.variants import stem_of

QUERIES = Path(__file__).parent / "data" / "word_queries.tsv"
FIRST_ROW = 10  # icons in the first row of the page
ASIDE = 3  # every third query is kept aside: nobody looks at its answers to improve the search
TIMES = 3  # each query is asked so often, in turn with the others; the median counts
TIMEOUT = 60  # seconds

Search = Callable[[str], Sequence[str]]  # from a text to the names of the first icons


@dataclass(frozen=True)
class WordQuery:
    """What somebody types, and the names of which one is enough."""

    text: str
    expected: frozenset[str]
    aside: bool

    def is_answered_by(self, name: str) -> bool:
        """Whether the icon of this name, or the one that it is a variant of, is expected."""
        return not self.expected.isdisjoint((name, stem_of(name)))


@dataclass(frozen=True)
class WordAnswer:
    """What the site answered."""

    query: WordQuery
    names: Sequence[str]  # of the icons in the first row
    milliseconds: float

    @property
    def right(self) -> bool:
        """Whether an expected icon is in the first row."""
        return any(map(self.query.is_answered_by, self.names))


def word_queries() -> list[WordQuery]:
    """The queries of the data file, in its order."""
    lines = [line for line in QUERIES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pairs = [line.split("\t") for line in lines]
    return [
        WordQuery(text, frozenset(names.split()), number % ASIDE == 0) for number, (text, names) in enumerate(pairs, 1)
    ]


def ask(search: Search, queries: Sequence[WordQuery]) -> list[WordAnswer]:
    """The answers to all queries, each with the median of its times, ms."""
    names: list[Sequence[str]] = []
    rounds: list[list[float]] = []
    for _ in range(TIMES):
        names.clear()
        rounds.append([])
        for query in queries:
            start = time.perf_counter()
            names.append(search(query.text))
            rounds[-1].append(1000 * (time.perf_counter() - start))
    medians = np.median(rounds, axis=0)
    return [WordAnswer(*parts) for parts in zip(queries, names, map(float, medians), strict=True)]


def site_search(address: str) -> Search:
    """A search on the site of this address, over HTTP."""
    session = requests.Session()

    def search(text: str) -> list[str]:
        query: dict[str, str | int] = {"q": text, "limit": FIRST_ROW}
        response = session.get(f"{address.rstrip('/')}/api/v1/search/words/", params=query, timeout=TIMEOUT)
        response.raise_for_status()
        return [result["icon"].split(":")[1] for result in response.json()["results"]]

    return search


def report(answers: Sequence[WordAnswer]) -> str:
    """A table of the shares that are right, and the times; then the queries that are not, save those kept aside."""
    lines = ["| queries | expected icon in the first row | p50 | p95 |", "|---|---|---|---|"]
    groups = {"all": answers, "kept aside": [answer for answer in answers if answer.query.aside]}
    groups["Chinese"] = [answer for answer in answers if not answer.query.text.isascii()]
    for title, group in groups.items():
        right = sum(answer.right for answer in group)
        p50, p95 = np.percentile([answer.milliseconds for answer in group], (50, 95))
        lines.append(f"| {title} ({len(group)}) | {right} ({right / len(group):.3f}) | {p50:.0f} ms | {p95:.0f} ms |")
    missed = [answer for answer in answers if not answer.right and not answer.query.aside]
    return "\n".join([*lines, "", *(f"{answer.query.text}: {', '.join(answer.names) or '–'}" for answer in missed)])


def main() -> None:
    """Print the report on the site that the command line names."""
    if len(sys.argv) != 2:
        sys.exit("Name the site: python -m bench.words http://127.0.0.1:8000/")
    try:
        print(report(ask(site_search(sys.argv[1]), word_queries())))
    except requests.RequestException as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
