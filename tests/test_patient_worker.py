"""Clients that send their requests slowly, or take their answers slowly, and do not hold the others up."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO

import pytest
import requests
from django.conf import settings
from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.http.wsgi import create

from iconsite import gunicorn_conf
from iconsite.patient_worker import ImpatientSocket
from tests.conftest import wait_until

# A site of one answering thread, with little patience.
CONFIGURATION = """
from iconsite import patient_worker
from iconsite.gunicorn_conf import *

patient_worker.PATIENCE, patient_worker.SLOWEST, patient_worker.WRITE_PATIENCE = 3, 1000, 3
patient_worker.MOST_OF_ONE_ADDRESS = 120
patient_worker.MOST_BUFFERED = 3_000_000
bind = "127.0.0.1:0"
post_worker_init = lambda worker: None

def when_ready(server):
    with open("port", "w") as file:
        file.write(str(server.LISTENERS[0].sock.getsockname()[1]))
"""
APPLICATION = """
import django.conf

django.conf.settings.configure(IMPORT_UPLOAD_MAX_BYTES=2_000_000, TRUSTED_PROXIES=0)

def application(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"large" * 10_000_000] if environ["PATH_INFO"] == "/large" else [b"%d bytes" % len(body)]

def prompt(environ, start_response):
    if environ["PATH_INFO"] != "/prompt":
        return None
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "7")])
    return [b"at once"]

application.prompt = prompt
"""
HALF_HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-"
HALF_BODY = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nsome"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a web server with the configuration of the site, and an application that counts bytes."""
    folder = tmp_path_factory.mktemp("patient")
    (folder / "conf.py").write_text(CONFIGURATION)
    (folder / "counting.py").write_text(APPLICATION)
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "conf.py", "counting"],
        cwd=folder,
        env={**os.environ, "WEB_THREADS": "1", "PYTHONPATH": f"{settings.BASE_DIR}:{folder}"},
        stdin=subprocess.DEVNULL,
    )
    wait_until(lambda: (folder / "port").exists() and bool((folder / "port").read_text()))
    yield int((folder / "port").read_text())
    server.terminate()
    server.wait(20)


def connected(port: int, beginning: bytes) -> socket.socket:
    """A connection on which a request has begun."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(beginning)
    return connection


def count(port: int, body: bytes = b"four") -> str:
    with requests.Session() as session:
        session.trust_env = False
        return session.post(f"http://127.0.0.1:{port}/", body, timeout=30).text


@pytest.mark.parametrize("beginning", [b"", HALF_HEAD, HALF_BODY], ids=["nothing", "half a head", "half a body"])
def test_a_hundred_requests_that_never_come_in_hold_nobody_up(port: int, beginning: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(connected(port, beginning))
        assert count(port) == "4 bytes"


def test_a_request_that_drips_is_given_up(port: int) -> None:
    with connected(port, HALF_BODY) as connection, pytest.raises(OSError):  # noqa: PT012
        for _ in range(600):
            connection.sendall(b"x")
            time.sleep(0.05)


def test_clients_that_do_not_take_their_answers_hold_nobody_up(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(connected(port, b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        assert count(port) == "4 bytes"


def test_one_address_has_not_all_connections(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(120):
            stack.enter_context(connected(port, HALF_BODY))
        with connected(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") as refused:
            assert refused.recv(1000).startswith(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\n")
    wait_until(lambda: count(port) == "4 bytes")


def test_clients_that_do_not_close_their_connections_hold_nobody_up(port: int) -> None:
    reader, writer = socket.socketpair()
    with reader, writer, pytest.raises(OSError, match="not connected"):
        # What gunicorn does at the end in the thread that takes all connections: it must not wait for the client.
        ImpatientSocket(reader).shutdown(socket.SHUT_WR)
    with ExitStack() as stack:
        for _ in range(100):
            request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            connection = stack.enter_context(connected(port, request))
            assert b"0 bytes" in connection.makefile("rb").read()  # to its end, while it stays open on this side
        assert count(port) == "4 bytes"


def test_what_a_client_still_sends_does_not_cost_it_the_answer(port: int) -> None:
    with connected(port, b"NONSENSE\r\n\r\n" + b"x" * 500_000) as connection:
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 400 ")


def test_bodies_are_whole_and_bounded(port: int) -> None:
    assert count(port, b"x" * 2_900_000) == "2900000 bytes"
    chunks = b"".join(b"10000\r\n" + b"x" * 0x10000 + b"\r\n" for _ in range(60))
    with connected(port, b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n") as connection:
        try:
            connection.sendall(chunks)
        except OSError:
            return  # the connection was closed before all of it was sent
        reply = connection.makefile("rb").read(200)
    assert reply.startswith(b"HTTP/1.1 413 ") and b"The request is larger than this site" in reply


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "PATH_INFO", "X-Forwarded-Proto", "X-Forwarded-Ssl"])
def test_no_header_says_where_the_site_is_or_that_a_request_is_secure(name: str) -> None:
    config = Config()
    for setting in ("forwarder_headers", "secure_scheme_headers"):
        config.set(setting, getattr(gunicorn_conf, setting))
    value = "https" if name.endswith("Proto") else "/x"
    sent = f"GET /x/admin/ HTTP/1.1\r\nHost: localhost\r\n{name}: {value}\r\n\r\n".encode()
    request = Request(config, IterUnreader([sent]), ("127.0.0.1", 1))
    _response, environ = create(request, socket.socket(), ("127.0.0.1", 1), ("127.0.0.1", 80), config)
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"], environ["wsgi.url_scheme"]) == ("", "/x/admin/", "http")


def test_what_is_prompt_is_answered_by_the_thread_that_reads(port: int) -> None:
    with requests.Session() as session:
        session.trust_env = False
        texts = [session.get(f"http://127.0.0.1:{port}/{path}", timeout=30).text for path in ("prompt", "", "prompt")]
    assert texts == ["at once", "0 bytes", "at once"]


def test_requests_on_one_connection_are_answered_in_order(port: int) -> None:
    request = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
    paths = [b"prompt", b""] * 75  # more than a thread answers in a row
    with connected(port, b"".join(request % path for path in paths)) as connection, connection.makefile("rb") as file:
        bodies = [read_answer(file) for _ in paths]
        assert bodies == [b"at once", b"0 bytes"] * 75
        for _ in range(3):
            time.sleep(0.05)  # longer than a thread waits for the next request
            connection.sendall(request % b"prompt")
            assert read_answer(file) == b"at once"


def read_answer(file: BinaryIO) -> bytes:
    """The body of the next answer on a connection."""
    assert file.readline().startswith(b"HTTP/1.1 200")
    length, chunked = 0, False
    while line := file.readline().strip():
        name, _, value = line.lower().partition(b": ")
        length = int(value) if name == b"content-length" else length
        chunked = chunked or value == b"chunked"
    if not chunked:
        return file.read(length)
    body = b""
    while size := int(file.readline(), 16):
        body += file.read(size)
        file.readline()
    file.readline()
    return body
