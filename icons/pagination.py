"""How many rows a large table has, without counting each of them."""

from functools import cached_property
from typing import cast

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Model, QuerySet

COUNT_UP_TO = 10_000  # rows; further ones are not counted


def estimated_rows(model: type[Model]) -> int:
    """Postgres' own estimate of a table's rows; below 0 where there is none yet, as for a new table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(%s)", [model._meta.db_table])
        (rows,) = cursor.fetchone() or (-1,)
        return int(rows)


class EstimatingPaginator(Paginator):
    """A paginator that takes Postgres' estimate for a whole table, and counts filtered rows up to COUNT_UP_TO."""

    @cached_property
    def count(self) -> int:
        """The number of rows, estimated or at most COUNT_UP_TO where counting all would take long."""
        rows = cast("QuerySet[Model]", self.object_list).order_by()
        if not rows.query.where:
            estimate = estimated_rows(rows.model)
            if estimate > COUNT_UP_TO:
                return estimate
        return rows[:COUNT_UP_TO].count()
