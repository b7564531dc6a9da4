"""The sections of the report on icons with labels, on pages, at other stroke widths and so on."""

from collections.abc import Iterable, Sequence

from bench.client import Answer
from bench.decoys import DECOYS
from bench.figures import NOT_OFFERED
from bench.further import (
    EARLIER,
    LABELLED,
    PAGES,
    SETS,
    STROKES,
    SUBPIXEL_PAIRS,
    SURROUNDINGS,
    TOOLBARS,
    WEAK_CONDITIONS,
)
from bench.page_parts import GROUPS
from bench.quality_tables import TWINS, by, quality_table, screen_table
from bench.regions import AREA_FACTOR, OVERLAP
from bench.results import JudgedQuery, Results, latency, share_confident
from bench.tables import Section, Table
from bench.toolbars import LAYOUTS

REGIONS = (
    f"A region is an icon's if they overlap by {OVERLAP:g} of their union, or its centre is in the icon and its area "
    f"within a factor of {AREA_FACTOR:g}; the box of the icon with its margins counts, or that of its ink."
)
TITLES = {
    STROKES: ("Stroke widths", "stroke width, of 24"),
    SUBPIXEL_PAIRS: ("Subpixel rendering", "edges"),
    WEAK_CONDITIONS: ("Weak conditions", "condition"),
    EARLIER: ("Earlier drawings", "condition"),
}


def further_sections(results: Results) -> list[Section]:
    """These sections; those without data are left out."""
    sections = [_labelled(results)] if results.further.get(LABELLED) else []
    sections += [_section(results, name) for name in TITLES if results.further.get(name)]
    sections += [_decoys(results)] if results.decoys else []
    screens = results.workload.further.screens
    if screens.get(SURROUNDINGS):
        sections.append(_screens(results, SURROUNDINGS, "Surroundings", "surroundings", ()))
    if screens.get(PAGES):
        sections.append(_screens(results, PAGES, "Pages", "page", GROUPS))
    if screens.get(TOOLBARS):
        sections.append(_screens(results, TOOLBARS, "Toolbars", "layout", LAYOUTS))
    return [*sections, _sets(results)] if screens.get(SETS) else sections


def _labelled(results: Results) -> Section:
    rows = results.further[LABELLED]
    components = {**by(lambda row: (row.query.condition,), rows), "**all**": rows}
    traits = dict(sorted(by(lambda row: row.query.traits, rows).items()))
    tables = [quality_table("component", components, twins=True), quality_table("of these", traits)]
    return Section("Icons with their label", tables, [TWINS])


def _section(results: Results, name: str) -> Section:
    title, head = TITLES[name]
    rows = by(lambda row: (row.query.condition,), results.further[name])
    return Section(title, [quality_table(head, rows, twins=True)])


def _decoys(results: Results) -> Section:
    rows: dict[str, list[Answer]] = {
        name: [answer for query, answer in results.decoys if query.condition == name] for name in DECOYS
    }
    rows["**all**"] = [answer for _, answer in results.decoys]
    labelled = results.further.get(LABELLED, [])
    rows["labelled icon, right answer first"] = _answers(labelled, right=True)
    rows["labelled icon, wrong answer first"] = _answers(labelled, right=False)
    lines = [[name, str(len(answers)), _cell(share_confident(answers))] for name, answers in rows.items() if answers]
    left_out = len(results.workload.further.decoys) - len(results.decoys)
    note = f"{left_out} were left out, since the name of the first answer says what is shown: `circle-letter-e`."
    return Section("No icon beside the label", [Table(["picture", "queries", "called confident"], lines)], [note])


def _answers(rows: Sequence[JudgedQuery], right: bool) -> list[Answer]:
    return [row.answer for row in rows if (row.rank == 1) is right and row.answer.icons]


def _screens(results: Results, name: str, title: str, head: str, conditions: Iterable[str]) -> Section:
    table = screen_table(results, name, head, conditions)
    p50, p95 = latency(results.screens[name])
    note = f"{len(results.screens[name])} pictures; p50 {p50:.0f} ms, p95 {p95:.0f} ms. {REGIONS}"
    return Section(title, notes=[table]) if isinstance(table, str) else Section(title, [table], [note])


def _sets(results: Results) -> Section:
    share, number = results.share_of_sets_named(), len(results.screens[SETS])
    named = NOT_OFFERED if share is None else f"{share:.3f}"
    note = (
        f"{number} groups of 5 to 12 icons of a set, each set as likely as any other. Named rightly: {named}. A set "
        "counts as well that has the drawings of four fifths of the icons."
    )
    return Section("The set of a group", notes=[note])


def _cell(share: float | None) -> str:
    return NOT_OFFERED if share is None else f"{share:.3f}"
