"""The door for clients of the old system: `POST /upload`, its request and its reply unchanged."""

import base64
import binascii

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from icons.names import stem
from search.picture_search import Hit, search_by_picture
from search.uploads import open_upload, refuse_large_body, refuse_other_types, status_of

OLD_LIMIT = 40  # entries in the old system's reply


@csrf_exempt
@require_POST
def old_upload(request: HttpRequest) -> JsonResponse:
    """`POST /upload`, field `the_file`: the old system's request and reply, unchanged."""
    try:
        refuse_large_body(request)
        refuse_other_types(request)
        answer = search_by_picture(open_upload(_the_file(request)), OLD_LIMIT, regions=False)
    except ValidationError as error:
        return JsonResponse({"data": [], "error": " ".join(error.messages)}, status=status_of(error))
    return JsonResponse({"data": [{"fileName": _old_name(hit), "score": hit.score} for hit in answer.hits]})


def _the_file(request: HttpRequest) -> File:
    """The field as a file, or as base64 text with or without a `data:` prefix. Raises ValidationError."""
    if file := request.FILES.get("the_file"):
        return file
    text = request.POST.get("the_file", "")
    if not text:
        raise ValidationError(_("No picture was sent: send it as the multipart field “the_file”."))
    try:
        return ContentFile(base64.b64decode(text.partition("base64,")[2] or text, validate=True))
    except (binascii.Error, ValueError):
        raise ValidationError(_("The field “the_file” is neither a file nor base64.")) from None


def _old_name(hit: Hit) -> str:
    """The name of the 32 px sample that the old system made of the icon."""
    return f"{stem(hit.icon.file_name) or hit.icon.name}.jpeg"
