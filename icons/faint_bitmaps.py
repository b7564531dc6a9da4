"""Bitmaps in a drawing that nobody sees: an icon is taken without them, where it would be refused with them.

Icons of some sets hold a pale shadow or gleam as an embedded bitmap. Whether it is seen is told by drawing the icon
with and without it, which is why this is no part of the cleaner, `icons.svg`, which draws nothing.
"""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from PIL import Image, ImageChops, ImageStat

from icons.rendering import RenderError, render
from icons.svg import CleanSVG, clean_svg
from icons.svg.lost import Bitmaps, BitmapSeen

SIDE = 64  # px, at which both drawings are compared
GROUNDS = ("white", "#181818")
TOLERANCE = 16  # of 255, by which a channel may differ: a soft shadow of 6 % is seen side by side at most
MOST = 4  # bitmaps of a drawing that are looked at; each takes a drawing of its own
_address = re.compile(r'<image [^>]*?href="(data:[^"]*)"').findall


def clean_without_faint(raw: str | bytes) -> tuple[CleanSVG, bool]:
    """The SVG as `clean_svg` has it, and whether it is without bitmaps that cannot be seen in it.

    Raises ValidationError where `clean_svg` does, and the bitmaps are not the only reason, or are seen.
    """
    try:
        return clean_svg(raw), False
    except BitmapSeen:
        without = _without(raw)
        if without is None:
            raise
        return without, True


def _without(raw: str | bytes) -> CleanSVG | None:
    """The SVG without its bitmaps, where it looks the same; None where it does not, or nothing can tell."""
    try:
        whole, without = clean_svg(raw, bitmaps=Bitmaps.KEEP), clean_svg(raw, bitmaps=Bitmaps.DROP)
        bitmaps = set(_address(whole.svg))
        if not bitmaps or len(bitmaps) > MOST or not all(map(_is_drawn, bitmaps)):
            return None
        pictures = render(whole.svg, SIDE), render(without.svg, SIDE)
    except (ValidationError, RenderError):
        return None
    is_blank = pictures[1].getchannel("A").getextrema()[1] == 0
    return None if is_blank or max(_differences(*pictures)) > TOLERANCE else without


def _is_drawn(address: str) -> bool:
    """Whether the rasteriser can read a bitmap. One that it cannot would look as if it were not seen."""
    image = f'<image width="{SIDE}" height="{SIDE}" href="{address}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}" viewBox="0 0 {SIDE} {SIDE}">'
    return render(f"{svg}{image}</svg>", SIDE).getbbox() is not None


def _differences(whole: Image.Image, without: Image.Image) -> Iterator[float]:
    """By how much any pixel differs at most, on each ground and in each channel."""
    for ground in GROUNDS:
        page = Image.new("RGBA", whole.size, ground)
        shown = [Image.alpha_composite(page, picture) for picture in (whole, without)]
        yield from (high for _low, high in ImageStat.Stat(ImageChops.difference(*shown)).extrema)
