"""The figures with targets on icons with labels, on pages, at other stroke widths and so on."""

from collections.abc import Iterable

from bench.figures import Figure, is_demo, share_figure
from bench.further import LABELLED, PAGES, SETS, STROKES, SUBPIXEL_PAIRS, SURROUNDINGS
from bench.results import JudgedQuery, Results, percentiles, quality_of, recall_with_twins, share_confident
from bench.strokes import OWN_WIDTH
from bench.weak import GREY_EDGES, SUBPIXEL

WINDOW = "window"  # the pages that are whole windows, 700 to 1,440 px wide


def further_figures(results: Results) -> list[Figure]:
    """These figures; those without queries are left out."""
    figures = [share_figure("R@1 with twins, all conditions", recall_with_twins(results.main), 0.97)]
    return [
        *figures,
        *_labelled(results),
        *_pairs(results),
        *_pages(results),
        *_sets(results),
        *_confidence(results),
    ]


def _labelled(results: Results) -> list[Figure]:
    total = quality_of(results.further.get(LABELLED, ()))
    if not total:
        return []
    first, ten = (0.95, 0.99) if is_demo(results) else (0.90, 0.97)
    return [
        share_figure("R@1, icons with their label", total.recall_at_1, first),
        share_figure("R@10, icons with their label", total.recall_at_10, ten),
    ]


def _pairs(results: Results) -> list[Figure]:
    """The differences between two ways of drawing the same icons."""
    figures = []
    widths = _recall(results.further.get(STROKES, ()))
    if (own := widths.pop(OWN_WIDTH, None)) is not None:
        worst = min(widths.values()) - own
        figures.append(share_figure("R@1, worst stroke width less the set's own", worst, -0.02))
    edges = _recall(results.further.get(SUBPIXEL_PAIRS, ()))
    if len(edges) == 2:
        figures.append(share_figure("R@1, subpixel less grey edges", edges[SUBPIXEL] - edges[GREY_EDGES], -0.05))
    return figures


def _pages(results: Results) -> list[Figure]:
    screens, figures = results.workload.further.screens, []
    if screens.get(SURROUNDINGS):
        counts = results.screen_counts(SURROUNDINGS)
        share = counts.right / counts.icons if counts else None
        figures.append(share_figure("the icon of surroundings, a region and right", share, 0.90))
    if screens.get(PAGES):
        counts = results.screen_counts(PAGES)
        icons, right = counts.icons if counts else 1, 0.93 if is_demo(results) else 0.88
        figures += [
            share_figure("icons of pages, are a region", counts.regions / icons if counts else None, 0.97),
            share_figure("icons of pages, right", counts.right / icons if counts else None, right),
            Figure("other regions of pages, per icon", "", counts.spurious / icons if counts else None, 0.03, digits=3),
        ]
        pairs = zip(screens[PAGES], results.screens[PAGES], strict=True)
        if times := [answer.milliseconds for screen, answer in pairs if screen.query.condition == WINDOW]:
            figures.append(Figure("latency of a window, p50", "ms", percentiles(times)[0], 400))
    return figures


def _sets(results: Results) -> list[Figure]:
    if not results.workload.further.screens.get(SETS):
        return []
    return [share_figure("the set of a group, named", results.share_of_sets_named(), 0.95)]


def _confidence(results: Results) -> list[Figure]:
    figures = []
    if results.decoys:
        wrongly = share_confident(answer for _, answer in results.decoys)
        figures.append(Figure("no icon beside the label, called confident", "", wrongly, 0.02, digits=3))
    right = [row.answer for row in results.further.get(LABELLED, ()) if row.rank == 1]
    if right:
        figures.append(share_figure("right answers with label, called confident", share_confident(right), 0.97))
    return figures


def _recall(rows: Iterable[JudgedQuery]) -> dict[str, float]:
    """R@1 by condition."""
    by_condition: dict[str, list[bool]] = {}
    for row in rows:
        by_condition.setdefault(row.query.condition, []).append(row.rank == 1)
    return {condition: sum(right) / len(right) for condition, right in by_condition.items()}
