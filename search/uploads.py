"""From an uploaded file to a picture. The page, the API and the endpoint for the old system's clients all use it."""

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
from icons.svg.view_box import ViewBox
from search.vision.crops import WHOLE, FractionBox, part_of

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")  # names of Pillow's decoders
NEEDED_SIDE = 2560  # px; a larger picture is reduced, which bounds the time and memory that a search takes
SVG_TYPE = "image/svg+xml"
SVG_SIDE = 256  # px; the side at which an SVG, or the crop of it, is drawn
TOO_LARGE = "too_large"  # the error code that is answered with status 413
NOT_A_FORM = "not_a_form"  # the error code that is answered with status 415
FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
FORM_OVERHEAD = 100_000  # bytes that the other fields and the headers of a multipart body may take
MAX_DRAINED = 200 * 1024 * 1024  # bytes of a refused body that are read; after these the connection is closed


def open_upload(file: File, crop: FractionBox = WHOLE) -> Image.Image:
    """The picture in an uploaded file, as `open_picture` returns it.

    Raises ValidationError with a sentence for the person; its code is TOO_LARGE if the file has too many bytes.
    """
    return open_picture(read_upload(file), crop)


def read_upload(file: File) -> bytes:
    """The bytes of an uploaded file. Raises ValidationError if it is empty or larger than UPLOAD_MAX_BYTES."""
    if not file.size:
        raise ValidationError(_("The file is empty."), code="empty")
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise too_large()
    data: bytes = file.read()
    return data


def open_picture(data: bytes, crop: FractionBox = WHOLE, side: int = NEEDED_SIDE) -> Image.Image:
    """The picture in the bytes of a file: RGB or RGBA, upright, its longer side at most `side` px.

    Of an animation it is the first frame. `crop` is a box in the upright picture; only that part is returned. Raises
    ValidationError with a sentence for the person.
    """
    return _open_svg(data, crop) if _looks_like_svg(data) else _open_bitmap(data, crop, side)


def vector_source(data: bytes) -> str:
    """The cleaned source of a file that is an SVG, else an empty text. Raises ValidationError like `clean_svg`."""
    return clean_svg(data).svg if _looks_like_svg(data) else ""


def too_large() -> ValidationError:
    """The error, code TOO_LARGE, that a file has more than UPLOAD_MAX_BYTES."""
    megabytes = settings.UPLOAD_MAX_BYTES / 1024 / 1024
    return ValidationError(_("The file is larger than %(most)s MB.") % {"most": f"{megabytes:g}"}, code=TOO_LARGE)


def status_of(error: ValidationError) -> int:
    """The HTTP status for the error of an upload: 413 for its size, 415 for its content type, else 400."""
    codes = {problem.code for problem in error.error_list}
    return 413 if TOO_LARGE in codes else 415 if NOT_A_FORM in codes else 400


def refuse_large_body(request: HttpRequest, max_bytes: int | None = None) -> None:
    """Raise ValidationError, code TOO_LARGE, if the body is larger than a picture and the form around it may be.

    `max_bytes` is the size that the picture may have in the body, UPLOAD_MAX_BYTES unless said otherwise. To be called
    before the body is parsed. A refused body is read and thrown away, since a client that is still sending would not
    see the answer.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > (max_bytes or settings.UPLOAD_MAX_BYTES) + FORM_OVERHEAD:
        drain(request)
        raise too_large()


def refuse_other_types(request: HttpRequest) -> None:
    """Raise ValidationError, code NOT_A_FORM, if the content type of the body is not one of FORM_TYPES.

    To be called before the body is parsed. A refused body is read and thrown away, as in `refuse_large_body`.
    """
    if request.content_type not in FORM_TYPES:
        drain(request)
        sentence = _("The body must be of type multipart/form-data or application/x-www-form-urlencoded.")
        raise ValidationError(sentence, code=NOT_A_FORM)


def drain(request: HttpRequest) -> None:
    """Read what is left of the body, up to MAX_DRAINED bytes, and throw it away."""
    drained = 0
    while drained < MAX_DRAINED and (chunk := request.read(1 << 20)):
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
        with warnings.catch_warnings(action="ignore"):  # Pillow warns of large pictures, which are refused below
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
