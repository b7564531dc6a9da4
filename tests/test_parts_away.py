"""Pages while a part of the site is away: the database, the queue, the disk. They say so, and when to try again."""

import errno
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from kombu.exceptions import OperationalError as QueueError

from iconsite import warm_up
from search.kept_pictures import KeptPictureQuerySet
from tests.conftest import SHAPES, png_of, svg_of, upload

SENTENCE = "A part of the site is being restarted. Try again in some seconds."


@pytest.fixture
def client(client: Client) -> Client:
    """A client that gets the answer that a visitor gets when a view fails."""
    client.raise_request_exception = False
    return client


@pytest.fixture
def no_database(db: None) -> Iterator[None]:
    """For a test, every statement fails as if the server had gone."""

    def fail(*args: Any) -> None:
        raise OperationalError("the database system is starting up")

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize(
    "address", ["/", "/sets/", "/icons/?q=home", "/icons/a/b/", "/find/x/", "/bag/", "/admin/", "/login/"]
)
@pytest.mark.parametrize("cookie", [False, True])
def test_a_page_without_a_database_says_when_to_try_again(client: Client, address: str, cookie: bool) -> None:
    if cookie:
        client.cookies["sessionid"] = "something"
    reply = client.get(address)
    if reply.status_code in (200, 302):  # it needs no database for somebody without a session
        assert not cookie or address == "/login/"
        return
    assert reply.status_code == 503 and SENTENCE in reply.content.decode()
    assert reply["Retry-After"] == reply["Refresh"] == "5" and reply["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("no_database")
def test_programs_are_told_in_json(client: Client) -> None:
    picture = upload(png_of(svg_of(SHAPES["ring"])))
    for reply in (client.get("/api/v1/sets/"), client.post("/api/v1/search/image/", {"image": picture})):
        assert (reply.status_code, reply.json()["detail"], reply["Retry-After"]) == (503, SENTENCE, "5")
        assert "Refresh" not in reply or reply.request["REQUEST_METHOD"] == "GET"


@pytest.mark.usefixtures("no_database")
def test_a_picture_is_not_lost_in_silence(client: Client) -> None:
    reply = client.post("/", {"image": upload(png_of(svg_of(SHAPES["ring"])))})
    assert reply.status_code == 503 and 'role="alert"' in reply.content.decode() and "Refresh" not in reply


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InterfaceError("gone"), 503),
        (QueueError("refused"), 503),
        (OSError(errno.ENOSPC, "No space left on device"), 503),
        (OSError(errno.EROFS, "Read-only file system"), 503),
        (PermissionError(errno.EACCES, "Permission denied"), 500),
        (ValueError("a fault of ours"), 500),
    ],
)
def test_what_passes_is_told_from_what_does_not(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*args: Any) -> None:
        raise error

    monkeypatch.setattr(KeptPictureQuerySet, "keep", fail)
    reply = client.post("/", {"image": upload(png_of(svg_of(SHAPES["ring"])))})
    assert reply.status_code == status


@pytest.mark.django_db
def test_pages_answer_while_the_networks_are_loaded_and_searches_say_when(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_load, picture = Event(), png_of(svg_of(SHAPES["ring"]))
    monkeypatch.setattr(warm_up, "PATIENCE", 0.01)
    monkeypatch.setattr("search.picture_search.load_models", may_load.wait)
    warm_up.begin()
    try:
        assert client.get("/").status_code == client.get("/sets/").status_code == 200
        for address in ("/", "/api/v1/search/image/", "/upload"):
            reply = client.post(address, {"image": upload(picture), "file": upload(picture)})
            assert reply.status_code == 503 and reply["Retry-After"] == "3" and SENTENCE in reply.content.decode()
    finally:
        may_load.set()
    monkeypatch.setattr(warm_up, "PATIENCE", 60)
    assert client.post("/", {"image": upload(picture)}).status_code == 302


def test_networks_that_cannot_be_loaded_are_left_to_the_first_search(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("no weights")

    monkeypatch.setattr("search.uploads.warm_up", fail)
    monkeypatch.setattr(warm_up, "PATIENCE", 60)
    warm_up.begin()
    assert warm_up.is_ready() and "could not be loaded" in caplog.text
