"""Questions to a WSGI application, as a web server asks them."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

Answer = tuple[str, dict[str, str], bytes]
ADDRESS = "192.0.2.1"  # where questions come from


def ask(site: Any, path: str, query: str = "", method: str = "GET", **headers: str) -> Answer:
    """Status, headers and body of an answer; headers are named as in the environment of a request."""
    environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method, **headers}
    environ |= {"wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "REMOTE_ADDR": ADDRESS}
    setup_testing_defaults(environ)
    said: list[Any] = []
    body = b"".join(site(environ, lambda status, headers, *error: said.extend((status, headers))))
    return said[0], dict(said[1]), body


@contextmanager
def connections_kept() -> Iterator[None]:
    """For the `with` block, questions do not close the connection of the test, in whose transaction its data are."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
