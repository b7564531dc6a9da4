"""Twins: which icons cannot be told apart at a picture's resolution, and which colours suit a picture."""

import pytest
from PIL import Image, ImageDraw

from search.matching.signature import signature, unpack
from search.matching.twins import Shapes, palette_suits, twin_groups
from search.vision.readings import Reading
from tests.test_second_stage import FRANCE, ITALY, drawn, flag, icon, shot


def house(door: bool, width: int = 8) -> Image.Image:
    """A house in outline, with a door, `width` px wide of 48, or without."""
    picture = Image.new("RGBA", (48, 48))
    draw = ImageDraw.Draw(picture)
    draw.line([(6, 24), (24, 6), (42, 24), (42, 42), (6, 42), (6, 24)], fill="black", width=4, joint="curve")
    if door:
        draw.rectangle([20, 30, 20 + width, 42], fill="black")
    return picture


def groups(reading: Reading, *pictures: Image.Image) -> list[list[int]]:
    """The groups of these icons."""
    return twin_groups([reading] * len(pictures), Shapes(unpack([signature(drawn(picture)) for picture in pictures])))


@pytest.mark.parametrize("side", [16, 24, 48])
def test_the_same_drawing_is_a_twin_and_a_detail_makes_another(side: int) -> None:
    reading = shot(house(door=True), side)[0]
    assert groups(reading, house(True), house(False), house(True)) == [[0, 2], [1]]


def test_what_a_large_picture_tells_apart_a_small_one_may_not() -> None:
    pictures = house(True, 8), house(True, 10)
    assert groups(shot(pictures[0], 48)[0], *pictures) == [[0], [1]]
    assert groups(shot(pictures[0], 12)[0], *pictures) == [[0, 1]]


def test_twins_have_the_same_colours() -> None:
    reading = shot(flag(FRANCE), 24)[0]
    assert groups(reading, flag(FRANCE), flag(ITALY), flag(FRANCE)) == [[0, 2], [1]]
    reading = shot(icon("ring", "#d62828"), 24)[0]
    assert groups(reading, icon("ring", "#d62828"), icon("ring"), icon("ring", "#1da1f2")) == [[0], [1], [2]]


def test_a_coloured_icon_has_no_twin_of_one_ink() -> None:
    reading = shot(icon("ring"), 24)[0]
    assert groups(reading, icon("ring"), icon("ring", "#d62828"), icon("ring"), flag(FRANCE)) == [[0, 2], [1], [3]]


def test_a_picture_is_suited_by_its_own_colours_or_by_none() -> None:
    icons = [icon("ring"), icon("ring", "#d62828"), icon("ring", "#1da1f2"), flag(FRANCE)]
    signatures = unpack([signature(drawn(picture)) for picture in icons])
    assert palette_suits(shot(icon("ring", "#d62828"), 40)[0], signatures).tolist() == [True, True, False, False]
    assert palette_suits(shot(flag(FRANCE), 40)[0], signatures).tolist() == [False, False, False, True]
