"""The pictures in a request: files of a form, one picture as the body, or JSON (base64, data URIs, SVG source)."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from api.parsers import load_json
from api.problems import FieldErrors, Problem
from search.uploads import FORM_TYPES, drain, refuse_large_body, too_large

JSON_TYPE, RAW_TYPE, RAW_TYPES = "application/json", "application/octet-stream", "image/"
BASE64_SIZE = 1.4  # bytes of base64 text for one byte of a picture: four thirds, and line breaks


def pictures_in(
    request: HttpRequest, field: str, most: int, max_bytes: int | None = None
) -> tuple[QueryDict, list[UploadedFile]]:
    """The fields of a request and its pictures, up to `most`, which come as `field`; an empty picture is one, too.

    `max_bytes` is what all pictures may take together. Raises ValidationError or Problem: 413 for a body that is too
    large, 415 for one of another type, 400 for one that cannot be read.
    """
    max_bytes = max_bytes or settings.UPLOAD_MAX_BYTES
    try:
        refuse_large_body(request, int(max_bytes * BASE64_SIZE) if request.content_type == JSON_TYPE else max_bytes)
    except ValidationError as error:
        raise FieldErrors({field: error.messages}, 413) from None
    fields: QueryDict
    content_type = request.content_type or ""
    if content_type in FORM_TYPES:
        fields, files = request.POST, request.FILES.getlist(field)
    elif content_type == JSON_TYPE:
        fields, files = _in_json(_body(request), field, most)
    elif content_type == RAW_TYPE or content_type.startswith(RAW_TYPES):
        fields, files = request.GET, [SimpleUploadedFile("picture", _body(request))]
    else:
        drain(request)
        sentence = _("The body must be a form (multipart/form-data), JSON (application/json) or a picture (image/…).")
        raise Problem(415, sentence)
    if len(files) > most:
        raise FieldErrors({field: [_("Send at most {most} pictures at once.").format(most=most)]}, 413)
    return fields, files


def _body(request: HttpRequest) -> bytes:
    """The whole body, whose size is known to be allowed; Django's own limit is for fields of forms."""
    return request.read()


def _in_json(body: bytes, field: str, most: int) -> tuple[QueryDict, list[UploadedFile]]:
    try:
        members = load_json(body)
    except ValueError:
        raise Problem(400, _("The body is no JSON."), "unreadable") from None
    if not isinstance(members, dict):
        raise Problem(400, _("The body must be a JSON object."), "unreadable")
    sent = members.pop(field, None)
    items = sent if isinstance(sent, list) else [] if sent is None else [sent]
    if len(items) > most:
        raise FieldErrors({field: [_("Send at most {most} pictures at once.").format(most=most)]}, 413)
    return _fields(members), [_file(item, field) for item in items]


def _fields(members: Mapping[str, Any]) -> QueryDict:
    """The members of a JSON object as the fields of a form. Raises FieldErrors."""
    fields = QueryDict(mutable=True)
    for name, value in members.items():
        values = value if isinstance(value, list) else [value]
        if any(isinstance(each, dict | list) for each in values):
            raise FieldErrors({name[:200]: [_("This must be a text, a number or a list of these.")]})
        texts = [_text(each) for each in values if each is not None]
        if name == "crop" and isinstance(value, list):
            texts = [",".join(texts)]
        fields.setlist(name, texts)
    return fields


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value).encode("utf-8", "replace").decode()  # half of a UTF-16 pair is no text


def _file(item: Any, field: str) -> UploadedFile:
    name, text = "picture", item
    if isinstance(item, dict):
        name, text = str(item.get("name") or name), item.get("image")
    if not isinstance(text, str):
        raise FieldErrors({field: [_("A picture in JSON is a text: base64, a data URI or the source of an SVG.")]})
    data = _decoded(text, field)
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise FieldErrors({field: too_large().messages}, 413)
    return SimpleUploadedFile(name.replace("\x00", "")[:200] or "picture", data)


def _decoded(text: str, field: str) -> bytes:
    """The bytes of a picture: SVG source and data URIs stay what they are, since files may be so, too."""
    if text.lstrip("\ufeff \t\r\n").startswith("<") or text.lstrip().startswith("data:") or "<svg" in text[:4096]:
        return text.encode("utf-8", "replace")
    plain = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        sentence = _("This is neither base64 nor a data URI nor the source of an SVG.")
        raise FieldErrors({field: [sentence]}) from None
