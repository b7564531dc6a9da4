"""The start page, and the page of a search by picture, which has an address for as long as its picture is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.core.cache import cache as cached
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from PIL import Image

from icons.icon_views import SVG_HEADERS
from icons.models import Icon, IconSet
from search.filters import licences_in_use
from search.forms import FilterForm
from search.models import KeptPicture
from search.picture_search import REGION_MARGIN, Answer, search_by_picture, several_regions
from search.styles import Style
from search.uploads import open_picture, read_upload, refuse_large_body, status_of
from search.vision.crops import WHOLE, FractionBox, widened, written
from search.vision.regions import Region

COUNTED_FOR = 60  # seconds for which the start page does not count the icons again
MORE = 96  # icons, for who wants more than the first ones
STRIP = 15  # times as wide as high: a picture that would be too low if all of its width was shown
WIDE = 480  # px: a picture wider than this would be too small beside the icons
NARROWING = ("set", "licence", "palette", "style", "words")  # stay as they are when the picture changes
PARTS = {"answer": "search/_picture_answer.html", "results": "search/_results.html"}  # of the page, for its script
PRIVATE = {"X-Robots-Tag": "noindex", "Cache-Control": "private, no-cache"}


@dataclass(frozen=True)
class Place:
    """An icon on the picture, as the page outlines it."""

    box: list[str]  # x, y, width, height in fractions of the picture
    crop: str  # with the margin that a search wants
    address: str  # of the search for this one
    chosen: bool


# Whoever posts a picture changes nothing but a picture of their own; and the check against forged requests would
# have to parse the body before its size was looked at.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: HttpRequest) -> HttpResponse:
    """A picture that is posted is kept, and answered at its own address; with `draft`, it is answered here."""
    if request.method != "POST":
        return render(request, "search/picture_search.html", cached.get_or_set("extent", _extent, COUNTED_FOR))
    try:
        refuse_large_body(request)
        if not (file := request.FILES.get("image")):
            raise ValidationError(_("No picture was sent: choose, drop or paste one."))
        data = read_upload(file)
        if "draft" in request.POST:
            return _answered(request, request.POST, partial(open_picture, data), None)
        kept = KeptPicture.objects.keep(data)
    except ValidationError as error:
        return _refused(request, error)
    query = QueryDict(mutable=True)
    for name in NARROWING:
        query.setlist(name, [value for value in request.POST.getlist(name) if value])
    query.setlist("part", request.GET.getlist("part"))
    return redirect(f"{kept.get_absolute_url()}?{query.urlencode()}".removesuffix("?"))


def _extent() -> dict[str, int]:
    return {"icons": Icon.objects.visible().count(), "sets": IconSet.objects.count()}


@require_safe
def found_page(request: HttpRequest, key: str) -> HttpResponse:
    kept = _kept_picture(key)
    return _answered(request, request.GET, kept.open, kept)


@require_safe
@cache_control(private=True, max_age=3600)
def kept_picture(request: HttpRequest, key: str) -> HttpResponse:
    kept = _kept_picture(key)
    headers = {"Content-Security-Policy": SVG_HEADERS["Content-Security-Policy"], "X-Robots-Tag": "noindex"}
    return HttpResponse(bytes(kept.data), content_type=kept.media_type, headers=headers)


def _kept_picture(key: str) -> KeptPicture:
    kept = KeptPicture.objects.alive().filter(key=key).first()
    if kept is None:
        raise Http404(_("The picture of this search is no longer kept. Search for it again."))
    return kept


def _answered(
    request: HttpRequest,
    fields: QueryDict,
    part_of_picture: Callable[[FractionBox], Image.Image],
    kept: KeptPicture | None,
) -> HttpResponse:
    """The page, or the part of it that is asked for, with what the picture finds. `kept`: where it has an address."""
    page = PARTS.get(request.GET.get("part", ""), "search/picture_search.html")
    form = FilterForm(fields)
    opened = cache(part_of_picture)
    ctx: dict[str, Any] = {"kept": kept, "form": form}
    try:
        if form.is_valid():
            ctx |= _found(form, opened(form.cleaned_data["crop"]), kept)
        if page != PARTS["results"]:
            ctx |= _around(form, opened(WHOLE), ctx.get("answer"), kept)
    except ValidationError as error:
        return _refused(request, error)
    text = render_to_string(page, ctx, request)
    return HttpResponse(text, status=200 if form.is_valid() else 400, headers=PRIVATE)


def _refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    page = "search/_errors.html" if request.GET.get("part") in PARTS else "search/picture_search.html"
    return render(request, page, {"errors": error.messages}, status=status_of(error))


def _found(form: FilterForm, picture: Image.Image, kept: KeptPicture | None) -> dict[str, Any]:
    """For the template of the results."""
    limit = form.cleaned_data["limit"]
    several = kept is not None and form.cleaned_data["crop"] == WHOLE  # what is cut out or drawn is one icon
    answer = search_by_picture(picture, limit, form.narrowed(), several)
    addresses = [_address(form, crop=_crop_of(one.region, picture)) for one in answer.regions]
    return {
        "answer": answer,
        "picture": picture,
        "regions": list(zip(answer.regions, addresses, strict=True)),
        "more": _address(form, limit=str(MORE)) if kept and len(answer.hits) == limit < MORE else "",
    }


def _around(form: FilterForm, whole: Image.Image, answer: Answer | None, kept: KeptPicture | None) -> dict[str, Any]:
    """For the templates of the picture and of the filters."""
    if answer and form.cleaned_data["crop"] == WHOLE:
        regions, meant = [one.region for one in answer.regions], answer.meant
    else:
        regions, meant = several_regions(whole) if kept else [], None
    return {
        "places": [_place(form, region, whole, number == meant) for number, region in enumerate(regions)],
        "crop": form.data.get("crop", "").strip() if answer else "",
        "shape": _shape(*whole.size),
        "chosen": {name: form.data.getlist(name) for name in NARROWING},
        "sets": IconSet.objects.order_by("title"),
        "licences": licences_in_use(),
        "styles": Style.choices,
    }


def _shape(width: int, height: int) -> str:
    """How the page lays the picture out: beside the icons, or above them where it would be too small there."""
    if height > width:
        return "tall"
    if width > STRIP * height:
        return "long strip"
    return "long" if width > 3 * height else "wide" if width > WIDE else "flat"


def _place(form: FilterForm, region: Region, whole: Image.Image, meant: bool) -> Place:
    crop = _crop_of(region, whole)
    chosen = meant or form.data.get("crop") == crop
    return Place([f"{number:.4f}" for number in region.box], crop, _address(form, crop=crop), chosen)


def _crop_of(region: Region, whole: Image.Image) -> str:
    return written(widened(region.box, whole.size, REGION_MARGIN))


def _address(form: FilterForm, **changed: str) -> str:
    """The query of this search with other fields, relative to its address."""
    query = form.data.copy()
    query.pop("part", None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"
