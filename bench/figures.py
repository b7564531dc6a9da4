"""The figures that have targets: latency, recall, confidence, toolbars, indexing and memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.conditions import FIRST_TEN
from bench.further import TOOLBARS
from bench.library import DEMO, GROUPS, UNSEEN
from bench.results import JudgedQuery, Results, latency, quality_of, share_confident, share_right_in_colour
from bench.site_runs import SiteRun
from bench.tables import Section, Table

MB = 1_000_000
NOT_OFFERED = "not offered by this site"
GROUP_TITLES = {
    "rest": "one colour",
    "unseen": f"one colour, unseen set ({UNSEEN})",
    "palette": "several colours",
    "flags": "country flags",
}
LATENCY_TARGETS = 45, 90  # ms; p50 and p95
COLOUR_TARGETS = {"palette": 0.93, "flags": 0.97}  # R@1 of groups, colours judged too
SMALL = "small"  # the condition whose target is lower


@dataclass(frozen=True)
class Figure:
    """A number, and what it should be."""

    name: str
    unit: str
    measured: float | None  # None: the site does not offer it
    target: float | None = None
    more_is_better: bool = False
    digits: int = 0  # after the decimal point

    @property
    def met(self) -> bool:
        """Whether the target is met; a figure without a target or a measurement does not miss it."""
        if self.target is None or self.measured is None:
            return True
        return self.measured >= self.target if self.more_is_better else self.measured <= self.target

    def cells(self) -> list[str]:
        """A row of the table of figures."""
        sign = "≥" if self.more_is_better else "≤"
        measured = NOT_OFFERED if self.measured is None else self._number(self.measured)
        target = "" if self.target is None else f"{sign} {self._number(self.target)}"
        verdict = "" if self.target is None or self.measured is None else "met" if self.met else "MISSED"
        return [self.name, self.unit, measured, target, verdict]

    def _number(self, value: float) -> str:
        return f"{value:,.{self.digits}f}"


def figures_section(results: Results, further: Sequence[Figure] = ()) -> Section:
    """The section with all figures, these further ones last, and the targets that are missed."""
    figures = [
        *_latency_figures(results),
        *_condition_figures(results),
        *_group_figures(results),
        *_confidence_figures(results),
        *_toolbar_figures(results),
        *(_resource_figures(results.run) if results.run else []),
        *further,
    ]
    head = ["figure", "unit", "measured", "target", ""]
    table = Table(head, [figure.cells() for figure in figures], left_aligned=2)
    return Section("Figures", [table], _notes(results, figures))


def is_demo(results: Results) -> bool:
    """Whether the demo set alone was searched, for which some targets are higher."""
    return results.library.files == (DEMO,)


def share_figure(name: str, measured: float | None, target: float) -> Figure:
    """A share from 0 to 1, of which more is better."""
    return Figure(name, "", measured, target, more_is_better=True, digits=3)


def _latency_figures(results: Results) -> list[Figure]:
    p50, p95 = latency(row.answer for row in results.main)
    p50_target, p95_target = LATENCY_TARGETS
    return [
        Figure("latency, p50", "ms", p50, p50_target, digits=1),
        Figure("latency, p95", "ms", p95, p95_target, digits=1),
    ]


def _condition_figures(results: Results) -> list[Figure]:
    first_ten = quality_of(row for row in results.main if row.query.condition in FIRST_TEN)
    recall = {name: _recall_at_1(row for row in results.main if row.query.condition == name) for name in FIRST_TEN}
    without_small = [share for name, share in recall.items() if share is not None and name != SMALL]
    target = 0.97 if is_demo(results) else 0.90
    return [
        share_figure("R@1, first ten conditions", first_ten.recall_at_1 if first_ten else None, target),
        share_figure("R@10, first ten conditions", first_ten.recall_at_10 if first_ten else None, 0.98),
        share_figure("R@1, small (16 px)", recall[SMALL], 0.80),
        share_figure("R@1, worst of the other nine", min(without_small, default=None), 0.85),
    ]


def _recall_at_1(rows: Iterable[JudgedQuery]) -> float | None:
    group_quality = quality_of(rows)
    return group_quality.recall_at_1 if group_quality else None


def _group_figures(results: Results) -> list[Figure]:
    rows = [*results.main, *results.groups]
    groups = {group: [row for row in rows if row.group == group] for group in GROUPS}
    figures = []
    unseen, rest = _recall_at_1(groups["unseen"]), _recall_at_1(groups["rest"])
    if unseen is not None and rest is not None:
        figures.append(share_figure("R@1, unseen set less the rest", unseen - rest, -0.02))
    for group, target in COLOUR_TARGETS.items():
        if groups[group]:
            share = share_right_in_colour(groups[group])
            figures.append(share_figure(f"R@1, {GROUP_TITLES[group]}, colours judged too", share, target))
    return figures


def _confidence_figures(results: Results) -> list[Figure]:
    if not results.negatives:
        return []
    wrongly = share_confident(answer for _, answer in results.negatives)
    rightly = share_confident(row.answer for row in results.singles if row.rank == 1)
    return [
        Figure("no icon in it, called confident", "", wrongly, 0.02, digits=3),
        share_figure("right answers, called confident", rightly, 0.97),
    ]


def _toolbar_figures(results: Results) -> list[Figure]:
    if not results.workload.further.screens.get(TOOLBARS):
        return []
    counts = results.screen_counts(TOOLBARS)
    return [share_figure("icons of toolbars, right", counts.right / counts.icons if counts else None, 0.95)]


def _resource_figures(run: SiteRun) -> list[Figure]:
    return [
        Figure("indexing", "icons/s", run.indexing.icons_a_second, 250, more_is_better=True),
        Figure("memory, web", "MB", run.web.resident / MB, 1000),
        Figure("memory, worker", "MB", run.worker.resident / MB, 1500),
    ]


def _notes(results: Results, figures: list[Figure]) -> list[str]:
    notes = [*results.workload.omissions]
    if missed := [figure.name for figure in figures if not figure.met]:
        notes.append(f"TARGETS MISSED: {'; '.join(missed)}.")
    notes.append("Latency: over HTTP, one client, one query after the other, after a warm-up.")
    if refused := sum(row.answer.refused for row in results.all_singles):
        notes.append(f"REFUSED: {refused} queries were not answered with 200; they count as not found.")
    if run := results.run:
        notes += [
            f"Indexing: {run.indexing.indexed:,} icons by one warm worker; {run.indexing.failed} failed.",
            "Memory: resident sets, summed over all processes. With shared pages divided (PSS): "
            f"web {run.web.proportional / MB:,.0f} MB, worker {run.worker.proportional / MB:,.0f} MB.",
        ]
    return notes
