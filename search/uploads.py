"""From an uploaded file to a picture. The page, the API and the endpoint for the old system's clients all use it.

A file is read in a child process (search.decoding_child), since what it holds may take a decoder or a rasteriser any
time and memory: a child that takes more than it may is ended, and another takes its place.
"""

import json
import os
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image

from icons.child_processes import ChildPool
from icons.child_protocol import PATIENCE
from search.decoding_child import ENCODING_SECONDS, REQUEST
from search.metrics import SEARCH_SECONDS
from search.vision.crops import WHOLE, FractionBox

CHILDREN = min(2, os.cpu_count() or 1)  # processes that read files; each takes some 60 MB, and up to 1 GB for a while
# Settings that a child knows: those that begin so.
PASSED_ON = ("UPLOAD_", "SVG_", "RASTERISER", "LANGUAGES", "LANGUAGE_CODE", "LOCALE_PATHS")
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


def open_picture(data: bytes, crop: FractionBox = WHOLE) -> Image.Image:
    """The picture in the bytes of a file: RGB or RGBA, upright, its longer side at most NEEDED_SIDE px.

    Of an animation it is the first frame. `crop` is a box in the upright picture; only that part is returned. Raises
    ValidationError with a sentence for the person.
    """
    with SEARCH_SECONDS.labels("picture").time():
        reply, pixels = _ask(data, crop=crop, keep=False)
    return Image.frombytes(reply["mode"], tuple(reply["size"]), pixels)


def picture_to_keep(data: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """What the bytes of a file show, without metadata: (bytes, media type, width and height in px).

    Raises ValidationError with a sentence for the person.
    """
    reply, content = _ask(data, crop=WHOLE, keep=True)
    width, height = reply["size"]
    return bytes(content), reply["media_type"], (width, height)


def warm_up() -> None:
    """Start a child process, so that the first search does not wait for it."""
    with _children.child():
        pass


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


def _command() -> list[str]:
    """The command line of a child, which is replaced when one of these settings changes."""
    names = [name for name in dir(settings) if name.startswith(PASSED_ON)]
    configuration = {name: getattr(settings, name) for name in sorted(names)}
    return [sys.executable, "-m", "search.decoding_child", json.dumps(configuration, default=str)]


_children = ChildPool(_command, CHILDREN)


def _ask(data: bytes, **options: Any) -> tuple[dict[str, Any], memoryview]:
    """What a child process answers: the reply, and the bytes that belong to it. Raises ValidationError."""
    of_options = json.dumps({**options, "language": get_language() or settings.LANGUAGE_CODE}).encode()
    request = REQUEST.pack(len(of_options), len(data)) + of_options + data
    most = PATIENCE * (settings.UPLOAD_SECONDS + ENCODING_SECONDS)
    with _children.child() as child:
        try:
            succeeded, answer = child.ask(request, most)
        except TimeoutError:
            sentence = _("Reading this picture takes longer than %(seconds)s seconds.")
            raise _refusal(sentence % {"seconds": settings.UPLOAD_SECONDS}, "too_slow") from None
        except OSError:
            raise _refusal(_("This picture cannot be read."), "crashed") from None
    of_reply = answer.index(b"\n")
    reply = json.loads(answer[:of_reply])
    if not succeeded:
        raise ValidationError(reply["sentences"], code=reply["code"])
    return reply, memoryview(answer)[of_reply + 1 :]


def _refusal(sentence: str, code: str) -> ValidationError:
    advice = _("Save it anew as PNG, or take a screenshot of it.")
    return ValidationError(f"{sentence} {advice}", code=code)
