"""The sets that a web process has read, each of which is read anew once the database says that it has changed.

Every request asks for the versions, so that it never gets what was before a change.
"""

from threading import Lock
from typing import Any

from django.db import connection

from iconify.served_set import ServedSet, load
from icons.models import IconSet

VERSIONS = """
    SELECT icons_iconset.id, max(changes.id), sum(changes.id)::bigint, prefix,
        extract(epoch FROM max(changed_at))::float
    FROM icons_iconset LEFT JOIN iconify_setchange AS changes ON set_id = icons_iconset.id {where}
    GROUP BY icons_iconset.id
"""

_sets: dict[int, ServedSet] = {}  # by the set's id
_pks: dict[str, int] = {}  # the ids of the sets that were read last, by prefix
_loading = Lock()


def served_set(prefix: str) -> ServedSet | None:
    """The set of this prefix as it is now."""
    rows = _versions("WHERE prefix = %s", [prefix])
    return _current(rows[0]) if rows else None


def known_set(prefix: str) -> ServedSet | None:
    """The set that had this prefix when it was read last, which asks nothing of the database."""
    return _sets.get(_pks.get(prefix, 0))


def served_sets() -> list[ServedSet]:
    """All sets as they are now, in the order in which Iconify's own server has a folder of them."""
    rows = sorted(_versions("", []), key=lambda row: f"{row[3]}.")
    gone = _sets.keys() - {row[0] for row in rows}
    for pk in gone:
        _sets.pop(pk, None)
    return [each for row in rows if (each := _current(row))]


def _versions(where: str, params: list[str]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS.format(where=where), params)
        rows: list[Any] = cursor.fetchall()
        return rows


def _current(row: Any) -> ServedSet | None:
    pk, last, total, _prefix, changed_at = row
    version = (last or 0, total or 0)
    served = _sets.get(pk)
    if served is None or served.version != version:
        with _loading:
            served = _sets.get(pk)
            if served is None or served.version != version:
                icon_set = IconSet.objects.filter(pk=pk).first()
                if icon_set is None:  # it was deleted at this moment
                    return None
                served = load(icon_set, version, changed_at or icon_set.updated_at.timestamp())
                _sets[pk], _pks[served.prefix] = served, pk
    return served
