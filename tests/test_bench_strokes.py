"""How the benchmark judges answers to icons that a page draws with other strokes than their set's."""

import pytest
from PIL import Image

from bench.client import Answer
from bench.further import STROKES, Further
from bench.library import Library
from bench.results import JudgedQuery, judge_answers
from bench.screenshots import Query, encode
from bench.strokes import at_stroke, with_width
from bench.workload import Workload

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}"><g fill="none" stroke="currentColor" '
SVG += 'stroke-width="{1}"><path d="{2}"/></g></svg>'
BELL, NOTE = "M4 18h16M6 18V8h12v10M10 21h4", "M6 18V4h12v10"
ICONS = {
    "a:bell-thin": SVG.format(24, 1, BELL),
    "a:bell-bold": SVG.format(24, 3, BELL),
    "b:bell": SVG.format(48, 3, "M8 36h32M12 36V16h24v20M20 42h8"),  # the same with strokes of 1.5 in a box of 24
    "a:note": SVG.format(24, 3, NOTE),
}
PICTURE = encode(Image.new("RGB", (20, 20), "white"))


def judged(drawn: str, *answers: tuple[str, float | None]) -> JudgedQuery:
    """These answers, each an icon and its stroke, to a thin bell of 12 px that is drawn so."""
    query = Query("stroke 3", "a:bell-thin", PICTURE, drawn=drawn, pixels=12)
    answer = Answer(1, tuple(icon for icon, _ in answers), strokes=tuple(stroke for _, stroke in answers))
    workload = Workload([], further=Further({STROKES: [query]}))
    return judge_answers(Library(ICONS, frozenset()), workload, [answer], None, []).further[STROKES][0]


def rank(drawn: str, *answers: tuple[str, float | None]) -> int:
    """The rank of the first right answer."""
    return judged(drawn, *answers).rank


@pytest.mark.parametrize("answer", [("a:bell-thin", 3), ("a:bell-thin", None), ("a:bell-bold", None), ("b:bell", 6.0)])
def test_what_looks_like_the_picture_is_right(answer: tuple[str, float | None]) -> None:
    drawn = with_width(ICONS["a:bell-thin"], 3, by_css=False)
    assert rank(drawn, answer) == 1 and rank(drawn, ("a:note", None), answer) == 2


@pytest.mark.parametrize("answer", [("b:bell", None), ("b:bell", 2.0), ("a:note", 3), ("x:unknown", 3)])
def test_what_looks_like_another_width_or_drawing_is_wrong(answer: tuple[str, float | None]) -> None:
    assert rank(with_width(ICONS["a:bell-thin"], 3, by_css=False), answer) == 0


def test_a_twin_looks_like_what_is_drawn_and_not_like_the_icon_at_its_own_width() -> None:
    drawn = with_width(ICONS["a:bell-thin"], 3, by_css=False)
    assert judged(drawn, ("b:bell", 5.0)).twin and not judged(drawn, ("b:bell", 2.0)).twin


def test_at_the_sets_own_width_only_the_icon_counts() -> None:
    assert rank("", ("a:bell-bold", None)) == 0 and rank("", ("a:bell-thin", None)) == 1


def test_widths_are_in_units_of_a_box_of_24_or_of_the_icons_own() -> None:
    assert with_width(ICONS["b:bell"], 3, by_css=False) == at_stroke(ICONS["b:bell"], 6)
