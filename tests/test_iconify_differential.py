"""Our answers beside those of Iconify's own server, on the same five sets: each route, parameter and error."""

import http.client
import json
from collections.abc import Collection, Iterator
from typing import Any, cast
from urllib.parse import quote, unquote, urlsplit

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection

from bench.iconify import WORDS
from iconify.reader import SET_AND_ICONS, Reading
from icons.importing.importer import run_import
from icons.importing.npm import read_unpacked
from icons.models import ImportRun
from iconsite.prompt_answers import PromptSite
from tests.iconify_oracle import MODULES, PREFIXES, oracle, require_oracle, whole_set
from tests.iconify_requests import Mix
from tests.test_iconify_kept_answers import Counted
from tests.wsgi import ask, connections_kept

REQUESTS, SEEDS = 1000, (1, 2, 3)
AGREEING = 0.99
# Headers that must be there with the same value.
HEADERS: tuple[str, ...] = ("content-type", "content-disposition", "cache-control", "access-control-allow-origin")
HEADERS += ("access-control-allow-methods", "access-control-max-age", "cross-origin-resource-policy")

Answer = tuple[int, dict[str, str | None], Any]


@pytest.fixture(scope="module")
def sets() -> list[dict[str, Any]]:
    """The five sets, as they come from npm."""
    require_oracle()
    return [whole_set(prefix) for prefix in PREFIXES]


@pytest.fixture(scope="module")
def address(sets: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the original, running on the five sets."""
    with oracle(tmp_path_factory.mktemp("oracle"), sets) as address:
        yield address


@pytest.fixture
def imported(db: None, sets: list[dict[str, Any]]) -> None:
    """The five sets, imported from their packages."""
    import_sets()


def import_sets() -> None:
    """Import the five sets as manage.py does."""
    for prefix in PREFIXES:
        run = ImportRun.objects.create(source=prefix)
        with run.worked_on():
            run.claim()
            run_import(run, read_unpacked(MODULES / "@iconify-json" / prefix, prefix))
        run.refresh_from_db()
        assert (run.status, run.rejected) == (ImportRun.Status.DONE, 0)


def theirs(address: str, path: str) -> Answer:
    """The answer of the original."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    headers = {name: response.getheader(name) for name in HEADERS}
    answer = response.status, headers, comparable(response.read().decode(), headers["content-type"])
    connection.close()
    return answer


def ours(site: PromptSite, path: str) -> Answer:
    """The answer of our server, which is the same when it is asked again."""
    address, _, query = path.partition("?")
    asked = f"/iconify{unquote(address, 'latin-1')}", query
    status, all_headers, body = ask(site, *asked)
    again = ask(site, *asked)
    all_headers["X-Request-ID"] = again[1]["X-Request-ID"]
    assert again == (status, all_headers, body)
    known = {name.lower(): value for name, value in all_headers.items()}
    headers = {name: known.get(name) for name in HEADERS}
    if body == b"":
        headers["content-type"] = None  # there is nothing of that type
    return int(status[:3]), headers, comparable(body.decode(), headers["content-type"])


def read(prefix: str, pks: Collection[int]) -> Reading | None:
    """What answers are made of, which no connection but that of the test sees."""
    with connection.cursor() as cursor:
        cursor.execute(SET_AND_ICONS.replace("$1", "%s").replace("$2", "%s"), [prefix, list(pks)])
        rows = cursor.fetchall()
    if not rows:
        return None
    version = tuple(b"%d" % (number or 0) for number in rows[0][:3])
    return Reading(version, [row[3:] for row in rows if row[3]])


def comparable(text: str, content_type: str | None) -> Any:
    """JSON as data, without dates; other texts as they are."""
    function, json_text = "", text
    if (content_type or "").startswith("application/javascript"):
        function, _, json_text = text.removesuffix(");").partition("(")
    elif not (content_type or "").startswith("application/json"):
        return text
    data = json.loads(json_text)
    if isinstance(data, dict):
        data.pop("lastModified", None)
    return function, "\n    " in text, data


def first_difference(left: Any, right: Any) -> str:
    """Where two answers differ first."""
    if isinstance(left, dict) and isinstance(right, dict):
        keys = [key for key in [*left, *right] if left.get(key) != right.get(key) or (key in left) != (key in right)]
        return f"{keys[0]}: {first_difference(left.get(keys[0]), right.get(keys[0]))}"
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)) and len(left) == len(right):
        place = next(place for place in range(len(left)) if left[place] != right[place])
        return f"[{place}] {first_difference(left[place], right[place])}"
    texts = repr(left), repr(right)
    start = next((i for i, pair in enumerate(zip(*texts, strict=False)) if pair[0] != pair[1]), 0)
    return f"…{texts[0][max(0, start - 40) : start + 160]} / …{texts[1][max(0, start - 40) : start + 160]}"


def test_a_random_mix_is_answered_as_by_the_original(imported: None, address: str, sets: list[dict[str, Any]]) -> None:
    django, prompt = Counted(), 0
    site, differing = PromptSite(django, read), []
    paths = [path for seed in SEEDS for path in Mix(sets, seed).requests(REQUESTS)]
    with connections_kept():
        for path in paths:
            asked = django.asked
            left, right = theirs(address, path), ours(site, path)
            prompt += django.asked == asked
            if left != right:
                differing.append((path, left, right))
    agreeing = 1 - len(differing) / len(paths)
    print(f"\n{prompt} of {len(paths)} questions were answered without Django.")
    assert prompt >= len(paths) / 4
    lines = [f"{path}\n   {first_difference(left, right)}" for path, left, right in differing]
    print(f"\n{agreeing:.4%} of {len(paths)} answers agree; differing:", *lines, sep="\n")
    assert agreeing >= AGREEING, lines[:10]


def test_words_find_all_that_the_original_finds(imported: None, address: str) -> None:
    site = PromptSite(cast(Any, get_wsgi_application()), read)
    with connections_kept():
        for words in WORDS:
            path = f"/search?query={quote(words)}&limit=999"
            (_status, _headers, left), (_status, _headers, right) = theirs(address, path), ours(site, path)
            assert left[2]["icons"] == right[2]["icons"], words
            assert left[2]["icons"], words
