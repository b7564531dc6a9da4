"""Pages of bags: fill the current bag, look at a bag, change it, share it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from bags.current_bag import create_bag, current_bag, current_or_new_bag, make_current, may_change
from bags.forms import UNKNOWN_ICON, icons_by_public_id, parse_name, strokes_to_add
from bags.models import Bag
from icons.exporting.look import Look
from icons.exporting.look_forms import query_of
from icons.models import IconSet
from icons.redirects import way_back
from search.uploads import refuse_other_types, status_of

MAX_LISTED = 200  # bags of one owner
View = Callable[..., HttpResponseBase]


def unlisted(view: View) -> View:
    """For pages with a secret address: no shared cache keeps the answer, no search engine lists it, and no other site
    learns its address.
    """

    @wraps(view)
    @cache_control(private=True, no_cache=True)
    def unlisted_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reply = view(request, *args, **kwargs)
        reply["X-Robots-Tag"] = "noindex, nofollow"
        reply["Referrer-Policy"] = "same-origin"
        return reply

    return unlisted_view


def answers_validation_errors(view: View) -> View:
    """Answer a ValidationError with its sentence, on a page for a person and in JSON for a script.

    The status is 404 if an icon does not exist, 415 if the body is no form, else 400.
    """

    @wraps(view)
    def answering_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ValidationError as error:
            status = 404 if error.error_list[0].code == UNKNOWN_ICON else status_of(error)
            sentence = " ".join(error.messages)
        if _from_script(request):
            return JsonResponse({"detail": sentence}, status=status)
        return render(request, "error.html", {"status": status, "sentence": sentence}, status=status)

    return answering_view


def _from_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def get_bag(key: str) -> Bag:
    """The bag with this key. Raises Http404 if there is none."""
    bag = Bag.objects.filter(key=key).first()
    if bag is None:
        raise Http404(_("There is no such bag. It may have been deleted."))
    return bag


@require_safe
@unlisted
def my_bag(request: HttpRequest) -> HttpResponse:
    """Go on to the page of the visitor's bag; a visitor without one is told how to fill one."""
    bag = current_bag(request)
    return redirect(bag) if bag else render(request, "bags/no_bag.html", _own_bags(request))


@require_POST
@unlisted
@answers_validation_errors
def change_current_bag(request: HttpRequest) -> HttpResponse:
    """Put the icons of the fields `add` into the visitor's bag, then take those of `remove` out: both, or nothing.

    An icon to add may have a stroke width, `tabler:star?stroke=1.5`, with which the bag shows it and gives it away.

    A person goes back to the page that they came from; a script is answered with the icons that the bag now holds.
    """
    refuse_other_types(request)
    added, strokes = strokes_to_add(request.POST.getlist("add"))
    removed = icons_by_public_id(request.POST.getlist("remove"))
    with transaction.atomic():
        bag = current_or_new_bag(request) if added else current_bag(request)
        if bag and added:
            bag.add(added, strokes)
        if bag and removed:
            bag.remove(removed)
    if bag and (added or removed):
        make_current(request, bag)
    return _current_icons(request) if _from_script(request) else redirect(way_back(request, reverse("bag")))


@require_POST
@unlisted
@answers_validation_errors
def begin_bag(request: HttpRequest) -> HttpResponse:
    """Begin another bag with the name of the field `name`, and make it the current one.

    This is for visitors who have signed in, since others could not come back to the bag that they leave.
    """
    if not request.user.is_authenticated:
        raise Http404
    refuse_other_types(request)
    bag = create_bag(request, parse_name(request.POST))
    make_current(request, bag)
    return redirect(bag)


@require_safe
@unlisted
def current_icons(request: HttpRequest) -> HttpResponse:
    """The public ids of the icons in the visitor's bag, in JSON, for the script that marks them on a page."""
    return _current_icons(request)


def _current_icons(request: HttpRequest) -> JsonResponse:
    bag = current_bag(request)
    rows = bag.in_order().values_list("set__prefix", "name") if bag else ()
    return JsonResponse({"icons": [f"{prefix}:{name}" for prefix, name in rows]})


@require_safe
@unlisted
def bag_page(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a bag, for anybody who has its address; those who may change it find the forms for that."""
    bag = get_bag(key)
    icons, strokes = list(bag.in_order().defer("svg")), bag.strokes()
    sets = IconSet.objects.filter(icons__bagicon__bag=bag).annotate(total=Count("pk")).order_by("title")
    ctx = {
        "bag": bag,
        "icons": icons,
        "tiles": [(icon, width := strokes.get(icon.pk), query_of(Look(stroke=width))) for icon in icons],
        "sets": sets,
        "mine": may_change(request, bag),
        "current": current_bag(request) == bag,
        "coloured": sum(icon.coloured for icon in icons),
        "font_most": settings.BAG_MAX_ICONS_FONT,
        "address": request.build_absolute_uri(bag.get_absolute_url()),
        **_own_bags(request),
    }
    return render(request, "bags/bag.html", ctx)


def _own_bags(request: HttpRequest) -> dict[str, Any]:
    if not request.user.is_authenticated:
        return {}
    return {"own": Bag.objects.filter(owner=request.user).with_totals()[:MAX_LISTED]}


@require_POST
@unlisted
@answers_validation_errors
def edit_bag(request: HttpRequest, key: str) -> HttpResponse:
    """Change a bag that the visitor may change, as the fields say: all of it, or nothing.

    `delete` deletes it. `empty` takes all icons out, `remove` those with these public ids, `name` renames it, and
    `hold` makes it the current bag.
    """
    bag = get_bag(key)
    if not may_change(request, bag):
        raise Http404
    refuse_other_types(request)
    name = parse_name(request.POST) if "name" in request.POST else None
    removed = icons_by_public_id(request.POST.getlist("remove"))
    if "delete" in request.POST:
        bag.delete()
        return redirect("bag")
    with transaction.atomic():
        if "empty" in request.POST:
            bag.empty()
        if name is not None:
            bag.rename(name)
        if removed:
            bag.remove(removed)
    if "hold" in request.POST:
        make_current(request, bag)
    return redirect(bag)


@require_POST
@unlisted
@answers_validation_errors
def take_icons(request: HttpRequest, key: str) -> HttpResponse:
    """Put all icons of this bag into the visitor's own bag, and show that one."""
    source = get_bag(key)
    pks = list(source.bagicon_set.order_by("pk").values_list("icon_id", flat=True))
    if not pks:
        return redirect(source)
    with transaction.atomic():
        bag = current_or_new_bag(request)
        bag.add(pks, source.strokes())
    make_current(request, bag)
    return redirect(bag)
