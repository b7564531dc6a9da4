"""Browsing: the list of sets, and the icons of one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from icons.forms import SetFilter
from icons.models import Icon, IconQuerySet, IconSet
from icons.query_params import number_in, text_in
from icons.sets import add_samples, counted_sets, kinds, of_kind, with_text

PER_PAGE = 240
MOST_AT_ONCE = 480  # icons that a script may ask for
FARTHEST = 10_000_000  # no set is as large


@require_safe
def set_list(request: HttpRequest) -> HttpResponse:
    """The sets that fit the filters; with `part`, the list alone, for a page that follows what is typed."""
    sets = counted_sets()
    form = SetFilter(request.GET, sets)
    found = form.found()
    add_samples(found)
    template = "icons/_set_list.html" if "part" in request.GET else "icons/set_list.html"
    return render(request, template, {"form": form, "sets": found, "any": bool(sets)})


@require_safe
def set_page(request: HttpRequest, prefix: str) -> HttpResponse:
    """The icons of a set, by pages; with `part`, without what surrounds them; with `from`, `count` tiles alone."""
    icon_set = IconSet.objects.filter(prefix=prefix).first()
    if icon_set is None:
        raise Http404(_("There is no icon set “%s”.") % prefix)
    visible = icon_set.icons.visible()
    total = visible.count()
    found = kinds(icon_set, total)
    category, variant = (request.GET.get(name, "") for name in ("category", "variant"))
    text = text_in(request, "q")
    icons = with_text(of_kind(visible, found, category, variant), text)
    if "from" in request.GET:
        start = number_in(request, "from", 0, FARTHEST)
        tiles = _slice(icon_set, icons, start, number_in(request, "count", 1, MOST_AT_ONCE))
        return render(request, "icons/_tiles.html", {"icons": tiles})
    count = icons.count() if category or variant or text else total
    ctx = {"set": icon_set, "total": total, "kinds": found, "category": category, "variant": variant, "within": text}
    ctx |= _page(icon_set, icons, count, request)
    return render(request, "icons/_set_icons.html" if "part" in request.GET else "icons/set.html", ctx)


def _page(icon_set: IconSet, icons: IconQuerySet, count: int, request: HttpRequest) -> dict[str, Any]:
    """The page of `count` icons that the request asks for, the nearest one where there is none such."""
    pages = max(1, -(-count // PER_PAGE))
    page = number_in(request, "page", 1, pages)
    start = (page - 1) * PER_PAGE
    return {
        "icons": _slice(icon_set, icons, start, PER_PAGE),
        "count": count,
        "start": start,
        "first": start + 1,
        "last": min(start + PER_PAGE, count),
        "page": page,
        "pages": pages,
        "previous": page - 1,
        "next": page + 1 if page < pages else 0,
    }


def _slice(icon_set: IconSet, icons: IconQuerySet, start: int, count: int) -> list[Icon]:
    """The icons from place `start` on, by name."""
    # Counting off 30,000 takes the index alone; only these rows themselves are read.
    pks = icons.order_by("name").values("pk")[start : start + count]
    found = list(Icon.objects.filter(pk__in=pks).order_by("name").only("name", "svg_hash", "coloured", "pale"))
    for icon in found:
        icon.set = icon_set  # spares the join
    return found
