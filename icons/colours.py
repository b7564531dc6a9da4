"""Which drawings have a colour of their own, rather than black, grey, white or the colour of the text around."""

import re
from functools import lru_cache

from tinycss2.color4 import parse_color

NEUTRAL = 12 / 255  # apart, at most, are the red, green and blue of what counts as grey
LONGEST = 100  # characters; no colour takes more, and brackets nested deeper would pass Python's stack
# Besides colours of none, what `fill` of an animation says is how it ends.
_WITHOUT = frozenset(("none", "currentcolor", "inherit", "initial", "unset", "transparent", "freeze", "remove"))
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


@lru_cache(maxsize=10_000)
def _is_hue(value: str) -> bool:
    colour = _reference("", value).strip().lower()
    if not colour or colour in _WITHOUT:
        return False
    parsed = parse_color(colour) if len(colour) <= LONGEST else None
    if not parsed or parsed == "currentcolor":  # with a comment, say
        return not parsed
    try:
        channels = [channel or 0 for channel in parsed.to("srgb").coordinates]
    except NotImplementedError:  # a space other than that of the screen
        return True
    return bool(parsed.alpha) and max(channels) - min(channels) > NEUTRAL
