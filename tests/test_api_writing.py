"""Changing sets and icons by the API: who may, If-Match, Idempotency-Key, and what is wrong."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.utils import timezone

from api.models import ApiKey, KeptAnswer, Scope
from api.models.kept_answers import KEPT_FOR
from icons.models import Icon, IconSet
from search.models import IconTerms
from tests.conftest import SHAPES, svg_of

API = "/api/v1/"
WRITE = ("add_icon", "change_icon", "delete_icon", "add_iconset", "change_iconset", "delete_iconset")


class Program:
    """A program with a key."""

    def __init__(self, scopes: list[str], permissions: tuple[str, ...]) -> None:
        self.owner = User.objects.create_user(f"program-{User.objects.count()}")
        self.owner.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        self.key, self.secret = ApiKey.objects.issue(self.owner, "test", scopes)
        self.client = Client(enforce_csrf_checks=True)

    def ask(self, method: str, address: str, data: Any = None, **headers: str) -> Any:
        """The answer to a request with a JSON body; names of headers have underscores."""
        return self.client.generic(
            method,
            API + address,
            b"" if data is None else json.dumps(data).encode(),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.secret}",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )


@pytest.fixture
def writer(db: None) -> Program:
    """A program that may write."""
    return Program([Scope.READ, Scope.WRITE], WRITE)


def test_a_set_and_its_icon_are_made_changed_and_deleted(writer: Program, client: Client) -> None:
    made = writer.ask("POST", "sets/", {"prefix": "mine", "title": "Mine", "licence_spdx": "MIT"})
    assert made.status_code == 201 and made["Location"] == "http://testserver/api/v1/sets/mine/"
    icon = {
        "set": "mine",
        "name": "ring",
        "svg": svg_of(SHAPES["ring"].replace("<circle", '<circle onclick="x()"')),
        "tags": ["round"],
    }
    made = writer.ask("POST", "icons/", icon)
    assert made.status_code == 201 and "onclick" not in made.json()["svg"]
    read = client.get(made["Location"])
    assert read["ETag"] == made["ETag"] and read.json() == made.json()
    changed = writer.ask("PATCH", "icons/mine:ring/", {"name": "circle", "name_zh": "圆"}, If_Match=made["ETag"])
    assert changed.status_code == 200 and changed.json()["aliases"] == ["ring"]
    assert client.get(f"{API}icons/mine:ring/").json()["icon"] == "mine:circle"
    assert list(IconTerms.objects.get().named) and client.get(f"{API}search/words/?q=圆").json()["total"] == 1
    hidden = writer.ask("PATCH", "icons/mine:circle/", {"hidden": True}, If_Match="*")
    assert hidden.json()["hidden"] is True and client.get(f"{API}icons/").json()["results"] == []
    assert writer.ask("DELETE", "icons/mine:circle/").status_code == 204
    assert client.get(f"{API}icons/mine:circle/").status_code == 404
    assert writer.ask("DELETE", "sets/mine/").status_code == 204 and not IconSet.objects.exists()


def test_hiding_a_set_hides_its_icons(writer: Program, icons: dict[str, Icon], client: Client) -> None:
    reply = writer.ask("PATCH", "sets/shapes/", {"hidden": True, "title": "New"}, If_Match="*")
    assert (reply.json()["title"], reply.json()["icons"]) == ("New", 0)
    assert client.get(f"{API}search/words/?q=ring").json()["total"] == 0
    assert writer.ask("PATCH", "sets/shapes/", {"hidden": False}, If_Match="*").json()["icons"] == len(SHAPES)
    assert client.get(f"{API}search/words/?q=ring").json()["total"] == 1


def test_who_may_not_write_is_told_why(icons: dict[str, Icon]) -> None:
    def why(program: Program) -> tuple[int, str]:
        reply = program.ask("PATCH", "icons/shapes:ring/", {"hidden": True}, If_Match="*")
        return reply.status_code, reply.json()["code"]

    assert why(Program([Scope.READ], WRITE)) == (403, "missing_scope")
    assert why(Program([Scope.WRITE], ("add_icon",))) == (403, "missing_permission")
    stranger = Client().patch(f"{API}icons/shapes:ring/", "{}", content_type="application/json")
    assert stranger.status_code == 401 and stranger["WWW-Authenticate"] == "Bearer"
    person = Client(enforce_csrf_checks=True)
    person.force_login(User.objects.create_superuser("root"))
    assert person.patch(f"{API}icons/shapes:ring/", "{}", content_type="application/json").status_code == 403
    assert not Icon.objects.filter(hidden=True).exists()


def test_a_signed_in_person_writes_with_a_token(admin_user: User, icons: dict[str, Icon]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    client.get("/sets/")
    token = client.cookies["csrftoken"].value
    reply = client.patch(
        f"{API}icons/shapes:ring/",
        '{"category": "Round"}',
        content_type="application/json",
        headers={"X-CSRFToken": token, "If-Match": "*"},
    )
    assert reply.status_code == 200 and Icon.objects.get(name="ring").category == "Round"


def test_nobody_overwrites_what_they_have_not_seen(writer: Program, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring")
    etag = writer.ask("GET", "icons/shapes:ring/")["ETag"]
    missing = writer.ask("PATCH", "icons/shapes:ring/", {"category": "A"})
    assert missing.status_code == 428 and missing.json()["code"] == "precondition_required"
    first = writer.ask("PATCH", "icons/shapes:ring/", {"category": "A"}, If_Match=f'"x", W/{etag}')
    assert first.status_code == 200
    for method, data in (("PATCH", {"category": "B"}), ("DELETE", None)):
        assert writer.ask(method, "icons/shapes:ring/", data, If_Match=etag).status_code == 412
    assert Icon.objects.get().category == "A"
    assert writer.ask("DELETE", "icons/shapes:ring/", If_Match=first["ETag"]).status_code == 204
    assert writer.ask("DELETE", "icons/shapes:ring/", If_Match=first["ETag"]).status_code == 404


@pytest.mark.parametrize(
    ("address", "data", "status", "field"),
    [
        ("icons/", {}, 400, "svg"),
        ("icons/", {"set": "nope", "name": "a", "svg": "<svg/>"}, 400, "set"),
        ("icons/", {"set": "shapes", "name": "A", "svg": "<svg/>"}, 400, "name"),
        ("icons/", {"set": "shapes", "name": "a", "svg": "no"}, 400, "svg"),
        ("sets/", {"prefix": "No! really-64", "title": "It ends like a name"}, 400, "prefix"),
        ("icons/", {"set": "shapes", "name": "a", "svg": "<svg/>", "tags": [1, {}]}, 400, "tags.1"),
        ("icons/", {"set": "shapes", "name": "a", "svg": svg_of(SHAPES["ring"]), "aliases": ["!"]}, 400, "aliases.0"),
        ("icons/", {"set": "shapes", "name": "a\x00", "svg": "<svg/>"}, 400, "name"),
        ("icons/", {"set": "shapes", "name": "ring", "svg": svg_of(SHAPES["ring"])}, 409, "name"),
        ("icons/", [], 400, ""),
        ("sets/", {"prefix": "shapes", "title": "x"}, 409, "prefix"),
        ("sets/", {"prefix": "x"}, 400, "title"),
        ("sets/", {"prefix": "x", "title": "x", "usage": 2**63}, 400, "usage"),
        ("sets/", {"prefix": "x", "title": "\ud800"}, 400, "title"),
    ],
)
def test_what_is_wrong_is_told(
    writer: Program, make_icon: Callable[..., Icon], address: str, data: Any, status: int, field: str
) -> None:
    make_icon("ring")
    reply = writer.ask("POST", address, data)
    assert reply.status_code == status and field in reply.json()["errors"], reply.json()
    assert IconSet.objects.count() == Icon.objects.count() == 1


@pytest.mark.parametrize("body", ["{", "[" * 20_000, '{"title":' * 20_000, '{"prefix": NaN}', b"\xff"])
def test_bodies_that_are_no_json_are_refused(writer: Program, body: str | bytes) -> None:
    headers = {"Authorization": f"Bearer {writer.secret}"}
    broken = writer.client.post(f"{API}sets/", body, content_type="application/json", headers=headers)
    assert broken.status_code == 400 and broken.json()["code"] == "unreadable"
    form = writer.client.post(f"{API}sets/", {"prefix": "a"}, headers=headers)
    assert form.status_code == 415


def test_a_rename_to_a_name_that_is_taken_changes_nothing(writer: Program, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring")
    make_icon("cross")
    reply = writer.ask("PATCH", "icons/shapes:ring/", {"name": "cross", "category": "x"}, If_Match="*")
    assert reply.status_code == 409 and Icon.objects.get(name="ring").category == ""


def test_the_same_request_changes_nothing_twice(writer: Program) -> None:
    data = {"prefix": "mine", "title": "Mine"}
    first = writer.ask("POST", "sets/", data, Idempotency_Key="a")
    again = writer.ask("POST", "sets/", data, Idempotency_Key="a")
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert again["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    other = writer.ask("POST", "sets/", {"prefix": "other", "title": "x"}, Idempotency_Key="a")
    assert other.status_code == 422 and other.json()["code"] == "idempotency_key_reused"
    assert writer.ask("DELETE", "sets/mine/", Idempotency_Key="b").status_code == 204
    assert writer.ask("DELETE", "sets/mine/", Idempotency_Key="b").status_code == 204
    assert writer.ask("DELETE", "sets/mine/").status_code == 404
    stranger = Program([Scope.WRITE], WRITE)
    assert stranger.ask("POST", "sets/", data, Idempotency_Key="a").status_code == 201
    assert writer.ask("POST", "sets/", data, Idempotency_Key="x" * 256).status_code == 400


def test_what_failed_may_be_sent_again(writer: Program) -> None:
    assert writer.ask("POST", "sets/", {"prefix": "a"}, Idempotency_Key="k").status_code == 400
    assert not KeptAnswer.objects.exists()
    assert writer.ask("POST", "sets/", {"prefix": "a", "title": "A"}, Idempotency_Key="k").status_code == 201


def test_answers_are_kept_for_a_day(writer: Program) -> None:
    writer.ask("POST", "sets/", {"prefix": "a", "title": "A"}, Idempotency_Key="k")
    KeptAnswer.objects.update(created_at=timezone.now() - KEPT_FOR + timedelta(minutes=1))
    assert KeptAnswer.objects.delete_old() == 0
    KeptAnswer.objects.update(created_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    assert KeptAnswer.objects.delete_old() == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_with_one_key_are_one() -> None:
    writer = Program([Scope.WRITE], WRITE)
    statuses: list[tuple[int, bool]] = []
    start = threading.Barrier(4)

    def ask() -> None:
        start.wait()
        reply = writer.ask("POST", "sets/", {"prefix": "a", "title": "A"}, Idempotency_Key="k")
        statuses.append((reply.status_code, "Idempotent-Replayed" in reply))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [(201, False), *[(201, True)] * 3] and IconSet.objects.count() == 1
