"""The page of one icon, on which somebody chooses its look and takes it along."""

from dataclasses import replace
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from icons.exporting.bitmaps import BITMAP_FORMATS, USUAL_SIDE
from icons.exporting.code import CODE_FORMATS, CodeFormat, encoded
from icons.exporting.credit import credit_line
from icons.exporting.look import Look
from icons.exporting.look_forms import BITMAP_MAX_SIDE, LookForm, query_of
from icons.exporting.svg_text import icon_svg_text
from icons.icon_files import drawing_asked_for, find_icon, site_of
from icons.models import Icon

USUAL_SIZES = (16, 20, 24, 32, 48, 64)  # px
CODE_LINES = 5  # of a field that shows code, at most


class FileLink(NamedTuple):
    """A link to a file of the icon."""

    title: str
    url: str
    side: int | None = None  # px of the longer side, where the address asks for one


@require_safe
def icon_page(request: HttpRequest, prefix: str, name: str) -> HttpResponse:
    """The icon in the look asked for; with `part`, only what depends on it, for a page that changes at once.

    With `code`, the key of one of CODE_FORMATS, it is the icon as text in JSON, for a button that copies it.
    """
    icon = find_icon(prefix, name)
    if icon.name != name:
        return redirect(icon)
    present = icon.svg_version
    icon = drawing_asked_for(request, icon)
    form = LookForm(request.GET)
    form.suit(icon)
    valid, look, with_credit = form.is_valid(), form.look(), bool(form.cleaned_data.get("credit"))
    credit = credit_line(icon) if with_credit else ""
    if "code" in request.GET:
        return _code(icon, look, request.GET["code"], site_of(request))
    ctx = {
        "icon": icon,
        "form": form,
        "preview": encoded(icon_svg_text(icon, replace(look, size=None))),
        "inverted": not look.colour,
        "texts": _texts(icon, look, credit, site_of(request)),
        "look_query": query_of(Look(colour=look.colour, size=look.size, stroke=look.stroke)),
        "stroke_query": query_of(Look(stroke=look.stroke)),
        "usual_sizes": [(size, query_of(replace(look, size=size), with_credit)) for size in USUAL_SIZES],
        "files": _file_links(icon, look, with_credit),
        "is_earlier": icon.svg_version != present,
        "earlier_drawings": list(icon.earlier_drawings.only("icon", "svg_hash", "coloured", "pale")),
    }
    template = "icons/_icon_in_look.html" if "part" in request.GET else "icons/icon.html"
    return render(request, template, ctx, status=200 if valid else 400)


def _texts(icon: Icon, look: Look, credit: str, site: str) -> list[tuple[CodeFormat, str, int]]:
    """The icon in each format, with the number of lines that tell what is in the text."""
    texts = [(each, each.text(icon, look, credit, site)) for each in CODE_FORMATS]
    lines = [CODE_LINES if each.key == "svg" else text.strip().count("\n") + 1 for each, text in texts]
    return [(*pair, min(CODE_LINES, count)) for pair, count in zip(texts, lines, strict=True)]


def _code(icon: Icon, look: Look, key: str, site: str) -> JsonResponse:
    """The icon as text in a format, or as SVG where there is no such format."""
    code_format = next((each for each in CODE_FORMATS if each.key == key), CODE_FORMATS[0])
    return JsonResponse({"format": str(code_format.title), "text": code_format.text(icon, look, "", site)})


def _file_links(icon: Icon, look: Look, with_credit: bool) -> list[FileLink]:
    """The files that may be downloaded, as SVG and as pictures."""
    picture = replace(look, size=min(look.size or USUAL_SIDE, BITMAP_MAX_SIDE))
    ids = [icon.set.prefix, icon.name]
    links = [FileLink("SVG", reverse("icon-svg", args=ids) + _query(icon, look, with_credit))]
    for file_format in BITMAP_FORMATS:
        file_look = replace(look, size=None) if file_format == "ico" else picture  # an .ico has sizes of its own
        url = reverse("icon-bitmap", args=[*ids, file_format]) + _query(icon, file_look, with_credit)
        links.append(FileLink(BITMAP_FORMATS[file_format].title, url, file_look.size))
    return links


def _query(icon: Icon, look: Look, with_credit: bool) -> str:
    """The query of a download's address; its version lets caches keep an SVG, but not one with a credit."""
    version = "" if with_credit else f"v={icon.svg_version}"
    return "?" + "&".join(filter(None, (query_of(look, with_credit), version, "download")))
