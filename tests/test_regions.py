"""The regions of a screenshot: its icons are found, and little else."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from icons.rendering import render
from search.detection.regions import UNKNOWN, Region, look_for_icons
from search.vision.foreground import box_of

ICONS = ("home", "bell", "camera", "heart", "settings", "star", "cloud", "printer", "user", "lock")
DARK, LIGHT, BLUE = (25, 27, 32), (245, 246, 248), (30, 90, 200)
Box = tuple[int, int, int, int]  # x, y, width, height, px


def draw_icon(picture: Image.Image, name: str, x: int, y: int, side: int, colour: tuple[int, int, int]) -> Box:
    """Draw an icon of the demo set and return its box."""
    data = json.loads(Path("demo/tabler.json").read_text())
    body = data["icons"][name]["body"]
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" color="rgb{colour}">{body}</svg>'
    drawn = render(svg, side)
    picture.paste(drawn, (x, y), drawn)
    return x, y, side, side


def row(
    side: int, gap: int, ink: tuple[int, int, int] = DARK, paper: tuple[int, int, int] = LIGHT, columns: int = 10
) -> tuple[Image.Image, list[Box]]:
    """A picture with ICONS in rows, and their boxes."""
    rows = -(-len(ICONS) // columns)
    size = (gap + columns * (side + gap), gap + rows * (side + gap))
    picture = Image.new("RGB", size, paper)
    places = [(gap + i % columns * (side + gap), gap + i // columns * (side + gap)) for i in range(len(ICONS))]
    return picture, [draw_icon(picture, name, *place, side, ink) for name, place in zip(ICONS, places, strict=True)]


def write(picture: Image.Image, x: int, y: int, text: str, colour: tuple[int, int, int] = DARK, size: int = 13) -> None:
    """Write a text of `size` px on a picture."""
    ImageDraw.Draw(picture).text((x, y), text, fill=colour, font=ImageFont.load_default(size))


def holds(region: Region, box: Box, picture: Image.Image) -> bool:
    """Whether a region has its middle in the box and is neither much larger nor much smaller."""
    x, y, width, height = np.multiply(region.box, picture.size * 2)
    in_box = box[0] < x + width / 2 < box[0] + box[2] and box[1] < y + height / 2 < box[1] + box[3]
    return bool(in_box and 1 / 3 < width * height / (box[2] * box[3]) < 3)


def find_regions(picture: Image.Image) -> list[Region]:
    """The places on a picture that may be icons."""
    return look_for_icons(picture)[0]


def sure_regions(picture: Image.Image) -> list[Region]:
    """The places that are icons by their looks."""
    return [region for region in find_regions(picture) if region.sure]


def assert_regions_are(picture: Image.Image, boxes: Sequence[Box]) -> None:
    """Every box is found, in this order, most of them surely, and nothing else is sure."""
    regions = find_regions(picture)
    at_icons = [region for region in regions if any(holds(region, box, picture) for box in boxes)]
    assert len(at_icons) == len(boxes)
    assert all(holds(region, box, picture) for region, box in zip(at_icons, boxes, strict=True))
    assert sum(region.sure for region in at_icons) >= 0.6 * len(boxes)
    assert not [region for region in regions if region.sure and region not in at_icons]


@pytest.mark.parametrize(("side", "gap"), [(16, 8), (20, 12), (24, 8), (24, 32), (32, 16), (48, 10)])
@pytest.mark.parametrize(("ink", "paper"), [(DARK, LIGHT), (LIGHT, DARK), (LIGHT, BLUE)])
def test_the_icons_of_a_toolbar_are_found(
    side: int, gap: int, ink: tuple[int, int, int], paper: tuple[int, int, int]
) -> None:
    assert_regions_are(*row(side, gap, ink, paper))


@pytest.mark.parametrize("columns", [1, 2, 5])
def test_the_icons_of_a_column_and_a_grid_are_found_in_reading_order(columns: int) -> None:
    assert_regions_are(*row(24, 16, columns=columns))


def test_an_icon_of_several_parts_or_a_thin_one_is_found_between_others() -> None:
    picture = Image.new("RGB", (300, 44), LIGHT)
    names = ("home", "menu-2", "layout-grid", "bell", "slash", "camera")
    boxes = [draw_icon(picture, name, 10 + 40 * i, 10, 24, DARK) for i, name in enumerate(names)]
    assert_regions_are(picture, boxes)


def test_separators_labels_and_buttons_are_no_icons() -> None:
    picture = Image.new("RGB", (420, 70), LIGHT)
    draw = ImageDraw.Draw(picture)
    boxes = []
    for index, name in enumerate(ICONS[:6]):
        x = 20 + 68 * index
        if index % 2:
            draw.rounded_rectangle((x - 7, 5, x + 30, 42), 6, fill=BLUE)
            draw.line((x + 45, 8, x + 45, 60), fill=(180, 180, 180))
        boxes.append(draw_icon(picture, name, x, 12, 24, LIGHT if index % 2 else DARK))
        write(picture, x - 4, 48, ("Home", "Bells", "Photo", "Like", "Setup", "Star")[index], size=12)
    assert_regions_are(picture, boxes)


@pytest.mark.parametrize("gap", [1, 2, 3, 6])
def test_the_word_close_under_a_tile_is_not_part_of_the_icon(gap: int) -> None:
    picture = Image.new("RGB", (420, 80), LIGHT)
    boxes = []
    for index, name in enumerate(ICONS[:6]):
        x = 20 + 68 * index
        ImageDraw.Draw(picture).rounded_rectangle((x - 6, 10, x + 29, 45), 5, fill=(216, 216, 216))
        boxes.append(draw_icon(picture, name, x, 16, 24, DARK))
        word = ("Home", "Open file", "Photo", "Save", "Settings", "Star")[index]
        ImageDraw.Draw(picture).text((x - 4, 46 + gap), word, DARK, ImageFont.load_default(10), anchor="lt")
    assert_regions_are(picture, boxes)


@pytest.mark.parametrize("gap", [4, 7])
def test_tiles_as_close_as_letters_are_no_word(gap: int) -> None:
    picture = Image.new("RGB", (20 + (32 + gap) * 6, 52), "white")
    boxes = []
    for index, name in enumerate(ICONS[:6]):
        x = 10 + (32 + gap) * index
        ImageDraw.Draw(picture).rounded_rectangle((x, 10, x + 31, 41), 5, fill=(220, 220, 220))
        boxes.append(draw_icon(picture, name, x + 6, 16, 20, DARK))
    assert_regions_are(picture, boxes)


def window() -> tuple[Image.Image, list[Box]]:
    """A title bar, a sidebar with labels, a paragraph, an input field and a photo."""
    picture = Image.new("RGB", (900, 600), LIGHT)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 900, 40), fill=BLUE)
    draw.rectangle((0, 40, 170, 600), fill=DARK)
    write(picture, 380, 12, "Reports of the last year", LIGHT)
    boxes = [draw_icon(picture, name, 780 + 40 * i, 10, 20, LIGHT) for i, name in enumerate(ICONS[:3])]
    for index, name in enumerate(ICONS):
        boxes.append(draw_icon(picture, name, 14, 60 + 40 * index, 20, LIGHT))
        write(picture, 44, 62 + 40 * index, name.capitalize() + " and more", LIGHT)
    for line in range(8):
        write(picture, 200, 70 + 20 * line, "In a year of 42 weeks, so it is said, no one of us has to go on.")
    draw.rounded_rectangle((200, 250, 420, 280), 4, outline=(150, 150, 150))
    write(picture, 210, 257, "Search in all of it")
    noise = np.random.default_rng(1).integers(0, 255, (9, 12, 3)).astype(np.uint8)
    picture.paste(Image.fromarray(noise).resize((240, 180), Image.Resampling.BICUBIC), (480, 300))
    return picture, boxes


def test_of_a_window_most_icons_and_hardly_anything_else_is_found() -> None:
    picture, boxes = window()
    regions = sure_regions(picture)
    held = [box for box in boxes if any(holds(region, box, picture) for region in regions)]
    assert len(held) >= len(boxes) - 1
    assert len(regions) <= len(boxes) + 2  # of the photo's clouds, two are like icons
    for region in regions:
        assert 0 < region.confidence <= 1
        assert all(0 <= edge <= 1 for edge in region.box)


@pytest.mark.parametrize("name", ["home", "menu-2", "layout-grid", "arrows-minimize", "users", "circle-plus"])
@pytest.mark.parametrize("side", [16, 48, 128])
def test_a_picture_of_one_icon_is_left_to_the_ordinary_search(name: str, side: int) -> None:
    picture = Image.new("RGB", (side * 2, side * 2), LIGHT)
    draw_icon(picture, name, side // 2, side // 2, side, DARK)
    assert len(sure_regions(picture)) <= 1


@pytest.mark.parametrize(("ink", "paper"), [(DARK, LIGHT), (LIGHT, DARK), (LIGHT, BLUE)])
@pytest.mark.parametrize("text", ["Save", "Open settings", "Inbox 12"])
@pytest.mark.parametrize("name", ["home", "plus", "user", "settings"])
def test_an_icon_beside_its_label_is_a_region(
    name: str, text: str, ink: tuple[int, int, int], paper: tuple[int, int, int]
) -> None:
    picture = Image.new("RGB", (150, 40), paper)
    box = draw_icon(picture, name, 12, 10, 20, ink)
    write(picture, 42, 12, text, ink)
    regions = sure_regions(picture)
    assert len(regions) <= 2  # a number may be an icon, too
    assert holds(max(regions, key=lambda region: region.confidence), box, picture)


def test_one_icon_with_a_label_and_a_button_is_left_to_the_ordinary_search() -> None:
    picture = Image.new("RGB", (110, 60), LIGHT)
    ImageDraw.Draw(picture).rounded_rectangle((6, 6, 54, 54), 8, fill=BLUE)
    draw_icon(picture, "settings", 14, 14, 32, LIGHT)
    write(picture, 62, 22, "Settings")
    assert len(sure_regions(picture)) <= 1


@pytest.mark.parametrize("size", [13, 16, 24])
def test_hardly_a_word_of_a_text_is_taken_for_an_icon(size: int) -> None:
    picture = Image.new("RGB", (700, 250), LIGHT)
    for line in range(5):
        write(picture, 10, 10 + 2 * size * line, "In a year of 42 weeks, so it is said, no one has to go", size=size)
    assert len(sure_regions(picture)) <= 5  # of 70 words; one of two letters at the start of a line may pass


@pytest.mark.parametrize("share", [0.003, 0.01, 0.3])
def test_noise_takes_no_longer_than_a_window(share: float) -> None:
    dots = np.random.default_rng(1).random((1024, 1024)) < share
    started = time.process_time()
    find_regions(Image.fromarray(dots).convert("RGB"))
    assert time.process_time() - started < 1  # some 80 ms


def test_blank_tiny_and_transparent_pictures() -> None:
    assert find_regions(Image.new("RGB", (600, 60), LIGHT)) == []
    assert find_regions(Image.new("RGB", (1, 1), LIGHT)) == []
    assert find_regions(Image.new("RGBA", (200, 200), (0, 0, 0, 0))) == []
    opaque, boxes = row(24, 16)
    for ink in (DARK, LIGHT):
        picture = Image.new("RGBA", opaque.size, (*ink, 0))
        for name, box in zip(ICONS, boxes, strict=True):
            draw_icon(picture, name, box[0], box[1], 24, ink)
        assert_regions_are(picture, boxes)


def test_a_window_does_not_take_long() -> None:
    picture, _ = window()
    started = time.process_time()
    for _ in range(3):
        find_regions(picture)
    assert (time.process_time() - started) / 3 < 0.3  # a busy machine is no failure


@pytest.mark.parametrize("side", [16, 20, 24, 28, 36])
def test_the_box_of_three_dots_holds_them_and_no_more(side: int) -> None:
    picture = Image.new("RGB", (420, 96), LIGHT)
    for number, name in enumerate(("home", "bell", "star")):
        draw_icon(picture, name, 24 + 72 * number, 24, side, DARK)
    write(picture, 240, 32, "Settings", size=20)
    draw_icon(picture, "dots-vertical", 350, 24, side, DARK)
    drawn = np.array(picture.convert("L"))[:, 350:] < 200
    left, top, right, bottom = box_of(drawn)
    boxes = [np.multiply(region.box, picture.size * 2) for region in find_regions(picture)]
    [box] = [box for box in boxes if box[0] > 340]
    assert np.abs(box - (left + 350, top, right - left, bottom - top)).max() <= 2


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("printer", DARK),
        ("flag-filled", DARK),
        ("dots-filled", DARK),
        ("lock", (196, 206, 220)),
        ("air-balloon-filled", (196, 206, 220)),
    ],
)
def test_the_box_of_an_icon_at_the_edge_of_a_crop_holds_all_of_it(name: str, colour: tuple[int, int, int]) -> None:
    picture = Image.new("RGB", (240, 44), "white")
    draw_icon(picture, name, 10, 12, 20, colour)
    left, top, right, bottom = box_of(np.array(picture.convert("L")) < 250)
    write(picture, 50, 14, "Dashboard", size=14)
    crop = picture.crop((left, 0, *picture.size))
    edges = [np.multiply(np.add(region.box, (0, 0, *region.box[:2])), crop.size * 2) for region in find_regions(crop)]
    assert min(np.abs(edge - (0, top, right - left, bottom)).max() for edge in edges) <= 2.5


def test_it_is_said_how_much_anything_looks_like_an_icon() -> None:
    shown, text, blank = (Image.new("RGB", (90, 90), LIGHT) for _ in range(3))
    draw_icon(shown, "home", 20, 20, 48, DARK)
    write(text, 10, 40, "Cancel")
    regions, looks = look_for_icons(shown)
    assert looks > 0.5
    assert [region.alone for region in regions] == [True]
    assert look_for_icons(shown.crop((14, 14, 74, 74)))[0] == []  # a picture that is nothing but an icon has no regions
    assert look_for_icons(text)[1] < 0.5
    assert look_for_icons(blank) == ([], UNKNOWN)
