"""The drawing that a picture shows, and the drawings that it may mean."""

import io
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from search.vision.drawing import MARGIN, SIDE, Drawing, frame, framed, main_ink_alone
from search.vision.foreground import Foreground, border_colour, foreground_of
from search.vision.readings import MOST_READINGS, Reading, readings_of
from search.vision.renditions import icon_renditions

FLAG = ("#0055a4", "#ffffff", "#ef4135")  # France, and with the first colour changed, Italy


def key(ink: str = "black", paper: str = "white", side: int = 24, margin: int = 6) -> Image.Image:
    """A ring, a shaft and a bit: no mirror image or turn of it looks the same."""
    scale = 4  # drawn larger and reduced, for soft edges
    picture = Image.new("RGB", ((side + 2 * margin) * scale,) * 2, paper)
    draw, unit = ImageDraw.Draw(picture), side * scale / 12
    offset = margin * scale
    draw.ellipse([offset, offset, offset + 6 * unit, offset + 6 * unit], outline=ink, width=round(1.6 * unit))
    draw.rectangle([offset + 5 * unit, offset + 2 * unit, offset + 12 * unit, offset + 4 * unit], fill=ink)
    draw.rectangle([offset + 9 * unit, offset + 4 * unit, offset + 10.5 * unit, offset + 8 * unit], fill=ink)
    return picture.reduce(scale)


def flag(colours: Sequence[str] = FLAG, page: str = "white") -> Image.Image:
    """A flag with three upright stripes on a page."""
    picture = Image.new("RGB", (60, 44), page)
    draw = ImageDraw.Draw(picture)
    for index, colour in enumerate(colours):
        draw.rectangle([12 + 12 * index, 10, 23 + 12 * index, 33], fill=colour)
    return picture


def best(picture: Image.Image, like: Drawing) -> float:
    """The largest correlation of a picture's readings with a drawing."""
    return max(likeness(reading.drawing, like) for reading in readings_of(picture))


def likeness(first: Drawing, second: Drawing) -> float:
    """The correlation of the pixels of two drawings, -1 to 1."""
    return float(np.corrcoef(first.pixels.ravel(), second.pixels.ravel())[0, 1])


def foreground(picture: Image.Image) -> Foreground:
    """What stands out from the colour of the picture's border."""
    pixels = np.asarray(picture, np.float32)
    result = foreground_of(pixels, *border_colour(pixels))
    assert result is not None
    return result


def whole(picture: Image.Image) -> Drawing:
    """The drawing that is all of the picture's foreground."""
    return framed(foreground(picture))


def test_a_drawing_fills_its_frame_but_for_the_margin() -> None:
    drawing = whole(key())
    assert drawing.pixels.shape == (SIDE, SIDE, 3) and drawing.pixels.dtype == np.uint8
    inked = np.nonzero((drawing.pixels[..., 0] < 128).any(axis=0))[0]
    assert inked[0] == pytest.approx(MARGIN, abs=1) and inked[-1] == pytest.approx(SIDE - 1 - MARGIN, abs=1)
    assert (drawing.pixels[:MARGIN] > 230).all()


@pytest.mark.parametrize(
    ("ink", "paper"),
    [("black", "white"), ("white", "black"), ("#c33", "#fff"), ("#3c3", "#202028"), ("#fd0", "#1a4"), ("#888", "#eee")],
)
def test_a_drawing_of_one_colour_is_black_on_white_whatever_its_colours(ink: str, paper: str) -> None:
    drawing = whole(key(ink, paper))
    assert not drawing.coloured
    assert (np.ptp(drawing.pixels, axis=2) == 0).all()
    assert likeness(drawing, whole(key())) > 0.99


def test_jpeg_makes_no_second_colour() -> None:
    for ink, paper in (("#c33", "#eef"), ("#1bd", "#745"), ("#fc8", "#313")):
        file = io.BytesIO()
        key(ink, paper).save(file, "JPEG", quality=40)
        assert not whole(Image.open(file).convert("RGB")).coloured


def test_several_colours_are_kept_and_stand_on_white() -> None:
    for page in ("white", "#222", "#a7c957"):
        drawing = whole(flag(page=page))
        assert drawing.coloured
        assert likeness(drawing, whole(flag())) > 0.95
    left, right = drawing.pixels[24, 8].astype(int), drawing.pixels[24, 40].astype(int)
    assert left[2] > left[0] + 80 and right[0] > right[2] + 80


