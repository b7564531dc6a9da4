"""The answers, judged, and the numbers that are drawn from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from bench import calibration
from bench.baselines import Baseline
from bench.client import Answer
from bench.decoys import is_named
from bench.further import SETS
from bench.judging import TOP_K, Judge, Quality, quality
from bench.library import Library
from bench.regions import RegionCounts, count_regions
from bench.screenshots import Query
from bench.sets import names_set
from bench.site_runs import SiteRun
from bench.strokes import at_stroke
from bench.workload import Workload

LOOKALIKE = 0.9  # the correlation above which an icon from elsewhere counts as one that the library has


@dataclass(frozen=True)
class JudgedQuery:
    """A query to which there is a right answer, and its answer."""

    query: Query
    answer: Answer
    rank: int  # of the first right icon, from 1; 0: not among the first ten
    group: str  # of the icon
    right_in_colour: bool  # the first icon of the answer looks the same in colour, too
    twin: bool = False  # the first icon is not right, but cannot be told from the truth at the size of the query


@dataclass(frozen=True)
class Results:
    """All that was measured; the lists are in the order of the workload's."""

    library: Library
    workload: Workload
    judge: Judge
    main: list[JudgedQuery]
    groups: list[JudgedQuery]
    redrawn: list[JudgedQuery]
    negatives: list[tuple[Query, Answer]]  # without the icons from elsewhere that the library has a look-alike of
    further: dict[str, list[JudgedQuery]]  # by the names in `bench.further.SINGLES`
    screens: dict[str, list[Answer]]  # by the names in `bench.further.SCREENS`
    decoys: list[tuple[Query, Answer]]  # without those that the answer names
    run: SiteRun | None  # None: a site that was running already was asked
    baselines: list[Baseline]

    @property
    def singles(self) -> list[JudgedQuery]:
        """The queries to which there is exactly one right answer."""
        return [*self.main, *self.groups, *self.redrawn]

    @property
    def all_singles(self) -> list[JudgedQuery]:
        """These, and those with labels, in weak conditions and so on."""
        return [*self.singles, *(row for rows in self.further.values() for row in rows)]

    def screen_counts(self, name: str, condition: str = "") -> RegionCounts | None:
        """The regions of the screens of this name, of a condition or of all; None where the site offers none."""
        pairs = zip(self.workload.further.screens[name], self.screens[name], strict=True)
        selected = [(screen, answer) for screen, answer in pairs if condition in ("", screen.query.condition)]
        regions = [() if answer.refused else answer.regions for _, answer in selected]
        if None in regions:
            return None
        return count_regions(
            [screen for screen, _ in selected], [answer or () for answer in regions], self.judge.looks_same
        )

    def share_of_sets_named(self) -> float | None:
        """The share of groups of a set whose answer names it first; None where there are none or no site offers it."""
        pairs = list(zip(self.workload.further.screens.get(SETS, []), self.screens.get(SETS, []), strict=True))
        if not pairs or all(answer.sets is None for _, answer in pairs):
            return None
        return sum(names_set(self.judge, screen, answer) for screen, answer in pairs) / len(pairs)

    def calibration_bins(self) -> list[calibration.Bin]:
        """Bins of all queries that show an icon of the library and got an answer.

        There are none where the site does not say how sure it is, as its scores are no probabilities then.
        """
        rows = [row for row in self.singles if row.answer.icons]
        if any(row.answer.confident is None for row in rows):
            return []
        return calibration.reliability([row.answer.score for row in rows], [row.rank == 1 for row in rows])


