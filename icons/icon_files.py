"""The files of one icon, SVG and pictures, in the look that their address asks for; and how long they may be kept.

The address of an SVG with a version of the icon (`v`) is of this very drawing, be it an earlier one, and may be kept
for ever. A browser asks for any other address each time, and sends the ETag of what it has: where that is still right,
nothing is drawn or sent.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from icons.exporting.bitmaps import BITMAP_FORMATS
from icons.exporting.code import code_format
from icons.exporting.credit import credit_line
from icons.exporting.look import PLAIN, Look
from icons.exporting.look_forms import BitmapForm, LookForm
from icons.exporting.svg_text import icon_svg_text
from icons.models import Icon, drawn_as_before
from icons.rendering import RenderError

IMMUTABLE = "public, max-age=31536000, immutable"  # max-age is a year in seconds, the usual "for ever"
REVALIDATE = "public, no-cache"
# Pages of any site may show icons from here.
FILE_HEADERS = {"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"}
# A cleaned SVG holds nothing that runs; this keeps it so even where a browser opens it as a page of its own.
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True)
class IconFile:
    """A file to be sent: which icon, as what, in which look, and with which line of credit, which may be empty."""

    icon: Icon
    file_format: str  # "svg", a key of BITMAP_FORMATS, or the key of a form in which code has it
    look: Look
    credit: str
    site: str = ""  # the address of this site, "https://icons.example.org", which some code says

    @property
    def etag(self) -> str:
        """A name for the contents, which is made without drawing them; other contents have another name."""
        icon = self.icon
        asked = self.file_format, self.look, self.credit, self.site
        contents = (icon.svg_hash, icon.public_id, *asked, settings.RASTERISER)
        return f'"{sha256(repr(contents).encode()).hexdigest()[:32]}"'

    @property
    def content_type(self) -> str:
        """The media type."""
        if self.file_format == "svg":
            return "image/svg+xml"
        bitmap = BITMAP_FORMATS.get(self.file_format)
        return bitmap.content_type if bitmap else "text/plain; charset=utf-8"

    def contents(self) -> str | bytes:
        """The SVG or the picture, drawn now. Raises RenderError where a picture cannot be drawn."""
        if self.file_format in BITMAP_FORMATS:
            return BITMAP_FORMATS[self.file_format].write(self.icon, self.look, self.credit)
        if self.file_format != "svg":
            return code_format(self.file_format).text(self.icon, self.look, self.credit, self.site)
        if self.look == PLAIN and not self.credit:
            return self.icon.svg
        return icon_svg_text(self.icon, self.look, self.credit)


def site_of(request: HttpRequest) -> str:
    """The address of this site, without a slash at its end."""
    return request.build_absolute_uri("/").removesuffix("/")


@require_safe
def icon_svg(request: HttpRequest, prefix: str, name: str) -> HttpResponseBase:
    """The SVG as it is stored, or drawn anew where a look or the credit is asked for."""
    return _answer(request, drawing_asked_for(request, find_icon(prefix, name)), "svg", LookForm(request.GET))


@require_safe
def icon_bitmap(request: HttpRequest, prefix: str, name: str, file_format: str) -> HttpResponseBase:
    """The icon as PNG, WebP or ICO."""
    icon = drawing_asked_for(request, find_icon(prefix, name))
    return _answer(request, icon, file_format, BitmapForm(request.GET))


def find_icon(prefix: str, name: str) -> Icon:
    """The icon of this name or other name. Raises Http404."""
    icon = Icon.objects.find(prefix, name)
    if icon is None:
        raise Http404(_("There is no icon %(id)s.") % {"id": f"{prefix}:{name}"})
    return icon


def drawing_asked_for(request: HttpRequest, icon: Icon) -> Icon:
    """The icon in the earlier drawing that the address asks for by its version (`v`), or as it is."""
    return drawn_as_before(icon, request.GET.get("v", ""))


def _answer(request: HttpRequest, icon: Icon, file_format: str, form: LookForm) -> HttpResponseBase:
    if not form.is_valid():
        return _refused(request, form.sentence(), 400)
    credit = credit_line(icon) if form.cleaned_data["credit"] else ""
    try:
        return file_response(request, IconFile(icon, file_format, form.look(), credit))
    except RenderError as error:
        return _refused(request, undrawable(error), 422)


def file_response(request: HttpRequest, file: IconFile) -> HttpResponseBase:
    """The file, or 304 where the request has it. Raises RenderError where a picture cannot be drawn."""
    headers = _headers(request, file)
    response = HttpResponse(content_type=file.content_type, headers=headers)
    answer = get_conditional_response(request, file.etag, response=response)
    if answer and answer is not response:  # 304, or 412 where the request wants a file of another ETag
        for name, value in headers.items():
            answer.headers[name] = value
        return answer
    response.content = file.contents()
    return response


def undrawable(error: RenderError) -> str:
    """The sentence for an icon of which no picture can be made."""
    return _("The icon cannot be drawn: %(why)s") % {"why": error}


def _headers(request: HttpRequest, file: IconFile) -> dict[str, str]:
    """The headers of a file, which a 304 repeats, since caches take them over."""
    # The version says nothing of the credit, which changes with the set, and nothing of the rasteriser.
    has_version = request.GET.get("v") == file.icon.svg_version
    immutable = has_version and file.file_format == "svg" and not file.credit
    headers = FILE_HEADERS | {"Cache-Control": IMMUTABLE if immutable else REVALIDATE, "ETag": file.etag}
    if file.file_format == "svg":
        headers["Content-Security-Policy"] = SVG_POLICY
    if "download" in request.GET:
        name = file.icon.public_id.replace(":", "-")
        ending = file.file_format if file.file_format in ("svg", *BITMAP_FORMATS) else "txt"
        headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return headers


def _refused(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return render(request, "error.html", {"status": status, "sentence": sentence}, status=status)
