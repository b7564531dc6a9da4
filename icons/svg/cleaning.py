"""Cleaning: any SVG becomes a plain one, which every reader of SVG draws as a browser draws the original."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from icons.svg.encodings import decode
from icons.svg.expansion import Expansion
from icons.svg.limits import refuse, refuse_bytes
from icons.svg.lost import Bitmaps
from icons.svg.markup import tags
from icons.svg.paints import Palette
from icons.svg.reading import SVG, read, short
from icons.svg.rebuilding import Rebuilder
from icons.svg.references import resolve_references
from icons.svg.view_box import shortest

# The version of the plain form. It rises when the form of any drawing changes; icons that were cleaned by an earlier
# version are then cleaned anew, in the background.
FORM = 3


@dataclass(frozen=True)
class CleanSVG:
    """Safe markup, whose width and height are those of its view box, and what it paints with."""

    svg: str
    view_box: str  # "left top width height"
    coloured: bool  # paints with a colour other than black, grey and white
    pale: bool  # paints with white alone, or nearly


def clean_svg(raw: str | bytes, drop_lost: bool = False, bitmaps: Bitmaps | None = None) -> CleanSVG:
    """The SVG rebuilt from what icons need, in its plain form; cleaning the result again changes nothing.

    With `drop_lost`, text and bitmaps that are seen are left out, too, as is right where somebody searches with the
    drawing. Where nothing is said of bitmaps, the operator's setting holds. Raises BitmapSeen where the drawing needs
    one that may not stay, ValidationError, with one sentence, where it needs what else is not allowed, or passes a
    limit.
    """
    if bitmaps is None:
        bitmaps = Bitmaps.KEEP if settings.SVG_KEEP_BITMAPS else Bitmaps.REFUSE
    reader = read(decode(raw))
    if reader.root.tag != "svg":
        refuse(_("The outermost element is <%(name)s>, not <svg>.") % {"name": short(reader.root.tag)})
    try:
        rebuilder = Rebuilder(reader, bitmaps, drop_lost)
        root = rebuilder.root()
    except RecursionError:
        refuse(_("The SVG's styles nest brackets too deeply."))
    view_box = rebuilder.view_box
    size = {"width": shortest(view_box.width), "height": shortest(view_box.height)}
    root.attrib = {"xmlns": SVG, **size, "viewBox": str(view_box), **root.attrib}
    svg = _joined(tags(root))
    if "url(#" in svg and resolve_references(root):
        svg = _joined(tags(root))
    if 'href="#' in svg or "url(#" in svg:
        Expansion(root).check()
    palette = Palette(root)
    return CleanSVG(svg, str(view_box), palette.has_hue, palette.is_pale)


def _joined(markup: Iterable[str]) -> str:
    """The tags as one text.

    Its length is bounded, since a long value that a style repeats on every element could fill the memory.
    """
    room, checked = settings.SVG_MAX_BYTES, []
    for tag in markup:
        room -= len(tag) if tag.isascii() else len(tag.encode())
        if room < 0:
            refuse_bytes()
        checked.append(tag)
    return "".join(checked)
