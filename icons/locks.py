"""Locks of the database's that say who works on something: they go with the process that holds them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection


@contextmanager
def lock(kind: int, number: int) -> Iterator[bool]:
    """For the `with` block, hold the lock of this number among those of a kind; yields False where another holds it.

    Both are 32-bit integers. The lock goes with the connection, and so with the process that holds it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, number])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        # Where the connection has been lost, so has the lock.
        with suppress(DatabaseError), connection.cursor() as cursor:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number])
