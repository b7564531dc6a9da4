"""The parts of the benchmark that draw pages and judge them: boxes, stroke widths, subpixels, sets and twins."""

from collections.abc import Mapping
from random import Random
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bench.client import Answer
from bench.components import COMPONENTS
from bench.conditions import in_turn
from bench.decoys import DECOYS, is_named
from bench.drafts import Draft, random_skin
from bench.further import Further
from bench.further_figures import further_figures
from bench.further_report import further_sections
from bench.judging import Judge
from bench.labelled import text_bucket
from bench.library import Library
from bench.page_parts import GROUPS
from bench.pages import square_around
from bench.quality_tables import by
from bench.regions import RegionCounts, count_regions, covers
from bench.results import judge_answers, recall_with_twins, share_of_twins
from bench.scenes import Scene
from bench.screens import PlacedIcon, Screen, cut_out, fractions, ink_box, is_within, joined, overlaps, placed
from bench.screenshots import Query, encode
from bench.sets import names_set
from bench.strokes import OWN_WIDTH, stroked, with_width
from bench.subpixels import fold
from bench.weak import WEAK
from bench.wording import LABELS, SENTENCES, label, text_width
from bench.workload import OPTIONAL, Workload

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{}</svg>'
RECTANGLE = '<path d="M4 8h24v16H4z"/>'
ICONS = {
    "a:box": SVG.format(RECTANGLE),
    "b:box": SVG.format('<path d="M4 8h24v16H4z"/>'),
    "c:box": SVG.format('<path d="M4 8h24v16H16v-1H4z"/>'),  # a notch of less than a pixel at 8 px
    "a:line": SVG.format('<path d="M4 4h3v16H4z"/>'),
    "b:cross": SVG.format('<path d="M14 2h4v12h12v4H18v12h-4V18H2v-4h12z"/>'),
}
STROKED = '<svg viewBox="0 0 24 24"><g fill="none" stroke="currentColor" stroke-width="2"><path d="M2 2h9"/></g></svg>'
PICTURE = encode(Image.new("RGB", (20, 20), "white"))


def answer(
    *icons: str, regions: tuple[Mapping[str, Any], ...] | None = (), sets: tuple[str, ...] | None = None
) -> Answer:
    """An answer that the site is confident of."""
    return Answer(10, icons, 0.9, True, regions, sets)


def region(box: tuple[float, float, float, float], *icons: str) -> Mapping[str, Any]:
    """A region as the API has it."""
    return {"box": box, "results": [{"icon": icon} for icon in icons]}


def test_the_box_of_the_ink_lies_in_the_box_of_the_icon() -> None:
    left, top, width, height = ink_box(ICONS["a:box"], (100, 10, 32, 32))
    assert (left, top, width, height) == pytest.approx((104, 18, 24, 16), abs=0.6)
    assert ink_box(SVG.format(""), (0, 0, 8, 8)) == (0, 0, 8, 8)


def test_a_placed_icon_has_its_boxes_in_fractions_of_the_part() -> None:
    icon = placed("a:box", ICONS["a:box"], (30, 20, 16, 16), (20, 10, 40, 80))
    assert icon.boxes[0] == (0.25, 0.125, 0.4, 0.2)
    assert fractions((20, 10, 40, 80), (20, 10, 40, 80)) == (0, 0, 1, 1)


def test_boxes_are_joined_and_compared() -> None:
    assert joined([(1, 2, 3, 4), (10, 0, 2, 3)]) == (1, 0, 11, 6)
    assert is_within((1, 1, 2, 2), (0, 0, 4, 4)) and not is_within((3, 1, 2, 2), (0, 0, 4, 4))
    assert overlaps((3, 1, 2, 2), (0, 0, 4, 4)) and not overlaps((4, 1, 2, 2), (0, 0, 4, 4))


def test_a_part_is_cut_out_as_whole_pixels_within_the_page() -> None:
    picture, whole = cut_out(Image.new("RGB", (150, 90)), (-3, 10.2, 60, 70), 1.5)
    assert picture.size == (86, 75)
    assert whole == pytest.approx((0, 10, 86 / 1.5, 50))


def test_the_square_around_an_icon_holds_it_all() -> None:
    rng = Random(1)
    for _ in range(50):
        square = square_around((100, 60, 16, 12), rng)
        assert square[2] == square[3] and 48 <= square[2] <= 128
        assert is_within((100, 60, 16, 12), square)


