"""Who may use the API: keys, sessions, strangers, pages of other sites; and what each may take."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from api.models import ApiKey, Scope
from icons.models import Icon
from iconsite import limits
from iconsite.limits import take

SETS, WORDS = "/api/v1/sets/", "/api/v1/search/words/?q=ring"
CLOSED = {"read": False, "search": False}


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("ann", password="x")


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def no_tokens_taken() -> Iterator[None]:
    """Empty buckets, before and after a test."""
    limits._silent_until = 0.0
    client = redis.Redis(connection_pool=limits._script().registered_client.connection_pool)
    for _ in range(2):
        for key in client.scan_iter("limit:*"):
            client.delete(key)
        if _ == 0:
            yield


def test_a_key_is_shown_once_and_stored_as_a_hash(client: Client, person: User) -> None:
    client.force_login(person)
    page = client.post("/keys/", {"name": "My <plugin>", "scopes": ["read", "search"], "days": "365"})
    key = ApiKey.objects.get()
    secret: str = page.context["secret"]
    assert secret in page.content.decode() and page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert secret.startswith(key.start) and secret not in str(vars(key)) and len(key.digest) == 64
    assert key.expires_at and timedelta(364) < key.expires_at - timezone.now() <= timedelta(365)
    again = client.get("/keys/").content.decode()
    assert "My &lt;plugin&gt;" in again and secret not in again and "never used" in again
    assert client.get(SETS, headers=bearer(secret)).status_code == 200
    assert "last used" in client.get("/keys/").content.decode()


def test_a_person_deletes_only_their_own_keys(client: Client, person: User) -> None:
    other = User.objects.create_user("bob")
    own, _ = ApiKey.objects.issue(person, "own", ["read"])
    others, secret = ApiKey.objects.issue(other, "other", ["read"])
    client.force_login(person)
    assert client.post(f"/keys/{others.pk}/delete/").status_code == 404
    assert client.post(f"/keys/{own.pk}/delete/")["Location"] == "/keys/"
    assert list(ApiKey.objects.all()) == [others] and "other" not in client.get("/keys/").content.decode()
    client.logout()
    assert client.get("/keys/")["Location"] == "/login/?next=/keys/"


@pytest.mark.parametrize("fields", [{}, {"name": "x"}, {"name": "x", "scopes": ["all"], "days": "1"}])
def test_a_key_that_is_not_filled_in_is_not_made(client: Client, person: User, fields: dict[str, Any]) -> None:
    client.force_login(person)
    page = client.post("/keys/", fields)
    assert page.status_code == 400 and 'role="alert"' in page.content.decode() and not ApiKey.objects.exists()


def test_a_key_is_made_in_the_admin(admin_client: Client, person: User) -> None:
    fields = {"owner": person.pk, "name": "CI", "scopes": ["read"], "rate": "2.5"}
    page = admin_client.post("/admin/api/apikey/add/", fields, follow=True)
    (message,) = (str(message) for message in page.context["messages"] if "copy it now" in str(message))
    secret = message.split()[3]
    key = ApiKey.objects.of_secret(secret)
    assert key and (key.owner, key.rate, key.scopes) == (person, 2.5, ["read"])
    assert "ico_" + "x" not in admin_client.get(f"/admin/api/apikey/{key.pk}/change/").content.decode()
    assert secret not in admin_client.get("/admin/api/apikey/").content.decode()


def test_keys_that_are_not_valid_are_a_401(client: Client, person: User) -> None:
    past = timezone.now() - timedelta(seconds=1)
    _, expired = ApiKey.objects.issue(person, "old", ["read"], past)
    gone, secret = ApiKey.objects.issue(person, "gone", ["read"])
    gone.delete()
    for wrong in (expired, secret, "ico_x", "", "ico_\udcff", "ico_" + "x" * 10_000, "x"):
        reply = client.get(SETS, headers=bearer(wrong))
        assert reply.status_code == 401 and reply["WWW-Authenticate"] == "Bearer", wrong
        assert reply.json()["code"] == "wrong_key"
    _, valid = ApiKey.objects.issue(person, "new", ["read"])
    assert client.get(SETS, headers=bearer(valid)).status_code == 200
    assert client.get(SETS, headers={"Authorization": "Basic eDp5"}).status_code == 200  # of a proxy
    person.is_active = False
    person.save()
    assert client.get(SETS, headers=bearer(valid)).status_code == 401


def test_a_closed_site_asks_for_a_scope(client: Client, person: User, icons: Any, settings: LazySettings) -> None:
    settings.API_ANONYMOUS = CLOSED
    _, reader = ApiKey.objects.issue(person, "reader", [Scope.READ])
    _, searcher = ApiKey.objects.issue(person, "searcher", [Scope.SEARCH])
    statuses = {
        (address, who): client.get(address, headers=headers).status_code
        for address in (SETS, WORDS)
        for who, headers in {"stranger": {}, "reader": bearer(reader), "searcher": bearer(searcher)}.items()
    }
    assert list(statuses.values()) == [401, 200, 403, 401, 403, 200]
    reply = client.get(SETS, headers=bearer(searcher)).json()
    assert reply["code"] == "missing_scope" and "read" in reply["detail"]
    client.force_login(person)
    assert client.get(SETS).status_code == client.get(WORDS).status_code == 200


def test_a_key_costs_one_query(
    client: Client, person: User, icons: dict[str, Icon], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, secret = ApiKey.objects.issue(person, "x", ["read"])
    client.get(SETS, headers=bearer(secret))
    with django_assert_num_queries(2):
        client.get(SETS, headers=bearer(secret))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "origins", "shown"),
    [
        ("GET", SETS, ["*"], True),
        ("HEAD", SETS, ["*"], True),
        ("POST", "/api/v1/search/image/", ["*"], True),
        ("POST", SETS, ["*"], False),
        ("PATCH", "/api/v1/icons/a:b/", ["*"], False),
        ("DELETE", "/api/v1/icons/a:b/", ["*"], False),
        ("GET", SETS, ["https://page.example"], True),
        ("GET", SETS, ["https://other.example"], False),
        ("GET", SETS, [], False),
        ("GET", "/sets/", ["*"], False),
    ],
)
def test_pages_of_other_sites_read_and_search_and_never_write(
    client: Client, settings: LazySettings, method: str, path: str, origins: list[str], shown: bool
) -> None:
    settings.API_ORIGINS = origins
    origin = {"Origin": "https://page.example"}
    asked = client.options(path, headers={**origin, "Access-Control-Request-Method": method})
    reply = client.generic(method, path, headers=origin)
    for answer in (asked, reply):
        assert answer.get("Access-Control-Allow-Origin") == ("https://page.example" if shown else None)
        assert "Access-Control-Allow-Credentials" not in answer
    if shown:
        assert "authorization" in asked["Access-Control-Allow-Headers"] and "origin" in reply["Vary"]
        assert "Retry-After" in reply["Access-Control-Expose-Headers"]


@pytest.mark.django_db
def test_a_key_pays_from_a_bucket_of_its_own(
    client: Client, person: User, settings: LazySettings, no_tokens_taken: None
) -> None:
    settings.LIMIT_RATE = settings.LIMIT_RATE_KEY = 0.1
    settings.LIMIT_BURST = 100
    key, secret = ApiKey.objects.issue(person, "x", ["read"])
    _, fast = ApiKey.objects.issue(person, "fast", ["read"], rate=1e9)
    stranger = client.get(SETS)
    assert stranger["RateLimit-Policy"] == '"busy";q=100;qu="seconds";w=1000'
    assert stranger["RateLimit"].startswith('"busy";r=9')
    take(limits.buckets_of(RequestFactory().get("/")), 101)
    assert client.get(SETS).status_code == 429
    assert client.get(SETS, headers=bearer("ico_wrong")).status_code == 429  # no way around the limit of an address
    assert client.get(SETS, headers=bearer(secret)).status_code == 200
    take(limits.buckets_of(RequestFactory().get("/", headers=bearer(secret))), 101)
    refused = client.get(SETS, headers=bearer(secret))
    assert refused.status_code == 429 and int(refused["Retry-After"]) >= 1
    assert refused.json()["code"] == "throttled" and refused["Content-Type"] == "application/problem+json"
    assert client.get(SETS, headers=bearer(fast)).status_code == 200
