"""What a font would make of the icons of several colours, before it is made."""

from dataclasses import dataclass
from urllib.parse import quote

from bags.downloads.download import Download
from bags.downloads.fonts import to_trace, what_vanishes
from bags.downloads.tracing import NoOutline, Outline, outlines
from icons.models import Icon
from icons.svg.markup import parse
from icons.svg.paints import Palette
from icons.svg.reading import SVG

MAX_SHOWN = 60  # icons that are traced for the page
LETTERS = {"MOVE": "M", "LINE": "L", "QUAD": "Q", "CUBIC": "C", "CLOSE": "Z"}  # of SVG, by the verbs of pathops


@dataclass(frozen=True)
class Merged:
    """An icon whose colours become one in a font, the address of a picture of that, and what is lost."""

    icon: Icon
    picture: str
    sentence: str


def merged_icons(download: Download) -> list[Merged]:
    """The icons that lose something where all colours become one, of the first MAX_SHOWN that have several.

    Raises ValidationError at the deadline.
    """
    several = [icon for icon in download.in_time(download.icons) if _has_several(icon)][:MAX_SHOWN]
    traced = outlines([to_trace(icon) for icon in several], download.deadline)
    pairs = zip(several, traced, strict=True)
    return [Merged(icon, _picture(icon, result), _sentence(result)) for icon, result in pairs if _sentence(result)]


def _has_several(icon: Icon) -> bool:
    palette = Palette(parse(icon.svg))
    colours = {paint.identity for paint in palette.paints}
    return len(colours) + palette.has_default > 1 or "opacity" in icon.svg


def _sentence(result: Outline | NoOutline) -> str:
    return result.sentence() if isinstance(result, NoOutline) else what_vanishes(result)


def _picture(icon: Icon, result: Outline | NoOutline) -> str:
    """A data: address of the glyph; empty where there is none."""
    if isinstance(result, NoOutline):
        return ""
    d = "".join(LETTERS[verb] + " ".join(f"{x:.6g} {y:.6g}" for x, y in points) for verb, points in result.segments)
    return "data:image/svg+xml," + quote(f'<svg xmlns="{SVG}" viewBox="{icon.view_box}"><path d="{d}"/></svg>')
