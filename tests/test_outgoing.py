"""Where webhooks may post to, and for how long: they must not reach the machine's own services, nor hold a worker."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_network
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client

from api import outgoing
from api.models import Webhook
from iconsite.environment import env_networks

LOOPBACK = [ip_network("127.0.0.0/8")]


class Listener:
    """A port of this machine that says so when somebody connects, and then writes some bytes again and again."""

    def __init__(self, drip: bytes, times: int = 1) -> None:
        self.connected = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.drip, self.times = drip, times
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self.socket.accept()
                self.connected += 1
                with connection, suppress(OSError):
                    for _time in range(self.times):
                        connection.sendall(self.drip)
                        time.sleep(0.02)


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener(b"HTTP/1.1 204 No Content\r\n\r\n")
    yield listener
    listener.socket.close()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "0x7f.1",
        "2130706433",
        "017700000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ],
)
def test_this_machine_is_not_connected_to_however_it_is_written(listener: Listener, host: str) -> None:
    taken, answer = outgoing.post(f"http://{host}:{listener.port}/", b"{}", {})
    assert not taken and "WEBHOOK_NETWORKS" in answer and not listener.connected


@pytest.mark.parametrize(
    "number",
    [
        *("10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "224.0.0.1", "255.255.255.255"),
        *("fe80::1", "fc00::1", "ff02::1", "::", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "::ffff:10.0.0.1"),
    ],
)
def test_a_name_that_leads_into_a_network_of_its_own_is_not_connected_to(
    number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = socket.AF_INET6 if ":" in number else socket.AF_INET
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: [(family, 1, 6, "", (number, 80))])
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("It was connected to."))
    taken, answer = outgoing.post("http://hooks.example/", b"{}", {})
    assert not taken and number in answer and "WEBHOOK_NETWORKS" in answer


@pytest.mark.parametrize("number", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"])
def test_public_addresses_may_be_reached(number: str) -> None:
    outgoing.refuse_numbers(number)


def test_a_name_with_a_public_and_a_private_address_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    places = [(socket.AF_INET, 1, 6, "", (number, 80)) for number in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: places)
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("It was connected to."))
    assert "127.0.0.1" in outgoing.post("https://hooks.example/", b"{}", {})[1]


def test_networks_that_the_operator_names_may_be_reached(listener: Listener, settings: LazySettings) -> None:
    settings.WEBHOOK_NETWORKS = LOOPBACK
    assert outgoing.post(f"http://localhost:{listener.port}/", b"{}", {}) == (True, "204")
    assert listener.connected == 1


@pytest.mark.parametrize(
    ("drip", "times"),
    [(b"", 500), (b"H", 500), (b"HTTP/1.1 200 OK\r\nX: y\r\n", 500), (b"HTTP/1.1 200 OK\r\n\r\n", 500)],
    ids=["silent", "status", "headers", "body"],
)
def test_an_address_that_drips_its_answer_is_hung_up_on(
    drip: bytes, times: int, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.WEBHOOK_NETWORKS = LOOPBACK
    monkeypatch.setattr(outgoing, "TIMEOUT", 0.3)
    monkeypatch.setattr(outgoing, "ANSWER_KEPT", 10**6)
    listener = Listener(drip, times)
    taken, _answer = outgoing.post(f"http://127.0.0.1:{listener.port}/", b"{}", {})
    listener.socket.close()
    assert not taken


@pytest.mark.parametrize("header", [b"Content-Length: 9", b"Content-Encoding: gzip"])
def test_an_answer_that_breaks_off_or_cannot_be_read_is_told(header: bytes, settings: LazySettings) -> None:
    settings.WEBHOOK_NETWORKS = LOOPBACK
    listener = Listener(b"HTTP/1.1 200 OK\r\n" + header + b"\r\n\r\nhalf")
    taken, answer = outgoing.post(f"http://127.0.0.1:{listener.port}/", b"{}", {})
    listener.socket.close()
    assert not taken and answer


def test_a_secret_in_the_address_is_not_kept(settings: LazySettings) -> None:
    settings.WEBHOOK_NETWORKS = LOOPBACK
    taken, answer = outgoing.post("http://127.0.0.1:1/hook?token=hidden", b"{}", {})
    assert not taken and answer and "hidden" not in answer


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/"])
def test_the_admin_says_at_once_that_a_number_may_not_be_reached(url: str, admin_client: Client, db: Any) -> None:
    page = admin_client.post("/admin/api/webhook/add/", {"url": url, "sets": "", "active": "on"})
    assert "WEBHOOK_NETWORKS" in page.content.decode() and not Webhook.objects.exists()
    with pytest.raises(ValidationError):
        Webhook(url=url).full_clean()


def test_what_is_no_network_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_NETWORKS", "10.0.0.1/8, fd00::/8")
    assert env_networks("WEBHOOK_NETWORKS") == [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
    monkeypatch.setenv("WEBHOOK_NETWORKS", "intranet")
    with pytest.raises(ImproperlyConfigured, match="WEBHOOK_NETWORKS must be networks"):
        env_networks("WEBHOOK_NETWORKS")
