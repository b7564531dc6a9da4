"""A client that posts one query after the other over one connection, as a person would, and times each."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from tqdm import tqdm

from bench.screenshots import Query

PATH = "/api/v1/search/image/"
WARM_UP = 20  # requests that do not count
START = 120  # seconds that a site gets to answer its first request
SOON = 60  # seconds for any other


@dataclass(frozen=True)
class Answer:
    milliseconds: float  # from before the request to after the reply
    found: tuple[str, ...] = ()  # icons, best first
    score: float = 0  # of the first
    confident: bool | None = None  # None: the site does not say
    regions: tuple[Mapping[str, Any], ...] | None = None  # None: the site does not say
    refused: bool = False  # not answered with 200


def ask(site: str, queries: Sequence[Query]) -> list[Answer]:
    """Post the queries to the site at this address, after a warm-up with the first of them."""
    url = site.rstrip("/") + PATH
    with requests.Session() as session:
        session.trust_env = False  # proxies and .netrc are for other sites
        for i in range(WARM_UP if queries else 0):
            _post(session, url, queries[i % len(queries)], SOON if i else START)
        bar = tqdm(queries, "Searching", unit=" queries", disable=None, leave=False)
        return [_post(session, url, query, SOON) for query in bar]


def _post(session: requests.Session, url: str, query: Query, timeout: float) -> Answer:
    started = time.perf_counter()
    reply = session.post(url, files={"image": ("query", query.picture)}, timeout=timeout)
    parsed = reply.json() if reply.ok else {}
    taken = 1000 * (time.perf_counter() - started)
    if "results" not in parsed:
        return Answer(taken, refused=True)
    hits, regions = parsed["results"], parsed.get("regions")
    return Answer(
        taken,
        tuple(hit["icon"] for hit in hits),
        hits[0]["score"] if hits else 0.0,
        parsed.get("confident"),
        None if regions is None else tuple(regions),
    )
