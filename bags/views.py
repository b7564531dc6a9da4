"""Pages of bags: fill the visitor's own, look at one, change it, share it, download its icons."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from bags.current_bag import current_bag, current_or_new, hold, may_change, new_bag
from bags.downloads.download import Wanted
from bags.downloads.formats import KINDS
from bags.forms import UNKNOWN, icons_called, look_in, name_in
from bags.models import Bag
from icons.models import IconSet
from icons.names import to_name
from icons.redirects import way_back

MOST_LISTED = 200  # of somebody's bags
View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """For pages whose address is a secret: nobody else is to keep, list or be told it."""

    @wraps(view)
    @cache_control(private=True, no_cache=True)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reply = view(request, *args, **kwargs)
        reply["X-Robots-Tag"] = "noindex, nofollow"
        reply["Referrer-Policy"] = "same-origin"
        return reply

    return answer


def told(view: View) -> View:
    """A ValidationError becomes a sentence: on a page for a person, in JSON for a script."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ValidationError as error:
            status = 404 if error.error_list[0].code == UNKNOWN else 400
            sentence = " ".join(error.messages)
        if _from_script(request):
            return JsonResponse({"detail": sentence}, status=status)
        return render(request, "error.html", {"status": status, "sentence": sentence}, status=status)

    return answer


def _from_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _bag(key: str) -> Bag:
    bag = Bag.objects.filter(key=key).first()
    if bag is None:
        raise Http404(_("There is no such bag. It may have been deleted."))
    return bag


@require_safe
@private
def my_bag(request: HttpRequest) -> HttpResponse:
    bag = current_bag(request)
    return redirect(bag) if bag else render(request, "bags/no_bag.html", _own_bags(request))


@require_POST
@private
@told
def change(request: HttpRequest) -> HttpResponse:
    """Put the icons of the fields `add` into the visitor's bag, take those of `remove` out, and go back."""
    if added := icons_called(request.POST.getlist("add")):
        bag = current_or_new(request)
        bag.add(added)
        hold(request, bag)
    removed = icons_called(request.POST.getlist("remove"))
    if removed and (bag := current_bag(request)):
        bag.remove(removed)
        hold(request, bag)
    return inside_now(request) if _from_script(request) else redirect(way_back(request, reverse("bag")))


@require_POST
@private
@told
def begin(request: HttpRequest) -> HttpResponse:
    """Begin another bag; for those who have signed in, since others could not come back to the one they leave."""
    if not request.user.is_authenticated:
        raise Http404
    return redirect(new_bag(request, name_in(request.POST)))


@require_safe
@private
def inside(request: HttpRequest) -> HttpResponse:
    return inside_now(request)


def inside_now(request: HttpRequest) -> JsonResponse:
    """What is in the visitor's bag, for the script that marks the icons of a page."""
    bag = current_bag(request)
    rows = bag.in_order().values_list("set__prefix", "name") if bag else ()
    return JsonResponse({"icons": [f"{prefix}:{name}" for prefix, name in rows]})


@require_safe
@private
def bag_page(request: HttpRequest, key: str) -> HttpResponse:
    bag = _bag(key)
    icons = list(bag.in_order().defer("svg"))
    sets = IconSet.objects.filter(icons__bagicon__bag=bag).annotate(total=Count("pk")).order_by("title")
    ctx = {
        "bag": bag,
        "icons": icons,
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
    return {"own": request.user.bags.annotate(total=Count("bagicon"))[:MOST_LISTED]}


@require_POST
@private
@told
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change a bag of one's own: `remove` icons, `empty`, `name` or `delete` it, or `hold` it: fill it from now on."""
    bag = _bag(key)
    if not may_change(request, bag):
        raise Http404
    if "delete" in request.POST:
        bag.delete()
        return redirect("bag")
    if "empty" in request.POST:
        bag.empty()
    if "name" in request.POST:
        bag.rename(name_in(request.POST))
    if removed := icons_called(request.POST.getlist("remove")):
        bag.remove(removed)
    if "hold" in request.POST:
        hold(request, bag)
    return redirect(bag)


@require_POST
@private
@told
def take(request: HttpRequest, key: str) -> HttpResponse:
    """Put all icons of this bag into the visitor's own, and show that."""
    theirs = _bag(key)
    pks = list(theirs.bagicon_set.order_by("pk").values_list("icon_id", flat=True))
    if not pks:
        return redirect(theirs)
    mine = current_or_new(request)
    mine.add(pks)
    hold(request, mine)
    return redirect(mine)


@require_safe
@private
@told
def download(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """All icons of a bag in one file of this kind, in the look of the fields `colour` and `size`."""
    bag = _bag(key)
    if kind not in KINDS:
        raise Http404
    look, icons = look_in(request.GET), list(bag.in_order())
    if not icons:
        raise ValidationError(_("This bag is empty."))
    name, made = to_name(bag.name) or "icons", KINDS[kind]
    contents = made.make(Wanted(icons, name, look))
    headers = {"Content-Disposition": f'attachment; filename="{name}{made.ending}"'}
    return HttpResponse(contents, content_type=made.content_type, headers=headers)
