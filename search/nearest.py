"""The first stage: the icons whose vectors have the largest inner products with those of a query."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import psycopg
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from numpy.typing import NDArray
from pgvector import HalfVector

from icons.models import Icon
from icons.pagination import estimated_rows
from icons.set_usage import usage_or_known
from search.filters import ALL, Condition, Filter
from search.matching.matches import Candidate
from search.models import EARLIER
from search.preference import EARLIER_DRAWING, HIDDEN, log_prior

# Up to this many icons, each is compared (exact). Above, the index is used (approximate); it must read more rows the
# fewer icons pass the filter. So the limit behind a filter is higher: there the index reads many rows that do not pass,
# while in a whole library every row that it reads counts.
EXACT_IN_LIBRARY = 2_000  # icons in a library that is searched as a whole
EXACT_BEHIND_FILTER = 20_000  # icons that a filter lets through
# Candidates that HNSW keeps while it searches. Of 200 readings of other people's screenshots, the nearest of 418,354
# vectors was found for 0.985 with 64, 0.990 with 160 and 0.995 with 200; of the ten nearest 0.973, 0.987 and 0.990.
# With the fewer, a vector takes 0.7 of the time; further readings of one picture, and pictures of many icons, do.
EF_SEARCH, EF_OF_MANY = 160, 80
MANY = 3  # vectors from which there are many
NEAREST = 64  # icons that the second stage orders, for each reading of a query

ROWS_SQL = """
    SELECT iv.icon_id, iv.vector, iv.signature, icon.set_id, icon.hidden, iv.rendition
    FROM search_iconvector iv JOIN icons_icon icon ON icon.id = iv.icon_id
    WHERE iv.model = %(model)s AND iv.vector IS NOT NULL AND {condition}
"""
# <#> is the negative inner product. For the index to be used, its expression must be the one of the index.
NEAREST_SQL = """
    {before}
    SELECT nearest.icon_id, (queries.number - 1)::int, nearest.inner_product, nearest.signature, nearest.set_id,
        nearest.hidden, nearest.rendition, icon_set.prefix, icon_set.usage
    FROM unnest(%(vectors)s::halfvec[]) WITH ORDINALITY AS queries (vector, number)
    CROSS JOIN LATERAL (
        SELECT stored.icon_id, stored.signature, stored.set_id, stored.hidden, stored.rendition,
            -(stored.vector <#> queries.vector) AS inner_product
        FROM {rows} AS stored
        ORDER BY stored.vector::halfvec({dimensions}) <#> queries.vector
        LIMIT %(each)s
    ) AS nearest
    JOIN icons_iconset icon_set ON icon_set.id = nearest.set_id
    ORDER BY queries.number, nearest.inner_product DESC, nearest.icon_id
"""


def nearest_icons(
    model: str, vectors: NDArray[np.float32], each: int = NEAREST, within: Filter = ALL
) -> list[Candidate]:
    """For each vector the `each` rows with the largest inner product, best first, in one query.

    `vectors` is (n, dimensions of the model), L2-normalised; a candidate's `query` is the index of its vector. An icon
    of several vectors may be among the candidates of one vector several times.
    """
    condition = within.resolve()
    rows = ROWS_SQL.format(condition=condition.sql)
    if _few_to_compare(condition):  # all are read once, and compared with every vector
        sources = {"before": f"WITH few AS MATERIALIZED ({rows})", "rows": "few"}
    else:
        sources = {"before": "", "rows": f"({rows})"}
    texts = [HalfVector(vector).to_text() for vector in vectors]
    params = {**condition.params, "vectors": texts, "model": model, "each": each}
    with transaction.atomic(), connection.cursor() as cursor:
        _configure(cursor, each, EF_SEARCH if len(vectors) < MANY else EF_OF_MANY)
        nearest = _rows_in_binary(cursor, NEAREST_SQL.format(dimensions=vectors.shape[1], **sources), params)
    return _candidates(nearest)


def _rows_in_binary(cursor: CursorWrapper, sql: str, params: Mapping[str, object]) -> list[Any]:
    """The rows of a query, as Postgres holds them: signatures as text would be twice as long, and be converted twice.

    Django's own cursors ask for text. They still write the parameters into the query, as in all other queries.
    """
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as binary:
        query = cursor.cursor.mogrify(sql, params).encode()
        return list(binary.execute(query, prepare=False, binary=True))


def _candidates(rows: Sequence[Any]) -> list[Candidate]:
    return [
        Candidate(
            icon_id,
            query,
            inner_product,
            signature,
            None,
            log_prior(usage_or_known(prefix, usage)) + HIDDEN * hidden + EARLIER_DRAWING * (rendition >= EARLIER),
            set_id,
            rendition // EARLIER,
        )
        for icon_id, query, inner_product, signature, set_id, hidden, rendition, prefix, usage in rows
    ]


def _few_to_compare(condition: Condition) -> bool:
    if condition.excludes_none:
        return estimated_rows(Icon) <= EXACT_IN_LIBRARY
    return condition.fits_at_most(EXACT_BEHIND_FILTER)


def _configure(cursor: CursorWrapper, each: int, kept: int) -> None:
    """Set what the search needs of Postgres and pgvector, until the transaction ends; `kept` is of EF_SEARCH's kind."""
    settings = {
        # The index goes on, in exact order, until the filter has let enough rows through.
        "hnsw.iterative_scan": "strict_order",
        "hnsw.max_scan_tuples": "400000",
        # Where only a few rows are needed for each vector, a smaller value is enough.
        "hnsw.ef_search": str(max(each, min(kept, 4 * each))),
        "jit": "off",  # compiling takes longer than the query
        "random_page_cost": "1.1",  # the index is kept in memory: a few rows are better looked up one by one
        "work_mem": "64MB",  # for as many rows as a filter may let through
    }
    calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    cursor.execute(f"SELECT {calls}", [text for setting in settings.items() for text in setting])
