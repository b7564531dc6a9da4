"""What answers are made of, read from the database with next to no work of this process."""

import time
from collections.abc import Callable, Collection
from threading import Lock
from typing import Any, NamedTuple

import psycopg
from django.db import connection
from psycopg.pq import ExecStatus

from iconify.bodies import Row
from iconify.sets import VERSIONS

Version = tuple[bytes, ...]  # a set's id and what tells its versions apart, as the database writes them
RETRY_AFTER = 5.0  # seconds after which a database that was out of reach is asked again
CONNECT_SECONDS = 2
STATEMENT = b"set_and_icons"
# One statement sees the database at one moment: the drawings are those of the version.
SET_AND_ICONS = f"""
    SELECT versions.id, last, total, icons.id, svg, svg_hash
    FROM ({VERSIONS.format(where="WHERE prefix = $1")}) AS versions (id, last, total, prefix, changed_at)
    LEFT JOIN icons_icon AS icons ON icons.id = ANY($2::bigint[])
"""


class Reading(NamedTuple):
    """The version of a set, and the drawings of some of its icons."""

    version: Version
    rows: list[Row]


Read = Callable[[str, Collection[int]], Reading | None]  # of the set of a prefix, with the icons of these ids


class Reader:
    """Asks the database for the version of a set and for drawings, over a connection of its own that all threads share.

    The question is prepared, and asked through libpq itself: both are what makes it cheap.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._connection: psycopg.Connection[Any] | None = None
        self._silent_until = 0.0  # a time.monotonic() value

    def __call__(self, prefix: str, pks: Collection[int]) -> Reading | None:
        """What there is; None where there is no such set, or the database cannot be asked."""
        with self._lock:
            asked = self._asked()
            if asked is None:
                return None
            parameters = [prefix.encode(), f"{{{','.join(map(str, pks))}}}".encode()]
            try:
                result = asked.pgconn.exec_prepared(STATEMENT, parameters)
            except psycopg.Error:
                self.close()
                return None
            if result.status != ExecStatus.TUPLES_OK:
                self.close()
                return None
        if not result.ntuples:
            return None
        value = result.get_value
        rows = [
            (int(pk), _text(value(row, 4)), _text(value(row, 5)))
            for row in range(result.ntuples)
            if (pk := value(row, 3))
        ]
        return Reading(tuple(value(0, column) or b"0" for column in range(3)), rows)

    def _asked(self) -> psycopg.Connection[Any] | None:
        if self._connection is None and time.monotonic() >= self._silent_until:
            try:
                parameters = connection.get_connection_params()
                parameters.pop("cursor_factory", None)
                parameters.pop("context", None)
                self._connection = psycopg.connect(**parameters, autocommit=True, connect_timeout=CONNECT_SECONDS)
                # What is asked varies in nothing that a plan depends on: making plans would cost more than the answers.
                self._connection.execute("SET plan_cache_mode = force_generic_plan")
                prepared = self._connection.pgconn.prepare(STATEMENT, SET_AND_ICONS.encode())
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


def _text(value: bytes | None) -> str:
    return (value or b"").decode()