def test_flags_that_differ_in_colour_alone_are_drawn_differently() -> None:
    italy = ("#009246", *FLAG[1:])
    assert likeness(whole(flag()), whole(flag(italy))) < 0.97


def test_a_pale_part_beside_a_strong_one_belongs_to_a_drawing_in_colour() -> None:
    picture = Image.new("RGB", (40, 40), "#2b1366")
    draw = ImageDraw.Draw(picture)
    draw.rectangle([8, 20, 31, 33], fill="#ff8c00")
    draw.rectangle([13, 6, 26, 19], fill="#445566")  # a fifth as far from the background
    rows = np.nonzero((whole(picture).pixels.min(axis=2) < 200).any(axis=1))[0]
    assert rows[0] <= MARGIN + 1


def test_an_icon_on_transparent_is_its_opaque_part() -> None:
    black, white = Image.new("RGBA", (30, 30)), Image.new("RGBA", (30, 30))
    ImageDraw.Draw(black).polygon([(5, 5), (25, 5), (5, 25)], fill="black")
    ImageDraw.Draw(white).polygon([(5, 5), (25, 5), (5, 25)], fill="white")
    (from_black,), (from_white,) = icon_renditions(black), icon_renditions(white)
    assert likeness(from_black, from_white) > 0.99
    assert icon_renditions(Image.new("RGBA", (30, 30))) == []


def two_halves(upper: str, lower: str) -> Image.Image:
    """An icon on transparent whose halves have different colours."""
    picture = Image.new("RGBA", (40, 40))
    ImageDraw.Draw(picture).rectangle([6, 8, 33, 19], fill=upper)
    ImageDraw.Draw(picture).rectangle([6, 20, 33, 31], fill=lower)
    return picture


@pytest.mark.parametrize("colours", [("white", "#dc143c"), ("#8fbffa", "#2859c5")])
def test_an_icon_may_look_otherwise_on_a_colour_than_on_white(colours: tuple[str, str]) -> None:
    """The white half of a flag is not seen on white, and two blues may as well be one that is half transparent."""
    icon = two_halves(*colours)
    on_white, in_colours = icon_renditions(icon)
    for page, rendition in (("white", on_white), ("#223344", in_colours), ("#77aa33", in_colours)):
        shot = Image.new("RGB", icon.size, page)
        shot.paste(icon, mask=icon)
        assert best(shot, rendition) > 0.95
    assert likeness(on_white, in_colours) < 0.95


def test_an_icon_of_which_nothing_is_white_looks_the_same_everywhere() -> None:
    assert len(icon_renditions(two_halves("#146b3a", "#dc143c"))) == 1
    assert len(icon_renditions(two_halves("black", "black"))) == 1


def test_a_shadow_and_other_inks_are_left_out_of_the_main_ink() -> None:
    """White on blue, with a soft dark shadow."""
    page = Image.new("RGB", (60, 60), "#3b6fd4")
    mask = Image.new("L", page.size)
    mask.paste(key("white", "black", margin=0).convert("L"), (18, 18))
    page.paste("#1f3b73", (2, 3), mask.filter(ImageFilter.GaussianBlur(2)))
    page.paste("white", mask=mask)
    drawing = main_ink_alone(foreground(page))
    assert drawing and not drawing.coloured and likeness(drawing, whole(key())) > 0.95
    assert best(page, whole(key())) > 0.95


def test_compression_leaves_two_readings() -> None:
    """JPEG mixes the colours of one ink, and drowns a second one: either may be meant."""
    for ink, paper in (("#f04040", "#203060"), ("#60e060", "#703080")):
        file = io.BytesIO()
        key(ink, paper).save(file, "JPEG", quality=30)
        picture = Image.open(file).convert("RGB")
        assert best(picture, whole(key())) > 0.85
        assert {reading.drawing.coloured for reading in readings_of(picture)} == {False, True}


def test_what_has_the_colour_of_the_page_within_a_flag_may_be_part_of_it() -> None:
    def spotted(page: str) -> Image.Image:
        picture = flag(("#0055a4", "#ffcc00", "#ef4135"), page)
        ImageDraw.Draw(picture).ellipse([22, 14, 36, 28], fill="#202428")
        return picture

    on_white = whole(spotted("white"))
    assert best(spotted("#202428"), on_white) > 0.98 > likeness(whole(spotted("#202428")), on_white)
    assert "filled" in [reading.kind for reading in readings_of(spotted("#202428"))]
    assert "filled" not in [reading.kind for reading in readings_of(spotted("white"))]


