"""A client that posts one query after the other over one connection, as a person would, and times each."""

import time
from collections.abc import Sequence
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
class Answers:
    found: list[list[str]]  # of each query the icons, best first
    milliseconds: list[float]  # of each query, from before the request to after the reply
    refused: int  # queries that the site did not answer with 200


def ask(site: str, queries: Sequence[Query]) -> Answers:
    """Post the queries to the site at this address, after a warm-up with the first of them."""
    url = site.rstrip("/") + PATH
    with requests.Session() as session:
        session.trust_env = False  # proxies and .netrc are for other sites
        for i in range(WARM_UP):
            _post(session, url, queries[i % len(queries)], SOON if i else START)
        bar = tqdm(queries, "Searching", unit=" queries", disable=None, leave=False)
        replies = [_post(session, url, query, SOON) for query in bar]
    found = [[hit["icon"] for hit in reply.get("results", ())] for _, reply in replies]
    refused = sum("results" not in reply for _, reply in replies)
    return Answers(found, [1000 * seconds for seconds, _ in replies], refused)


def _post(session: requests.Session, url: str, query: Query, timeout: float) -> tuple[float, dict[str, Any]]:
    """Seconds, and the parsed reply: empty where the site refused."""
    started = time.perf_counter()
    reply = session.post(url, files={"image": ("query", query.picture)}, timeout=timeout)
    answer = reply.json() if reply.ok else {}
    return time.perf_counter() - started, answer
