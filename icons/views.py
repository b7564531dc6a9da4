"""One icon: its page and its SVG file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from icons.models import Icon

# A cleaned SVG holds nothing that runs; these keep it so even where a browser opens it as a page of its own.
SVG_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
}


@require_safe
def icon_page(request: HttpRequest, prefix: str, name: str) -> HttpResponse:
    icon = _get_icon(prefix, name)
    if icon.name != name:
        return redirect(icon)
    return render(request, "icons/icon.html", {"icon": icon})


@require_safe
@cache_control(public=True, max_age=604800)
def icon_svg(request: HttpRequest, prefix: str, name: str) -> HttpResponse:
    icon = _get_icon(prefix, name)
    headers = dict(SVG_HEADERS)
    if "download" in request.GET:
        headers["Content-Disposition"] = f'attachment; filename="{icon.set.prefix}-{icon.name}.svg"'
    return HttpResponse(icon.svg, content_type="image/svg+xml", headers=headers)


def _get_icon(prefix: str, name: str) -> Icon:
    icon = Icon.objects.find(prefix, name)
    if icon is None:
        raise Http404(f"There is no icon {prefix}:{name}.")
    return icon