def test_a_region_on_something_neutral_is_neither_right_nor_spurious() -> None:
    box, chevron = (0.1, 0.1, 0.2, 0.2), (0.8, 0.1, 0.1, 0.1)
    screen = Screen(Query("menu", "", PICTURE), (PlacedIcon("a:box", (box, box)),), (chevron,))
    regions = [region(box, "b:box"), region((0.82, 0.12, 0.06, 0.06), "a:line"), region((0.4, 0.5, 0.1, 0.1))]
    assert count_regions([screen], [regions], Judge(ICONS).looks_same) == RegionCounts(1, 1, 1, 1)
    assert covers((0, 0, 0.1, 0.1), (-0.2, 0, 0.3, 0.1))  # an icon that the edge of the picture cuts
    assert not covers((0, 0, 0.9, 0.9), chevron)


def test_a_stroke_width_is_set_by_attribute_or_by_css_in_units_of_24() -> None:
    assert 'stroke-width="1.25"' in with_width(STROKED, 1.25, by_css=False)
    assert 'style="stroke-width:3"' in with_width(STROKED.replace("24 24", "48 48"), 1.5, by_css=True)


def test_stroked_icons_have_strokes_of_one_width_and_nothing_else() -> None:
    icons = {
        "a:stroked": STROKED,
        "a:filled": ICONS["a:box"],
        "a:both": STROKED.replace("<path ", '<path fill="red" ', 1),
        "a:two-widths": STROKED.replace("</g>", '</g><path stroke="red" stroke-width="1" d="M0 0h1"/>'),
    }
    assert stroked(icons) == ["a:stroked"]


def test_subpixels_colour_the_edges_alone_and_keep_the_light() -> None:
    fine = Image.new("RGB", (30, 9), "white")
    fine.paste((0, 0, 0), (10, 0, 20, 9))
    folded = np.asarray(fold(fine, "RGB")).astype(int)
    assert folded.shape == (3, 10, 3)
    assert folded[1, 0].tolist() == [255, 255, 255] and folded[1, 5].tolist() == [0, 0, 0]
    red, _, blue = folded[1, 3]  # the black begins at the second stripe
    assert red > blue
    assert folded.mean() == pytest.approx(np.asarray(fine).mean(), abs=1)
    assert np.asarray(fold(fine, "BGR"))[1, 3, 2] > np.asarray(fold(fine, "BGR"))[1, 3, 0]


def test_scenes_are_given_in_turn() -> None:
    scenes = [Scene(16, 0, (1, 1, 1, 1)), Scene(24, 0, (1, 1, 1, 1))]
    [condition] = in_turn("x", scenes).values()
    assert [condition(Random(1)), condition(Random(2))] == scenes


def test_weak_conditions_crop_a_part_of_the_cell() -> None:
    for condition in WEAK.values():
        for seed in range(20):
            left, top, right, bottom = condition(Random(seed)).crop
            assert 0 <= left < right <= 120 and 0 <= top < bottom <= 120


def test_labels_come_near_to_a_width() -> None:
    rng = Random(3)
    narrow = np.mean([text_width(label(rng, "de", 20, 14), "de", 14) for _ in range(40)])
    wide = np.mean([text_width(label(rng, "de", 200, 14), "de", 14) for _ in range(40)])
    assert narrow < 60 < 130 < wide
    assert LABELS.keys() == SENTENCES.keys()


@pytest.mark.parametrize(
    ("widths", "row"),
    [(0.3, "text below 1 icon width"), (1, "text 1–2 icon widths"), (12, "text from 8 icon widths")],
)
def test_texts_are_reported_by_their_width(widths: float, row: str) -> None:
    assert text_bucket(widths) == row


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_draws_one_marked_icon_with_its_text(name: str) -> None:
    draft = Draft(Random(4), random_skin(Random(4), "en"), [("a:box", ICONS["a:box"]), ("a:line", ICONS["a:line"])])
    html = COMPONENTS[name](draft)
    assert draft.drawn == 1
    assert html.count('data-mark="icon 0"') == 1 and "data-mark=text" in html and html.count("data-mark=crop") == 1


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_draws_its_icons_and_is_marked_once(name: str) -> None:
    icons = [("a:box", ICONS["a:box"])] * 9
    draft = Draft(Random(5), random_skin(Random(5), "en"), icons)
    html = GROUPS[name](draft)
    assert draft.drawn == html.count('data-mark="icon ') == 9
    assert html.count("data-mark=crop") == 1


@pytest.mark.parametrize("name", DECOYS)
def test_a_decoy_draws_no_icon(name: str) -> None:
    for seed in range(6):
        assert "icon 0" not in DECOYS[name](Draft(Random(seed), random_skin(Random(seed), "zh"), ()))


