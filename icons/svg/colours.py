"""The one reader of CSS colours: what red, green and blue a spelling stands for, and whether that is a grey."""

import math
import re
from functools import lru_cache
from typing import NamedTuple

from tinycss2.color4 import parse_color

NEUTRAL = 12 / 255  # the most by which red, green and blue of a grey differ, of a channel's range
MAX_LENGTH = 200  # characters; no colour takes more, and brackets nested deeper would pass Python's stack
LIGHT = (0.2126, 0.7152, 0.0722)  # shares of red, green and blue in the luminance of white
CURRENT = "currentcolor"


class Colour(NamedTuple):
    """A colour of the screen (sRGB); all four numbers are from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    @property
    def has_hue(self) -> bool:
        """Whether it is red, blue or the like, rather than black, white, a grey or nearly a grey."""
        return max(self[:3]) - min(self[:3]) > NEUTRAL

    @property
    def luminance(self) -> float:
        """How light it is: 0 for black, 1 for white; the alpha is left out of account."""
        return sum(share * math.pow(channel, 2.2) for share, channel in zip(LIGHT, self[:3], strict=True))

    @property
    def in_bytes(self) -> tuple[int, ...]:
        """Red, green and blue from 0 to 255. Two spellings of these three are one colour, however opaque each is."""
        return tuple(round(255 * channel) for channel in self[:3])

    @property
    def as_css(self) -> str:
        """The spelling that every program reads: `#rrggbb`, or `rgba(red, green, blue, alpha)` if it is translucent."""
        if self.alpha < 1:
            return f"rgba({', '.join(map(str, self.in_bytes))}, {round(self.alpha, 3):g})"
        return f"#{bytes(self.in_bytes).hex()}"


BLACK = Colour(0.0, 0.0, 0.0)
WHITE = Colour(1.0, 1.0, 1.0)
# Colours of the system, which Windows' tools write, as a light page has them.
SYSTEM_COLOURS = {
    **dict.fromkeys(
        ("canvastext", "windowtext", "buttontext", "fieldtext", "captiontext", "infotext", "menutext"), BLACK
    ),
    **dict.fromkeys(("canvas", "window", "field", "background", "infobackground", "menu"), WHITE),
}
_wide_gamut = re.compile(r"\s*(?:lab|lch|oklab|oklch|color)\(", re.IGNORECASE).match
_computed = re.compile(r"\s*(?:(?:color-mix|light-dark)\(|\w+\(\s*from\s)", re.IGNORECASE).match


@lru_cache(maxsize=10_000)
def parse_colour(text: str) -> Colour | None:
    """The colour that CSS (Color Level 4) means by this text; black for `currentColor`.

    Channels out of range are clipped, as browsers do. None where the text is no colour.

    >>> parse_colour("rgb(0 0 0)"), parse_colour("hsl(120, 200%, 25%)"), parse_colour("color(srgb 1 2 0)")
    (Colour(red=0.0, green=0.0, blue=0.0, alpha=1.0), Colour(red=0.0, green=0.75, blue=0.0, alpha=1.0), \
Colour(red=1.0, green=1.0, blue=0.0, alpha=1.0))
    """
    if len(text) > MAX_LENGTH:
        return None
    if _wide_gamut(text) or _computed(text):
        return _converted(text)
    try:
        colour = parse_color(text)
        if colour == CURRENT:
            return BLACK
        if colour is None:
            return SYSTEM_COLOURS.get(text.strip().lower())
        red, green, blue = map(_clipped, colour.to("srgb").coordinates)
        return Colour(red, green, blue, colour.alpha)
    except (ValueError, NotImplementedError):  # rgb() with nothing in it
        return None


def _converted(text: str) -> Colour | None:
    """The colour of a space other than sRGB, or a mixture, on the screen."""
    from icons.svg.mixtures import in_its_space  # only few drawings need it, and its library takes a while to load

    colour = in_its_space(text.strip().lower())
    if colour is None:
        return None
    colour = colour.convert("srgb").clip()
    red, green, blue, alpha = (_clipped(channel) for channel in colour.coords(nans=False) + [colour.alpha(nans=False)])
    return Colour(red, green, blue, alpha)


def is_current(text: str) -> bool:
    """Whether CSS means the colour of the text around the icon by this text: `currentColor`, with comments or not."""
    return CURRENT in text.lower() and len(text) <= MAX_LENGTH and bool(parse_color(text) == CURRENT)


def _clipped(channel: float) -> float:
    return 0.0 if math.isnan(channel) else min(1.0, max(0.0, channel))
