"""The start page, and the page of a search by picture, which has an address for as long as its picture is kept."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from PIL import Image

from icons.icon_files import SVG_POLICY
from icons.models import Icon, IconSet
from search.filters import licences_in_use
from search.forms import FilterForm
from search.in_style import icons_in_style
from search.models import KeptPicture
from search.picture_search import Answer, ReadPicture, read_picture
from search.picture_shapes import shape_of, shown_size
from search.shown_regions import grouped, outlines
from search.sketches import search_by_sketch
from search.start_page import EXAMPLES, start_context
from search.styles import Style
from search.uploads import open_picture, read_upload, refuse_large_body, refuse_other_types, status_of
from search.vision.crops import WHOLE, FractionBox

IN_STYLE = 48  # icons that words find and that are in the style of the picture
MORE = 96  # icons on the page that “Show more” leads to
NARROWING = ("set", "licence", "palette", "style", "words")  # fields that stay as they are when the picture changes
PAGE = "search/picture_search.html"
# The parts of the page that its script asks for.
FRAGMENTS = {"answer": "search/_picture_answer.html", "results": "search/_results.html"}
PRIVATE = {"X-Robots-Tag": "noindex", "Cache-Control": "private, no-cache"}


@dataclass(frozen=True)
class _Search:
    """A search as a request asks for it."""

    fields: QueryDict
    form: FilterForm  # bound to the fields
    open: Callable[[FractionBox], Image.Image]  # the picture, or a part of it; raises ValidationError
    kept: KeptPicture | None  # None for a draft, which has no address

    @cached_property
    def whole(self) -> ReadPicture:
        """The whole picture, read once."""
        return read_picture(self.open(WHOLE))

    @cached_property
    def answer_to_whole(self) -> Answer:
        """What is found for the whole picture; the fields are right."""
        return self.whole.search(self.form.cleaned_data["limit"], self.form.to_filter())

    @property
    def is_cut(self) -> bool:
        """Whether somebody chose a part of a kept picture."""
        return self.kept is not None and not self.is_sketch and self.form.cleaned_data["crop"] != WHOLE

    @property
    def is_sketch(self) -> bool:
        """Whether the picture was drawn on the sheet of the page."""
        return self.form.is_valid() and self.form.cleaned_data["sketch"]

    def address(self, **changed: str) -> str:
        """The query of this search with other fields, relative to its address."""
        query = self.fields.copy()
        for name in ("part", "others"):
            query.pop(name, None)
        for name, value in changed.items():
            query[name] = value
        return f"?{query.urlencode()}"


# Whoever posts a picture changes nothing but a picture of their own; and the check against forged requests would
# have to parse the body before its size was looked at.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: HttpRequest) -> HttpResponse:
    """The start page. A picture that is posted is kept and answered at its own address; a `draft` is answered here."""
    if request.method != "POST":
        template = "search/_library.html" if request.GET.get("part") == "library" else PAGE
        return render(request, template, start_context())
    try:
        refuse_large_body(request)
        refuse_other_types(request)
        data = _picture_sent(request)
        if "draft" in request.POST:
            return _search_response(request, request.POST, functools.partial(open_picture, data), None)
        kept = KeptPicture.objects.keep(data)
    except ValidationError as error:
        return _refusal(request, error)
    return redirect(_address_of_kept(request, kept))


def _picture_sent(request: HttpRequest) -> bytes:
    """The file that was posted, or that of an example. Raises ValidationError where there is none."""
    if example := EXAMPLES.get(request.POST.get("example", "")):
        return example.read()
    if not (file := request.FILES.get("image")):
        raise ValidationError(_("No picture was sent: choose, drop or paste one."))
    return read_upload(file)


def _address_of_kept(request: HttpRequest, kept: KeptPicture) -> str:
    """The address of the search for a picture that was just posted, narrowed down as the form says."""
    query = QueryDict(mutable=True)
    for name in NARROWING:
        query.setlist(name, [value for value in request.POST.getlist(name) if value])
    query.setlist("sketch", request.POST.getlist("sketch"))
    if (example := EXAMPLES.get(request.POST.get("example", ""))) and example.is_sketch:
        query["sketch"] = "1"
    query.setlist("part", request.GET.getlist("part"))
    return f"{kept.get_absolute_url()}?{query.urlencode()}".removesuffix("?")


@require_safe
def kept_search_page(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a search by a picture that is kept, or the fragment of it that `part` names."""
    kept = _kept_picture(key)
    return _search_response(request, request.GET, kept.open, kept)


