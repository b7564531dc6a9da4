"""Which drawings have a colour of their own, rather than black, grey, white or the colour of the text around; and
which are so light that nobody sees them on a white page.
"""

import re
from functools import lru_cache

from tinycss2.color4 import parse_color

from icons.svg.markup import parse
from icons.svg.paints import has_default

NEUTRAL = 12 / 255  # apart, at most, are the red, green and blue of what counts as grey
PALE = 0.7  # of the luminance of white, at least, has what cannot be seen on white; their contrast is 1.4 : 1
LONGEST = 100  # characters; no colour takes more, and brackets nested deeper would pass Python's stack
# Besides colours of none, what `fill` of an animation says is how it ends.
_WITHOUT = frozenset(("none", "inherit", "initial", "unset", "transparent", "freeze", "remove"))
_PAINT = r"(?:fill|stroke|stop-color|flood-color|lighting-color|color)"
_painted = re.compile(rf'[\s";]{_PAINT}\s*[=:]\s*"?([^";]*)').findall
_animated = re.compile(rf'<(?:animate|set)(?=[^>]*attributeName="{_PAINT}")([^>]*)').findall
_steps = re.compile(r'\s(?:values|from|to|by)="([^"]*)').findall
_reference = re.compile(r"url\([^)]*\)").sub


def has_hue(svg: str) -> bool:
    """Whether a cleaned SVG paints with red, blue or the like; a colour that cannot be read counts as one.

    >>> has_hue('<svg><path fill="#222"/><path/></svg>'), has_hue('<svg><path style="fill:gold"/></svg>')
    (False, True)
    """
    if any(_is_hue(colour) for colour in _painted(svg)):
        return True
    if "attributeName" not in svg:
        return False
    steps = [step for animation in _animated(svg) for values in _steps(animation) for step in values.split(";")]
    return any(map(_is_hue, steps))


def is_pale(svg: str) -> bool:
    """Whether a cleaned SVG paints with white alone, or what is nearly white.

    >>> is_pale('<svg><path fill="#fff"/></svg>'), is_pale('<svg><path fill="#fff"/><path/></svg>')
    (True, False)
    """
    lights = [_luminance(*channels) for channels in map(_channels, _painted(svg)) if channels is not None]
    return bool(lights) and min(lights) >= PALE and not has_default(parse(svg))


def _luminance(red: float = 0, green: float = 0, blue: float = 0) -> float:
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2


def _is_hue(value: str) -> bool:
    channels = _channels(value)
    return channels is not None and (not channels or max(channels) - min(channels) > NEUTRAL)


@lru_cache(maxsize=10_000)
def _channels(value: str) -> tuple[float, ...] | None:
    """Red, green and blue, 0 to 1, of a paint; none of them where it cannot be read; None where it paints nothing."""
    colour = _reference("", value).strip().lower()
    if not colour or colour in _WITHOUT:
        return None
    parsed = parse_color(colour) if len(colour) <= LONGEST else None
    if parsed is None:
        return ()
    if parsed == "currentcolor":  # black, as far as anybody knows
        return (0, 0, 0)
    try:
        return tuple(channel or 0 for channel in parsed.to("srgb").coordinates) if parsed.alpha else None
    except NotImplementedError:  # a space other than that of the screen
        return ()
