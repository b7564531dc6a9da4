"""The endpoint for clients of the old system: `POST /upload`, with its request and its reply as they were."""

import base64
import binascii
import re
from collections import deque
from itertools import islice
from typing import IO, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, JsonResponse, QueryDict
from django.http.multipartparser import FILE, ChunkIter, LazyStream, Parser
from django.utils.datastructures import MultiValueDict
from django.utils.encoding import force_bytes, force_str
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from icons.models import Icon
from icons.names import stem
from search.picture_search import search_by_picture
from search.uploads import drain, open_upload, refuse_large_body, refuse_other_types, status_of, too_large

OLD_LIMIT = 40  # entries in the old system's reply
THE_FILE = "the_file"  # the field that holds the picture
BASE64_SIZE = 1.4  # bytes of base64 text for one byte of a picture: four thirds, and line breaks
ESCAPED_SIZE = 3  # bytes for a character that is escaped in an urlencoded body
CHUNK = 1 << 20  # bytes of an urlencoded body that are read at once
WHITE_SPACE = b" \t\r\n"
# What an urlencoded body may escape of base64 text and of the beginning of a data URI.
ESCAPES = {
    escape: bytes([sign]) for sign in b"+/=-_:;,\r\n\t " for escape in (b"%%%02X" % sign, b"%%%02x" % sign)
}  # fmt: skip


@csrf_exempt
@require_POST
def old_upload(request: HttpRequest) -> JsonResponse:
    """`POST /upload` with the field `the_file`: answers like the old system, in its form."""
    try:
        refuse_large_body(request, _max_body(request))
        refuse_other_types(request)
        answer = search_by_picture(open_upload(_the_file(request)), OLD_LIMIT, regions=False)
    except ValidationError as error:
        return JsonResponse({"data": [], "error": " ".join(error.messages)}, status=status_of(error))
    entries = [
        {"fileName": old_name(icon), "score": hit.score} for hit in answer.hits for icon in (hit.icon, *hit.twins)
    ]
    return JsonResponse({"data": entries[:OLD_LIMIT]})


def _is_urlencoded(request: HttpRequest) -> bool:
    return request.content_type == "application/x-www-form-urlencoded"


def _max_body(request: HttpRequest) -> int:
    """Bytes that the largest allowed picture may take as base64 text in a body of this content type."""
    escaped_size = ESCAPED_SIZE if _is_urlencoded(request) else 1
    return int(settings.UPLOAD_MAX_BYTES * BASE64_SIZE * escaped_size)


def _the_file(request: HttpRequest) -> File:
    """The picture in the field `the_file`, sent as a file or as base64 text. Raises ValidationError."""
    if _is_urlencoded(request):
        text = _urlencoded_text(request)
    else:
        request.upload_handlers = [FieldsOfAnySize(request)]
        if file := request.FILES.get(THE_FILE):
            return file
        text = request.POST.get(THE_FILE, "").encode()
    if not text:
        raise ValidationError(_("No picture was sent: send it as the multipart field “the_file”."))
    return ContentFile(_decoded(text))


class FieldsOfAnySize(FileUploadHandler):
    """Parses a multipart body for the field `the_file`, which may be text of any size.

    Django limits text, but not files, to DATA_UPLOAD_MAX_MEMORY_SIZE. That limit is not changed, because it holds for
    all views. The view limits the size of the whole body instead.
    """

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],
        content_length: int,
        boundary: str | bytes,  # Django passes bytes, which its types do not say
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]]:
        """The text or the file named `the_file`, as Django's POST and FILES. All other fields are left out."""
        texts, files = QueryDict(mutable=True), MultiValueDict[str, UploadedFile]()
        body = cast(HttpRequest, input_data)
        parts = Parser(LazyStream(ChunkIter(body, self.chunk_size)), force_bytes(boundary))
        for part_type, headers, stream in islice(parts, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS):
            disposition = headers.get("content-disposition", ("", {}))[1]
            if force_str(disposition.get("name")) != THE_FILE or part_type == FILE and not disposition.get("filename"):
                deque(stream, maxlen=0)  # read to its end, where the next part begins
            elif part_type == FILE and headers.get("content-transfer-encoding", ("",))[0].strip() != "base64":
                files[THE_FILE] = SimpleUploadedFile(THE_FILE, stream.read())
            else:
                texts[THE_FILE] = stream.read().decode(errors="replace")
        drain(body)
        return texts, files


def _urlencoded_text(request: HttpRequest) -> bytes:
    """The base64 text of the field `the_file` in an urlencoded body, or an empty text. Raises ValidationError.

    The body is unescaped while it is read, so that it takes no more memory than the picture in it may.
    """
    text, rest = bytearray(), b""
    while chunk := request.read(CHUNK):
        chunk = rest + chunk
        cut = chunk.find(b"%", len(chunk) - 2)  # where an escape begins that may go on in the next chunk
        chunk, rest = (chunk[:cut], chunk[cut:]) if cut >= 0 else (chunk, b"")
        text += _unescaped(chunk)
        if len(text) > settings.UPLOAD_MAX_BYTES * BASE64_SIZE:
            drain(request)
            raise too_large()
    text += _unescaped(rest)
    field = re.search(rb"(?:^|&)the_file=([^&]*)", text)
    return bytes(field[1]) if field else b""


def _unescaped(chunk: bytes) -> bytes:
    """A chunk of an urlencoded body with the signs of base64 unescaped, and without white space.

    A plus stays a plus, though it stands for a space: base64 has no spaces, and some clients do not escape it.
    """
    for escape, sign in ESCAPES.items():
        chunk = chunk.replace(escape, sign)
    return chunk.translate(None, WHITE_SPACE)


def _decoded(text: bytes) -> bytes:
    """The bytes in base64 text of the standard or the URL-safe alphabet. Raises ValidationError.

    The text may be a data URI and have white space in it, and its padding may be left out.
    """
    text = (text.partition(b"base64,")[2] or text).translate(bytes.maketrans(b"-_", b"+/"), WHITE_SPACE).rstrip(b"=")
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValidationError(_("The field “the_file” is neither a file nor base64.")) from None


def old_name(icon: Icon) -> str:
    """The name of the 32 px sample that the old system made of the icon."""
    return f"{stem(icon.file_name) or icon.name}.jpeg"
