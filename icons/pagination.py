"""Pages of large tables, without counting every row."""

from functools import cached_property

from django.core.paginator import Paginator
from django.db import connection

COUNT_UP_TO = 10_000


class EstimatingPaginator(Paginator):
    """Takes Postgres' own estimate for a whole table, and counts a filtered one up to COUNT_UP_TO rows."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list.order_by()  # type: ignore[union-attr]
        if not rows.query.where:
            estimate = self._estimate(rows.model._meta.db_table)
            if estimate > COUNT_UP_TO:
                return estimate
        return rows[:COUNT_UP_TO].count()

    def _estimate(self, table: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(%s)", [table])
            return int(cursor.fetchone()[0])
