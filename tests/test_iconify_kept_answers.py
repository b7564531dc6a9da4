"""Answers that are kept for clients of Iconify: the same bytes as before, and never those of before a change."""

import gzip
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import LazySettings
from django.core.wsgi import get_wsgi_application
from django.db import connection

from iconify.reader import Reader
from icons.models import Icon, IconSet
from iconsite import limits, tabs
from iconsite.prompt_answers import PromptSite
from tests.conftest import SHAPES, svg_of
from tests.wsgi import ask

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/iconify/shapes/home.svg"
ICONS = "icons=home,ring," + ",".join(f"none-{number}" for number in range(100))


class Counted:
    """The site, which counts how often it is asked."""

    def __init__(self) -> None:
        self.site, self.asked = get_wsgi_application(), 0

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        return self.site(environ, start_response)


@pytest.fixture
def reader() -> Iterator[Reader]:
    """What asks for versions, over a connection of its own."""
    reader = Reader()
    yield reader
    reader.close()


@pytest.fixture
def site(reader: Reader, make_icon: Callable[..., Icon]) -> PromptSite:
    """The site with the icons `home` and `ring`, as a web server runs it."""
    for name in ("home", "ring"):
        make_icon(name)
    return PromptSite(Counted(), reader)


def asked(site: PromptSite) -> int:
    """How often the site itself has been asked."""
    assert isinstance(site.application, Counted)
    return site.application.asked


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (HOME, ""),
        (HOME, "height=24&color=red"),
        ("/iconify/shapes:home.svg", ""),
        ("/iconify/shapes.json", "icons=home,ring,none"),
        ("/iconify/shapes.js", "icons=home&callback=f"),
        ("/iconify/shapes.css", "icons=home"),
        ("/iconify/collection", "prefix=shapes"),
    ],
)
def test_the_second_answer_is_the_first_without_asking_the_site(site: PromptSite, path: str, query: str) -> None:
    status, headers, body = ask(site, path, query)
    assert (status, asked(site)) == ("200 OK", 1)
    again = ask(site, path, query)
    assert asked(site) == 1
    assert again[0] == status and again[2] == body
    assert len(headers.pop("X-Request-ID")) == 16 and len(again[1].pop("X-Request-ID")) == 16
    assert again[1] == headers


@pytest.mark.parametrize(
    ("path", "query"),
    [("/iconify/shapes/none.svg", ""), ("/iconify/search", "query=home"), ("/iconify/collections", ""), ("/", "")],
)
def test_other_answers_are_not_kept(site: PromptSite, path: str, query: str) -> None:
    assert ask(site, path, query)[0] == ask(site, path, query)[0]
    assert asked(site) == 2


def test_only_plain_questions_are_answered_from_what_is_kept(site: PromptSite) -> None:
    ask(site, HOME)
    for method, headers in (("HEAD", {}), ("OPTIONS", {}), ("POST", {}), ("GET", {"HTTP_AUTHORIZATION": "Bearer x"})):
        ask(site, HOME, "", method, **headers)
    assert asked(site) == 5
    assert ask(site, HOME, HTTP_X_REQUEST_ID="mine")[1]["X-Request-ID"] == "mine" and asked(site) == 5


def test_a_compressed_answer_is_kept_beside_the_plain_one(site: PromptSite) -> None:
    plain = ask(site, "/iconify/shapes.json", ICONS)
    for _ in range(2):
        _status, headers, body = ask(site, "/iconify/shapes.json", ICONS, HTTP_ACCEPT_ENCODING="br, gzip")
        assert headers["Content-Encoding"] == "gzip" and gzip.decompress(body) == plain[2]
    assert asked(site) == 2 and "Content-Encoding" not in ask(site, "/iconify/shapes.json", ICONS)[1]


