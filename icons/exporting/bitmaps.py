"""An icon as a picture in pixels, on a transparent ground."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from xml.sax.saxutils import escape

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from icons.exporting.look import Look
from icons.exporting.svg_text import icon_svg_text, view_box_of
from icons.models import Icon
from icons.rendering import render
from icons.svg.markup import markup, parse
from icons.svg.view_box import ViewBox

USUAL_SIDE = 512  # px; the longer side of a picture for which no size is asked
ICO_SIDES = (16, 32, 48, 256)  # px; the sides of the squares in one .ico file
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights><rdf:Alt>\
<rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>"""


def png(icon: Icon, look: Look, credit: str) -> bytes:
    """A PNG whose longer side is the look's size; the credit is its text “Copyright”. Raises RenderError."""
    texts = PngInfo()
    if credit:
        texts.add_text("Copyright", credit)
    buffer = BytesIO()
    picture(icon, look).save(buffer, "PNG", pnginfo=texts, optimize=True)
    return buffer.getvalue()


def webp(icon: Icon, look: Look, credit: str) -> bytes:
    """A lossless WebP whose longer side is the look's size; the credit is dc:rights in its XMP. Raises RenderError."""
    buffer = BytesIO()
    picture(icon, look).save(buffer, "WEBP", lossless=True, xmp=XMP.format(escape(credit)) if credit else b"")
    return buffer.getvalue()


def ico(icon: Icon, look: Look, credit: str) -> bytes:
    """A Windows icon with squares of ICO_SIDES, whatever the look's size; the format has no place for a credit.

    Raises RenderError.
    """
    *smaller, largest = (render(icon_svg_text(icon, replace(look, size=side)), side) for side in ICO_SIDES)
    buffer = BytesIO()
    largest.save(buffer, "ICO", sizes=[(side, side) for side in ICO_SIDES], append_images=smaller)
    return buffer.getvalue()


@dataclass(frozen=True)
class BitmapFormat:
    """A kind of picture file."""

    title: str
    content_type: str
    write: Callable[[Icon, Look, str], bytes]  # from an icon, a look and a credit; raises RenderError


BITMAP_FORMATS = {  # by the extension of a file's name
    "png": BitmapFormat("PNG", "image/png", png),
    "webp": BitmapFormat("WebP", "image/webp", webp),
    "ico": BitmapFormat("ICO", "image/x-icon", ico),
}


def picture(icon: Icon, look: Look) -> Image.Image:
    """The icon in RGBA, in the proportions of its view box; the look's size is its longer side. Raises RenderError."""
    side, root = look.size or USUAL_SIDE, parse(icon_svg_text(icon, look))
    view_box = view_box_of(root)
    longer = view_box.longer_side
    # The icon is drawn into a corner of a square: in its middle, it could begin within a pixel, and blur.
    square = ViewBox(view_box.left, view_box.top, longer, longer)
    root.attrib |= {"width": str(side), "height": str(side), "viewBox": str(square.rounded())}
    width, height = (max(1, round(length / longer * side)) for length in (view_box.width, view_box.height))
    return render(markup(root), side).crop((0, 0, width, height))
