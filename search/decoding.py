"""From the bytes of a file to a picture. It runs in the child process of search.uploads, which bounds what it takes.

It knows neither requests nor the database, and only those settings that search.uploads passes on.
"""

import math
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from icons.rasteriser_child import draw
from icons.svg import CleanSVG, clean_svg
from icons.svg.view_box import ViewBox
from search.vision.crops import WHOLE, FractionBox, part_of

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")  # names of Pillow's decoders
NEEDED_SIDE = 2560  # px; a larger picture is reduced, which bounds the time and memory that a search takes
SVG_TYPE = "image/svg+xml"
SVG_SIDE = 256  # px; the side at which an SVG, or the crop of it, is drawn
KEPT_SIDE = 5120  # px; searches reduce further, but a crop still has the original pixels
LARGE = 4 * 1024 * 1024  # bytes of a PNG from which on the picture is taken for a photograph


def picture_in(data: bytes, crop: FractionBox = WHOLE, side: int = NEEDED_SIDE) -> Image.Image:
    """The picture in the bytes of a file: RGB or RGBA, upright, its longer side at most `side` px.

    Of an animation it is the first frame. `crop` is a box in the upright picture; only that part is returned. Raises
    ValidationError with a sentence for the person.
    """
    return _open_svg(clean_svg(data), crop) if _looks_like_svg(data) else _open_bitmap(data, crop, side)


def to_be_kept(data: bytes, when_decoded: Callable[[], None]) -> tuple[bytes, str, tuple[int, int]]:
    """What the bytes of a file show, without metadata: (bytes, media type, width and height in px).

    An SVG stays one, cleaned. `when_decoded` is called before a bitmap is encoded, which takes as long as its pixels
    say and nothing else in the file does. Raises ValidationError as `picture_in` does.
    """
    if _looks_like_svg(data):
        cleaned = clean_svg(data)
        return cleaned.svg.encode(), SVG_TYPE, _open_svg(cleaned, WHOLE).size
    picture = _open_bitmap(data, WHOLE, KEPT_SIDE)
    when_decoded()
    encoded, media_type, picture = _encoded(picture)
    return encoded, media_type, picture.size


def _looks_like_svg(data: bytes) -> bool:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") or data[:2] in (b"\xff\xfe", b"\xfe\xff")  # UTF-16


def _open_svg(cleaned: CleanSVG, crop: FractionBox) -> Image.Image:
    try:
        square = draw(settings.RASTERISER, cleaned.svg, math.ceil(min(NEEDED_SIDE, SVG_SIDE / max(crop[2:]))))
    except Exception as error:
        sentence = _("The rasteriser refused this icon: %(why)s") % {"why": str(error)[:500]}
        raise ValidationError(sentence, code="undrawable") from None
    return part_of(part_of(square, _fitted(ViewBox.parse(cleaned.view_box))), crop)


def _fitted(view_box: ViewBox) -> FractionBox:
    """The part of a square that a drawing with this view box takes, in fractions of the square."""
    width, height = view_box.width / view_box.longer_side, view_box.height / view_box.longer_side
    return (1 - width) / 2, (1 - height) / 2, width, height


def _open_bitmap(data: bytes, crop: FractionBox, side: int) -> Image.Image:
    unreadable = ValidationError(
        _("This is not a picture that can be read: send PNG, JPEG, WebP, GIF, BMP or SVG."), code="unreadable"
    )
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


def _decode(picture: Image.Image, crop: FractionBox, side: int) -> Image.Image:
    if crop == WHOLE:
        picture.draft("RGB", (side, side))  # of a JPEG, no more pixels are decoded than are needed
    picture.load()
    transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    picture = picture.convert("RGBA" if transparent else "RGB")
    # Cropped before it is reduced, so that a small part keeps its pixels.
    picture = part_of(ImageOps.exif_transpose(picture), crop)
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
