"""A client that posts one query after the other over one connection, as a person would, and times each."""

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from tqdm import tqdm

from bench.screenshots import Query

PATH = "/api/v1/search/image/"
WARM_UP = 20  # requests before the measurement
FIRST_TIMEOUT = 120  # seconds that a site gets to answer its first request, for which it loads the network
TIMEOUT = 60  # seconds that it gets to answer any other


@dataclass(frozen=True)
class Answer:
    """What the site replied to one query."""

    milliseconds: float  # from before the request to after the reply
    icons: tuple[str, ...] = ()  # ids, best first
    score: float = 0  # of the first icon
    confident: bool | None = None  # None: the site does not say
    regions: tuple[Mapping[str, Any], ...] | None = None  # as the API has them; None: the site does not say
    sets: tuple[str, ...] | None = None  # prefixes that the icons of the picture are from, best first; None: as above
    refused: bool = False  # the status was not 200
    strokes: tuple[float | None, ...] = ()  # of each icon, the width that its strokes are said to have; None: its own


class Site:
    """A running site, asked over one connection."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._url = address.rstrip("/") + PATH
        self._session = requests.Session()
        self._session.trust_env = False  # The machine's proxies and .netrc are for other sites.

    def warm_up(self, queries: Sequence[Query]) -> None:
        """Post the first queries again and again, so that everything is loaded before times are taken."""
        deadline = time.monotonic() + FIRST_TIMEOUT
        while queries and self.ask(queries[0], FIRST_TIMEOUT).refused and time.monotonic() < deadline:
            time.sleep(1)  # a site that has just started says 503 while it loads its networks
        for number in range(WARM_UP if queries else 0):
            self.ask(queries[number % len(queries)], TIMEOUT if number else FIRST_TIMEOUT)

    def ask(self, query: Query, timeout: float = TIMEOUT) -> Answer:
        """Post the query. Raises requests.RequestException where there is no reply within `timeout` seconds."""
        started = time.perf_counter()
        reply = self._session.post(self._url, files={"image": ("query", query.picture)}, timeout=timeout)
        data = reply.json() if reply.ok else {}
        milliseconds = 1000 * (time.perf_counter() - started)
        if "results" not in data:
            return Answer(milliseconds, refused=True)
        results, regions, sets = data["results"], data.get("regions"), data.get("sets")
        return Answer(
            milliseconds,
            tuple(result["icon"] for result in results),
            results[0]["score"] if results else 0.0,
            data.get("confident"),
            None if regions is None else tuple(regions),
            None if sets is None else tuple(entry["prefix"] for entry in sets),
            strokes=tuple(result.get("stroke") for result in results),
        )

    def close(self) -> None:
        """End the connection."""
        self._session.close()


def ask_all(address: str, queries: Sequence[Query]) -> list[Answer]:
    """Post the queries to the site at this address, after a warm-up with the first of them."""
    with contextlib.closing(Site(address)) as site:
        site.warm_up(queries)
        bar = tqdm(queries, "Searching", unit=" queries", disable=None, leave=False)
        return [site.ask(query) for query in bar]