def test_an_answer_that_names_the_decoy_is_no_mistake() -> None:
    assert is_named("letter in a circle", "tabler:circle-letter-e")
    assert not is_named("letter in a circle", "tabler:coin")
    assert not is_named("arrow of text", "tabler:arrow-right") and not is_named("checkbox")


def test_twins_cannot_be_told_apart_at_the_size_of_the_query() -> None:
    judge = Judge(ICONS)
    assert not judge.looks_same_at("a:box", "a:line", 12)
    assert judge.looks_same_at("a:box", "c:box", 10)
    assert not judge.looks_same_at("a:box", "x:unknown", 10)


def test_the_set_of_a_group_is_its_own_or_one_with_the_same_drawings() -> None:
    box = (0.1, 0.1, 0.2, 0.2)
    screen = Screen(Query("row", "", PICTURE), (PlacedIcon("a:box", (box, box)),))
    judge = Judge(ICONS)
    assert names_set(judge, screen, answer(sets=("a", "b")))
    assert names_set(judge, screen, answer(sets=("b", "a")))  # has an icon of the same name that looks the same
    assert not names_set(judge, screen, answer(sets=("z", "a")))
    assert not names_set(judge, screen, answer(sets=()))
    two = Screen(screen.query, (*screen.icons, PlacedIcon("a:line", (box, box))))
    assert not names_set(judge, two, answer(sets=("b",)))


def workload() -> Workload:
    """A query of each kind."""
    box = (0.1, 0.1, 0.2, 0.2)
    single = {
        "labelled": [Query("button", "a:box", PICTURE, 20, ("language en", "light"))],
        "strokes": [Query(OWN_WIDTH, "a:box", PICTURE, 20), Query("stroke 1", "a:box", PICTURE, 20)],
        "subpixel": [Query("grey edges", "a:box", PICTURE, 20), Query("subpixel", "a:box", PICTURE, 20)],
        "weak": [Query("drop shadow", "a:box", PICTURE, 20)],
        "earlier": [Query("small", "a:box", PICTURE, 20)],
    }
    placed_icons = (PlacedIcon("a:box", (box, box)),)
    names = {"toolbars": "row", "surroundings": "surroundings", "pages": "window", "sets": "row"}
    screens = {name: [Screen(Query(condition, "", PICTURE), placed_icons)] for name, condition in names.items()}
    decoys = [Query("checkbox", "", PICTURE), Query("letter in a circle", "", PICTURE)]
    return Workload([Query("plain", "a:box", PICTURE, 20)], further=Further(single, screens, decoys))


def test_all_further_queries_are_judged_and_reported() -> None:
    load = workload()
    box = (0.1, 0.1, 0.2, 0.2)
    answers = [answer("b:box", regions=(region(box, "a:box"),), sets=("a",)) for _ in load.queries]
    answers[2] = answer("b:cross")  # to the first of the strokes, at the set's own width
    library = Library(ICONS, frozenset())
    results = judge_answers(library, load, answers, None, [])
    figures = {figure.name: figure for figure in further_figures(results)}
    assert figures["R@1, icons with their label"].measured == 1
    assert figures["R@1, worst stroke width less the set's own"].measured == 1
    assert figures["the icon of surroundings, a region and right"].measured == 1
    assert figures["other regions of pages, per icon"].measured == 0
    assert figures["the set of a group, named"].measured == 1
    assert figures["no icon beside the label, called confident"].measured == 1
    assert len(results.decoys) == 1  # `b:box` names a checkbox
    text = "\n".join(section.text() for section in further_sections(results))
    for part in ("language en", "drop shadow", "Earlier drawings", "Named rightly: 1.000"):
        assert part in text


def test_twins_count_beside_recall() -> None:
    library = Library(ICONS, frozenset())
    queries = [Query("plain", "a:box", PICTURE, 10)] * 3
    answers = [answer("a:box"), answer("c:box"), answer("a:line")]
    rows = judge_answers(library, Workload(queries), answers, None, []).main
    assert [row.rank for row in rows][0] == 1
    assert recall_with_twins(rows) == pytest.approx(2 / 3)
    assert share_of_twins([row for row in rows if row.rank == 1]) is None
    assert list(by(lambda row: (row.query.condition,), rows)) == ["plain"]


def test_every_further_kind_may_be_left_out() -> None:
    load = workload().further
    assert {*load.singles, *load.screens, "decoys"} <= set(OPTIONAL)
