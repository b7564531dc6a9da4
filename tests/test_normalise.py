import io
import time

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from search.matching.imagenet_input import drawing_view, network_picture

INK, PAPER = (20, 20, 20), (255, 255, 255)


def drawing(ink=INK, paper=PAPER, side: int = 48, margin: int = 8, mode: str = "RGB") -> Image.Image:
    """A flag on its pole, with a hole: alike under no mirroring or turning."""
    picture = Image.new(mode, (side + 2 * margin, side + 2 * margin), paper)
    draw, unit = ImageDraw.Draw(picture), side / 8
    for box, colour in (((0, 0, 1, 8), ink), ((1, 0, 6, 4), ink), ((3, 1, 5, 3), paper)):
        left, top, right, bottom = (round(margin + unit * edge) for edge in box)
        draw.rectangle((left, top, right - 1, bottom - 1), fill=colour)
    return picture


def view(picture: Image.Image) -> NDArray[np.uint8]:
    found = drawing_view(picture)
    assert found is not None
    return found


def likeness(one: Image.Image, other: Image.Image) -> float:
    """The correlation of the two pictures' views; 1 if they are the same."""
    return float(np.corrcoef(view(one).ravel(), view(other).ravel())[0, 1])


def test_a_view_is_grey_ink_on_nothing():
    found = view(drawing())
    assert (found.shape, found.dtype) == ((64, 64), np.uint8)
    assert max(found[0].max(), found[-1].max()) < 5
    assert found.max() == 255
    assert np.isin(found, (0, 255)).mean() > 0.7


def test_the_drawing_fills_the_view_and_keeps_its_aspect():
    rows, columns = np.nonzero(view(drawing()) > 127)
    assert rows.min() <= 3 and rows.max() >= 60
    assert columns.max() - columns.min() + 1 == pytest.approx(6 / 8 * (rows.max() - rows.min() + 1), abs=1)
    assert columns.min() + columns.max() == pytest.approx(63, abs=1)


@pytest.mark.parametrize("colour", ["white", "black", "#fefefe", "#3366cc"])
def test_a_blank_picture_has_no_view(colour: str):
    assert drawing_view(Image.new("RGB", (40, 30), colour)) is None


def test_an_empty_transparent_picture_has_no_view():
    assert drawing_view(Image.new("RGBA", (40, 30), (255, 0, 0, 0))) is None


def test_faint_noise_alone_is_blank():
    noise = np.random.default_rng(1).integers(250, 256, (40, 40, 3), np.uint8)
    assert drawing_view(Image.fromarray(noise)) is None


def test_light_on_dark_looks_like_dark_on_light():
    assert likeness(drawing(), ImageOps.invert(drawing())) > 0.999


@pytest.mark.parametrize(
    ("ink", "paper"),
    [("#e11d48", "#fde68a"), ("#1d4ed8", "#93c5fd"), ("#00ff00", "#ff0000"), ("#999", "#aaa")],
)
def test_colours_do_not_matter(ink: str, paper: str):
    assert likeness(drawing(), drawing(ink, paper)) > 0.999


@pytest.mark.parametrize("box", [(0, 0, 200, 64), (5, 3, 60, 64), (-40, -10, 64, 90), (8, 8, 56, 56)])
def test_margins_do_not_matter(box: tuple[int, int, int, int]):
    page = Image.new("RGB", (240, 140), PAPER)
    page.paste(drawing(), (40, 10))
    left, top, right, bottom = box
    assert likeness(drawing(), page.crop((left + 40, top + 10, right + 40, bottom + 10))) > 0.999


@pytest.mark.parametrize("side", [16, 24, 32, 96, 200])
def test_sizes_hardly_matter(side: int):
    assert likeness(drawing(), drawing(side=side)) > 0.97


