"""Answers about one set that a web process keeps, and gives again for as long as the set has not changed.

They are found by the address as it was sent, before anything of Django's is asked, so that an icon costs little more
than the question to the database which version the set has.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, NamedTuple

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.pq import ExecStatus

from iconify.served_set import ServedSet
from iconify.sets import VERSIONS

Environ = dict[str, Any]
Version = tuple[bytes, ...]  # a set's id and what tells its versions apart, as the database writes them
Headers = tuple[tuple[str, str], ...]
Key = tuple[str, str, bool]
ROOT = "/iconify/"
MADE_OF = "iconify.made_of"  # where a request says, in its environment, which set its answer was made of
OVERHEAD = 1000  # bytes of an answer beside its body and its address
RETRY_AFTER = 5.0  # seconds after which a database that was out of reach is asked again
CONNECT_SECONDS = 2
STATEMENT = b"version_of_set"
OF_PREFIX = VERSIONS.format(where="WHERE prefix = $1").encode()


class MadeOf(NamedTuple):
    """The set that an answer was made of, and the name of the view that made it."""

    prefix: str
    version: Version
    view: str

    @classmethod
    def of(cls, served: ServedSet, view: str) -> "MadeOf":
        """The set as it is served now."""
        return cls(served.prefix, tuple(b"%d" % number for number in (served.pk, *served.version)), view)


class KeptAnswer(NamedTuple):
    """An answer with status 200."""

    made_of: MadeOf
    headers: Headers
    body: bytes
    size: int  # about how many bytes of memory it takes


class KeptAnswers:
    """The answers that were given last, up to ICONIFY_ANSWERS_MAX_BYTES. Any thread may use them."""

    def __init__(self, version_of: Callable[[str], Version | None]) -> None:
        """`version_of` tells which version the set of a prefix has now; None where that is not known."""
        self.version_of = version_of
        self._answers: OrderedDict[Key, KeptAnswer] = OrderedDict()
        self._lock = Lock()
        self._size = 0

    def get(self, environ: Environ) -> KeptAnswer | None:
        """The answer to this request, if it is kept and its set has not changed."""
        key = key_of(environ)
        answer = self._answers.get(key) if key else None
        if key is None or answer is None or self.version_of(answer.made_of.prefix) != answer.made_of.version:
            return None
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
        return answer

    @staticmethod
    def can_keep(environ: Environ) -> bool:
        """Whether the request was answered with what one set alone says, and may be kept."""
        return MADE_OF in environ and key_of(environ) is not None

    def keep(self, environ: Environ, headers: Headers, body: bytes) -> None:
        """Keep an answer that was just made, and that can be kept."""
        key = key_of(environ)
        if key is None:
            return
        answer = KeptAnswer(environ[MADE_OF], headers, body, len(body) + len(key[0]) + len(key[1]) + OVERHEAD)
        most = settings.ICONIFY_ANSWERS_MAX_BYTES
        if answer.size > most // 2:  # it would leave no room for others
            return
        with self._lock:
            before = self._answers.pop(key, None)
            self._size += answer.size - (before.size if before else 0)
            self._answers[key] = answer
            while self._size > most:
                self._size -= self._answers.popitem(last=False)[1].size


def key_of(environ: Environ) -> Key | None:
    """What an answer is kept by; None for requests whose answers are not kept, such as those of a known program."""
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] != "GET" or not path.startswith(ROOT) or "HTTP_AUTHORIZATION" in environ:
        return None
    return path, environ.get("QUERY_STRING", ""), "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")


class VersionReader:
    """Asks the database for the version of a set, over a connection of its own that all threads share.

    The question is prepared, and asked through libpq itself: both are what makes it cheap.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._connection: psycopg.Connection[Any] | None = None
        self._silent_until = 0.0  # a time.monotonic() value

    def __call__(self, prefix: str) -> Version | None:
        """The version; None where there is no such set, or the database cannot be asked."""
        with self._lock:
            asked = self._asked()
            if asked is None:
                return None
            try:
                result = asked.pgconn.exec_prepared(STATEMENT, [prefix.encode()])
            except psycopg.Error:
                self.close()
                return None
            if result.status != ExecStatus.TUPLES_OK:
                self.close()
                return None
            if not result.ntuples:
                return None
            return tuple(result.get_value(0, column) or b"0" for column in range(3))

    def _asked(self) -> psycopg.Connection[Any] | None:
        if self._connection is None and time.monotonic() >= self._silent_until:
            try:
                parameters = connection.get_connection_params()
                parameters.pop("cursor_factory", None)
                parameters.pop("context", None)
                self._connection = psycopg.connect(**parameters, autocommit=True, connect_timeout=CONNECT_SECONDS)
                prepared = self._connection.pgconn.prepare(STATEMENT, OF_PREFIX)
                if prepared.status != ExecStatus.COMMAND_OK:
                    self.close()
            except psycopg.Error:
                self._silent_until = time.monotonic() + RETRY_AFTER
        return self._connection

    def close(self) -> None:
        """Give the connection up; the next question opens another one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
