"""The search page, and the door for the old system's clients."""

import base64
import binascii
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from icons.models import IconSet
from icons.names import stem
from search.by_words import icons_named, sets_named
from search.crops import WHOLE
from search.forms import ImageSearchForm
from search.queries import Answer, Hit, similar_icons
from search.uploads import TOO_LARGE, open_upload, refuse_large_body

PER_PAGE, MOST_PAGES, LONGEST_TEXT = 120, 80, 200  # icons, pages and characters of a search by words
OLD_LIMIT = 40  # entries in the old system's reply


# Nothing is changed by a search, so there is nothing that a forged one could do; and the check would have to
# parse the body before its size was looked at.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: HttpRequest) -> HttpResponse:
    status = 200
    ctx: dict[str, Any] = {"form": ImageSearchForm(), "sets": IconSet.objects.all()}
    if request.method == "POST":
        form, answer = run_search(request)
        ctx.update(form=form, answer=answer, chosen=form.data.getlist("set"))
        ctx["picture"] = form.cleaned_data["image"] if answer else None
        status = 200 if answer else status_of(form)
    return render(request, "search/page.html", ctx, status=status)


@require_safe
def words_page(request: HttpRequest) -> HttpResponse:
    """Icons by words; with `part`, the list alone, for a page that changes while somebody types."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_TEXT]
    number = min(max(int(page) if (page := request.GET.get("page", "")).isdecimal() else 1, 1), MOST_PAGES)
    found = icons_named(text, PER_PAGE + 1, (number - 1) * PER_PAGE) if text else []
    ctx = {
        "text": text,
        "icons": found[:PER_PAGE],
        "named": sets_named(text) if number == 1 else [],
        "previous": number - 1,
        "next": number + 1 if len(found) > PER_PAGE and number < MOST_PAGES else 0,
    }
    return render(request, "search/found_words.html" if "part" in request.GET else "search/words.html", ctx)


def run_search(request: HttpRequest) -> tuple[ImageSearchForm, Answer | None]:
    """Validate and answer a search by picture; no answer where the form has errors."""
    try:
        refuse_large_body(request)
    except ValidationError as error:
        form = ImageSearchForm(QueryDict(), {})
        form.errors.clear()
        form.add_error("image", error)
        return form, None
    form = ImageSearchForm(request.POST, request.FILES)
    if not form.is_valid():
        return form, None
    data = form.cleaned_data
    # A part that somebody chose is taken for one icon.
    return form, similar_icons(data["image"], data["limit"], data["set"], regions=data["crop"] == WHOLE)


def status_of(form: Form) -> int:
    """The HTTP status for what is wrong with a form: 413 for size, else 400."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return 413 if TOO_LARGE in codes else 400


@csrf_exempt
@require_POST
def old_upload(request: HttpRequest) -> JsonResponse:
    """`POST /upload`, field `the_file`: the old system's request and reply, unchanged."""
    try:
        refuse_large_body(request)
        answer = similar_icons(open_upload(_the_file(request)), OLD_LIMIT, regions=False)
    except ValidationError as error:
        status = 413 if error.error_list[0].code == TOO_LARGE else 400
        return JsonResponse({"data": [], "error": " ".join(error.messages)}, status=status)
    return JsonResponse({"data": [{"fileName": _old_name(hit), "score": hit.score} for hit in answer.hits]})


def _the_file(request: HttpRequest) -> File:
    """The field as a file, or as base64 text with or without a `data:` prefix. Raises ValidationError."""
    if file := request.FILES.get("the_file"):
        return file
    text = request.POST.get("the_file", "")
    if not text:
        raise ValidationError("No picture was sent: send it as the multipart field “the_file”.")
    try:
        return ContentFile(base64.b64decode(text.partition("base64,")[2] or text, validate=True))
    except (binascii.Error, ValueError):
        raise ValidationError("The field “the_file” is neither a file nor base64.") from None


def _old_name(hit: Hit) -> str:
    """The name of the 32 px sample that the old system made of the icon."""
    return f"{stem(hit.icon.file_name) or hit.icon.name}.jpeg"
