"""From the bytes of a file to a picture. It runs in the child process of search.uploads, which bounds what it takes.

It knows neither requests nor the database, and only those settings that search.uploads passes on.
"""

import math
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from icons.rasteriser_child import draw
from icons.svg import CleanSVG, clean_svg
from icons.svg.encodings import decode
from icons.svg.fixed_strokes import drawn_at
from icons.svg.pasted import content_of, svg_in
from icons.svg.view_box import ViewBox
from search.vision.crops import WHOLE, FractionBox, part_of

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF", "TIFF", "ICO")  # names of Pillow's decoders
MAX_FRAMES = 50  # of an animation, that are looked at for one that shows anything
NEEDED_SIDE = 2560  # px; a larger picture is reduced, which bounds the time and memory that a search takes
GZIP = b"\x1f\x8b"
SOURCE = 4096  # bytes of a program in which its SVG begins
HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!DOCTYPE html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")  # formats whose frames follow one another, and are not pages or sizes
HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
OTHER_FORMATS = {  # what files of other types have near their beginning
    b"%PDF": "PDF",
    b"\x00\x00\x00\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"JXL ": "JPEG XL",
    b"8BPS": "Photoshop",
    b"fig-kiwi": "Figma",
    b"PK\x03\x04": "zip",
    b"ftypisom": "MP4",
    b"ftypqt": "MOV",
    b"{\\rtf": "RTF",
}
SVG_TYPE = "image/svg+xml"
SVG_SIDE = 256  # px; the side at which an SVG, or the crop of it, is drawn
KEPT_SIDE = 5120  # px; searches reduce further, but a crop still has the original pixels
LARGE = 4 * 1024 * 1024  # bytes of a PNG from which on the picture is taken for a photograph


def picture_in(data: bytes, crop: FractionBox = WHOLE, side: int = NEEDED_SIDE) -> Image.Image:
    """The picture in the bytes of a file: RGB or RGBA, upright, its longer side at most `side` px.

    Of an animation it is the first frame that is not blank. `crop` is a box in the upright picture; only that part is
    returned. Raises ValidationError with a sentence for the person.
    """
    data = content_of(data)
    return _open_svg(_cleaned(data), crop) if _looks_like_svg(data) else _open_bitmap(data, crop, side)


def to_be_kept(data: bytes, when_decoded: Callable[[], None]) -> tuple[bytes, str, tuple[int, int]]:
    """What the bytes of a file show, without metadata: (bytes, media type, width and height in px).

    An SVG stays one, cleaned. `when_decoded` is called before a bitmap is encoded, which takes as long as its pixels
    say and nothing else in the file does. Raises ValidationError as `picture_in` does.
    """
    data = content_of(data)
    if _looks_like_svg(data):
        cleaned = _cleaned(data)
        return cleaned.svg.encode(), SVG_TYPE, _open_svg(cleaned, WHOLE).size
    picture = _open_bitmap(data, WHOLE, KEPT_SIDE)
    when_decoded()
    encoded, media_type, picture = _encoded(picture)
    return encoded, media_type, picture.size


