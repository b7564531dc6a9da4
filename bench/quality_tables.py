"""Tables of how well queries of some kinds were answered."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from bench.figures import NOT_OFFERED
from bench.judging import Quality
from bench.results import JudgedQuery, Results, latency, quality_of, recall_with_twins, share_of_twins
from bench.tables import Table

QUALITY_HEAD = ("queries", "R@1", "R@10", "MRR", "p50, ms", "p95, ms")
TWINS_HEAD = ("R@1 with twins", "misses that are twins")
TWINS = (
    "A twin is a first answer that is wrong, yet cannot be told from the truth at the size of the query: the "
    "correlation of both drawings, made as small as the icon is in the picture, is 0.98 or more."
)


def quality_table(title: str, rows: Mapping[str, Sequence[JudgedQuery]], twins: bool = False) -> Table:
    """A line for each of the rows that has queries; `title` is the head of their names."""
    lines = []
    for name, queries in rows.items():
        if line_quality := quality_of(queries):
            p50, p95 = latency(row.answer for row in queries)
            cells = [name, *quality_cells(line_quality), f"{p50:.0f}", f"{p95:.0f}"]
            lines.append([*cells, *(_twin_cells(queries) if twins else [])])
    return Table([title, *QUALITY_HEAD, *(TWINS_HEAD if twins else ())], lines)


def quality_cells(row_quality: Quality) -> list[str]:
    """The number of queries, R@1, R@10 and MRR."""
    shares = row_quality.recall_at_1, row_quality.recall_at_10, row_quality.mrr
    return [str(row_quality.queries), *(f"{share:.3f}" for share in shares)]


def by(key: Callable[[JudgedQuery], Iterable[str]], rows: Iterable[JudgedQuery]) -> dict[str, list[JudgedQuery]]:
    """The rows by each of their keys, in the order in which these appear."""
    groups: dict[str, list[JudgedQuery]] = {}
    for row in rows:
        for name in key(row):
            groups.setdefault(name, []).append(row)
    return groups


def screen_table(results: Results, name: str, title: str, conditions: Iterable[str]) -> Table | str:
    """A line for each condition of the screens of this name, and for all; a sentence where no regions are offered."""
    rows = []
    for condition in (*conditions, ""):
        counts = results.screen_counts(name, condition)
        if counts is None:
            return f"Regions: {NOT_OFFERED}."
        if counts.icons:
            shares = (counts.regions, counts.right, counts.spurious)
            cells = [f"{share / counts.icons:.3f}" for share in shares]
            rows.append([condition or "**all**", str(counts.icons), *cells])
    head = [title, "icons", "are a region", "right icon first", "other regions per icon"]
    return Table(head, rows)


def _twin_cells(queries: Sequence[JudgedQuery]) -> list[str]:
    share = share_of_twins(queries)
    return [f"{recall_with_twins(queries):.3f}", "" if share is None else f"{share:.3f}"]