def test_half_a_pixel_hardly_matters():
    large = drawing(side=160, margin=40)
    moved = large.transform(large.size, Image.Transform.AFFINE, (1, 0, 5, 0, 1, 5), fillcolor=PAPER)
    small, shifted = (picture.resize((24, 24), Image.Resampling.BOX) for picture in (large, moved))
    assert likeness(small, shifted) > 0.98


def test_jpeg_noise_is_not_ink():
    buffer = io.BytesIO()
    drawing("#1d4ed8", "#fde68a", side=32).save(buffer, "JPEG", quality=30)
    assert likeness(drawing(), Image.open(buffer)) > 0.95


def test_a_drawing_cut_by_the_crop_is_still_found():
    assert likeness(drawing(), drawing().crop((0, 0, 64, 53))) > 0.85


@pytest.mark.parametrize("ink", [(0, 0, 99, 255), (255, 255, 255, 255), (250, 250, 255, 255), (0, 0, 0, 99)])
def test_the_alpha_channel_is_the_drawing(ink: tuple[int, int, int, int]):
    assert likeness(drawing(), drawing(ink, (0, 0, 0, 0), mode="RGBA")) > 0.999


def test_half_transparent_edges_are_flattened():
    soft = drawing((20, 20, 20, 255), (0, 0, 0, 0), mode="RGBA", side=192).reduce(4)
    assert likeness(drawing(side=192).reduce(4), soft) > 0.999


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_every_mode_is_read(mode: str):
    if mode == "I;16":  # Pillow cannot convert to it
        picture = Image.fromarray(np.asarray(drawing().convert("L")).astype(np.uint16) * 257)
    elif mode == "PA":
        picture = drawing().convert("LA").convert("PA")
    else:
        picture = drawing("black").convert(mode)  # black: not dithered in mode 1
    assert picture.mode == mode
    assert likeness(drawing(), picture) > 0.99
    assert network_picture(picture).shape == (224, 224, 3)


def test_a_palette_with_a_transparent_colour_is_flattened():
    picture = drawing("black", "white").convert("P")
    picture.info["transparency"] = picture.getpixel((0, 0))
    assert likeness(drawing(), picture) > 0.999


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 200), (200, 3), (1, 5000)])
def test_tiny_and_thin_pictures_do_not_fail(size: tuple[int, int]):
    assert drawing_view(Image.new("RGB", size)) is None
    noise = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), np.uint8)
    found = drawing_view(Image.fromarray(noise))
    assert found is None or found.shape == (64, 64)


def test_a_single_pixel_of_ink_is_a_drawing():
    picture = Image.new("RGB", (9, 9), "white")
    picture.putpixel((4, 4), (0, 0, 0))
    assert view(picture)[32, 32] == 255


def test_a_huge_picture_is_reduced_first():
    huge = drawing(side=4000, margin=500)
    started = time.perf_counter()
    assert likeness(drawing(side=400, margin=50), huge) > 0.98
    assert time.perf_counter() - started < 2


def test_a_thin_line_on_a_large_picture_is_found():
    picture = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(picture).line((20, 20, 280, 280), fill="black")
    assert (view(picture).diagonal()[4:-4] > 40).all()


def test_the_picture_itself_is_left_alone():
    picture = drawing((0, 0, 0, 255), (0, 0, 0, 0), mode="RGBA")
    before = picture.tobytes()
    drawing_view(picture)
    network_picture(picture)
    assert picture.tobytes() == before


def test_a_network_picture_is_stretched_on_white():
    found = network_picture(Image.new("RGBA", (30, 10), (0, 0, 0, 0)))
    assert (found.shape, found.dtype) == ((224, 224, 3), np.uint8)
    assert (found == 255).all()
    halves = network_picture(Image.fromarray(np.repeat(np.uint8([[[255, 0, 0], [0, 0, 255]]]), 7, axis=0)))
    assert (halves[:, :112] == (255, 0, 0)).all() and (halves[:, 112:] == (0, 0, 255)).all()
