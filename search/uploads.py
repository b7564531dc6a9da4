"""From what a client sent to a picture: one door for the form, the API and the old system's clients."""

import math
import warnings
from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.http import HttpRequest
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from icons.rendering import RenderError, render
from icons.svg import clean_svg
from search.vision.crops import WHOLE, FractionBox, part_of

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
NEEDED_SIDE = 2560  # px; a larger picture is reduced, which bounds the time and memory of all that follows
SVG_TYPE = "image/svg+xml"
SVG_SIDE = 256  # px at which an SVG is drawn
TOO_LARGE = "too_large"  # the error code that answers with status 413
NOT_A_FORM = "not_a_form"  # the error code that answers with status 415
FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
FORM_OVERHEAD = 100_000  # bytes of a multipart body that are not the file
DRAINED = 200 * 1024 * 1024  # bytes


def open_upload(file: File, crop: FractionBox = WHOLE) -> Image.Image:
    """The picture in an uploaded file, as `open_picture` gives it.

    Raises ValidationError with a sentence for the person, code TOO_LARGE where the file has too many bytes.
    """
    return open_picture(read_upload(file), crop)


def read_upload(file: File) -> bytes:
    if not file.size:
        raise ValidationError(_("The file is empty."), code="empty")
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise too_large()
    return file.read()


def open_picture(data: bytes, crop: FractionBox = WHOLE, side: int = NEEDED_SIDE) -> Image.Image:
    """A picture, RGB or RGBA, upright, at most `side` px a side; of an animation, that is the first frame.

    `crop` is a part of the upright picture. Raises ValidationError with a sentence for the person.
    """
    return _open_svg(data, crop) if _looks_like_svg(data) else _open_bitmap(data, crop, side)


def vector_source(data: bytes) -> str:
    """The cleaned source of a file that is an SVG, else an empty text. Raises ValidationError, as clean_svg does."""
    return clean_svg(data).svg if _looks_like_svg(data) else ""


def too_large() -> ValidationError:
    megabytes = settings.UPLOAD_MAX_BYTES / 1024 / 1024
    return ValidationError(_("The file is larger than %(most)s MB.") % {"most": f"{megabytes:g}"}, code=TOO_LARGE)


def status_of(error: ValidationError) -> int:
    """The HTTP status for what is wrong with an upload: 413 for its size, 415 for its content type, else 400."""
    codes = {problem.code for problem in error.error_list}
    return 413 if TOO_LARGE in codes else 415 if NOT_A_FORM in codes else 400


def refuse_large_body(request: HttpRequest) -> None:
    """Before the body is parsed: raise ValidationError (TOO_LARGE) where it is said to be too large.

    The body is read and thrown away, since a client that is still sending would not see the answer.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    # base64 text, as the old system's clients may send it, takes a third more than the file
    if length > settings.UPLOAD_MAX_BYTES * 4 / 3 + FORM_OVERHEAD:
        _drain(request)
        raise too_large()


def refuse_other_types(request: HttpRequest) -> None:
    """Before the body is parsed: raise ValidationError (NOT_A_FORM) where its content type is not one of FORM_TYPES.

    The body is read and thrown away, as in `refuse_large_body`.
    """
    if request.content_type not in FORM_TYPES:
        _drain(request)
        sentence = _("The body must be of type multipart/form-data or application/x-www-form-urlencoded.")
        raise ValidationError(sentence, code=NOT_A_FORM)


def _drain(request: HttpRequest) -> None:
    """Read the body, up to DRAINED bytes, and throw it away."""
    drained = 0
    while drained < DRAINED and (chunk := request.read(1 << 20)):
        drained += len(chunk)


def _looks_like_svg(data: bytes) -> bool:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") or data[:2] in (b"\xff\xfe", b"\xfe\xff")  # UTF-16


def _open_svg(data: bytes, crop: FractionBox) -> Image.Image:
    cleaned = clean_svg(data)
    try:
        square = render(cleaned.svg, math.ceil(min(NEEDED_SIDE, SVG_SIDE / max(crop[2:]))))
    except RenderError as error:
        raise ValidationError(str(error), code="undrawable") from None
    return part_of(part_of(square, _fitted(cleaned.view_box)), crop)


def _fitted(view_box: str) -> FractionBox:
    """The part of a square into which a drawing of this view box is fitted."""
    sides = [float(side) for side in view_box.split()[2:]]
    width, height = (side / max(sides) for side in sides)
    return (1 - width) / 2, (1 - height) / 2, width, height


def _open_bitmap(data: bytes, crop: FractionBox, side: int) -> Image.Image:
    unreadable = ValidationError(
        _("This is not a picture that can be read: send PNG, JPEG, WebP, GIF, BMP or SVG."), code="unreadable"
    )
    try:
        with warnings.catch_warnings(action="ignore"):  # Pillow warns of sizes; the limit below is ours
            picture = Image.open(BytesIO(data), formats=FORMATS)
    except Exception:  # decoders raise what they like on broken input: OSError, SyntaxError, struct.error …
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
    except Exception:
        sentence = _("The picture is damaged or incomplete: it ends too early.")
        raise ValidationError(sentence, code="truncated") from None


def _decode(picture: Image.Image, crop: FractionBox, side: int) -> Image.Image:
    if crop == WHOLE:
        picture.draft("RGB", (side, side))  # JPEG: decodes no more than is needed
    picture.load()
    transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    picture = picture.convert("RGBA" if transparent else "RGB")
    picture = part_of(ImageOps.exif_transpose(picture), crop)  # before the reduction: a small part keeps its pixels
    picture.thumbnail((side, side), Image.Resampling.BOX)
    return picture
