"""Posting to addresses that somebody has entered: not to this machine or its networks, and not for long.

Names are looked up here and the connection goes to what was looked at, so that a name cannot lead elsewhere afterwards.
"""

import ipaddress
import os
import socket
import threading
import time
from contextlib import closing, suppress
from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

TIMEOUT = 10  # seconds from the beginning until all that is wanted of the answer is there
ANSWER_KEPT = 500  # characters
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotPublic(OSError):
    """The error that an address is within this machine, or within a network of its own."""


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[bool, str]:
    """Post to an address, without following redirects; (whether it was taken, what came back or why nothing did).

    A proxy that the environment names is used, and then decides where it connects to.
    """
    adapter = _Adapter()
    with requests.Session() as session:
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        watch = threading.Timer(TIMEOUT, adapter.hang_up)
        watch.start()
        try:
            # The time-out of each part alone would let an address that drips its answer hold the worker for hours.
            reply = session.post(url, body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True)
            with reply:
                text = reply.raw.read(ANSWER_KEPT, decode_content=True).decode("utf-8", "replace")
            taken, answer = 200 <= reply.status_code < 300, f"{reply.status_code} {text}".strip()
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            taken, answer = False, _reason(error)
        finally:
            watch.cancel()
            adapter.forget()
    if adapter.hung_up:
        return False, _("There was no whole answer in %(seconds)d seconds.") % {"seconds": TIMEOUT}
    return taken, answer


def refuse_numbers(host: str) -> None:
    """Raises NotPublic where `host` is a number, however it is written, that must not be posted to.

    Names are looked up when something is posted.
    """
    with suppress(socket.gaierror, UnicodeError):
        for *_rest, where in socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST):
            _refuse(host, str(where[0]))


def _refuse(host: str, number: str) -> None:
    address = ipaddress.ip_address(number.partition("%")[0])
    if not any(_may_be_reached(meant) for meant in (address, _embedded(address)) if meant):
        sentence = _(
            "%(host)s is at %(address)s, on this machine or in a network that is not public: the setting"
            " WEBHOOK_NETWORKS says which of these may be reached."
        )
        raise NotPublic(sentence % {"host": host, "address": number})


def _may_be_reached(address: Address) -> bool:
    is_public = _embedded(address) is None and address.is_global and not address.is_multicast
    return is_public or any(address in network for network in settings.WEBHOOK_NETWORKS)


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    """The address of IPv4 that one of IPv6 stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _reason(error: Exception) -> str:
    """What went wrong, without the address, which may hold a secret."""
    cause: Any = error.args[0] if error.args else error
    return str(getattr(cause, "reason", None) or error)


class _Adapter(HTTPAdapter):
    """Connects only to where something may be posted, and can hang up from another thread."""

    def __init__(self) -> None:
        self._connected: list[socket.socket] = []  # doubles, since TLS takes the sockets themselves over
        self._deadline = time.monotonic() + TIMEOUT
        self.hung_up = False
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        adapter = self

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return adapter.connect(self.host, self.port)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return adapter.connect(self.host, self.port)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to the first of the host's addresses that answers. Raises NotPublic and other OSErrors."""
        places = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        for *_rest, where in places:
            _refuse(host, str(where[0]))
        failure = OSError(f"{host} has no address.")
        for family, kind, protocol, _name, where in places:
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(max(0.1, self._deadline - time.monotonic()))
                connection.connect(where)
            except OSError as error:
                connection.close()
                failure = error
            else:
                self._connected.append(socket.socket(fileno=os.dup(connection.fileno())))
                return connection
        raise failure

    def hang_up(self) -> None:
        """End the connection: whoever reads from it is told that there is nothing more."""
        self.hung_up = True
        for double in self._connected:
            with suppress(OSError):
                double.shutdown(socket.SHUT_RDWR)

    def forget(self) -> None:
        """Close the doubles."""
        for double in self._connected:
            with closing(double):
                pass
