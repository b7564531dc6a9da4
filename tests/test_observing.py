"""How a site is watched: its health, numbers for Prometheus, logs as JSON, errors for Sentry."""

import gzip
import json
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any

import brotli
import pytest
from django.conf import LazySettings, settings
from django.test import Client

from icons.models import Icon
from iconsite import health
from iconsite.logs import ClientErrors, JsonFormatter, logging_of
from iconsite.observing import request_id
from search import indexing
from search.networks.weights import Weights
from tests.conftest import SHAPES, png_of, svg_of, upload

TOKEN = {"Authorization": "Bearer secret"}


def test_a_process_says_that_it_lives_whatever_host_it_is_asked_as(
    client: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIMIT_RATE = 1e-9
    reply = client.get("/healthz", headers={"Host": "10.0.0.7:8000"})  # no database fixture: it asks for none
    assert (reply.status_code, reply.content, reply["Cache-Control"]) == (200, b"ok\n", "no-store")


def test_a_site_with_all_its_parts_is_ready(client: Client, indexed_icons: dict[str, Icon]) -> None:
    reply = client.get("/readyz")
    parts = {"database": True, "queue": True, "weights": True, "index": True}
    assert reply.status_code == 200 and reply.json() == {"ready": True, **parts}


def test_an_empty_site_is_ready_and_one_that_is_not_indexed_is_not(client: Client, db: None) -> None:
    assert client.get("/readyz").status_code == 200


def test_icons_without_an_index_are_not_ready(client: Client, icons: dict[str, Icon]) -> None:
    reply = client.get("/readyz")
    assert reply.status_code == 503 and reply.json()["index"] is False and reply.json()["database"] is True


def test_parts_that_are_away_are_named(
    client: Client, indexed_icons: dict[str, Icon], settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise OSError("refused")

    monkeypatch.setattr(health, "messages_waiting", fail)
    monkeypatch.setattr(Weights, "problem", lambda self: "missing")
    reply = client.get("/readyz")
    assert reply.status_code == 503
    assert [name for name, works in reply.json().items() if not works] == ["ready", "queue", "weights"]
    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.utils.CursorWrapper.execute", fail)
        assert client.get("/readyz").json()["database"] is False


def test_numbers_are_for_those_who_know_the_token(client: Client, db: None, settings: LazySettings) -> None:
    for token, headers in (
        ("", {}),
        ("", {"Authorization": "Bearer "}),
        ("secret", {}),
        ("secret", {"Authorization": "Bearer x"}),
    ):
        settings.METRICS_TOKEN = token
        assert client.get("/metrics", headers=headers).status_code == 404


def number(page: str, name: str) -> float:
    """The value of a line that begins so, 0 where there is none."""
    line = re.search(rf"^{re.escape(name)}.* (\S+)$", page, re.MULTILINE)
    return float(line[1]) if line else 0.0


def test_prometheus_is_told_what_the_site_does(client: Client, icons: dict[str, Icon], settings: LazySettings) -> None:
    settings.METRICS_TOKEN = "secret"

    def page() -> str:
        return client.get("/metrics", headers=TOKEN).content.decode()

    before = page()
    assert number(before, 'iconsite_icons{state="pending"}') == len(SHAPES)
    indexing.index_icons([icon.pk for icon in icons.values()])
    client.post("/api/v1/search/image/", {"image": upload(png_of(svg_of(SHAPES["ring"])))})
    client.get("/api/v1/icons/shapes:nope/")
    after = page()
    grown = {
        'iconsite_indexed_icons_total{outcome="stored"}': len(SHAPES),
        'iconsite_searches_total{confident="true"}': 1,
        'iconsite_request_seconds_count{method="POST",status="200",view="api-search-image"}': 1,
        'iconsite_request_seconds_count{method="GET",status="404",view="api-icon"}': 1,
        **{
            f'iconsite_search_seconds_count{{phase="{phase}"}}': 1
            for phase in (
                "picture",
                "regions",
                "readings",
                "network",
                "candidates",
                "comparison",
                "order",
                "stroke widths",
                "answer",
            )
        },
    }
    assert {name: number(after, name) - number(before, name) for name in grown} == grown
    assert number(after, 'iconsite_icons{state="finished"}') == len(SHAPES)
    assert number(after, 'iconsite_up{part="database"}') == number(after, 'iconsite_up{part="queue"}') == 1
    assert 'iconsite_queue_messages{queue="indexing"}' in after and "iconsite_imports_unfinished 0.0" in after


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-1", True), ("", False), ("a b", False), ("x" * 65, False), ("a\udc80", False)]
)
def test_every_answer_has_the_id_of_its_request(client: Client, db: None, given: str, kept: bool) -> None:
    replies = [client.get("/api/v1/sets/", headers={"X-Request-ID": given} if given else {}) for _ in range(2)]
    ids = [reply["X-Request-ID"] for reply in replies]
    assert (ids == [given, given]) == kept and (kept or ids[0] != ids[1])


def test_a_line_of_json_says_what_request_it_is_about() -> None:
    record = logging.LogRecord("search", logging.WARNING, "x.py", 1, "Found %s “图”", ("one\n",), None)
    record.__dict__["status"] = 200
    token = request_id.set("abc")
    try:
        raise ValueError("wrong")
    except ValueError:
        record.exc_info = sys.exc_info()
        line = JsonFormatter().format(record)
    finally:
        request_id.reset(token)
    assert "\n" not in line
    entry = json.loads(line)
    assert (entry["level"], entry["logger"], entry["message"]) == ("WARNING", "search", "Found one\n “图”")
    assert (entry["request"], entry["status"]) == ("abc", 200) and "ValueError: wrong" in entry["error"]


REQUEST = """
import django; django.setup()
from django.test import Client
Client().get("/api/nowhere/", headers={"X-Request-ID": "abc", "Host": "localhost"})
"""


def run(program: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "iconsite.settings", **variables},
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


def test_who_sends_nonsense_does_not_fill_the_logs_with_tracebacks(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(ClientErrors())
    logging.getLogger("django").addHandler(handler)
    client.raise_request_exception = False
    try:
        assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
        assert "elsewhere.example" in written.getvalue() and "Traceback" not in written.getvalue()
        monkeypatch.setattr("icons.set_views.render", lambda *args: 1 / 0)
        assert client.get("/sets/").status_code == 500
        assert "ZeroDivisionError" in written.getvalue()  # what the site is to blame for
    finally:
        logging.getLogger("django").removeHandler(handler)


def test_a_site_logs_json_where_it_is_told_to() -> None:
    lines = run(REQUEST, LOG_FORMAT="json", LIMIT_RATE="0").stderr.splitlines()
    entries = [json.loads(line) for line in lines if line.startswith("{")]
    (entry,) = (entry for entry in entries if entry["logger"] == "iconsite.requests")
    assert (entry["message"], entry["request"], entry["status"]) == ("GET /api/nowhere/ 404", "abc", 404)
    assert logging_of("line")["handlers"]["console"]["formatter"] == "line"
    assert "{" not in run(REQUEST, LOG_FORMAT="line", LIMIT_RATE="0").stderr


@pytest.fixture
def sentry() -> Iterator[tuple[str, list[bytes]]]:
    """A DSN of a server on this machine, and what it was sent."""
    sent: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append(UNPACKED[self.headers.get("Content-Encoding", "")](body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", sent
    server.shutdown()
    server.server_close()


UNPACKED = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
FAILURE = """
import django; django.setup()
from django.test import Client
from django.urls import path
import iconsite.urls

def fail(request):
    password = "hunter2"
    raise RuntimeError("broken on purpose")

iconsite.urls.urlpatterns.insert(0, path("api/fail/", fail))
Client(raise_request_exception=False).post("/api/fail/", {"secret": "in the body"}, headers={"Host": "localhost"})
import sentry_sdk
sentry_sdk.flush(10)
"""


def test_errors_go_to_sentry_without_what_is_secret(sentry: tuple[str, list[bytes]]) -> None:
    dsn, sent = sentry
    run(FAILURE, SENTRY_DSN=dsn, LIMIT_RATE="0", no_proxy="127.0.0.1")
    report = b"".join(sent).decode()
    assert "broken on purpose" in report and "RuntimeError" in report
    assert "hunter2" not in report and "in the body" not in report
