"""What a font would make of the icons of several colours, before it is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from bags.downloads.colour_glyphs import CURRENT
from bags.downloads.download import Download
from bags.downloads.fonts import to_trace, what_vanishes
from bags.downloads.tracing import NoOutline, Outline, outlines
from icons.models import Icon
from icons.svg.markup import parse
from icons.svg.paints import Palette
from icons.svg.reading import SVG

MAX_SHOWN = 60  # icons that are traced for the page
SIGNS = ("opacity", "<filter", "<pattern")  # of shades, and of what a glyph cannot have
LETTERS = {"MOVE": "M", "LINE": "L", "QUAD": "Q", "CUBIC": "C", "CLOSE": "Z"}  # of SVG, by the verbs of pathops


@dataclass(frozen=True)
class Merged:
    """An icon that loses something in a font of one colour: its picture there, what is lost, and which colours."""

    icon: Icon
    picture: str  # a data: address; empty where it cannot be a glyph
    sentence: str
    colours: tuple[str, ...] = ()


def merged_icons(download: Download) -> list[Merged]:
    """The icons that lose something as glyphs, of the first MAX_SHOWN that may.

    Raises ValidationError at the deadline.
    """
    icons = [icon for icon in download.in_time(download.icons) if _may_lose(icon)][:MAX_SHOWN]
    traced = outlines([to_trace(icon) for icon in icons], download.deadline)
    pairs = zip(icons, traced, strict=True)
    return [
        Merged(icon, _picture(icon, result), sentence, () if isinstance(result, NoOutline) else _seen(result.vanishing))
        for icon, result in pairs
        if (sentence := _sentence(result))
    ]


def _may_lose(icon: Icon) -> bool:
    """Whether it has several colours or shades, or what a glyph cannot have."""
    palette = Palette(parse(icon.svg))
    colours = {paint.identity for paint in palette.paints}
    return len(colours) + palette.has_default > 1 or any(
        word in icon.svg for word in ("opacity", "<filter", "<pattern")
    )


def _seen(colours: Iterable[str]) -> tuple[str, ...]:
    return tuple(colour for colour in colours if colour != CURRENT)


def _sentence(result: Outline | NoOutline) -> str:
    if isinstance(result, NoOutline):
        return _("It is left out. %(reason)s") % {"reason": result.sentence()}
    return what_vanishes(result)


def _picture(icon: Icon, result: Outline | NoOutline) -> str:
    """A data: address of the glyph; empty where there is none."""
    if isinstance(result, NoOutline):
        return ""
    d = "".join(LETTERS[verb] + " ".join(f"{x:.6g} {y:.6g}" for x, y in points) for verb, points in result.segments)
    return "data:image/svg+xml," + quote(f'<svg xmlns="{SVG}" viewBox="{icon.view_box}"><path d="{d}"/></svg>')
