"""The client in Python: tries again, proxies, errors, and what it makes of answers; against real HTTP servers."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from client import Client, IconsiteError, Refused, SiteFailed, Unreachable, Unusable
from client.connection import DEFAULT_URL, seconds_of
from client.pictures import files_in, read_picture
from client.site import BATCH, BATCH_BYTES, batches
from client.tool_answers import screenshot_of
from icons.models import Icon
from tests.conftest import SHAPES, png_of, svg_of
from tests.live_site import live_site


class Scripted(ThreadingHTTPServer):
    """A web server that gives the answers it was told to, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[tuple[int, dict[str, str], Any]] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Gives the next answer."""

    server: Scripted

    def do_GET(self) -> None:
        """Answer; the last answer is given again and again."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, self.path, {key.lower(): value for key, value in self.headers.items()}))
        answers = self.server.answers
        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """A web server that is told what to answer; no proxies and no settings of whoever runs the tests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "ICONSITE_URL", "ICONSITE_TOKEN"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    server = Scripted()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def patient(server: Scripted, waits: list[float], **options: Any) -> Client:
    """A client that notes how long it would wait."""
    return Client(server.url, sleep=waits.append, **options)


WORDS = {"total": 0, "left_out": [], "results": []}


def test_a_busy_site_is_asked_again_when_it_says(server: Scripted) -> None:
    waits: list[float] = []
    server.answers = [(429, {"Retry-After": "7"}, {}), (503, {"Retry-After": "3"}, {}), (200, {}, WORDS)]
    assert patient(server, waits).words("home") == WORDS
    assert waits == [7, 3] and len(server.asked) == 3
    assert server.asked[0][1] == "/api/v1/search/words/?q=home"


def test_a_site_that_does_not_say_when_is_asked_less_and_less_often(server: Scripted) -> None:
    waits: list[float] = []
    server.answers = [(502, {}, b"bad gateway")]
    with pytest.raises(SiteFailed, match="502"):
        patient(server, waits).words("home")
    assert len(server.asked) == 5 and waits == sorted(waits) and len(waits) == 4


def test_it_does_not_wait_for_ever(server: Scripted) -> None:
    waits: list[float] = []
    server.answers = [(429, {"Retry-After": "3600"}, {"detail": "Too much.", "code": "throttled"})]
    with pytest.raises(Refused, match="Too much") as caught:
        patient(server, waits).words("home")
    assert waits == [] and caught.value.retry_after == 3600 and caught.value.code == "throttled"


def test_what_is_wrong_is_not_sent_again(server: Scripted) -> None:
    waits: list[float] = []
    server.answers = [(400, {}, {"detail": "The limit is wrong.", "code": "invalid", "errors": {"limit": ["Wrong."]}})]
    with pytest.raises(Refused) as caught:
        patient(server, waits).words("home", limit=0)
    assert (caught.value.status, caught.value.errors) == (400, {"limit": ["Wrong."]}) and waits == []


def test_an_import_that_is_sent_again_has_the_same_key(server: Scripted) -> None:
    server.answers = [(503, {}, {}), (202, {}, {"id": 1, "finished": True})]
    patient(server, []).add("a.svg", b"<svg/>", prefix="mine")
    first, second = (headers["idempotency-key"] for _method, _path, headers in server.asked)
    assert first == second


def test_a_site_that_does_not_answer(server: Scripted) -> None:
    closed = Scripted()
    closed.server_close()
    waits: list[float] = []
    with pytest.raises(Unreachable, match="does not answer"):
        patient(closed, waits).status()
    assert len(waits) == 4
    with pytest.raises(IconsiteError, match="no address"):
        Client("http://127.0.0.1:port", retries=0).status()
    with pytest.raises(IconsiteError, match="no address"):
        Client("ftp://127.0.0.1", retries=0).status()


def test_an_answer_of_something_else(server: Scripted) -> None:
    server.answers = [(200, {}, b"<html>Welcome</html>")]
    with pytest.raises(SiteFailed, match="no Iconsite"):
        patient(server, []).words("home")
    server.answers = [(301, {"Location": "https://elsewhere.example/"}, b"")]
    with pytest.raises(SiteFailed, match="elsewhere.example"):
        patient(server, [], token="secret").find(b"picture")
    assert len(server.asked) == 2  # nobody else got the key
    server.answers = [(404, {}, b"<html>Not here</html>")]
    with pytest.raises(Refused, match="404"):
        patient(server, []).words("home")


def test_the_environment_names_the_site_and_the_key(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().connection.url == DEFAULT_URL
    monkeypatch.setenv("ICONSITE_URL", f"{server.url}/")
    monkeypatch.setenv("ICONSITE_TOKEN", "ico_secret")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    server.answers = [(200, {}, WORDS)]
    with Client() as client:
        client.words("home")
    headers = server.asked[0][2]
    assert headers["authorization"] == "Bearer ico_secret" and headers["accept-language"] == "zh-hans"
    assert Client("icons.example.com").connection.url == "https://icons.example.com"


@pytest.mark.parametrize("by_environment", [True, False])
def test_a_proxy_is_asked(by_environment: bool, server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    if by_environment:
        monkeypatch.setenv("HTTP_PROXY", server.url)
    server.answers = [(200, {}, WORDS)]
    options = {} if by_environment else {"proxy": server.url}
    assert Client("http://icons.example.com", **options).words("home") == WORDS
    assert server.asked[0][1] == "http://icons.example.com/api/v1/search/words/?q=home"


def test_the_seconds_of_retry_after() -> None:
    assert (seconds_of("3"), seconds_of("-3"), seconds_of(None), seconds_of("soon")) == (3, 0, None, None)
    late = seconds_of(format_datetime(datetime.now(UTC) + timedelta(seconds=90)))
    assert late is not None and 60 < late <= 90
    assert seconds_of(format_datetime(datetime.now(UTC) - timedelta(seconds=90))) == 0


def test_a_batch_fits_in_a_request() -> None:
    assert [len(batch) for batch in batches((str(number), b"x") for number in range(2 * BATCH + 1))] == [
        BATCH,
        BATCH,
        1,
    ]
    large = b"x" * (BATCH_BYTES // 2 + 1)
    assert [len(batch) for batch in batches([("a", large), ("b", large), ("c", b"")])] == [1, 2]
    assert list(batches([])) == []


def test_pictures_for_which_there_was_no_time_are_sent_again(server: Scripted) -> None:
    def told(indexes: list[int], left: list[int]) -> tuple[int, dict[str, str], Any]:
        answers = [{"index": index, "name": str(index), "have": True} for index in indexes]
        return 200, {}, {"answers": answers, "left": left}

    server.answers = [told([0, 1], [2, 3]), told([0], [1]), told([0], [])]
    pictures = [(name, b"x") for name in "abcd"]
    assert [entry["name"] for entry in Client(server.url).have(pictures)] == list("abcd")
    assert len(server.asked) == 3


@pytest.mark.parametrize("name", ["", ".", "..", "\ud800"])
def test_no_name_leads_to_another_address(name: str, server: Scripted) -> None:
    client = Client(server.url)
    for ask in (client.icon, client.icon_set, lambda name: client.icon_as(name, "svg")):
        with pytest.raises(Unusable, match="called"):
            ask(name)
    assert server.asked == []


@pytest.mark.parametrize("path", ["no/such.png", "a\0b.png", "~nobody-of-this-name/a.png", "."])
def test_a_file_that_cannot_be_read(path: str) -> None:
    with pytest.raises(Unusable, match="cannot be read"):
        read_picture(Path(path))


def test_the_pictures_in_a_folder(tmp_path: Path) -> None:
    for name in ("b.PNG", "a/c.svg", "notes.txt", ".hidden.svg", ".git/d.svg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert [path.relative_to(tmp_path).as_posix() for path in files_in(tmp_path)] == ["a/c.svg", "b.PNG"]
    with pytest.raises(Unusable, match="no files"):
        files_in(tmp_path / "a", (".png",))
    with pytest.raises(Unusable, match="no folder"):
        files_in(tmp_path / "notes.txt")


def test_a_screenshot_of_a_single_icon_is_a_place_of_its_own() -> None:
    hit: Any = {"icon": "a:b", "set": "a", "licence": "MIT", "svg": "", "score": 0.9, "confident": True, "twins": []}
    answer: Any = {"confident": True, "results": [hit, hit], "regions": [], "sets": []}
    (place,) = screenshot_of(answer, 1)["places"]
    assert place["box"] == [0, 0, 1, 1] and len(place["icons"]) == 1
    answer["results"] = []
    assert screenshot_of(answer, 1)["places"] == []


def test_a_real_site(transactional_db: None, indexed_icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with live_site() as address, Client(address) as client:
        house = png_of(svg_of(SHAPES["home"]))
        answer = client.find(house, limit=1, filters={"set": ["shapes"], "style": "filled"})
        assert answer["results"][0]["icon"] == "shapes:home" and answer["confident"]
        assert client.find(svg_of(SHAPES["ring"]), crop=(0, 0, 1, 1))["results"][0]["icon"] == "shapes:ring"
        assert client.words("home")["results"][0]["icon"] == "shapes:home"
        having = list(client.have([("house", house), ("text", b"no picture")]))
        assert [entry["have"] for entry in having] == [True, False] and "problem" in having[1]
        assert [icon_set["prefix"] for icon_set in client.sets()] == ["shapes"]
        assert client.icon_set("shapes")["icons"] == len(SHAPES)
        first = client.pages("sets/shapes/icons/", {"limit": "2", "svg": "1"})  # several pages
        assert [icon["name"] for icon in first] == sorted(SHAPES)
        assert client.icon("shapes:ring").get("svg", "").startswith("<svg")
        drawn = client.icon_as("shapes:ring", "png", size=32, flip=["x"])
        assert drawn["content_type"] == "image/png" and drawn["content"].startswith(b"\x89PNG")
        assert client.get("icons/shapes:ring/related/").keys() == {"same_drawing", "similar"}
        assert client.status() == {
            "ready": True,
            "parts": {"database": True, "queue": True, "weights": True, "index": True},
        }
        with pytest.raises(Refused) as caught:
            client.icon("shapes:nothing")
        assert caught.value.status == 404
