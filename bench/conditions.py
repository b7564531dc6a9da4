"""The conditions under which people take screenshots of icons, each with a random choice of details."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from PIL import Image

from bench.scenes import (
    BLACK,
    CELL,
    CONTRAST,
    WHITE,
    Colour,
    Margins,
    Scene,
    colour_pair,
    css,
    luminance,
    place,
    random_colour,
)

Condition = Callable[[Random], Scene]

LABELS = ("Settings", "Save", "Open file", "Home", "Share")
CORNER_RADII = ("4px", "8px", "50%")  # CSS, of buttons


def _offset(rng: Random) -> float:
    return rng.choice((0, 0, 0.25, 0.5))


def _margins(rng: Random, least: float, most: float) -> Margins:
    return rng.uniform(least, most), rng.uniform(least, most), rng.uniform(least, most), rng.uniform(least, most)


def _careful_margins(rng: Random, side: float) -> Margins:
    return _margins(rng, 1, max(3, 0.25 * side))


def _careful(rng: Random, side: float, target_side: float = 0, **details: Any) -> Scene:
    """An icon that is cropped with care."""
    return Scene(side, _offset(rng), _careful_margins(rng, target_side or side), target_side=target_side, **details)


def _themed(rng: Random, side: float, **details: Any) -> Scene:
    """An icon and a background in random colours that can be told from each other."""
    ink, background = colour_pair(rng)
    return _careful(rng, side, ink=ink, background=css(background), **details)


def _black_on_white(side: int) -> Condition:
    return lambda rng: _careful(rng, side)


def _dark(rng: Random) -> Scene:
    light, dark = rng.randint(200, 255), rng.randint(15, 50)
    return _careful(rng, 28, ink=(light, light, light), background=css((dark, dark, dark)))


def _button(rng: Random, side: int, style: str) -> str:
    """HTML of a button in the middle of the cell, behind the icon."""
    centred = place((CELL - side) / 2, (CELL - side) / 2, side, side)
    return f'<div style="{centred};box-sizing:border-box;border-radius:{rng.choice(CORNER_RADII)};{style}"></div>'


def _on_button(rng: Random) -> Scene:
    ink, colour = colour_pair(rng)
    side = 32 + rng.choice((12, 16, 20))
    button = _button(rng, side, f"background:{css(colour)}")
    return _careful(rng, 32, ink=ink, target_side=side, behind=button)


def _on_gradient(rng: Random) -> Scene:
    """The tile of an app: a gradient between two colours, under a white or a black icon."""
    ink = rng.choice((WHITE, BLACK))
    colours: list[Colour] = []
    while len(colours) < 2:
        colour = random_colour(rng)
        if abs(luminance(colour) - luminance(ink)) > CONTRAST:
            colours.append(colour)
    stops = ", ".join(map(css, colours))
    gradient = rng.choice((f"linear-gradient({rng.randrange(360)}deg, {stops})", f"radial-gradient({stops})"))
    side = 32 + rng.choice((12, 16, 24, 32))
    return _careful(rng, 32, ink=ink, target_side=side, behind=_button(rng, side, f"background:{gradient}"))


def _in_ring(rng: Random) -> Scene:
    """A button that has an outline and no fill."""
    ink, background = colour_pair(rng)
    side = 28 + rng.choice((12, 16, 20))
    border = f"border:{rng.choice((1, 1.5, 2, 3))}px solid {css(rng.choice((ink, (128, 128, 128))))}"
    return _careful(rng, 28, ink=ink, background=css(background), target_side=side, behind=_button(rng, side, border))


def _badge(rng: Random) -> Scene:
    """A dot or a number over the upper right corner of the icon."""
    side, number = 36, rng.choice(("", "", "3", "9+", "12"))
    height = rng.uniform(14, 17) if number else rng.uniform(8, 13)
    width = height + 6 * max(0, len(number) - 1)
    middle = (CELL + side) / 2 - 3
    colour = rng.choice(((220, 38, 38), (37, 99, 235), (22, 163, 74), (234, 88, 12)))
    style = place(middle - width / 2, CELL - middle - height / 2, width, height)
    style += f";border-radius:{height}px;background:{css(colour)};color:#fff;text-align:center"
    style += f";font:{height - 4:g}px/{height:g}px sans-serif"
    margins = _margins(rng, 4, 12)
    ink, background = colour_pair(rng) if rng.random() < 0.5 else (BLACK, WHITE)
    return Scene(side, _offset(rng), margins, ink, css(background), in_front=f'<div style="{style}">{number}</div>')


def _shadowed(rng: Random) -> Scene:
    right, down = rng.uniform(-3, 3), rng.uniform(1, 4)
    shade = f"rgba(0,0,0,{rng.uniform(0.3, 0.7):.2f})"
    background = random_colour(rng)
    while luminance(background) < CONTRAST:  # a shadow does not show on black
        background = random_colour(rng)
    ink = WHITE if luminance(background) < 255 - CONTRAST else BLACK
    style = f"filter:drop-shadow({right:.1f}px {down:.1f}px {rng.uniform(1, 4):.1f}px {shade})"
    return _careful(rng, 36, ink=ink, background=css(background), style=style)


def _on_photo(rng: Random) -> Scene:
    """Soft blobs of colour, all dark under a light icon, or all light under a dark one."""
    ink = rng.choice((WHITE, BLACK))
    colours = [
        tuple(int(0.45 * channel) if ink == WHITE else 255 - int(0.4 * channel) for channel in random_colour(rng))
        for _ in range(5)
    ]
    blobs = [
        f"radial-gradient(circle at {rng.randrange(100)}% {rng.randrange(100)}%, rgb{colour}, "
        f"transparent {rng.randint(15, 50)}%)"
        for colour in colours[1:]
    ]
    return _careful(rng, 36, ink=ink, background=f"{', '.join(blobs)}, rgb{colours[0]}")


def _faint(rng: Random) -> Scene:
    """A disabled icon, which has little contrast."""
    ink, background = colour_pair(rng, 30, 60)
    return _careful(rng, 32, ink=ink, background=css(background))


def _label_beside(label: str, colour: Colour) -> str:
    return f'<span style="left:{CELL / 2 + 26}px;top:{CELL / 2 - 8}px;color:{css(colour)}">{label}</span>'


def _loose(rng: Random) -> Scene:
    """A careless crop with wide margins, which holds a piece of the label beside the icon."""
    ink, background = colour_pair(rng)
    left, above, _, below = _margins(rng, 2, 25)
    margins = left, above, rng.uniform(14, 26), below
    offset = _offset(rng)
    return Scene(40, offset, margins, ink, css(background), in_front=_label_beside(rng.choice(LABELS), ink))


def _labelled(rng: Random) -> Scene:
    """The crop holds the label below the icon, as a desktop or a tab bar has it."""
    ink, background = colour_pair(rng)
    size = rng.choice((10, 11, 13))
    style = f"left:0;width:{CELL}px;top:{CELL / 2 + 20}px;text-align:center;font-size:{size}px;color:{css(ink)}"
    label = f'<span style="{style}">{rng.choice(LABELS)}</span>'
    left, above, right, _ = _margins(rng, 6, 20)
    offset = _offset(rng)
    return Scene(32, offset, (left, above, right, size + rng.uniform(6, 10)), ink, css(background), in_front=label)


def _neighboured(rng: Random) -> Scene:
    """The crop holds a piece of the icon to the left, of the icon to the right, or of both."""
    ink, background = colour_pair(rng)
    side, gap = 28, rng.uniform(10, 14)
    left, above, right, below = _margins(rng, 2, 7)
    directions = rng.choice(((1,), (-1,), (1, -1)))
    reach = gap + rng.uniform(0.15, 0.5) * side
    margins = reach if -1 in directions else left, above, reach if 1 in directions else right, below
    neighbours = tuple(direction * (side + gap) for direction in directions)
    return Scene(side, 0, margins, ink, css(background), neighbours=neighbours)


def _cut(rng: Random) -> Scene:
    """The crop cuts 3 to 8 % off one side."""
    ink, background = colour_pair(rng)
    margins = list(_margins(rng, 1, 6))
    margins[rng.randrange(4)] = -40 * rng.uniform(0.03, 0.08)
    left, above, right, below = margins
    return Scene(40, _offset(rng), (left, above, right, below), ink, css(background))


def _transparent(rng: Random, ink: Colour) -> Scene:
    return _careful(rng, rng.choice((24, 32, 48, 64)), ink=ink, background="none", transparent=True)


def _nearest(rng: Random) -> Scene:
    side, enlargement = rng.choice((16, 20, 24)), rng.choice((2, 3, 4))
    return _themed(rng, side, enlargement=enlargement, resampling=Image.Resampling.NEAREST)


def in_turn(name: str, scenes: Sequence[Scene]) -> dict[str, Condition]:
    """A condition of this name that gives these scenes, one for each icon, whatever the random numbers."""
    remaining = iter(scenes)
    return {name: lambda rng: next(remaining)}


# The ten conditions of the project's first measurements, and after them what people send besides.
FIRST_TEN: dict[str, Condition] = {
    "plain": _black_on_white(48),
    "small": _black_on_white(16),
    "large": _black_on_white(64),
    "themed": lambda rng: _themed(rng, 24),
    "dark": _dark,
    "button": _on_button,
    "loose": _loose,
    "jpeg": lambda rng: _themed(rng, 32, file_format="JPEG", quality=rng.randint(30, 60)),
    "zoomed": lambda rng: _themed(rng, 20, enlargement=2),
    "cut": _cut,
}
CONDITIONS: dict[str, Condition] = {
    **FIRST_TEN,
    "tiny": lambda rng: _careful(rng, rng.choice((12, 13, 14))),
    "gradient": _on_gradient,
    "ring": _in_ring,
    "badge": _badge,
    "shadow": _shadowed,
    "photo": _on_photo,
    "faded": lambda rng: _themed(rng, 32, style=f"opacity:{rng.uniform(0.35, 0.6):.2f}"),
    "faint": _faint,
    "transparent": lambda rng: _transparent(rng, rng.choice((BLACK, random_colour(rng)))),
    "white": lambda rng: _transparent(rng, WHITE),
    "scaled": lambda rng: _themed(rng, 20, pixel_ratio=rng.choice((1.25, 1.5, 2))),
    "label": _labelled,
    "neighbours": _neighboured,
    "webp": lambda rng: _themed(rng, 32, file_format="WEBP", quality=rng.randint(30, 70)),
    "nearest": _nearest,
}
