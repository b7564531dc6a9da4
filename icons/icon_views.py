"""One icon: its page, on which its look is chosen and taken along, and its files."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from icons.exporting.bitmaps import BITMAPS, USUAL_SIDE
from icons.exporting.code import FORMATS, encoded
from icons.exporting.forms import BITMAP_MOST, BitmapForm, LookForm, query_of
from icons.exporting.look import PLAIN, Look, credit, drawn
from icons.models import Icon
from icons.rendering import RenderError

# Pages of any site may show icons from here.
FILE_HEADERS = {
    "Cache-Control": "max-age=604800, public",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
}
# A cleaned SVG holds nothing that runs; this keeps it so even where a browser opens it as a page of its own.
SVG_HEADERS = FILE_HEADERS | {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


@require_safe
def icon_page(request: HttpRequest, prefix: str, name: str) -> HttpResponse:
    """The icon in the look asked for; with `part`, only what depends on it, for a page that changes at once."""
    icon = _get_icon(prefix, name)
    if icon.name != name:
        return redirect(icon)
    form = LookForm(request.GET)
    form.suit(icon)
    valid, look, with_credit = form.is_valid(), form.look(), bool(form.cleaned_data.get("credit"))
    line = credit(icon) if with_credit else ""
    ctx = {
        "icon": icon,
        "form": form,
        "preview": encoded(drawn(icon, replace(look, size=None))),
        "inverted": not look.colour,
        "texts": [(format, format.write(icon, look, line)) for format in FORMATS],
        "files": _files(icon, look, with_credit),
    }
    template = "icons/_icon_in_look.html" if "part" in request.GET else "icons/icon.html"
    return render(request, template, ctx, status=200 if valid else 400)


def _files(icon: Icon, look: Look, with_credit: bool) -> list[dict[str, Any]]:
    """What may be downloaded, each with its address and, for pictures, the side in pixels."""
    svg = reverse("icon-svg", args=[icon.set.prefix, icon.name])
    side = min(look.size or USUAL_SIDE, BITMAP_MOST)
    files: list[dict[str, Any]] = [{"title": "SVG", "url": svg, "look": look}]
    for kind, title in (("png", "PNG"), ("webp", "WebP"), ("ico", "ICO")):
        url = reverse("icon-bitmap", args=[icon.set.prefix, icon.name, kind])
        files.append({"title": title, "url": url, "look": replace(look, size=None if kind == "ico" else side)})
    for file in files:
        query = query_of(file["look"], with_credit)
        file["url"] += f"?{query}&download" if query else "?download"
        file["side"] = "" if file["title"] == "SVG" else file["look"].size
    return files


@require_safe
def icon_svg(request: HttpRequest, prefix: str, name: str) -> HttpResponse:
    """The SVG as it is kept, or drawn anew where a look or the credit is asked for."""
    icon, form = _get_icon(prefix, name), LookForm(request.GET)
    if not form.is_valid():
        return _refused(request, form.sentence())
    line = credit(icon) if form.cleaned_data["credit"] else ""
    svg = icon.svg if form.look() == PLAIN and not line else drawn(icon, form.look(), line)
    return _file(request, icon, "svg", svg, "image/svg+xml", SVG_HEADERS)


@require_safe
def icon_bitmap(request: HttpRequest, prefix: str, name: str, kind: str) -> HttpResponse:
    """The icon as PNG, WebP or ICO."""
    icon, form = _get_icon(prefix, name), BitmapForm(request.GET)
    if not form.is_valid():
        return _refused(request, form.sentence())
    content_type, write = BITMAPS[kind]
    try:
        data = write(icon, form.look(), credit(icon) if form.cleaned_data["credit"] else "")
    except RenderError as error:
        return _refused(request, _("The icon cannot be drawn: %(why)s") % {"why": error}, 422)
    return _file(request, icon, kind, data, content_type, FILE_HEADERS)


def _file(
    request: HttpRequest, icon: Icon, ending: str, data: str | bytes, content_type: str, headers: dict[str, str]
) -> HttpResponse:
    if "download" in request.GET:
        name = icon.public_id.replace(":", "-")
        headers = headers | {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(data, content_type=content_type, headers=headers)


def _refused(request: HttpRequest, sentence: str, status: int = 400) -> HttpResponse:
    return render(request, "error.html", {"status": status, "sentence": sentence}, status=status)


def _get_icon(prefix: str, name: str) -> Icon:
    icon = Icon.objects.find(prefix, name)
    if icon is None:
        raise Http404(_("There is no icon %(id)s.") % {"id": f"{prefix}:{name}"})
    return icon
