"""What was measured, as sections of tables."""

from collections.abc import Sequence

from bench import calibration, old_way
from bench.client import Answer
from bench.conditions import CONDITIONS, FIRST_TEN
from bench.figures import GROUP_TITLES, MB, NOT_OFFERED, figures_section
from bench.further_figures import further_figures
from bench.further_report import further_sections
from bench.judging import quality
from bench.library import GROUPS
from bench.quality_tables import TWINS, quality_cells, quality_table
from bench.results import (
    Results,
    percentiles,
    share_confident,
    share_right_in_colour,
)
from bench.tables import Section, Table

RELIABILITY = "Reliability of the score"
BAR_LENGTH = 20  # characters of the bar for a share of 1


def report_sections(results: Results) -> list[Section]:
    """All sections; those without data are left out."""
    sections = [figures_section(results, further_figures(results)), _conditions(results), _groups(results)]
    sections += [_baselines(results)] if results.baselines else []
    sections += [_confidence(results)] if results.negatives else []
    return [*sections, *further_sections(results), _reliability(results)]


def _conditions(results: Results) -> Section:
    names = [*CONDITIONS, *dict.fromkeys(row.query.condition for row in results.redrawn)]
    queries = [*results.main, *results.redrawn]
    by_condition = {name: [row for row in queries if row.query.condition == name] for name in names}
    rows = {name: by_condition[name] for name in FIRST_TEN}
    rows["**the first ten**"] = [row for name in FIRST_TEN for row in by_condition[name]]
    rows |= {name: by_condition[name] for name in names if name not in FIRST_TEN}
    rows["**all conditions**"] = results.main
    note = "“Icon font” and “PNG” are other people's drawings of the same icons; they are not part of the sums."
    notes = [note, TWINS] if results.redrawn else [TWINS]
    return Section("By condition", [quality_table("condition", rows, twins=True)], notes)


def _groups(results: Results) -> Section:
    queries = [*results.main, *results.groups]
    rows = {GROUP_TITLES[group]: [row for row in queries if row.group == group] for group in GROUPS}
    table = quality_table("icons", rows)
    with_colour = [[*cells, f"{share_right_in_colour(rows[cells[0]]):.3f}"] for cells in table.rows]
    note = (
        "In all conditions, the icons in their colours. In the last column an answer is right if it looks the same "
        "in colour, drawn by resvg; elsewhere grey counts, drawn by CairoSVG, which gets masks wrong."
    )
    return Section("By kind of icon", [Table([*table.head, "R@1, in colour"], with_colour)], [note])


def _baselines(results: Results) -> Section:
    compared = results.main[: len(results.baselines[0].rankings)]
    times = [row.answer.milliseconds for row in compared]
    speed, memory = (results.run.indexing.icons_a_second, results.run.web.resident) if results.run else (0, 0)
    ranks = [row.rank for row in compared]
    rows = [_method("this site", len(results.library.icons), ranks, times, speed, memory)]
    for baseline in results.baselines:
        pairs = zip(compared, baseline.rankings, strict=True)
        ranks = [results.judge.rank(row.query.icon, ranking) for row, ranking in pairs]
        speed, memory = baseline.icons_a_second, baseline.resident
        rows.append(_method(baseline.name, baseline.library_size, ranks, baseline.milliseconds, speed, memory))
    notes = [
        f"The first {len(compared)} queries. A baseline that searches fewer icons than the site is favoured by it."
    ]
    if any(baseline.name == old_way.NAME for baseline in results.baselines):
        notes.append(
            "Old way: 32 px JPEG, VGG16 at 224 px, max pooled, np.dot over an HDF5 file with as many rows as there "
            "are icons; timed on single pictures, float32, without HTTP, the network standing ready, which the old "
            "system built anew for each request. dHash: 1,024 bits of the whole picture, without HTTP."
        )
    head = ["method", "icons", "queries", "R@1", "R@10", "MRR", "p50, ms", "p95, ms", "icons/s", "MB"]
    return Section("Beside other ways", [Table(head, rows)], notes)


def _method(
    name: str, icons: int, ranks: Sequence[int], milliseconds: Sequence[float], icons_a_second: float, memory: float
) -> list[str]:
    """A row of the table of methods; `memory` is in bytes, and 0 as a speed or memory means that it is unknown."""
    p50, p95 = percentiles(milliseconds)
    speed = f"{icons_a_second:,.0f}" if icons_a_second else ""
    megabytes = f"{memory / MB:,.0f}" if memory else ""
    return [name, f"{icons:,}", *quality_cells(quality(ranks)), f"{p50:,.1f}", f"{p95:,.1f}", speed, megabytes]


def _confidence(results: Results) -> Section:
    conditions: dict[str, list[Answer]] = {}
    for query, answer in results.negatives:
        conditions.setdefault(query.condition, []).append(answer)
    rows = {f"no icon: {condition}": answers for condition, answers in conditions.items()}
    rows["**no icon: all**"] = [answer for _, answer in results.negatives]
    rows["right answer first"] = [row.answer for row in results.singles if row.rank == 1]
    rows["wrong answer first"] = [row.answer for row in results.singles if row.rank != 1 and row.answer.icons]
    lines = [[name, str(len(answers)), _confidence_cell(answers)] for name, answers in rows.items()]
    left_out = len(results.workload.negatives) - len(results.negatives)
    reason = "the site found a drawing like them (correlation > 0.9)"
    note = f"Of the icons from elsewhere, {left_out} were left out: {reason}."
    return Section("Confidence", [Table(["pictures", "queries", "called confident"], lines)], [note])


def _confidence_cell(answers: Sequence[Answer]) -> str:
    share = share_confident(answers)
    return NOT_OFFERED if share is None else f"{share:.3f}"


def _reliability(results: Results) -> Section:
    bins = results.calibration_bins()
    if not bins:
        return Section(RELIABILITY, notes=[f"Scores as probabilities: {NOT_OFFERED}."])
    rows = [_bin_cells(score_bin) for score_bin in bins]
    negatives = [answer for _, answer in results.negatives if answer.icons]
    singles = [row for row in results.singles if row.answer.icons]
    scores = [row.answer.score for row in singles] + [answer.score for answer in negatives]
    right = [row.rank == 1 for row in singles] + [False] * len(negatives)
    error = calibration.expected_error(bins)
    error_with_negatives = calibration.expected_error(calibration.reliability(scores, right))
    note = (
        f"Expected calibration error {error:.3f}; {error_with_negatives:.3f} with the pictures that hold no icon "
        "of the library, whose answers are all wrong."
    )
    return Section(RELIABILITY, [Table(["score", "mean score", "share right", "answers", ""], rows)], [note])


def _bin_cells(score_bin: calibration.Bin) -> list[str]:
    bounds = f"{score_bin.low:.1f}–{score_bin.high:.1f}"
    bar = "█" * round(BAR_LENGTH * score_bin.right)
    return [bounds, f"{score_bin.predicted:.3f}", f"{score_bin.right:.3f}", str(score_bin.answers), bar]