@pytest.mark.parametrize("change", ["save", "update", "sql", "rename", "delete", "hide the set"])
def test_a_change_is_served_at_once(site: PromptSite, change: str) -> None:
    before = [ask(site, HOME), ask(site, HOME)][1]
    icon, other = Icon.objects.get(name="home"), svg_of(SHAPES["cross"])
    if change == "save":
        icon.redraw(other)
        icon.save()
    elif change == "update":
        Icon.objects.filter(pk=icon.pk).update(svg=other)
    elif change == "sql":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE icons_icon SET svg = %s WHERE id = %s", [other, icon.pk])
    elif change == "rename":
        Icon.objects.filter(pk=icon.pk).update(name="house")
    elif change == "delete":
        IconSet.objects.get().delete()
    else:
        IconSet.objects.update(title="Other")
    after = ask(site, HOME)
    assert asked(site) == 2
    if change in ("rename", "delete"):
        assert after[0].startswith("404")
    elif change == "hide the set":
        assert after[2] == before[2]
    else:
        assert after[0] == "200 OK" and after[2] != before[2]


def test_a_set_of_the_same_prefix_is_another_one(site: PromptSite) -> None:
    ask(site, HOME)
    IconSet.objects.get().delete()
    again = IconSet.objects.create(prefix="shapes", title="Shapes")
    Icon.objects.create(set=again, name="home", svg=svg_of(SHAPES["ring"]))
    drawing = ask(site, HOME)
    assert asked(site) == 2 and drawing[0] == "200 OK"
    assert b"circle" in drawing[2]


def test_what_was_asked_last_is_kept(site: PromptSite, settings: LazySettings) -> None:
    settings.ICONIFY_ANSWERS_MAX_BYTES = 3000  # two small answers
    for number in (1, 2, 1, 3):
        ask(site, HOME, f"height={number}")
    assert [query for _path, query, _gzip in site.kept._answers] == ["height=1", "height=3"]
    assert site.kept._size == sum(answer.size(key) for key, answer in site.kept._answers.items()) <= 3000
    settings.ICONIFY_ANSWERS_MAX_BYTES = 0
    ask(site, HOME, "height=5")
    assert "height=5" not in [query for _path, query, _gzip in site.kept._answers]


def test_the_site_is_asked_while_the_database_does_not_tell_versions(site: PromptSite, reader: Reader) -> None:
    ask(site, HOME)
    ask(site, HOME)
    assert reader._connection is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [reader._connection.info.backend_pid])
    assert ask(site, HOME)[0] == "200 OK" and asked(site) == 1  # over another connection
    reader._silent_until = float("inf")
    reader.close()
    assert ask(site, HOME)[0] == "200 OK" and asked(site) == 2


def test_a_database_out_of_reach_is_not_asked_all_the_time(
    site: PromptSite, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def refuse(**parameters: Any) -> Any:
        tried.append(1)
        raise psycopg.OperationalError

    monkeypatch.setattr("iconify.reader.psycopg.connect", refuse)
    for _ in range(3):
        assert ask(site, HOME)[0] == "200 OK"
    assert asked(site) == 3 and tried == [1]


def test_what_is_kept_is_counted_and_logged(site: PromptSite, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "iconsite.requests")
    ask(site, HOME)
    ask(site, HOME)
    views = [record.__dict__["view"] for record in caplog.records if record.name == "iconsite.requests"]
    assert views == ["iconify.views.svg"] * 2


def test_who_has_taken_too_much_is_refused(
    site: PromptSite, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIMIT_RATE, settings.LIMIT_BURST = 0.001, 1
    monkeypatch.setattr(tabs, "PAID_FROM", 0.0)
    ask(site, HOME)
    assert ask(site, HOME)[0] == "200 OK" and asked(site) == 1
    address = limits.Bucket("address:192.0.2.1", settings.LIMIT_RATE, settings.LIMIT_BURST)
    limits.take([address], 2)
    ask(site, HOME)  # pays, and learns that there is nothing left
    assert ask(site, HOME)[0].startswith("429") and asked(site) == 2
    limits.take([address], -2)
    monkeypatch.setattr(site.tabs, "_refused_until", {"192.0.2.1": 0.0})
    assert ask(site, HOME)[0] == "200 OK" and asked(site) == 2


def test_tabs_do_not_grow_without_end(
    site: PromptSite, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIMIT_RATE = 1.0
    monkeypatch.setattr(tabs, "MOST_TABS", 2)
    for number in range(5):
        site.tabs.owe({"REMOTE_ADDR": f"192.0.2.{number}"}, 0.001)
    assert len(site.tabs._owed) == 1
