"""The conditions under which people take screenshots of icons, each with a random choice of details."""

import colorsys
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from PIL import Image

Colour = tuple[int, int, int]  # sRGB, 0 to 255
Margins = tuple[float, float, float, float]  # px left, above, right and below; negative: the crop cuts in

CELL = 120  # px of page for one icon
BLACK, WHITE = (20, 20, 20), (255, 255, 255)
CONTRAST = 90  # of 255: the least difference in luminance between an icon and what it stands on
LABELS = ("Settings", "Save", "Open file", "Home", "Share")
SHAPES = ("4px", "8px", "50%")  # CSS radii of buttons


@dataclass(frozen=True)
class Scene:
    """How one icon stands in the middle of its cell of the page, and how it is cropped and saved."""

    side: float  # px of the icon
    shift: float  # px off the pixel grid
    margins: Margins  # around the box
    ink: Colour = BLACK
    ground: str = "rgb(255, 255, 255)"  # CSS background of the cell
    style: str = ""  # CSS of the icon
    under: str = ""  # HTML between the ground and the icon
    over: str = ""  # HTML above the icon
    box: float = 0  # px of the square that the person means to crop; 0: the icon
    neighbours: tuple[float, ...] = ()  # px from the icon to other ones beside it
    scale: float = 1  # device pixels a px
    transparent: bool = False  # nothing is behind the icon
    saved: str = "PNG"
    quality: int = 0  # of JPEG and WebP
    enlarged: int = 1  # times, after the screenshot
    resampling: Image.Resampling = Image.Resampling.BICUBIC

    @property
    def cropped(self) -> tuple[float, float, float, float]:
        """Px left, top, right and bottom of the crop in the cell."""
        half = (self.box or self.side) / 2
        left, above, right, below = self.margins
        edges = (CELL / 2 - half - left, CELL / 2 - half - above, CELL / 2 + half + right, CELL / 2 + half + below)
        a, b, c, d = (min(max(edge, 0), CELL) for edge in edges)
        return a, b, c, d


def css(colour: Colour) -> str:
    return f"rgb{colour}"


def place(left: float, top: float, width: float, height: float) -> str:
    """CSS of a box, px, for an element whose position is absolute."""
    return f"left:{left:g}px;top:{top:g}px;width:{width:g}px;height:{height:g}px"


def luminance(colour: Colour) -> float:
    """0 to 255."""
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def random_colour(rng: Random) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.2, 1), rng.uniform(0.1, 1))
    return int(255 * red), int(255 * green), int(255 * blue)


def colour_pair(rng: Random, least: float = CONTRAST, most: float = 255) -> tuple[Colour, Colour]:
    """Two that can be told from each other: for the icon, and for what is under it."""
    while True:
        ink, ground = random_colour(rng), random_colour(rng)
        if least < abs(luminance(ink) - luminance(ground)) < most:
            return ink, ground


def _shift(rng: Random) -> float:
    return rng.choice((0, 0, 0.25, 0.5))


def _margins(rng: Random, least: float, most: float) -> Margins:
    return rng.uniform(least, most), rng.uniform(least, most), rng.uniform(least, most), rng.uniform(least, most)


def _careful(rng: Random, side: float) -> Margins:
    return _margins(rng, 1, max(3, 0.25 * side))


def _scene(rng: Random, side: float, box: float = 0, **details: Any) -> Scene:
    """An icon cropped with care."""
    return Scene(side, _shift(rng), _careful(rng, box or side), box=box, **details)


def _themed(rng: Random, side: float, **details: Any) -> Scene:
    """In random colours that can be told from each other."""
    ink, ground = colour_pair(rng)
    return _scene(rng, side, ink=ink, ground=css(ground), **details)


def _black_on_white(side: int) -> Callable[[Random], Scene]:
    return lambda rng: _scene(rng, side)


def _dark(rng: Random) -> Scene:
    light, black = rng.randint(200, 255), rng.randint(15, 50)
    return _scene(rng, 28, ink=(light, light, light), ground=css((black, black, black)))