def judge_answers(
    library: Library,
    workload: Workload,
    answers: Sequence[Answer],
    run: SiteRun | None,
    baselines: list[Baseline],
) -> Results:
    """Judge the answers, which are in the order of `workload.queries`."""
    judge = Judge({**library.icons, **workload.foreign})
    remaining = iter(answers)

    def judged(queries: Iterable[Query]) -> list[JudgedQuery]:
        pairs = [(query, next(remaining)) for query in queries]
        return [_judged(judge, query, answer, library.group(query.icon)) for query, answer in pairs]

    main, groups, redrawn = map(judged, (workload.main, workload.groups, workload.redrawn))
    pairs = [(query, next(remaining)) for query in workload.negatives]
    negatives = [(query, answer) for query, answer in pairs if not _has_lookalike(judge, query.icon, answer)]
    further = {name: judged(queries) for name, queries in workload.further.singles.items()}
    pairs = [(query, next(remaining)) for query in workload.further.decoys]
    decoys = [(query, answer) for query, answer in pairs if not is_named(query.condition, *answer.icons[:1])]
    screens = {name: [next(remaining) for _ in shown] for name, shown in workload.further.screens.items()}
    return Results(library, workload, judge, main, groups, redrawn, negatives, further, screens, decoys, run, baselines)


def quality_of(rows: Iterable[JudgedQuery]) -> Quality | None:
    """How well these queries were answered; None where there are none."""
    ranks = [row.rank for row in rows]
    return quality(ranks) if ranks else None


def share_right_in_colour(rows: Sequence[JudgedQuery]) -> float:
    """The share of queries whose first answer looks the same in colour, too; there must be at least one query."""
    return sum(row.right_in_colour for row in rows) / len(rows)


def recall_with_twins(rows: Sequence[JudgedQuery]) -> float:
    """R@1, where what cannot be told from the truth at the size of the query is right; there must be a query."""
    return sum(row.rank == 1 or row.twin for row in rows) / len(rows)


def share_of_twins(rows: Sequence[JudgedQuery]) -> float | None:
    """The share of the misses that are twins; None where nothing was missed."""
    misses = [row.twin for row in rows if row.rank != 1]
    return sum(misses) / len(misses) if misses else None


def share_confident(answers: Iterable[Answer]) -> float | None:
    """The share of answers that the site is confident of; None where it does not say, or there are no answers."""
    confident = [answer.confident for answer in answers if not answer.refused]
    return None if not confident or None in confident else sum(map(bool, confident)) / len(confident)


def latency(answers: Iterable[Answer]) -> tuple[float, float]:
    """The 50th and the 95th percentile of the latency, in milliseconds."""
    return percentiles([answer.milliseconds for answer in answers])


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """The 50th and the 95th percentile."""
    p50, p95 = np.percentile(values, (50, 95))
    return float(p50), float(p95)


def _judged(judge: Judge, query: Query, answer: Answer, group: str) -> JudgedQuery:
    right_in_colour = any(judge.looks_same_in_colour(query.icon, icon) for icon in answer.icons[:1])
    rank = _rank(judge, query, answer)
    twin = rank != 1 and bool(query.pixels and answer.icons)
    twin = twin and judge.looks_same_at(query.drawn or query.icon, _shown(judge, answer)[0], query.pixels)
    return JudgedQuery(query, answer, rank, group, right_in_colour, twin)


def _has_lookalike(judge: Judge, truth: str, answer: Answer) -> bool:
    return bool(truth) and any(judge.correlation(truth, icon) > LOOKALIKE for icon in answer.icons[:TOP_K])


def _rank(judge: Judge, query: Query, answer: Answer) -> int:
    """The rank of the first right answer, as `Judge.rank` has it.

    Where a picture shows an icon at another stroke width, what looks like the picture is right, too: a set's bold icon
    for its thin one drawn bold, or another set's icon at the width that the answer gives with it.
    """
    rank = judge.rank(query.icon, answer.icons)
    if not query.drawn:
        return rank
    ranks = [number for number in (rank, judge.rank(query.drawn, _shown(judge, answer))) if number]
    return min(ranks, default=0)


def _shown(judge: Judge, answer: Answer) -> list[str]:
    """The icons of an answer, best first; those that it gives at another stroke width as SVG."""
    return [
        at_stroke(judge.icons[icon], stroke) if stroke and icon in judge.icons else icon
        for icon, stroke in zip_longest(answer.icons, answer.strokes)
    ]
