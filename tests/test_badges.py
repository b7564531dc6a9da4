"""Icons with a dot or a number over a corner: what is left of them, and how that is compared."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from search.matching.features import shape_likeness
from search.matching.signature import signature, unpack
from search.vision.drawing import Drawing
from search.vision.readings import Reading, readings_of
from search.vision.renditions import icon_renditions

SCALE = 4  # pictures are drawn larger and reduced, for soft edges
BELL, NOTE = ((4, 4, 16, 16), (2, 16, 18, 18)), ((2, 2, 18, 18),)  # boxes, of 20 px, that are outlined


def picture(
    boxes: tuple[tuple[int, ...], ...], ink: str = "#222", paper: str = "white", badge: str = "", cut: int = 0
) -> Image.Image:
    """Outlined boxes on a page of 40 px, with a pill and a number over the upper right corner in the badge's colour."""
    page = Image.new("RGB", (40 * SCALE, 40 * SCALE), paper)
    draw = ImageDraw.Draw(page)
    for left, top, right, bottom in boxes:
        edges = [(8 + left) * SCALE, (12 + top) * SCALE, (8 + right) * SCALE, (12 + bottom) * SCALE]
        draw.rectangle(edges, outline=ink, width=2 * SCALE)
    if badge:
        draw.rounded_rectangle([19 * SCALE, 6 * SCALE, 37 * SCALE, 19 * SCALE], 6 * SCALE, fill=badge)
        draw.text((28 * SCALE, 12.5 * SCALE), "15", fill="white", font_size=9 * SCALE, anchor="mm")
    return page.reduce(SCALE).crop((0, 0, 40 - cut, 40))


def unbadged(page: Image.Image) -> list[Drawing]:
    """What the readings of a picture say is left without a badge."""
    return [reading.drawing for reading in readings_of(page) if reading.kind == "unbadged"]


def likeness(drawing: Drawing, icon: Image.Image) -> float:
    """How alike the shape of a drawing is to that of an icon, at most 1."""
    [shown] = [reading.drawing for reading in readings_of(icon)][:1]
    reading = Reading(drawing, "unbadged")
    return float(shape_likeness(reading, unpack([signature(shown)])).best[0])


@pytest.mark.parametrize(("ink", "paper"), [("#222", "white"), ("#eee", "#1a1a1e")])
@pytest.mark.parametrize("badge", ["#dc2626", "#2563eb"])
@pytest.mark.parametrize("cut", [0, 5])
def test_a_number_is_told_from_what_it_lies_on_although_it_has_most_of_the_ink(
    ink: str, paper: str, badge: str, cut: int
) -> None:
    [first, *_] = unbadged(picture(BELL, ink, paper, badge, cut))
    assert first.hidden is not None and first.hidden[2:12, -12:-2].mean() > 0.8 and not first.hidden[24:].any()
    assert likeness(first, picture(BELL)) > 0.95 > likeness(first, picture(NOTE)) + 0.1


def test_a_part_of_a_drawing_in_its_own_ink_is_no_badge() -> None:
    page = picture(NOTE)
    ImageDraw.Draw(page).ellipse([24, 8, 32, 16], fill="#222")
    assert not unbadged(page)


def test_a_picture_without_a_badge_hides_nothing() -> None:
    assert all(reading.drawing.hidden is None for reading in readings_of(picture(BELL)))
    assert all(drawing.hidden is None for drawing in icon_renditions(picture(BELL).convert("RGBA")))


def test_what_is_hidden_says_nothing_of_how_alike_two_shapes_are() -> None:
    """Of two icons that differ only under the badge, neither is less like the picture."""
    [*_, drawing] = unbadged(picture(NOTE, badge="#dc2626"))
    other = picture(NOTE)
    ImageDraw.Draw(other).rectangle([22, 15, 25, 18], fill="#222")
    assert likeness(drawing, other) == pytest.approx(likeness(drawing, picture(NOTE)), abs=0.03)
    assert alike(drawing, picture(NOTE)) < likeness(drawing, picture(NOTE)) - 0.05
    assert drawing.hidden is not None and not np.asarray(drawing.hidden).all()


def test_a_pale_drawing_under_a_strong_badge_is_a_drawing() -> None:
    [first, *_] = unbadged(picture(BELL, "#d1d3e2", "white", "#e74a3b"))
    assert likeness(first, picture(BELL)) > 0.95 > likeness(first, picture(NOTE)) + 0.1


def test_a_badge_may_be_nearly_as_high_as_what_it_lies_on() -> None:
    flat = ((2, -4, 18, 10), (2, 2, 18, 10))
    [first, *_] = unbadged(picture(flat, "#555", "white", "#dc3545"))
    assert first.hidden is not None and likeness(first, picture(flat)) > 0.9


def alike(drawing: Drawing, icon: Image.Image) -> float:
    """How alike a drawing is to an icon as it is, with all that is hidden of it."""
    return likeness(replace(drawing, hidden=None), icon)


def test_where_both_sides_are_alike_what_is_hidden_is_as_on_the_other_one() -> None:
    completed, *_, seen = unbadged(picture(BELL, badge="#dc2626"))
    assert alike(completed, picture(BELL)) > 0.95 > alike(seen, picture(BELL)) + 0.05


def test_what_is_hidden_is_not_made_up_where_the_sides_differ() -> None:
    chair = ((-2, -4, 2, 18), (-2, 14, 20, 18))
    first, *_ = unbadged(picture(chair, badge="#dc2626"))
    assert alike(first, picture(chair)) > 0.95


def test_a_drawing_goes_on_under_its_badge_as_far_as_to_be_square() -> None:
    flag = ((0, -2, 3, 18), (0, -2, 20, 6))
    page = picture(flag)
    draw = ImageDraw.Draw(page)
    draw.rounded_rectangle([19, 8, 37, 22], 6, fill="#dc2626")
    draw.text((28, 15), "15", fill="white", font_size=9, anchor="mm")
    first, *_, seen = unbadged(page)
    assert likeness(first, picture(flag)) > 0.95 > likeness(seen, picture(flag)) + 0.1


def test_the_number_is_the_badge_and_not_what_else_has_a_colour_of_its_own() -> None:
    page = picture(BELL, badge="#dc2626")
    ImageDraw.Draw(page).ellipse([9, 29, 17, 37], fill="#2563eb")
    first, *_ = unbadged(page)
    assert first.hidden is not None and first.hidden[2:12, -12:-2].mean() > 0.8 and not first.hidden[24:].any()


@pytest.mark.parametrize("ring", ["#111", "#888"])
def test_the_ring_around_a_badge_hides_what_it_lies_on(ring: str) -> None:
    page = picture(BELL)
    draw = ImageDraw.Draw(page)
    draw.rounded_rectangle([18, 4, 38, 20], 8, fill=ring)
    draw.rounded_rectangle([20, 6, 36, 18], 6, fill="#16a34a")
    draw.text((28, 12), "15", fill="white", font_size=9, anchor="mm")
    first, *_ = unbadged(page)
    assert likeness(first, picture(BELL)) > 0.95 > likeness(first, picture(NOTE)) + 0.1


def test_a_line_at_the_edge_of_the_crop_is_no_part_of_what_a_badge_lies_on() -> None:
    page = picture(BELL, "#d1d3e2", badge="#e74a3b")
    ImageDraw.Draw(page).line([0, 38, 40, 38], fill="#d1d3e2")
    first, *_ = unbadged(page)
    assert likeness(first, picture(BELL)) > 0.95
