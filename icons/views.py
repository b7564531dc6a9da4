"""Browsing: sets, and the icons of a set."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from icons.models import IconSet

PER_PAGE = 240


@require_safe
def set_list(request: HttpRequest) -> HttpResponse:
    sets = IconSet.objects.annotate(total=Count("icons", filter=Q(icons__hidden=False)))
    return render(request, "icons/set_list.html", {"sets": sets})


@require_safe
def set_page(request: HttpRequest, prefix: str) -> HttpResponse:
    icon_set = get_object_or_404(IconSet, prefix=prefix)
    icons = icon_set.icons.visible().order_by("name").only("name", "svg_hash")
    page = Paginator(icons, PER_PAGE).get_page(request.GET.get("page"))
    for icon in page:
        icon.set = icon_set  # spares the join
    return render(request, "icons/set.html", {"set": icon_set, "page": page})
