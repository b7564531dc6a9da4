"""Parts of pictures, in fractions so that they hold whatever size a picture is reduced to."""

import math

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

FractionBox = tuple[float, float, float, float]  # x, y, width, height in fractions of a picture

WHOLE: FractionBox = (0, 0, 1, 1)
TOLERANCE = 1e-3  # by which the sum of two rounded fractions may exceed 1
CROP = _(
    "The crop must be four numbers x,y,width,height in fractions of the picture,"
    " within it: from 0 to 1, with a width and height above 0."
)


def parse_crop(text: str) -> FractionBox:
    """The box in `x,y,w,h`; an empty text means the whole picture. Raises ValidationError."""
    if not text.strip():
        return WHOLE
    try:
        x, y, width, height = (float(part) for part in text.split(","))
    except ValueError:
        raise ValidationError(CROP, code="crop") from None
    # Written so that it does not hold for “nan” either.
    if not (min(x, y) >= 0 and min(width, height) > 0 and max(x + width, y + height) <= 1 + TOLERANCE):
        raise ValidationError(CROP, code="crop")
    return x, y, width, height


def part_of(picture: Image.Image, box: FractionBox, margin: float = 0) -> Image.Image:
    """What the box holds, at least a pixel, with the margin around it (a share of its longer side) that there is."""
    x, y, width, height = box
    around = margin * max(width * picture.width, height * picture.height)
    left = min(max(0, math.floor(x * picture.width - around)), picture.width - 1)
    top = min(max(0, math.floor(y * picture.height - around)), picture.height - 1)
    right = min(max(left + 1, math.ceil((x + width) * picture.width + around)), picture.width)
    bottom = min(max(top + 1, math.ceil((y + height) * picture.height + around)), picture.height)
    return picture.crop((left, top, right, bottom))


def widened(box: FractionBox, size: tuple[int, int], margin: float) -> FractionBox:
    """The box with a margin, a share of its longer side, around it, as far as a picture of that size goes."""
    x, y, width, height = box
    around = margin * max(width * size[0], height * size[1])
    left, top = max(0, x - around / size[0]), max(0, y - around / size[1])
    right, bottom = min(1, x + width + around / size[0]), min(1, y + height + around / size[1])
    return left, top, right - left, bottom - top


def written(box: FractionBox) -> str:
    """As `parse_crop` reads it."""
    return ",".join(f"{number:.4f}" for number in box)