def _behind(rng: Random, side: int, look: str) -> str:
    """HTML of a shape in the middle of the cell, which the icon stands on."""
    middle = place((CELL - side) / 2, (CELL - side) / 2, side, side)
    return f'<div style="{middle};box-sizing:border-box;border-radius:{rng.choice(SHAPES)};{look}"></div>'


def _on_button(rng: Random) -> Scene:
    ink, colour = colour_pair(rng)
    box = 32 + rng.choice((12, 16, 20))
    return _scene(rng, 32, ink=ink, box=box, under=_behind(rng, box, f"background:{css(colour)}"))


def _on_gradient(rng: Random) -> Scene:
    """An app's tile: from one colour to another, the icon white or black."""
    ink = rng.choice((WHITE, BLACK))
    colours: list[Colour] = []
    while len(colours) < 2:
        colour = random_colour(rng)
        if abs(luminance(colour) - luminance(ink)) > CONTRAST:
            colours.append(colour)
    run = ", ".join(map(css, colours))
    kind = rng.choice((f"linear-gradient({rng.randrange(360)}deg, {run})", f"radial-gradient({run})"))
    box = 32 + rng.choice((12, 16, 24, 32))
    return _scene(rng, 32, ink=ink, box=box, under=_behind(rng, box, f"background:{kind}"))


def _in_ring(rng: Random) -> Scene:
    """A button of which there is only the outline."""
    ink, ground = colour_pair(rng)
    box = 28 + rng.choice((12, 16, 20))
    look = f"border:{rng.choice((1, 1.5, 2, 3))}px solid {css(rng.choice((ink, (128, 128, 128))))}"
    return _scene(rng, 28, ink=ink, ground=css(ground), box=box, under=_behind(rng, box, look))


def _badge(rng: Random) -> Scene:
    """A dot or a number over the upper right corner."""
    side, number = 36, rng.choice(("", "", "3", "9+", "12"))
    height = rng.uniform(14, 17) if number else rng.uniform(8, 13)
    width = height + 6 * max(0, len(number) - 1)
    middle = (CELL + side) / 2 - 3
    colour = rng.choice(((220, 38, 38), (37, 99, 235), (22, 163, 74), (234, 88, 12)))
    look = place(middle - width / 2, CELL - middle - height / 2, width, height)
    look += f";border-radius:{height}px;background:{css(colour)};color:#fff;text-align:center"
    look += f";font:{height - 4:g}px/{height:g}px sans-serif"
    margins = _margins(rng, 4, 12)
    ink, ground = colour_pair(rng) if rng.random() < 0.5 else (BLACK, WHITE)
    return Scene(side, _shift(rng), margins, ink, css(ground), over=f'<div style="{look}">{number}</div>')


def _shadowed(rng: Random) -> Scene:
    across, down = rng.uniform(-3, 3), rng.uniform(1, 4)
    shade = f"rgba(0,0,0,{rng.uniform(0.3, 0.7):.2f})"
    ground = random_colour(rng)
    while luminance(ground) < CONTRAST:  # there is no shadow on black
        ground = random_colour(rng)
    ink = WHITE if luminance(ground) < 255 - CONTRAST else BLACK
    style = f"filter:drop-shadow({across:.1f}px {down:.1f}px {rng.uniform(1, 4):.1f}px {shade})"
    return _scene(rng, 36, ink=ink, ground=css(ground), style=style)


def _on_photo(rng: Random) -> Scene:
    """Soft blobs of colour, all dark under a light icon, or all light under a dark one."""
    ink = rng.choice((WHITE, BLACK))
    colours = [
        tuple(int(0.45 * part) if ink == WHITE else 255 - int(0.4 * part) for part in random_colour(rng))
        for _ in range(5)
    ]
    blobs = [
        f"radial-gradient(circle at {rng.randrange(100)}% {rng.randrange(100)}%, rgb{colour}, "
        f"transparent {rng.randint(15, 50)}%)"
        for colour in colours[1:]
    ]
    return _scene(rng, 36, ink=ink, ground=f"{', '.join(blobs)}, rgb{colours[0]}")


def _faint(rng: Random) -> Scene:
    """Disabled: little contrast."""
    ink, ground = colour_pair(rng, 30, 60)
    return _scene(rng, 32, ink=ink, ground=css(ground))


