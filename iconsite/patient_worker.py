"""A worker of gunicorn that slow clients cannot block.

Its own threads only read requests and write answers. Each request has to come in within a time that depends on its
size; when all of it is there, one of a few other threads answers it. So a hundred half-open uploads cost a hundred
sleeping threads, and none of those that work.
"""

import errno
import os
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext, suppress
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import Any

from django.conf import settings
from gunicorn.workers.gthread import ThreadWorker

PATIENCE = 20  # seconds that a request may take to come in, and …
SLOWEST = 20_000  # … bytes a second beyond them
LINGER = 2  # seconds for which a connection is kept after its last answer, until the client closes it, and …
MOST_DRAINED = 2**20  # … bytes that it may still send
# Taking up a connection again costs more than a small answer, so that a thread waits for the next request so many
# milliseconds, and answers so many in a row before it lets others have their turn.
NEXT_WITHIN, IN_A_ROW = 2, 100
WRITE_PATIENCE = 60  # seconds that a client may take for a part of the answer
IN_MEMORY = 2**20  # bytes of a body from which on it is kept in a file
FORM_OVERHEAD = 2**20  # bytes of a form around the largest file that may be sent
MOST_BUFFERED = 2 * 2**30  # bytes of all bodies together that have come in and are not answered yet
CHUNK = 2**16  # bytes
# Connections of one address, idle ones included: more than any person's, fewer than there are threads. A proxy, which
# reads requests itself before it passes them on, has no such limit.
MOST_OF_ONE_ADDRESS = 300
BUSY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
TOO_LARGE = b"The request is larger than this site takes."

Environ = MutableMapping[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class ImpatientSocket:
    """A socket from which a whole request has to come before its deadline; in all else it is the socket itself."""

    def __init__(self, plain: Any) -> None:
        self._socket = plain
        self.begin()

    def begin(self) -> None:
        """From now on, another request may come in."""
        self._deadline = time.monotonic() + PATIENCE

    def recv(self, size: int) -> bytes:
        """What comes in next. Raises ConnectionResetError at the deadline, which each byte puts off a little."""
        self._socket.settimeout(max(0.001, self._deadline - time.monotonic()))
        try:
            data: bytes = self._socket.recv(size)
        except TimeoutError:
            raise too_slow() from None
        self._deadline += len(data) / SLOWEST
        return data

    def has_more(self) -> bool:
        """Whether more comes in at once, so that the thread need not let go of the connection."""
        poller = select.poll()
        poller.register(self._socket, select.POLLIN)
        return bool(poller.poll(NEXT_WITHIN))

    def sendall(self, data: bytes) -> None:
        """Write a part of the answer. Raises ConnectionResetError where the client does not take it in time."""
        self._socket.settimeout(WRITE_PATIENCE)
        try:
            self._socket.sendall(data)
        except TimeoutError:
            raise too_slow() from None

    def linger(self) -> None:
        """Say that the answer is at its end, and wait a little until the client has closed the connection, too.

        Closed at once, a connection on which the client still sends would be reset, and the answer be lost.
        """
        deadline = time.monotonic() + LINGER
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            for _ in range(MOST_DRAINED // CHUNK):
                self._socket.settimeout(max(0.001, deadline - time.monotonic()))
                if not self._socket.recv(CHUNK):
                    return

    def shutdown(self, how: int) -> None:
        """Raises OSError. gunicorn would linger in the one thread that takes all connections, and so stop the site."""
        raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


def too_slow() -> ConnectionResetError:
    """The error of a slow client, for which gunicorn closes the connection and logs nothing."""
    return ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))


class BufferedApplication:
    """A WSGI application that reads a body and hands out an answer in the calling thread, and works in others.

    What the application's method `prompt` answers, if it has one, is answered in the calling thread, too.
    """

    def __init__(self, application: Application, threads: int) -> None:
        """`threads` is how many requests the application answers at once."""
        self.application = application
        self.prompt: Callable[..., list[bytes] | None] | None = getattr(application, "prompt", None)
        self.pool = ThreadPoolExecutor(threads, "answering")
        self._lock = Lock()
        self._buffered = 0  # bytes of all bodies

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request; 413 where no view takes so large a body, or too many large ones have come in."""
        if self.prompt and (answer := self.prompt(environ, start_response)) is not None:
            return answer
        with SpooledTemporaryFile(IN_MEMORY) as body:
            taken = 0
            try:
                while chunk := environ["wsgi.input"].read(CHUNK):
                    taken += len(chunk)
                    self._take(len(chunk))
                    if taken > settings.IMPORT_UPLOAD_MAX_BYTES + FORM_OVERHEAD or self._buffered > MOST_BUFFERED:
                        headers = [
                            ("Content-Type", "text/plain"),
                            ("Content-Length", str(len(TOO_LARGE))),
                            ("Connection", "close"),
                        ]
                        start_response("413 Content Too Large", headers)
                        return [TOO_LARGE]
                    body.write(chunk)
                body.seek(0)
                environ["wsgi.input"] = body
                return self.pool.submit(self._answer, environ, start_response).result()
            finally:
                self._take(-taken)

    def _take(self, count: int) -> None:
        with self._lock:
            self._buffered += count

    def _answer(self, environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        parts = self.application(environ, start_response)
        with closing(parts) if hasattr(parts, "close") else nullcontext():  # type: ignore[type-var]
            return list(parts)


class PatientWorker(ThreadWorker):
    """Reads requests in many threads and answers them in `answering_threads`."""

    answering_threads = 4

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As gunicorn has it."""
        super().__init__(*args, **kwargs)
        # Connections by the address that they come from. The one thread that opens and closes them all counts them.
        self._open: Counter[str] = Counter()

    def load_wsgi(self) -> None:
        """Load the application as gunicorn does, and have its answers made in threads of their own."""
        super().load_wsgi()
        self.wsgi = BufferedApplication(self.wsgi, self.answering_threads)

    def enqueue_req(self, conn: Any) -> None:
        """Have a connection handled; a new one counts from here on until it is closed."""
        if not isinstance(conn.sock, ImpatientSocket):
            conn.sock = ImpatientSocket(conn.sock)
            self._count(conn)
        super().enqueue_req(conn)

    def _count(self, conn: Any) -> None:
        address = conn.client[0] if isinstance(conn.client, tuple) else ""
        close, opened = conn.close, True
        self._open[address] += 1
        conn.too_many = self._open[address] > MOST_OF_ONE_ADDRESS and not settings.TRUSTED_PROXIES

        def close_and_forget(graceful: bool = False) -> None:
            nonlocal opened
            close(graceful)
            if opened:
                opened = False
                self._open[address] -= 1
                self._open += Counter()  # forgets those at 0

        conn.close = close_and_forget

    def handle(self, conn: Any) -> Any:
        """Read a request from a connection, and answer it; then those that follow at once."""
        conn.sock.begin()
        try:
            if conn.too_many:
                conn.sock.sendall(BUSY)
                return False
            for _ in range(IN_A_ROW):
                goes_on = super().handle(conn)
                if goes_on is not True or not self.alive or not conn.sock.has_more():
                    break
                conn.sock.begin()
        except OSError:
            goes_on = False
        if not goes_on:
            conn.sock.linger()
        return goes_on
