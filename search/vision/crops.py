"""Parts of pictures, in fractions so that they hold whatever size a picture is reduced to."""

import math

from PIL import Image

FractionBox = tuple[float, float, float, float]  # x, y, width, height in fractions of a picture

WHOLE: FractionBox = (0, 0, 1, 1)


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
    """The box as text, `x,y,width,height`, as the field `crop` of a search takes it."""
    return ",".join(f"{number:.4f}" for number in box)
