"""What one visitor may take of the site, and how often passwords may be tried."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import redis
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import Client, RequestFactory

from bags import download_views
from icons import client_address as client_addresses
from icons.client_address import client_address
from icons.exporting.look import PLAIN, Look
from icons.models import Icon
from iconsite import limits, middleware
from iconsite.limits import Bucket, take
from search import picture_views
from tests.conftest import SHAPES, png_of, svg_of, upload

LOGIN = {"username": "ann", "password": "wrong"}


@pytest.fixture(autouse=True)
def _no_tokens_taken() -> None:
    limits._silent_until = 0.0
    client = redis.Redis(connection_pool=limits._script().registered_client.connection_pool)
    for key in client.scan_iter("limit:*"):
        client.delete(key)


@pytest.fixture
def limited(settings: LazySettings) -> LazySettings:
    """The settings, with limits that a test soon reaches."""
    settings.LIMIT_RATE = settings.LIMIT_RATE_SESSION = 0.1
    settings.LIMIT_BURST, settings.LIMIT_AT_ONCE, settings.LIMIT_SIGN_INS = 100, 2, 3
    return settings


def test_a_bucket_is_overdrawn_once_and_fills_again() -> None:
    bucket = Bucket("a", rate=0.001, capacity=10)
    assert take([bucket], 4) == 0 and take([bucket], 5) == 0
    assert 2900 < take([bucket], 4) <= 3000
    assert 9900 < take([bucket], 500) <= 10_000  # never deeper than it is high
    assert take([Bucket("a", rate=1e9, capacity=10)], 0) == 0


def test_the_emptiest_of_several_buckets_counts() -> None:
    full, empty = Bucket("full", 1, 100), Bucket("empty", 0.1, 1)
    take([empty], 2)
    assert 9 < take([full, empty], 0) <= 10 and take([full], 0) == 0


def test_without_redis_nobody_is_limited_and_it_is_not_asked_again_at_once(
    monkeypatch: pytest.MonkeyPatch, limited: LazySettings
) -> None:
    calls = []

    def fail(**kwargs: Any) -> None:
        calls.append(kwargs)
        raise redis.ConnectionError("gone")

    monkeypatch.setattr(limits, "_script", lambda: fail)
    assert [take([Bucket("a", 1, 1)], 9) for _ in range(3)] == [0, 0, 0] and len(calls) == 1


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "1.2.3.4", "9.9.9.9", "1.2.3.4"),
        (1, "10.0.0.1", "8.8.8.8, 1.2.3.4", "1.2.3.4"),
        (2, "10.0.0.1", "8.8.8.8, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (2, "10.0.0.1", "1.2.3.4", "1.2.3.4"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "<script>", "unknown"),
        (0, "2001:db8::1:2:3:4", "", "2001:db8::/64"),
        (0, "::ffff:1.2.3.4", "", "1.2.3.4"),
        (0, "", "", "unknown"),
    ],
)
def test_who_asks(settings: LazySettings, proxies: int, remote: str, forwarded: str, address: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


def test_a_proxy_that_the_site_does_not_know_of_is_told_of_once(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    client_addresses._hint.cache_clear()
    settings.TRUSTED_PROXIES = 0
    for _ in range(2):
        client_address(RequestFactory().get("/", HTTP_X_FORWARDED_FOR="1.2.3.4"))
    assert [record.message.endswith("set TRUSTED_PROXIES=1.") for record in caplog.records] == [True]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "language", "sentence"),
    [
        ("/sets/", "en", '<p role="alert" class="errors">You ask for too much at once.'),
        ("/sets/", "zh-hans", "您的请求过于频繁"),
        ("/api/v1/sets/", "en", '"detail": "You ask for too much at once. Try again in some seconds."'),
    ],
)
def test_who_takes_too_much_is_told_when_to_come_back(
    client: Client, limited: LazySettings, address: str, language: str, sentence: str
) -> None:
    assert client.get(address).status_code == 200
    take(limits.buckets_of(RequestFactory().get("/")), 101)
    refused = client.get(address, headers={"Accept-Language": language})
    assert refused.status_code == 429 and sentence in refused.content.decode()
    assert int(refused["Retry-After"]) >= 1 and refused["Cache-Control"] == "no-store"
    other = client.get(address, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 200


@pytest.mark.django_db
def test_a_session_pays_too_from_wherever_it_asks(client: Client, limited: LazySettings) -> None:
    limited.LIMIT_RATE = 1e9
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.0")
    request.COOKIES["sessionid"] = "anything"
    statuses = []
    for number in range(1, 3):
        client.cookies["sessionid"] = "anything"
        statuses.append(client.get("/sets/", REMOTE_ADDR=f"192.0.2.{number}").status_code)
        take(limits.buckets_of(request), 101)
    client.cookies["sessionid"] = "another"
    assert [*statuses, client.get("/sets/").status_code] == [200, 429, 200]


def test_who_waits_for_each_answer_is_never_refused(limited: LazySettings) -> None:
    limited.LIMIT_RATE, limited.LIMIT_BURST = 1, 0.2

    def site(request: HttpRequest) -> HttpResponse:
        time.sleep(0.02)
        return HttpResponse()

    limit = middleware.LimitMiddleware(site)
    assert {limit(RequestFactory().get("/")).status_code for _ in range(20)} == {200}


@pytest.mark.django_db
def test_of_searches_some_run_at_once(client: Client, limited: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses: list[int] = []

    def search() -> int:
        return client.post("/", {"image": upload(png_of(svg_of(SHAPES["ring"])))}).status_code

    def search_again(request: HttpRequest) -> None:  # while this search is being answered
        if not statuses:
            statuses.append(search())

    monkeypatch.setattr(picture_views, "refuse_large_body", search_again)
    assert (search(), statuses) == (302, [429, 302])
    assert search() == 302  # nothing runs any more


@pytest.mark.django_db
def test_of_downloads_a_visitor_has_one_at_once_and_all_have_some(
    client: Client, limited: LazySettings, monkeypatch: pytest.MonkeyPatch, make_icon: Callable[..., Icon]
) -> None:
    make_icon("ring")
    client.post("/bag/change/", {"add": "shapes:ring"})
    download = f"{client.get('/bag/')['Location']}svg.zip"
    replies: list[Any] = []

    def download_again(query: QueryDict) -> Look:  # while this download is being made
        replies.append(client.get(download))
        if len(replies) == 1:
            replies.append(client.get(download, REMOTE_ADDR="192.0.2.7"))
        return PLAIN

    monkeypatch.setattr(download_views, "parse_look", download_again)
    limited.LIMIT_DOWNLOADS = 2
    assert client.get(download).status_code == 200
    assert [reply.status_code for reply in replies] == [429, 429, 200]
    assert "download before this" in replies[0].content.decode()
    limited.LIMIT_DOWNLOADS = 1
    replies.clear()
    assert client.get(download).status_code == 200
    assert [reply.status_code for reply in replies] == [429, 503]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/login/", "/admin/login/"])
def test_wrong_passwords_are_limited_and_right_ones_are_free(
    client: Client, limited: LazySettings, address: str
) -> None:
    limited.LIMIT_RATE = 0
    User.objects.create_user("ann", password="right", is_staff=True)
    right = {**LOGIN, "password": "right"}
    assert [client.post(address, right).status_code for _ in range(6)] == [302] * 6
    client.logout()
    assert [client.post(address, LOGIN).status_code for _ in range(3)] == [200] * 3
    refused = client.post(address, right)
    assert refused.status_code == 429 and "too many attempts to sign in" in refused.content.decode()
    assert 60 <= int(refused["Retry-After"]) <= 200
    assert client.post(address, right, REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/login/", "/admin/login/"])
def test_a_page_of_another_site_cannot_use_up_the_attempts_to_sign_in(limited: LazySettings, address: str) -> None:
    limited.LIMIT_RATE = 0
    client = Client(enforce_csrf_checks=True)
    assert [client.post(address, LOGIN).status_code for _ in range(10)] == [403] * 10
    token = client.get(address).context["csrf_token"]
    assert client.post(address, {**LOGIN, "csrfmiddlewaretoken": str(token)}).status_code == 200
