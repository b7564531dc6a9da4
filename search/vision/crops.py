"""Crops of pictures, in fractions of width and height, so that they fit whatever size a picture is reduced to."""

import math

from PIL import Image

FractionBox = tuple[float, float, float, float]  # x, y, width, height in fractions of a picture

WHOLE: FractionBox = (0, 0, 1, 1)
TOLERANCE = 1e-3  # fraction of a picture by which the sum of two rounded fractions may exceed 1


def parse_crop(text: str) -> FractionBox:
    """The box that a text `x,y,width,height` names; an empty text means the whole picture.

    Raises ValueError if the text is no box within the picture.
    """
    if not text.strip():
        return WHOLE
    x, y, width, height = (float(number) for number in text.split(","))
    # Every comparison with “nan” is false, so that it is refused as well.
    if not (min(x, y) >= 0 and min(width, height) > 0 and max(x + width, y + height) <= 1 + TOLERANCE):
        raise ValueError("The crop is not within the picture.")
    return x, y, width, height


def part_of(picture: Image.Image, box: FractionBox, margin: float = 0) -> Image.Image:
    """The part of a picture within a box, with the margin around it that there is; at least 1 px wide and high.

    `margin` is a share of the box's longer side.
    """
    x, y, width, height = box
    around = margin * max(width * picture.width, height * picture.height)
    left = min(max(0, math.floor(x * picture.width - around)), picture.width - 1)
    top = min(max(0, math.floor(y * picture.height - around)), picture.height - 1)
    right = min(max(left + 1, math.ceil((x + width) * picture.width + around)), picture.width)
    bottom = min(max(top + 1, math.ceil((y + height) * picture.height + around)), picture.height)
    return picture.crop((left, top, right, bottom))


def widened(box: FractionBox, size: tuple[int, int], margin: float) -> FractionBox:
    """The box with a margin around it, as far as the picture goes.

    `margin` is a share of the box's longer side, `size` the picture's width and height, px.
    """
    x, y, width, height = box
    around = margin * max(width * size[0], height * size[1])
    left, top = max(0, x - around / size[0]), max(0, y - around / size[1])
    right, bottom = min(1, x + width + around / size[0]), min(1, y + height + around / size[1])
    return left, top, right - left, bottom - top


def written(box: FractionBox) -> str:
    """The box as the text that `parse_crop` reads."""
    return ",".join(f"{number:.4f}" for number in box)