def test_a_line_in_another_colour_is_opaque_where_edges_are_sharp_and_a_soft_edge_where_they_are_not() -> None:
    """Two px that are half page and half blue: in a picture as a browser draws it they are a line of their own."""
    picture = Image.new("RGB", (44, 46), "#101014")
    draw = ImageDraw.Draw(picture)
    draw.rectangle([10, 10, 33, 23], fill="#50b0f0")
    draw.rectangle([10, 24, 33, 26], fill="#306482")
    draw.rectangle([10, 27, 33, 33], fill="#e04030")
    icon = Image.new("RGBA", picture.size)
    icon.paste(picture.crop((10, 10, 34, 34)), (10, 10))
    blurred = picture.resize((132, 138), Image.Resampling.BICUBIC)
    assert likeness(whole(picture), icon_renditions(icon)[0]) > 0.98
    assert likeness(whole(blurred), icon_renditions(icon)[0]) > 0.95


def test_a_blank_picture_has_no_readings() -> None:
    assert readings_of(Image.new("RGB", (40, 40), "teal")) == []
    assert readings_of(Image.new("RGBA", (40, 40))) == []


def different_readings_of(picture: Image.Image) -> list[Reading]:
    """The readings of a picture, once it is asserted that no drawing is among them twice."""
    readings = readings_of(picture)
    for index, reading in enumerate(readings):
        for earlier in readings[:index]:
            assert likeness(reading.drawing, earlier.drawing) < 0.999
    return readings


def test_a_clean_crop_has_its_drawing_first() -> None:
    first, *_ = different_readings_of(key(margin=4))
    assert first.kind == "whole" and likeness(first.drawing, whole(key())) > 0.99


def button(ground: Image.Image, round_by: int) -> Image.Image:
    """The key in white on a button of 44 px, on a light page."""
    picture = Image.new("RGB", (60, 60), "#f4f4f4")
    mask = Image.new("L", (44, 44))
    ImageDraw.Draw(mask).rounded_rectangle([0, 0, 43, 43], round_by, fill=255)
    picture.paste(ground.resize((44, 44)), (8, 8), mask)
    glyph = key("white", "black", margin=0).convert("L")
    picture.paste("white", (18, 18), glyph)
    return picture


@pytest.mark.parametrize("round_by", [4, 10, 22])
def test_the_inside_of_a_button_is_a_reading(round_by: int) -> None:
    plain = Image.new("RGB", (44, 44), "#2255cc")
    gradient = Image.merge("RGB", [Image.linear_gradient("L").point(lambda v, k=k: k + v // 4) for k in (20, 60, 120)])
    for ground in (plain, gradient):
        assert best(button(ground, round_by), whole(key())) > 0.95


def test_what_an_outline_ring_encloses_is_a_reading() -> None:
    picture = Image.new("RGB", (60, 60), "white")
    ImageDraw.Draw(picture).ellipse([4, 4, 55, 55], outline="black", width=2)
    picture.paste(key(margin=0), (18, 18))
    assert best(picture, whole(key())) > 0.95


def test_a_label_and_a_neighbour_are_left_out_of_a_reading() -> None:
    picture = Image.new("RGB", (90, 40), "white")
    picture.paste(key(margin=0), (10, 8))
    ImageDraw.Draw(picture).text((46, 12), "Settings", fill="black")
    assert best(picture, whole(key())) > 0.97


def test_a_badge_on_the_corner_is_left_out_of_a_reading() -> None:
    picture = key(margin=6)
    badged = picture.copy()
    ImageDraw.Draw(badged).ellipse([24, 4, 31, 11], fill="#e11")
    assert best(badged, whole(picture)) > likeness(whole(badged), whole(picture)) + 0.1


def test_a_drawing_of_one_faint_pixel_is_framed() -> None:
    opacity = np.zeros((9, 9), np.float32)
    opacity[4, 4] = 0.3
    drawing = frame(255 * (1 - opacity), opacity, np.zeros(3, np.float32), coloured=False, clean=True)
    assert drawing.pixels.shape == (SIDE, SIDE, 3) and drawing.scale < 0.1


def test_a_photograph_has_few_readings() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (90, 120, 3), dtype=np.uint8)
    photo = Image.fromarray(noise).filter(ImageFilter.GaussianBlur(4))
    assert len(readings_of(photo)) <= MOST_READINGS