def _beside(rng: Random, label: str, colour: Colour) -> str:
    return f'<span style="left:{CELL / 2 + 26}px;top:{CELL / 2 - 8}px;color:{css(colour)}">{label}</span>'


def _loose(rng: Random) -> Scene:
    """Cropped carelessly: wide margins, and a piece of the label beside the icon."""
    ink, ground = colour_pair(rng)
    left, above, _, below = _margins(rng, 2, 25)
    margins = left, above, rng.uniform(14, 26), below
    return Scene(40, _shift(rng), margins, ink, css(ground), over=_beside(rng, rng.choice(LABELS), ink))


def _labelled(rng: Random) -> Scene:
    """The label is below, as on a desktop or in a tab bar, and in the crop."""
    ink, ground = colour_pair(rng)
    size = rng.choice((10, 11, 13))
    look = f"left:0;width:{CELL}px;top:{CELL / 2 + 20}px;text-align:center;font-size:{size}px;color:{css(ink)}"
    text = f'<span style="{look}">{rng.choice(LABELS)}</span>'
    left, above, right, _ = _margins(rng, 6, 20)
    return Scene(32, _shift(rng), (left, above, right, size + rng.uniform(6, 10)), ink, css(ground), over=text)


def _neighboured(rng: Random) -> Scene:
    """The crop holds a piece of the icons to the left, to the right, or of both."""
    ink, ground = colour_pair(rng)
    side, gap = 28, rng.uniform(10, 14)
    left, above, right, below = _margins(rng, 2, 7)
    which = rng.choice(((1,), (-1,), (1, -1)))
    reach = gap + rng.uniform(0.15, 0.5) * side
    margins = reach if -1 in which else left, above, reach if 1 in which else right, below
    return Scene(side, 0, margins, ink, css(ground), neighbours=tuple(sign * (side + gap) for sign in which))


def _cut(rng: Random) -> Scene:
    """The crop cuts 3 to 8 % off one side."""
    ink, ground = colour_pair(rng)
    margins = list(_margins(rng, 1, 6))
    margins[rng.randrange(4)] = -40 * rng.uniform(0.03, 0.08)
    left, above, right, below = margins
    return Scene(40, _shift(rng), (left, above, right, below), ink, css(ground))


def _transparent(rng: Random, ink: Colour) -> Scene:
    return _scene(rng, rng.choice((24, 32, 48, 64)), ink=ink, ground="none", transparent=True)


def _nearest(rng: Random) -> Scene:
    side, times = rng.choice((16, 20, 24)), rng.choice((2, 3, 4))
    return _themed(rng, side, enlarged=times, resampling=Image.Resampling.NEAREST)


# The ten of the project's first measurements, and after them what people send besides.
FIRST_TEN: dict[str, Callable[[Random], Scene]] = {
    "plain": _black_on_white(48),
    "small": _black_on_white(16),
    "large": _black_on_white(64),
    "themed": lambda rng: _themed(rng, 24),
    "dark": _dark,
    "button": _on_button,
    "loose": _loose,
    "jpeg": lambda rng: _themed(rng, 32, saved="JPEG", quality=rng.randint(30, 60)),
    "zoomed": lambda rng: _themed(rng, 20, enlarged=2),
    "cut": _cut,
}
CONDITIONS: dict[str, Callable[[Random], Scene]] = {
    **FIRST_TEN,
    "tiny": lambda rng: _scene(rng, rng.choice((12, 13, 14))),
    "gradient": _on_gradient,
    "ring": _in_ring,
    "badge": _badge,
    "shadow": _shadowed,
    "photo": _on_photo,
    "faded": lambda rng: _themed(rng, 32, style=f"opacity:{rng.uniform(0.35, 0.6):.2f}"),
    "faint": _faint,
    "transparent": lambda rng: _transparent(rng, rng.choice((BLACK, random_colour(rng)))),
    "white": lambda rng: _transparent(rng, WHITE),
    "scaled": lambda rng: _themed(rng, 20, scale=rng.choice((1.25, 1.5, 2))),
    "label": _labelled,
    "neighbours": _neighboured,
    "webp": lambda rng: _themed(rng, 32, saved="WEBP", quality=rng.randint(30, 70)),
    "nearest": _nearest,
}
