"""The whole picture as the old system's network sees it."""

import numpy as np
import pytest
from PIL import Image

from search.matching.imagenet_input import imagenet_input

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def halves(left: tuple[int, ...] = RED, right: tuple[int, ...] = BLUE, mode: str = "RGB") -> Image.Image:
    """A picture of 30 x 14 px with a left and a right half of one colour each."""
    picture = Image.new(mode, (30, 14), left)
    picture.paste(right, (15, 0, 30, 14))
    return picture


def test_a_picture_is_stretched() -> None:
    pixels = imagenet_input(halves())
    assert pixels.shape == (224, 224, 3) and pixels.dtype == np.uint8
    assert (pixels[:, :112] == RED).all() and (pixels[:, 112:] == BLUE).all()


def test_what_is_transparent_is_white() -> None:
    assert (imagenet_input(Image.new("RGBA", (30, 10), (0, 0, 0, 0))) == WHITE).all()
    pixels = imagenet_input(halves((*RED, 255), (0, 0, 0, 51), "RGBA"))
    assert (pixels[:, :112] == RED).all() and (pixels[:, 112:] == 204).all()


def test_a_palette_with_a_transparent_colour_is_flattened() -> None:
    picture = halves().convert("P")
    picture.info["transparency"] = picture.getpixel((0, 0))
    pixels = imagenet_input(picture)
    assert (pixels[:, :112] == WHITE).all() and (pixels[:, 112:] == BLUE).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_every_mode_is_read(mode: str) -> None:
    picture = halves((0, 0, 0), WHITE)
    if mode == "I;16":  # Pillow cannot convert to it
        picture = Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    elif mode == "PA":
        picture = picture.convert("LA").convert("PA")
    else:
        picture = picture.convert(mode)
    assert picture.mode == mode
    pixels = imagenet_input(picture)
    assert (pixels[:, :112] == 0).all() and (pixels[:, 112:] == 255).all()


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3), (1, 5000)])
def test_tiny_and_thin_pictures_do_not_fail(size: tuple[int, int]) -> None:
    assert (imagenet_input(Image.new("RGB", size, BLUE)) == BLUE).all()


def test_the_picture_itself_is_left_alone() -> None:
    picture = halves((*RED, 255), (0, 0, 0, 51), "RGBA")
    before = picture.tobytes()
    imagenet_input(picture)
    assert picture.tobytes() == before
