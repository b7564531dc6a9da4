"""What has changed, as programs that follow a set are told: by asking, and by webhooks."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from api import tasks, webhooks
from api.models import Change, Delivery, Webhook
from api.models.webhooks import DELAYS, LEASE
from icons.importing.importer import run_import
from icons.importing.packs import Pack, SetInfo, SourceIcon
from icons.models import Icon, IconSet, ImportRun
from tests.conftest import SHAPES, Worker, svg_of, wait_until

CHANGES = "/api/v1/changes/"


def told(client: Client, query: str = "") -> list[tuple[str, str, str]]:
    """(kind, id of the icon or prefix of the set, id before) of the changes since a place."""
    results = client.get(f"{CHANGES}?{query}").json()["results"]
    return [(each["kind"], each["icon"] or each["set"], each["earlier"]) for each in results]


def cursor(client: Client) -> str:
    """The place after all changes so far."""
    return str(client.get(f"{CHANGES}?since=latest").json()["cursor"])


def import_pack(names: str, body: str, prune: bool = False) -> None:
    """Import a set `pack` with icons of these names, one letter each."""
    run = ImportRun.objects.create(source="test")
    run.claim()
    icons = [SourceIcon(name, svg_of(body)) for name in names]
    run_import(run, [Pack(SetInfo("pack", "Pack"), icons)], prune=prune)


def test_every_kind_of_change_is_told(client: Client, make_icon: Callable[..., Icon]) -> None:
    assert told(client) == [("added", "shapes", "")]
    start = cursor(client)
    icon = make_icon("ring")
    make_icon("cross", hidden=True)
    icon.category = "Round"
    icon.save()
    icon.save()  # changes nothing
    icon.keep_name("ring")
    icon.name = "circle"
    icon.save()
    Icon.objects.filter(pk=icon.pk).set_hidden(True)
    Icon.objects.filter(pk=icon.pk).set_hidden(False)
    other = IconSet.objects.create(prefix="other", title="Other")
    icon.refresh_from_db()
    icon.set = other
    icon.save()
    other.title = "New"
    other.save()
    other.delete()
    assert told(client, f"since={start}") == [
        ("added", "shapes:ring", ""),
        ("changed", "shapes:ring", ""),
        ("renamed", "shapes:circle", "shapes:ring"),
        ("removed", "shapes:circle", ""),
        ("added", "shapes:circle", ""),
        ("added", "other", ""),
        ("renamed", "other:circle", "shapes:circle"),
        ("changed", "other", ""),
        ("removed", "other:circle", ""),
        ("removed", "other", ""),
    ]
    assert told(client, f"since={start}&set=other")[0] == ("added", "other", "")


def test_bulk_writes_are_told_too(client: Client, db: None) -> None:
    import_pack("abc", SHAPES["ring"])
    start = cursor(client)
    import_pack("abc", SHAPES["ring"])
    assert told(client, f"since={start}") == []
    import_pack("abd", SHAPES["cross"], prune=True)
    assert sorted(told(client, f"since={start}")) == [
        ("added", "pack:d", ""),
        ("changed", "pack:a", ""),
        ("changed", "pack:b", ""),
        ("removed", "pack:c", ""),
    ]
    start = cursor(client)
    Icon.objects.all().delete_locked()
    assert len(told(client, f"since={start}")) == 3


def test_a_program_reads_all_changes_page_by_page(client: Client, db: None) -> None:
    import_pack("abcdefg", SHAPES["ring"])
    since, seen = "0", []
    while True:
        page = client.get(f"{CHANGES}?since={since}&limit=3").json()
        seen += [each["icon"] for each in page["results"]]
        since = page["cursor"]
        if not page["more"]:
            break
    assert seen == [None, *(f"pack:{name}" for name in "abcdefg")] and told(client, f"since={since}") == []
    assert since == cursor(client)
    version = Icon.objects.get(name="g").svg_version
    assert client.get(f"{CHANGES}?limit=1000").json()["results"][-1]["version"] == version


@pytest.mark.django_db(transaction=True)
def test_a_change_whose_transaction_ends_late_is_not_missed(client: Client) -> None:
    icon_set = IconSet.objects.create(prefix="shapes", title="Shapes")
    start = cursor(client)
    written, may_end = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            Icon.objects.create(set=icon_set, name="slow", svg=svg_of(SHAPES["ring"]))
            written.set()
            may_end.wait(30)
        connection.close()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    written.wait(30)
    Icon.objects.create(set=icon_set, name="quick", svg=svg_of(SHAPES["ring"]))
    assert told(client, f"since={start}") == [("added", "shapes:quick", "")]
    middle = cursor(client)
    may_end.set()
    thread.join()
    assert told(client, f"since={middle}") == [("added", "shapes:slow", "")]


@pytest.mark.parametrize(
    ("query", "status"),
    [("since=x", 400), ("since=-1", 400), ("since=99999999999999999999", 400), ("since=5000", 410), ("limit=0", 400),
     ("set=%00", 400)],
)  # fmt: skip
def test_wrong_places_are_refused(client: Client, icon_set: IconSet, query: str, status: int) -> None:
    assert client.get(f"{CHANGES}?{query}").status_code == status


def test_changes_are_kept_for_a_while(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring")
    early = client.get(f"{CHANGES}?limit=1").json()["cursor"]
    late = cursor(client)
    Change.objects.update(at=timezone.now() - timedelta(days=100))
    make_icon("cross")
    assert tasks.tidy() == 2 and tasks.tidy() == 0
    assert client.get(f"{CHANGES}?since={early}").status_code == 410
    assert told(client, f"since={late}") == told(client) == [("added", "shapes:cross", "")]


# --- webhooks ---


@pytest.fixture(autouse=True)
def _this_machine_may_be_told(settings: LazySettings) -> None:
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]


class Receiver:
    """A program that webhooks call, on this machine; it answers with `status`."""

    def __init__(self) -> None:
        self.status, self.messages = 200, list[tuple[dict[str, str], bytes]]()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.messages.append(({key.lower(): value for key, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(b"noted\x00")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def icons(self) -> list[list[str]]:
        """The ids of the icons in each message."""
        return [[each["icon"] for each in json.loads(body)["changes"]] for _headers, body in self.messages]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


def due_now() -> None:
    Webhook.objects.update(due_at=timezone.now())


def test_a_webhook_is_told_what_changes_signed(receiver: Receiver, make_icon: Callable[..., Icon]) -> None:
    make_icon("before")
    Change.objects.publish()
    webhook = Webhook.objects.create(url=receiver.url)
    make_icon("ring")
    make_icon("cross")
    assert tasks.send_webhooks() == 1 and receiver.icons() == [["shapes:ring", "shapes:cross"]]
    headers, body = receiver.messages[0]
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}" and headers["content-type"] == "application/json"
    assert json.loads(body)["cursor"] == str(Change.objects.last_position())
    due_now()
    assert tasks.send_webhooks() == 0 and len(receiver.messages) == 1
    delivery = Delivery.objects.get()
    assert (delivery.delivered, delivery.attempts, delivery.answer) == (True, 1, "200 noted")


def test_a_webhook_follows_some_sets(receiver: Receiver, make_icon: Callable[..., Icon]) -> None:
    Webhook.objects.create(url=receiver.url, sets=["other"])
    make_icon("ring")
    other = IconSet.objects.create(prefix="other", title="Other")
    make_icon("home", set=other)
    assert tasks.send_webhooks() == 1 and receiver.icons() == [[None, "other:home"]]
    with pytest.raises(ValidationError):
        Webhook(url="ftp://x", sets=["?"]).full_clean()


@pytest.mark.parametrize("status", [500, 404, 302])
def test_what_was_not_taken_is_sent_again_and_in_order(
    receiver: Receiver, make_icon: Callable[..., Icon], status: int
) -> None:
    Webhook.objects.create(url=receiver.url)
    make_icon("ring")
    receiver.status = status
    assert tasks.send_webhooks() == 0
    webhook = Webhook.objects.get()
    assert timedelta(0) < webhook.due_at - timezone.now() <= DELAYS[0]
    assert tasks.send_webhooks() == 0 and len(receiver.messages) == 1  # it is not due yet
    receiver.status = 200
    make_icon("cross")
    due_now()
    assert tasks.send_webhooks() == 2
    first, second, _ = receiver.messages
    assert first[1] == second[1] and first[0]["webhook-id"] == second[0]["webhook-id"]
    assert receiver.icons()[2] == ["shapes:cross"]
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [1, 2]


def test_a_webhook_that_never_answers_is_switched_off(
    receiver: Receiver, make_icon: Callable[..., Icon], admin_client: Client
) -> None:
    receiver.server.shutdown()
    receiver.server.server_close()
    webhook = Webhook.objects.create(url=receiver.url)
    make_icon("ring")
    for _ in range(len(DELAYS) + 1):
        due_now()
        tasks.send_webhooks()
    webhook.refresh_from_db()
    assert not webhook.active and Delivery.objects.get().attempts == len(DELAYS) + 1
    page = admin_client.get("/admin/api/delivery/").content.decode()
    assert "refused" in page.lower()
    admin_client.post("/admin/api/webhook/", {"action": "try_now", "_selected_action": [webhook.pk]})
    webhook.refresh_from_db()
    assert webhook.active and webhook.due_at <= timezone.now() and Delivery.objects.get().attempts == 0


def test_a_webhook_is_made_in_the_admin(admin_client: Client, db: None) -> None:
    assert "whsec_" not in admin_client.get("/admin/api/webhook/add/").content.decode()  # it would not be stored
    admin_client.post("/admin/api/webhook/add/", {"url": "http://127.0.0.1:1/", "sets": "a,b", "active": "on"})
    webhook = Webhook.objects.get()
    assert webhook.sets == ["a", "b"]
    assert webhook.secret in admin_client.get(f"/admin/api/webhook/{webhook.pk}/change/").content.decode()


def test_one_worker_at_a_time_tells_a_webhook(db: None) -> None:
    webhook = Webhook.objects.create(url="http://127.0.0.1:1/")
    assert Webhook.objects.claim() == webhook and Webhook.objects.claim() is None
    Webhook.objects.update(due_at=timezone.now() - LEASE)  # its worker died
    assert Webhook.objects.claim() == webhook


def test_the_signature_is_that_of_the_specification() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    signed = webhooks.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.django_db(transaction=True)
def test_the_worker_tells_a_webhook(worker: Worker, receiver: Receiver) -> None:
    Webhook.objects.create(url=receiver.url)
    IconSet.objects.create(prefix="shapes", title="Shapes")
    tasks.send_webhooks.delay()
    wait_until(lambda: bool(receiver.messages))
    assert json.loads(receiver.messages[0][1])["changes"][0]["set"] == "shapes"