@require_safe
@cache_control(private=True, max_age=3600)
def kept_picture(request: HttpRequest, key: str) -> HttpResponse:
    """The kept picture itself; an SVG among them cannot run scripts."""
    kept = _kept_picture(key)
    headers = {"Content-Security-Policy": SVG_POLICY, "X-Robots-Tag": "noindex"}
    return HttpResponse(bytes(kept.data), content_type=kept.media_type, headers=headers)


def _kept_picture(key: str) -> KeptPicture:
    kept = KeptPicture.objects.alive().filter(key=key).first()
    if kept is None:
        raise Http404(_("The picture of this search is no longer kept. Search for it again."))
    return kept


def _search_response(
    request: HttpRequest,
    fields: QueryDict,
    open_part: Callable[[FractionBox], Image.Image],
    kept: KeptPicture | None,
) -> HttpResponse:
    """The page of a search, or the fragment of it that `part` names; 400 where a field is wrong."""
    template = FRAGMENTS.get(request.GET.get("part", ""), PAGE)
    form = FilterForm(fields)
    search = _Search(fields, form, functools.cache(open_part), kept)
    ctx: dict[str, Any] = {"kept": kept, "form": form, "sketch": search.is_sketch}
    try:
        if form.is_valid():
            ctx |= _results_context(search, "others" in fields or template != FRAGMENTS["results"])
        if template != FRAGMENTS["results"]:
            ctx |= _picture_context(search)
    except ValidationError as error:
        return _refusal(request, error)
    text = render_to_string(template, ctx, request)
    return HttpResponse(text, status=200 if form.is_valid() else 400, headers=PRIVATE)


def _refusal(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The page, or the errors alone where a script asked for a fragment."""
    ctx: dict[str, Any] = {"errors": error.messages}
    if request.GET.get("part") in FRAGMENTS:
        return render(request, "search/_errors.html", ctx, status=status_of(error))
    return render(request, PAGE, ctx | start_context(), status=status_of(error))


def _results_context(search: _Search, with_others: bool) -> dict[str, Any]:
    """The context of the results, of a search whose fields are right.

    The results of a part of the picture come with the other icons on it only `with_others`, which costs a search of
    its own.
    """
    crop, limit = search.form.cleaned_data["crop"], search.form.cleaned_data["limit"]
    in_style: list[Icon] = []
    if search.is_sketch:
        answer = search_by_sketch(search.open(crop), limit, search.form.to_filter())
    else:
        one_icon = search.kept is None or search.is_cut  # a drawing, or what somebody cut out
        read = read_picture(search.open(crop), regions=False) if one_icon else search.whole
        answer = read.search(limit, search.form.to_filter()) if one_icon else search.answer_to_whole
        if search.form.cleaned_data["words"]:
            in_style = icons_in_style(read, search.form.to_filter(), IN_STYLE)
    on_picture = search.answer_to_whole if search.is_cut and with_others else answer
    groups = grouped(on_picture.regions, search.open(WHOLE), lambda crop: search.address(crop=crop))
    return {
        "answer": answer,
        "in_style": in_style,
        "picture": search.open(WHOLE),
        "regions": groups,
        "region_count": len(on_picture.regions),
        "first_hits": [group.answer.hits[0] for group in groups],
        "sets_on_picture": [(share, search.address(set=share.set.prefix)) for share in on_picture.sets],
        "more": search.address(limit=str(MORE)) if search.kept and len(answer.hits) == limit < MORE else "",
    }


def _picture_context(search: _Search) -> dict[str, Any]:
    """The context of the picture and of the filters."""
    whole = search.open(WHOLE)
    crop = search.fields.get("crop", "").strip() if search.form.is_valid() else ""
    answer = search.answer_to_whole if search.form.is_valid() and search.kept and not search.is_sketch else None
    regions = answer.regions if answer else []
    # A person is asked only when the answer is unsure.
    perhaps = answer.perhaps if answer and not answer.confident else []
    meant = answer.meant if answer and not search.is_cut else None
    return {
        "outlines": outlines(
            [region.region for region in regions],
            perhaps,
            [region.hits[0].icon.name if region.hits else "" for region in regions],
            whole,
            lambda crop: search.address(crop=crop),
            lambda index, of_place: index == meant or of_place == crop,
        ),
        "crop": crop,
        "shape": shape_of(*whole.size),
        "shown_size": shown_size(*whole.size),
        "chosen": {name: search.fields.getlist(name) for name in NARROWING},
        "sets": IconSet.objects.order_by("title"),
        "licences": licences_in_use(),
        "styles": Style.choices,
    }
