"""The page of the search by words, and the door for the old system's clients."""

import base64
import binascii

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from icons.asked import number_in, text_in
from icons.names import stem
from search.by_words import icons_named, sets_named
from search.queries import Hit, similar_icons
from search.uploads import open_upload, refuse_large_body, status_of

PER_PAGE, MOST_PAGES = 120, 80  # icons, pages
OLD_LIMIT = 40  # entries in the old system's reply


@require_safe
def words_page(request: HttpRequest) -> HttpResponse:
    """Icons by words; with `part`, the list alone, for a page that changes while somebody types."""
    text, number = text_in(request, "q"), number_in(request, "page", 1, MOST_PAGES)
    found = icons_named(text, PER_PAGE + 1, (number - 1) * PER_PAGE) if text else []
    ctx = {
        "text": text,
        "icons": found[:PER_PAGE],
        "first": (number - 1) * PER_PAGE + 1,
        "last": (number - 1) * PER_PAGE + min(len(found), PER_PAGE),
        "named": sets_named(text) if number == 1 else [],
        "previous": number - 1,
        "next": number + 1 if len(found) > PER_PAGE and number < MOST_PAGES else 0,
    }
    return render(request, "search/found_words.html" if "part" in request.GET else "search/words.html", ctx)


@csrf_exempt
@require_POST
def old_upload(request: HttpRequest) -> JsonResponse:
    """`POST /upload`, field `the_file`: the old system's request and reply, unchanged."""
    try:
        refuse_large_body(request)
        answer = similar_icons(open_upload(_the_file(request)), OLD_LIMIT, regions=False)
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
