"""Browsing: the list of sets, and the icons of one set."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from icons.facets import facets_of, filter_by_facets, filter_by_text
from icons.forms import SetFilter
from icons.models import Icon, IconQuerySet, IconSet
from icons.query_params import number_in, text_in
from icons.sample_sheets import place_on_sheets
from icons.set_samples import summarise_sets

PAGE_SIZE = 240  # icons on a page
MAX_TILES = 480  # icons that a script may ask for at once
MAX_START = 10_000_000  # no set has as many icons


@require_safe
def set_list(request: HttpRequest) -> HttpResponse:
    """The sets that fit the filters; with `part`, the list alone, for a page that follows what is typed."""
    summaries = summarise_sets()
    form = SetFilter(request.GET, summaries)
    place_on_sheets(summaries)
    fitting = form.fitting_sets()
    template = "icons/_set_list.html" if "part" in request.GET else "icons/set_list.html"
    return render(request, template, {"form": form, "sets": fitting, "any": bool(summaries)})


@require_safe
def set_page(request: HttpRequest, prefix: str) -> HttpResponse:
    """A page of a set's icons, after the filters `category`, `variant` and `q`.

    With `part`, it comes without what surrounds the icons; with `from`, it is `count` tiles alone, from this place on.
    """
    icon_set = IconSet.objects.filter(prefix=prefix).first()
    if icon_set is None:
        raise Http404(_("There is no icon set “%s”.") % prefix)
    visible = icon_set.icons.visible()
    facets = facets_of(icon_set)
    total = facets.total
    category, variant = (request.GET.get(name, "") for name in ("category", "variant"))
    text = text_in(request, "q")
    icons = filter_by_facets(visible, facets, category, variant)
    chosen, left_out = _fitting(icon_set, icons, text) if text else (None, [])
    if "from" in request.GET:
        start = number_in(request, "from", 0, MAX_START)
        tiles = _slice(icon_set, icons, chosen, start, number_in(request, "count", 1, MAX_TILES))
        return render(request, "icons/_tiles.html", {"icons": tiles})
    unfiltered = not (category or variant)
    count = len(chosen) if chosen is not None else total if unfiltered else icons.count()
    ctx = {"set": icon_set, "total": total, "facets": facets, "category": category, "variant": variant, "within": text}
    ctx |= {"left_out": left_out, **_page(icon_set, icons, chosen, count, request)}
    return render(request, "icons/_set_icons.html" if "part" in request.GET else "icons/set.html", ctx)


def _fitting(icon_set: IconSet, icons: IconQuerySet, text: str) -> tuple[list[int], list[str]]:
    """The ids of those of a set's icons that fit a text, best first, and the words that had to be left out.

    First come those that a search by words finds, then those that have the text within their words. Where the search
    had to leave a word out, it counts only if none has the text.
    """
    search = import_string(settings.SEARCH_IN_SET)  # an app that this one knows nothing of provides it
    pks, left_out = search(icon_set.pk, text)
    with_text = list(filter_by_text(icons, text).order_by("name").values_list("pk", flat=True))
    if left_out and with_text:
        return with_text, []
    fitting = set(icons.filter(pk__in=pks).values_list("pk", flat=True))
    return list(dict.fromkeys([*(pk for pk in pks if pk in fitting), *with_text])), left_out


def _page(
    icon_set: IconSet, icons: IconQuerySet, chosen: Sequence[int] | None, count: int, request: HttpRequest
) -> dict[str, Any]:
    """The page of these `count` icons that the request asks for, or the nearest page that exists."""
    pages = max(1, -(-count // PAGE_SIZE))
    page = number_in(request, "page", 1, pages)
    start = (page - 1) * PAGE_SIZE
    return {
        "icons": _slice(icon_set, icons, chosen, start, PAGE_SIZE),
        "count": count,
        "start": start,
        "first": start + 1,
        "last": min(start + PAGE_SIZE, count),
        "page": page,
        "pages": pages,
        "previous": page - 1,
        "next": page + 1 if page < pages else 0,
    }


def _slice(icon_set: IconSet, icons: IconQuerySet, chosen: Sequence[int] | None, start: int, count: int) -> list[Icon]:
    """`count` icons from place `start` on, counted from 0: by name, or those of the chosen ids in their order."""
    # Skipping 30,000 icons reads the index alone; only the rows of this slice are read themselves.
    part = slice(start, start + count)
    page = Q(pk__in=icons.order_by("name").values("pk")[part]) if chosen is None else Q(pk__in=chosen[part])
    rows = list(Icon.objects.filter(page).order_by("name").only("name", "svg_hash", "coloured", "pale"))
    if chosen is not None:
        place = {pk: number for number, pk in enumerate(chosen)}
        rows.sort(key=lambda icon: place[icon.pk])
    for icon in rows:
        icon.set = icon_set  # spares the join
    return rows
