"""What a condition is described with: how an icon stands on a page, its colours, and CSS and HTML for both."""

import colorsys
from dataclasses import dataclass
from random import Random

from PIL import Image

Colour = tuple[int, int, int]  # sRGB, 0 to 255
Box = tuple[float, float, float, float]  # left, top, width and height; px of a picture, or CSS px
Margins = tuple[float, float, float, float]  # CSS px left, above, right and below; where negative, the crop cuts in

CELL = 120  # CSS px; the side of the square of the page that one icon has for itself
BLACK, WHITE = (20, 20, 20), (255, 255, 255)
CONTRAST = 90  # of 255; the least difference in luminance between an icon and its background


@dataclass(frozen=True)
class Scene:
    """How an icon stands in the middle of its cell of the page, and how it is cropped and saved.

    All lengths are CSS px.
    """

    side: float  # of the icon
    offset: float  # from the pixel grid
    margins: Margins  # between the target of the crop and its edges
    ink: Colour = BLACK
    background: str = "rgb(255, 255, 255)"  # CSS background of the cell
    style: str = ""  # CSS of the icon
    behind: str = ""  # HTML between the background and the icon
    in_front: str = ""  # HTML above the icon
    target_side: float = 0  # of the square that the person means to crop, a button say; 0 means the icon
    neighbours: tuple[float, ...] = ()  # the distance from the left edge of the icon to that of each neighbour
    pixel_ratio: float = 1  # device pixels in a CSS px
    transparent: bool = False  # nothing is behind the icon
    file_format: str = "PNG"
    quality: int = 0  # of JPEG and WebP, 1 to 100
    enlargement: int = 1  # the factor by which the screenshot is enlarged afterwards
    resampling: Image.Resampling = Image.Resampling.BICUBIC
    subpixels: str = ""  # order of the stripes of a pixel, RGB or BGR, if edges are drawn by these; `pixel_ratio` is 3

    @property
    def crop(self) -> tuple[float, float, float, float]:
        """The left, top, right and bottom edge of the crop in the cell, CSS px."""
        half = (self.target_side or self.side) / 2
        left, above, right, below = self.margins
        edges = (CELL / 2 - half - left, CELL / 2 - half - above, CELL / 2 + half + right, CELL / 2 + half + below)
        left, top, right, bottom = (min(max(edge, 0), CELL) for edge in edges)
        return left, top, right, bottom


def css(colour: Colour) -> str:
    """The colour as CSS writes it."""
    return f"rgb{colour}"


def place(left: float, top: float, width: float, height: float) -> str:
    """CSS that places an element whose position is absolute; all in CSS px."""
    return f"left:{left:g}px;top:{top:g}px;width:{width:g}px;height:{height:g}px"


def luminance(colour: Colour) -> float:
    """The relative luminance by the weights of ITU-R BT.709, without gamma, 0 to 255."""
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def random_colour(rng: Random) -> Colour:
    """A colour of any hue that is neither quite grey nor quite black."""
    red, green, blue = colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.2, 1), rng.uniform(0.1, 1))
    return int(255 * red), int(255 * green), int(255 * blue)


def colour_pair(rng: Random, least: float = CONTRAST, most: float = 255) -> tuple[Colour, Colour]:
    """A colour for an icon and a colour for its background.

    Their luminance differs by more than `least` and less than `most`.
    """
    while True:
        ink, background = random_colour(rng), random_colour(rng)
        if least < abs(luminance(ink) - luminance(background)) < most:
            return ink, background
