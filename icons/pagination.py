"""Large tables: how many rows, without counting every one."""

from functools import cached_property

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Model

COUNT_UP_TO = 10_000


def estimated_rows(model: type[Model]) -> int:
    """Postgres' own estimate of a table's rows; below 0 where it has none yet, for a small or new table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(%s)", [model._meta.db_table])
        return int(cursor.fetchone()[0])


class EstimatingPaginator(Paginator):
    """Takes Postgres' own estimate for a whole table, and counts a filtered one up to COUNT_UP_TO rows."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list.order_by()  # type: ignore[union-attr]
        if not rows.query.where:
            estimate = estimated_rows(rows.model)
            if estimate > COUNT_UP_TO:
                return estimate
        return rows[:COUNT_UP_TO].count()