def _looks_like_svg(data: bytes) -> bool:
    """Whether it is markup, compressed or in UTF-16 or not, or the source of a component with an SVG in it."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") or data[:2] in (b"\xff\xfe", b"\xfe\xff", GZIP):
        return True
    return b"<svg" in data[:SOURCE] and b"\x00" not in data[:SOURCE]


def _cleaned(data: bytes) -> CleanSVG:
    """The SVG in the bytes of a file, which may be a piece of a page or of a program. Raises ValidationError."""
    text = svg_in(decode(data))
    if HTML.match(text):
        raise ValidationError(
            _("This is a web page, not a picture: take a screenshot of it, or save the picture itself."), code="page"
        )
    return clean_svg(text, drop_lost=True)


def _open_svg(cleaned: CleanSVG, crop: FractionBox) -> Image.Image:
    try:
        side = math.ceil(min(NEEDED_SIDE, SVG_SIDE / max(crop[2:])))
        square = draw(settings.RASTERISER, drawn_at(cleaned.svg, side), side)
    except Exception as error:
        sentence = _("The rasteriser refused this icon: %(why)s") % {"why": str(error)[:500]}
        raise ValidationError(sentence, code="undrawable") from None
    return part_of(part_of(square, _fitted(ViewBox.parse(cleaned.view_box))), crop)


def _fitted(view_box: ViewBox) -> FractionBox:
    """The part of a square that a drawing with this view box takes, in fractions of the square."""
    width, height = view_box.width / view_box.longer_side, view_box.height / view_box.longer_side
    return (1 - width) / 2, (1 - height) / 2, width, height


def _open_bitmap(data: bytes, crop: FractionBox, side: int) -> Image.Image:
    unreadable = ValidationError(_unreadable(data), code="unreadable")
    try:
        picture = Image.open(BytesIO(data), formats=FORMATS)
    except Exception:  # decoders raise all sorts of errors on broken files: OSError, SyntaxError, struct.error …
        raise unreadable from None
    width, height = picture.size
    if width * height > settings.UPLOAD_MAX_PIXELS:
        million = settings.UPLOAD_MAX_PIXELS / 1_000_000
        sentence = _("The picture has more than %(most)s megapixels.") % {"most": f"{million:g}"}
        raise ValidationError(sentence, code="too_many_pixels")
    if not width or not height:
        raise unreadable
    try:
        return _decode(picture, crop, side)
    except MemoryError:
        raise
    except Exception:
        sentence = _("The picture is damaged or incomplete: it ends too early.")
        raise ValidationError(sentence, code="truncated") from None


def _unreadable(data: bytes) -> str:
    """Why bytes are no picture that can be read, by what they begin with."""
    if data[4:8] == b"ftyp" and data[8:12] in HEIC:
        return _(
            "This is a HEIC picture, as iPhones take it, which cannot be read: save it as JPEG or PNG (iPhone: Settings"
            " › Camera › Formats › Most Compatible), or take a screenshot of it."
        )
    names = [name for start, name in OTHER_FORMATS.items() if start in data[:64]]
    if names:
        return _("This is a file of the type %(type)s, which cannot be read: save it as PNG or JPEG.") % {
            "type": names[0]
        }
    return _("This is not a picture that can be read: send PNG, JPEG, WebP, AVIF, GIF, BMP, TIFF, ICO or SVG.")


def _seek_drawn_frame(picture: Image.Image) -> None:
    """Go to the first frame of an animation that shows anything; to the first of all if none does."""
    frames = int(getattr(picture, "n_frames", 1))
    if frames < 2 or picture.format not in ANIMATED:
        return
    for number in range(min(frames, MAX_FRAMES)):
        picture.seek(number)
        frame = picture.convert("RGBA")
        background = Image.new("RGBA", frame.size, "white")
        background.alpha_composite(frame)
        if background.getcolors(1) is None:  # more than one colour
            return
    picture.seek(0)


def _decode(picture: Image.Image, crop: FractionBox, side: int) -> Image.Image:
    if crop == WHOLE:
        picture.draft("RGB", (side, side))  # of a JPEG, no more pixels are decoded than are needed
    _seek_drawn_frame(picture)
    picture.load()
    transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if transparent else "RGB"
    if picture.mode != mode:  # a large picture is not copied for nothing
        picture = picture.convert(mode)
    # Cropped before it is reduced, so that a small part keeps its pixels.
    picture = part_of(ImageOps.exif_transpose(picture), crop)
    if factor := max(picture.size) // side:  # a whole factor is quicker
        picture = picture.reduce(factor)
    picture.thumbnail((side, side), Image.Resampling.BOX)
    return picture


def _encoded(picture: Image.Image) -> tuple[bytes, str, Image.Image]:
    """A picture as PNG, or as JPEG where it is a photograph: (bytes, media type, the picture as it is kept).

    A picture that would take more bytes than may be sent is halved until it does not.
    """
    # The lowest level of compression is quick, and the file is small enough for the time that it is kept.
    data, media_type = _saved(picture, "PNG", compress_level=1), "image/png"
    if len(data) > LARGE and picture.mode == "RGB":
        data, media_type = _saved(picture, "JPEG", quality=95), "image/jpeg"
    if len(data) > settings.UPLOAD_MAX_BYTES:
        return _encoded(picture.reduce(2))
    return data, media_type, picture


def _saved(picture: Image.Image, format: str, **options: Any) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()
