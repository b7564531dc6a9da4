"""What was measured, as sections of tables."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from bench import calibration
from bench.baselines import Baseline
from bench.client import Answer
from bench.conditions import CONDITIONS, FIRST_TEN
from bench.judging import Judge, Quality, quality
from bench.library import DEMO, GROUPS, UNSEEN, Library
from bench.questions import Questions
from bench.screenshots import Query
from bench.site_runs import SiteRun
from bench.tables import Section, Table
from bench.toolbars import LAYOUTS, Found, count

CPU = Path("/proc/cpuinfo")
MB = 1_000_000
LOOKALIKE = 0.9  # the correlation above which a foreign icon counts as one that the library has
NOT_OFFERED = "not offered by this site"
GROUP_TITLES = {
    "rest": "one colour",
    "unseen": f"one colour, unseen set ({UNSEEN})",
    "palette": "several colours",
    "flags": "country flags",
}
BAR = 20  # characters of a whole bar


@dataclass(frozen=True)
class Figure:
    name: str
    unit: str
    measured: float | None  # None: the site does not offer it
    target: float | None = None
    more_is_better: bool = False
    digits: int = 0

    @property
    def met(self) -> bool:
        if self.target is None or self.measured is None:
            return True
        return self.measured >= self.target if self.more_is_better else self.measured <= self.target

    def cells(self) -> list[str]:
        sign = "≥" if self.more_is_better else "≤"
        measured = NOT_OFFERED if self.measured is None else self._number(self.measured)
        target = "" if self.target is None else f"{sign} {self._number(self.target)}"
        verdict = "" if self.target is None or self.measured is None else "met" if self.met else "MISSED"
        return [self.name, self.unit, measured, target, verdict]

    def _number(self, value: float) -> str:
        return f"{value:,.{self.digits}f}"


@dataclass(frozen=True)
class Judged:
    """A query to which there is a right answer, and what came."""

    query: Query
    answer: Answer
    place: int  # of the first right icon, from 1; 0: not among the first ten
    group: str
    in_colour: bool  # the first answer looks the same in colour too


@dataclass(frozen=True)
class Results:
    library: Library
    questions: Questions
    judge: Judge
    main: list[Judged]
    groups: list[Judged]
    others: list[Judged]
    negatives: list[tuple[Query, Answer]]  # without the icons from elsewhere that have a look-alike
    toolbars: list[Answer]
    run: SiteRun | None  # None: somebody else's site was asked
    baselines: list[Baseline]

    @property
    def singles(self) -> list[Judged]:
        return [*self.main, *self.groups, *self.others]


def results(
    library: Library,
    questions: Questions,
    answers: Sequence[Answer],
    run: SiteRun | None,
    baselines: list[Baseline],
) -> Results:
    """Judge the answers, which are in the order of `questions.all`."""
    judge = Judge({**library.icons, **questions.foreign})
    left = iter(answers)

    def judged(queries: Iterable[Query]) -> list[Judged]:
        pairs = [(query, next(left)) for query in queries]
        return [_judge(judge, query, answer, library.group(query.icon)) for query, answer in pairs]

    main, groups, others = map(judged, (questions.main, questions.groups, questions.others))
    asked = [(query, next(left)) for query in questions.negatives]
    negatives = [(query, answer) for query, answer in asked if not _has_lookalike(judge, query.icon, answer)]
    return Results(library, questions, judge, main, groups, others, negatives, list(left), run, baselines)


def _judge(judge: Judge, query: Query, answer: Answer, group: str) -> Judged:
    exact = any(judge.same_in_colour(query.icon, icon) for icon in answer.found[:1])
    return Judged(query, answer, judge.place(query.icon, answer.found), group, exact)


def _has_lookalike(judge: Judge, icon: str, answer: Answer) -> bool:
    return any(judge.likeness(icon, found) > LOOKALIKE for found in answer.found[:10]) if icon else False


def machine() -> str:
    """One line about the hardware, and what else it was busy with."""
    lines = CPU.read_text().splitlines() if CPU.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    memory = psutil.virtual_memory().total / 1e9
    system = f"{platform.system()}, Python {platform.python_version()}"
    busy = f"load before the start {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} × {name}, {memory:.0f} GB, {system}; {busy}"


def sections(of: Results) -> list[Section]:
    made = [_figures(of), _conditions(of), _groups(of)]
    made += [_baselines(of)] if of.baselines else []
    made += [_confidence(of)] if of.negatives else []
    made += [_toolbars(of)] if of.questions.toolbars else []
    return [*made, _reliability(of)]


def _figures(of: Results) -> Section:
    demo = of.library.files == (DEMO,)
    ten = _quality(row for row in of.main if row.query.condition in FIRST_TEN)
    each = {name: _quality(r for r in of.main if r.query.condition == name) for name in FIRST_TEN}
    by_group = {group: _quality(r for r in (*of.main, *of.groups) if r.group == group) for group in GROUPS}
    small = each["small"]
    p50, p95 = _latency(row.answer for row in of.main)
    figures = [
        Figure("latency, p50", "ms", p50, 60, digits=1),
        Figure("latency, p95", "ms", p95, 120, digits=1),
        _share("R@1, first ten conditions", ten.first if ten else None, 0.97 if demo else 0.90),
        _share("R@10, first ten conditions", ten.ten if ten else None, 0.98),
        _share("R@1, small (16 px)", small.first if small else None, 0.80),
        _share(
            "R@1, worst of the other nine",
            min((q.first for name, q in each.items() if q and name != "small"), default=None),
            0.85,
        ),
    ]
    if (unseen := by_group["unseen"]) and (rest := by_group["rest"]):
        figures.append(_share("R@1, unseen set less the rest", unseen.first - rest.first, -0.02))
    figures += [
        _share(f"R@1, {GROUP_TITLES[group]}, colours judged too", _in_colour(rows), target)
        for group, target in (("palette", 0.93), ("flags", 0.97))
        if (rows := [row for row in (*of.main, *of.groups) if row.group == group])
    ]
    if of.negatives:
        wrongly = _confident(answer for _, answer in of.negatives)
        rightly = _confident(row.answer for row in of.singles if row.place == 1)
        figures += [
            Figure("no icon in it, called confident", "", wrongly, 0.02, digits=3),
            _share("right answers, called confident", rightly, 0.97),
        ]
    if of.questions.toolbars:
        icons = _found(of)
        figures.append(_share("icons of toolbars, right", icons.right / icons.icons if icons else None, 0.95))
    if run := of.run:
        figures += [
            Figure("indexing", "icons/s", run.indexing.icons_a_second, 250, more_is_better=True),
            Figure("memory, web", "MB", run.web.resident / MB, 1000),
            Figure("memory, worker", "MB", run.worker.resident / MB, 1500),
        ]
    missed = [figure.name for figure in figures if not figure.met]
    notes = [*of.questions.left_out, *([f"TARGETS MISSED: {'; '.join(missed)}."] if missed else [])]
    notes.append("Latency: over HTTP, one client, one query after the other, after a warm-up.")
    if refused := sum(row.answer.refused for row in of.singles):
        notes.append(f"REFUSED: {refused} queries were not answered with 200; they count as not found.")
    if run:
        notes += [
            f"Indexing: {run.indexing.icons:,} icons by one warm worker; {run.indexing.failed} failed.",
            "Memory: resident sets, summed over all processes. With shared pages divided (PSS): "
            f"web {run.web.proportional / MB:,.0f} MB, worker {run.worker.proportional / MB:,.0f} MB.",
        ]
    head = ["figure", "unit", "measured", "target", ""]
    return Section("Figures", [Table(head, [figure.cells() for figure in figures], left=2)], notes)


def _share(name: str, measured: float | None, target: float) -> Figure:
    return Figure(name, "", measured, target, more_is_better=True, digits=3)


def _conditions(of: Results) -> Section:
    names = [*CONDITIONS, *dict.fromkeys(row.query.condition for row in of.others)]
    found = {name: [row for row in (*of.main, *of.others) if row.query.condition == name] for name in names}
    rows = {name: found[name] for name in FIRST_TEN}
    rows["**the first ten**"] = [row for name in FIRST_TEN for row in found[name]]
    rows |= {name: found[name] for name in names if name not in FIRST_TEN}
    rows["**all conditions**"] = of.main
    note = "“Icon font” and “PNG” are other people's drawings of the same icons; they are not part of the sums."
    return Section("By condition", [_quality_table("condition", rows)], [note] if of.others else [])


def _groups(of: Results) -> Section:
    everything = [*of.main, *of.groups]
    rows = {GROUP_TITLES[group]: [row for row in everything if row.group == group] for group in GROUPS}
    table = _quality_table("icons", rows)
    more = [[*line, f"{_in_colour(rows[line[0]]):.3f}"] for line in table.rows]
    note = (
        "In all conditions, the icons in their colours. In the last column an answer is right if it looks the same "
        "in colour, drawn by resvg; elsewhere grey counts, drawn by CairoSVG, which gets masks wrong."
    )
    return Section("By kind of icon", [Table([*table.head, "R@1, in colour"], more)], [note])


def _in_colour(rows: Sequence[Judged]) -> float:
    return sum(row.in_colour for row in rows) / len(rows)


def _quality_table(what: str, rows: dict[str, list[Judged]]) -> Table:
    lines = []
    for name, judged in rows.items():
        if judged and (found := _quality(judged)):
            p50, p95 = _latency(row.answer for row in judged)
            lines.append([name, *_cells(found), f"{p50:.0f}", f"{p95:.0f}"])
    return Table([what, "queries", "R@1", "R@10", "MRR", "p50, ms", "p95, ms"], lines)


def _cells(found: Quality) -> list[str]:
    return [str(found.queries), f"{found.first:.3f}", f"{found.ten:.3f}", f"{found.mrr:.3f}"]


def _baselines(of: Results) -> Section:
    compared = of.main[: len(of.baselines[0].found)]
    ours, (p50, p95) = _quality(compared), _latency(row.answer for row in compared)
    assert ours is not None
    rate, memory = (of.run.indexing.icons_a_second, of.run.web.resident) if of.run else (0, 0)
    rows = [_method("this site", len(of.library.icons), ours, p50, p95, rate, memory)]
    for base in of.baselines:
        places = [of.judge.place(row.query.icon, found) for row, found in zip(compared, base.found, strict=True)]
        p50, p95 = _percentiles(base.milliseconds)
        rows.append(_method(base.name, base.icons, quality(places), p50, p95, base.icons_a_second, base.resident))
    notes = [
        f"The first {len(compared)} queries. A baseline that searches fewer icons than the site is favoured by it."
    ]
    if any(base.name == "old way" for base in of.baselines):
        notes.append(
            "Old way: 32 px JPEG, VGG16 at 224 px, max pooled, np.dot over an HDF5 file with as many rows as there "
            "are icons; timed on single pictures, float32, without HTTP, the network standing ready, which the old "
            "system built anew for each request. dHash: 1,024 bits of the whole picture, without HTTP."
        )
    head = ["method", "icons", "queries", "R@1", "R@10", "MRR", "p50, ms", "p95, ms", "icons/s", "MB"]
    return Section("Beside other ways", [Table(head, rows)], notes)


def _method(name: str, icons: int, found: Quality, p50: float, p95: float, rate: float, memory: float) -> list[str]:
    speed = [f"{p50:,.1f}", f"{p95:,.1f}", f"{rate:,.0f}" if rate else "", f"{memory / MB:,.0f}" if memory else ""]
    return [name, f"{icons:,}", *_cells(found), *speed]


def _confidence(of: Results) -> Section:
    kinds: dict[str, list[Answer]] = {}
    for query, answer in of.negatives:
        kinds.setdefault(query.condition, []).append(answer)
    rows = {f"no icon: {kind}": answers for kind, answers in kinds.items()}
    rows["**no icon: all**"] = [answer for _, answer in of.negatives]
    rows["right answer first"] = [row.answer for row in of.singles if row.place == 1]
    rows["wrong answer first"] = [row.answer for row in of.singles if row.place != 1 and row.answer.found]
    lines = [[name, str(len(answers)), _or_not(_confident(answers), "{:.3f}")] for name, answers in rows.items()]
    left = len(of.questions.negatives) - len(of.negatives)
    note = f"Of the icons from elsewhere, {left} were left out: the site found a drawing like them (correlation > 0.9)."
    return Section("Confidence", [Table(["pictures", "queries", "called confident"], lines)], [note])


def _confident(answers: Iterable[Answer]) -> float | None:
    """The share that is called confident; None where the site does not say, or there are no answers."""
    known = [answer.confident for answer in answers if not answer.refused]
    return None if not known or None in known else sum(map(bool, known)) / len(known)


def _or_not(value: float | None, form: str) -> str:
    return NOT_OFFERED if value is None else form.format(value)


def _toolbars(of: Results) -> Section:
    rows = []
    for layout in (*LAYOUTS, ""):
        if (found := _found(of, layout)) is None:
            return Section("Toolbars", notes=[f"Regions: {NOT_OFFERED}."])
        if found.icons:
            shares = [f"{found.regions / found.icons:.3f}", f"{found.right / found.icons:.3f}", str(found.spurious)]
            rows.append([layout or "**all**", str(found.icons), *shares])
    p50, p95 = _latency(of.toolbars)
    notes = [
        f"{len(of.toolbars)} pictures of 3 to 12 icons; p50 {p50:.0f} ms, p95 {p95:.0f} ms. A region is an icon's if "
        "they overlap by 0.4 of their union, or its centre is in the icon and its area within a factor of three."
    ]
    head = ["layout", "icons", "found as a region", "right icon first", "other regions"]
    return Section("Toolbars", [Table(head, rows)], notes)


def _found(of: Results, layout: str = "") -> Found | None:
    """Of the toolbars in this layout, or in all; None where the site offers no regions."""
    pairs = zip(of.questions.toolbars, of.toolbars, strict=True)
    some = [(toolbar, answer) for toolbar, answer in pairs if layout in ("", toolbar.query.condition)]
    regions = [answer.regions if not answer.refused else () for _, answer in some]
    if any(each is None for each in regions):
        return None
    return count([toolbar for toolbar, _ in some], [each or () for each in regions], of.judge.same)


def bins(of: Results) -> list[calibration.Bin]:
    """Of all queries that hold an icon of the library and found something; none where scores are no probabilities."""
    rows = [row for row in of.singles if row.answer.found]
    if any(row.answer.confident is None for row in rows):
        return []
    return calibration.reliability([row.answer.score for row in rows], [row.place == 1 for row in rows])


def _reliability(of: Results) -> Section:
    if not (found := bins(of)):
        return Section("Reliability of the score", notes=[f"Scores as probabilities: {NOT_OFFERED}."])
    rows = [
        [
            f"{b.low:.1f}–{b.high:.1f}",
            f"{b.predicted:.3f}",
            f"{b.right:.3f}",
            str(b.answers),
            "█" * round(BAR * b.right),
        ]
        for b in found
    ]
    negatives = [answer for _, answer in of.negatives if answer.found]
    singles = [row for row in of.singles if row.answer.found]
    scores = [row.answer.score for row in singles] + [answer.score for answer in negatives]
    right = [row.place == 1 for row in singles] + [False] * len(negatives)
    errors = calibration.expected_error(found), calibration.expected_error(calibration.reliability(scores, right))
    notes = [
        f"Expected calibration error {errors[0]:.3f}; {errors[1]:.3f} with the pictures that hold no icon "
        "of the library, whose answers are all wrong.",
    ]
    head = ["score", "mean score", "share right", "answers", ""]
    return Section("Reliability of the score", [Table(head, rows)], notes)


def _quality(rows: Iterable[Judged]) -> Quality | None:
    places = [row.place for row in rows]
    return quality(places) if places else None


def _latency(answers: Iterable[Answer]) -> tuple[float, float]:
    return _percentiles([answer.milliseconds for answer in answers])


def _percentiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p95."""
    p50, p95 = np.percentile(milliseconds, (50, 95))
    return float(p50), float(p95)
