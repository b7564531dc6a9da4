"""The ten conditions under which people take screenshots of icons, each with a random choice of details."""

import colorsys
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Colour = tuple[int, int, int]  # sRGB, 0 to 255
Margins = tuple[float, float, float, float]  # px left, above, right and below; negative: the crop cuts in

BLACK, WHITE = (20, 20, 20), (255, 255, 255)
CONTRAST = 90  # of 255: the least difference in luminance between an icon and what it stands on
LABELS = ("Settings", "Save", "Open file", "Home", "Share")


@dataclass(frozen=True)
class Button:
    side: int  # px
    radius: str  # CSS
    colour: Colour


@dataclass(frozen=True)
class Scene:
    """How one icon stands on the page, and how it is cropped."""

    side: int  # px of the icon
    shift: float  # px off the pixel grid
    margins: Margins
    ink: Colour = BLACK
    ground: Colour = WHITE
    button: Button | None = None
    label: str = ""
    jpeg: int = 0  # quality; 0 is PNG
    enlarged: int = 1  # times, after the screenshot

    @property
    def cropped_side(self) -> int:
        """Px of the square that the person means to crop: the button, where there is one."""
        return self.button.side if self.button else self.side


def _luminance(colour: Colour) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour(rng: Random) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.2, 1), rng.uniform(0.1, 1))
    return int(255 * red), int(255 * green), int(255 * blue)


def _colours(rng: Random) -> tuple[Colour, Colour]:
    """Two that can be told from each other: for the icon, and for what is under it."""
    while True:
        ink, ground = _colour(rng), _colour(rng)
        if abs(_luminance(ink) - _luminance(ground)) > CONTRAST:
            return ink, ground


def _shift(rng: Random) -> float:
    return rng.choice((0, 0, 0.25, 0.5))


def _margins(rng: Random, least: float, most: float) -> Margins:
    return (
        rng.uniform(least, most),
        rng.uniform(least, most),
        rng.uniform(least, most),
        rng.uniform(least, most),
    )


def _careful(rng: Random, side: int) -> Margins:
    return _margins(rng, 1, max(3, 0.25 * side))


def _black_on_white(side: int) -> Callable[[Random], Scene]:
    return lambda rng: Scene(side, _shift(rng), _careful(rng, side))


def _themed(
    rng: Random, side: int, margins: Margins | None = None, jpeg: int = 0, enlarged: int = 1
) -> Scene:
    ink, ground = _colours(rng)
    around = margins or _careful(rng, side)
    return Scene(side, _shift(rng), around, ink, ground, jpeg=jpeg, enlarged=enlarged)


def _dark(rng: Random) -> Scene:
    light, black = rng.randint(200, 255), rng.randint(15, 50)
    return Scene(28, _shift(rng), _careful(rng, 28), (light, light, light), (black, black, black))


def _on_button(rng: Random) -> Scene:
    ink, colour = _colours(rng)
    button = Button(32 + rng.choice((12, 16, 20)), rng.choice(("4px", "8px", "50%")), colour)
    return Scene(32, _shift(rng), _careful(rng, button.side), ink, button=button)


def _loose(rng: Random) -> Scene:
    """Cropped carelessly: wide margins, and a piece of the label beside the icon."""
    ink, ground = _colours(rng)
    left, above, _, below = _margins(rng, 2, 25)
    margins = left, above, rng.uniform(14, 26), below
    return Scene(40, _shift(rng), margins, ink, ground, label=rng.choice(LABELS))


def _cut(rng: Random) -> Scene:
    """The crop cuts 3 to 8 % off one side."""
    margins = list(_margins(rng, 1, 6))
    margins[rng.randrange(4)] = -40 * rng.uniform(0.03, 0.08)
    left, above, right, below = margins
    return _themed(rng, 40, (left, above, right, below))


CONDITIONS: dict[str, Callable[[Random], Scene]] = {
    "plain": _black_on_white(48),
    "small": _black_on_white(16),
    "large": _black_on_white(64),
    "themed": lambda rng: _themed(rng, 24),
    "dark": _dark,
    "button": _on_button,
    "loose": _loose,
    "jpeg": lambda rng: _themed(rng, 32, jpeg=rng.randint(30, 60)),
    "zoomed": lambda rng: _themed(rng, 20, enlarged=2),
    "cut": _cut,
}
