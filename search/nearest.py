"""The first stage: the icons whose vectors have the largest inner products with those of a query."""

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray
from pgvector import HalfVector

from icons.models import Icon
from icons.pagination import estimated_rows
from search.filters import ALL, Filter
from search.matching.ranking import Candidate

# Up to so many icons, all of the library or those behind a filter, every one is compared, which is exact. An index is
# approximate, and has the farther to go the less a filter lets through.
EXACT_IN_LIBRARY, EXACT_BEHIND_FILTER = 2_000, 20_000
EF_SEARCH = 64  # HNSW candidates: of screenshots of 380,000 icons, 100 find one in 600 more
NEAREST = 64  # icons that the second stage orders, for each view of a query

SEARCHED_SQL = """
    SELECT iv.icon_id, iv.vector, iv.signature
    FROM search_iconvector iv JOIN icons_icon icon ON icon.id = iv.icon_id
    WHERE iv.model = %(model)s AND iv.vector IS NOT NULL AND {condition}
"""
# <#> is the negative inner product. Its expression must be the index's own for the index to be used.
NEAREST_SQL = """
    {before}
    SELECT found.icon_id, (views.number - 1)::int, found.inner_product, found.signature
    FROM unnest(%(vectors)s::halfvec[]) WITH ORDINALITY AS views (vector, number)
    CROSS JOIN LATERAL (
        SELECT seen.icon_id, seen.signature, -(seen.vector <#> views.vector) AS inner_product
        FROM {rows} AS seen
        ORDER BY seen.vector::halfvec({dimensions}) <#> views.vector
        LIMIT %(each)s
    ) AS found
    ORDER BY views.number, found.inner_product DESC, found.icon_id
"""


def nearest_icons(
    model: str, vectors: NDArray[np.float32], each: int = NEAREST, within: Filter = ALL
) -> list[Candidate]:
    """For each vector the `each` visible icons with the largest inner product, best first, in one query.

    `vectors` is (n, dimensions of the model), L2-normalised; a candidate's `query` is the index of its
    vector.
    """
    condition, params = within.condition()
    rows = SEARCHED_SQL.format(condition=condition)
    if _few_to_compare(within):  # all are read once, and compared with every vector
        sources = {"before": f"WITH few AS MATERIALIZED ({rows})", "rows": "few"}
    else:
        sources = {"before": "", "rows": f"({rows})"}
    texts = [HalfVector(vector).to_text() for vector in vectors]
    params |= {"vectors": texts, "model": model, "each": each}
    local = {
        # The index goes on until the filter has let enough through, in exact order.
        "hnsw.iterative_scan": "strict_order",
        "hnsw.max_scan_tuples": "400000",
        # Who wants few of each of many vectors need not look far.
        "hnsw.ef_search": str(max(each, min(EF_SEARCH, 4 * each))),
        "jit": "off",  # compiling takes longer than the query
        "random_page_cost": "1.1",  # the index is kept in memory: a few rows are better looked up one by one
        "work_mem": "64MB",  # for as many rows as a filter may let through
    }
    with transaction.atomic(), connection.cursor() as cursor:
        calls = ", ".join(["set_config(%s, %s, true)"] * len(local))
        cursor.execute(f"SELECT {calls}", [text for setting in local.items() for text in setting])
        cursor.execute(NEAREST_SQL.format(dimensions=vectors.shape[1], **sources), params)
        return [Candidate(*row) for row in cursor.fetchall()]


def _few_to_compare(within: Filter) -> bool:
    if within == ALL:
        return estimated_rows(Icon) <= EXACT_IN_LIBRARY
    return within.lets_through_at_most(EXACT_BEHIND_FILTER)
