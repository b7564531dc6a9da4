"""An icon as a picture in pixels, on transparent ground."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from xml.sax.saxutils import escape

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from icons.exporting.look import Look, drawn
from icons.models import Icon
from icons.rendering import render
from icons.svg.markup import markup, parse
from icons.svg.view_box import view_box

USUAL_SIDE = 512  # px of the longer side, where no size is asked for
ICO_SIDES = (16, 32, 48, 256)  # px, all in one file
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights><rdf:Alt>\
<rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>"""


def png(icon: Icon, look: Look, credit: str) -> bytes:
    """A PNG whose longer side is the look's size; a credit is its text “Copyright”. Raises RenderError."""
    notes = PngInfo()
    if credit:
        notes.add_text("Copyright", credit)
    buffer = BytesIO()
    picture(icon, look).save(buffer, "PNG", pnginfo=notes, optimize=True)
    return buffer.getvalue()


def webp(icon: Icon, look: Look, credit: str) -> bytes:
    """The same, without loss, as WebP; a credit is its XMP's dc:rights. Raises RenderError."""
    buffer = BytesIO()
    picture(icon, look).save(buffer, "WEBP", lossless=True, xmp=XMP.format(escape(credit)) if credit else b"")
    return buffer.getvalue()


def ico(icon: Icon, look: Look, credit: str) -> bytes:
    """A Windows icon of the usual squares, whatever the size of the look; it has no place for a credit.

    Raises RenderError.
    """
    *smaller, largest = (render(drawn(icon, replace(look, size=side)), side) for side in ICO_SIDES)
    buffer = BytesIO()
    largest.save(buffer, "ICO", sizes=[(side, side) for side in ICO_SIDES], append_images=smaller)
    return buffer.getvalue()


BITMAPS: dict[str, tuple[str, Callable[[Icon, Look, str], bytes]]] = {
    "png": ("image/png", png),
    "webp": ("image/webp", webp),
    "ico": ("image/x-icon", ico),
}


def picture(icon: Icon, look: Look) -> Image.Image:
    """The icon in RGBA, as wide and high as it is itself, its longer side `size` px. Raises RenderError."""
    side, root = look.size or USUAL_SIDE, parse(drawn(icon, look))
    left, top, *sides = map(float, root.attrib["viewBox"].split())
    # Drawn into a corner of a square, since what is centred would begin within a pixel.
    square = {"width": str(side), "height": str(side), "viewBox": view_box((left, top, max(sides), max(sides)))}
    root.attrib |= square
    width, height = (max(1, round(part / max(sides) * side)) for part in sides)
    return render(markup(root), side).crop((0, 0, width, height))
