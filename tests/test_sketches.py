"""Searches by a sketch: how its lines are read, and how icons are ordered by it."""

from collections.abc import Sequence

import numpy as np
import pytest
from django.test import Client
from PIL import Image, ImageDraw

from icons.models import Icon
from search.matching.matches import Candidate
from search.matching.signature import signature
from search.matching.sketch_ranking import best_sketch_matches
from search.picture_search import BLANK_PICTURE
from search.sketches import search_by_sketch
from search.vision.renditions import icon_renditions
from search.vision.sketches import sketch_readings
from tests.conftest import upload
from tests.test_search_page import encoded, names_on

Line = Sequence[tuple[float, float]]

# By hand: corners are off, lines too long or too short, and what should be a square is not.
CROSS: list[Line] = [[(66, 52), (140, 150), (258, 272)], [(262, 60), (170, 148), (48, 256)]]
TRIANGLE: list[Line] = [[(150, 40), (36, 262)], [(30, 268), (170, 258), (290, 274)], [(280, 262), (146, 36)]]
SQUARE: list[Line] = [[(40, 70), (270, 56), (262, 262), (52, 250), (44, 80)]]


def sheet(lines: Sequence[Line], pen: int = 24) -> Image.Image:
    """The sheet of the page with these lines on it."""
    picture = Image.new("RGB", (320, 320), "white")
    draw = ImageDraw.Draw(picture)
    for line in lines:
        draw.line(list(line), fill="black", width=pen, joint="curve")
    return picture


def test_a_pen_of_any_width_gives_the_same_lines() -> None:
    thin, medium, thick = (sketch_readings(sheet(CROSS, pen))[0].drawing.pixels for pen in (12, 24, 40))
    for other in (thin, thick):
        assert np.abs(medium.astype(int) - other).mean() < 20
    as_drawn = [sketch_readings(sheet(CROSS, pen))[1].drawing.pixels for pen in (12, 40)]
    assert np.abs(as_drawn[0].astype(int) - as_drawn[1]).mean() > 40


def test_an_outline_with_a_gap_is_filled() -> None:
    reading = next(reading for reading in sketch_readings(sheet(SQUARE)) if reading.kind == "filled")
    assert (reading.drawing.pixels[10:38, 10:38] < 128).all()


@pytest.mark.parametrize("lines", [[[(160, 160), (161, 160)]], [[(20, 160), (300, 160)]]], ids=["a dot", "a line"])
def test_what_is_hardly_a_sketch_can_be_read(lines: list[Line]) -> None:
    assert sketch_readings(sheet(lines))


def test_a_blank_sheet_is_not_searched_for(indexed_icons: dict[str, Icon]) -> None:
    assert sketch_readings(sheet([])) == []
    assert search_by_sketch(sheet([]), 3).reason == str(BLANK_PICTURE)


def test_lines_that_run_alike_come_first() -> None:
    """A square whose edges lie elsewhere is nearer to a square than what covers more of the same pixels."""
    box, cross, bar = (Image.new("RGBA", (48, 48)) for _ in range(3))
    ImageDraw.Draw(box).rectangle([4, 4, 43, 43], outline="black", width=4)
    ImageDraw.Draw(cross).line([4, 4, 43, 43], fill="black", width=4)
    ImageDraw.Draw(cross).line([43, 4, 4, 43], fill="black", width=4)
    ImageDraw.Draw(bar).rectangle([4, 14, 43, 33], fill="black")
    readings = sketch_readings(sheet(SQUARE))
    candidates = [
        Candidate(number, query, 0.5, signature(icon_renditions(icon)[0]))
        for query in range(len(readings))
        for number, icon in enumerate((cross, box, bar))
    ]
    matches = best_sketch_matches(readings, candidates)
    assert matches[0].icon_id == 1 and len(matches) == 3
    assert 1 >= matches[0].present >= matches[0].score >= matches[1].score >= matches[2].score >= 0


@pytest.mark.parametrize(("name", "lines"), [("cross", CROSS), ("triangle", TRIANGLE), ("square", SQUARE)])
def test_the_page_and_the_api_find_a_sketch(
    client: Client, indexed_icons: dict[str, Icon], name: str, lines: list[Line]
) -> None:
    data = encoded(sheet(lines))
    draft = client.post("/", {"image": upload(data), "draft": "1", "sketch": "1"}).content.decode()
    assert names_on(draft)[0] == f"shapes:{name}"
    assert "These icons come closest to your sketch." in draft
    kept = client.post("/", {"image": upload(data), "sketch": "1"}, follow=True)
    assert "sketch=1" in kept.redirect_chain[0][0] and names_on(kept.content.decode())[0] == f"shapes:{name}"
    reply = client.post("/api/v1/search/image/", {"image": upload(data), "sketch": "1"}).json()
    assert reply["results"][0]["icon"] == f"shapes:{name}" and reply["regions"] == []


def test_of_two_icons_as_alike_the_one_of_the_more_used_set_is_first() -> None:
    [reading, *_] = sketch_readings(sheet(CROSS))
    packed = signature(reading.drawing)
    rare, used = Candidate(1, 0, 0.5, packed, prior=7.0), Candidate(2, 0, 0.5, packed, prior=14.0)
    assert [match.icon_id for match in best_sketch_matches([reading], [rare, used])] == [2, 1]
