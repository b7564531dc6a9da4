"""Downloads of bags: a small one is answered at once, a large one by a page that tells when its file is ready."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bags import preparing
from bags.downloads.download import Download, with_strokes
from bags.downloads.font_preview import merged_icons
from bags.downloads.formats import DOWNLOAD_FORMATS
from bags.forms import parse_look
from bags.models import Bag, PreparedDownload
from bags.tasks import start_download
from bags.views import answers_validation_errors, get_bag, unlisted
from icons.names import to_name

RETRY_AFTER, BUSY_FOR = 2, 60  # seconds after which to ask how a download stands, and whether there is room for one


@require_safe
@unlisted
@answers_validation_errors
def font_page(request: HttpRequest, key: str) -> HttpResponse:
    """What a font would lose of the icons of several colours, with pictures, and the choice of colour glyphs."""
    bag = get_bag(key)
    ctx = {"bag": bag, "merged": merged_icons(Download(with_strokes(bag.in_order(), bag.strokes())))}
    return render(request, "bags/font.html", ctx)


@require_safe
@unlisted
@answers_validation_errors
def download_bag(request: HttpRequest, key: str, file_format: str) -> HttpResponse:
    """All icons of a bag in one file of this format, in the look of the fields `colour` and `size`.

    With the field `colours`, a font has colour glyphs. What would take long is made by a worker: a person goes on to
    the page that tells of it, a program is answered 202 with the address that does.
    """
    bag = get_bag(key)
    if file_format not in DOWNLOAD_FORMATS:
        raise Http404
    look, icons = parse_look(request.GET), with_strokes(bag.in_order(), bag.strokes())
    if not icons:
        raise ValidationError(_("This bag is empty."))
    download = Download(icons, to_name(bag.name) or "icons", look, "colours" in request.GET)
    if preparing.takes_long(file_format, download):
        return _prepare(request, bag, file_format, download)
    download_format = DOWNLOAD_FORMATS[file_format]
    headers = {"Content-Disposition": f'attachment; filename="{download.name}{download_format.ending}"'}
    contents = download_format.make(download)
    return HttpResponse(contents, content_type=download_format.content_type, headers=headers)


def _prepare(request: HttpRequest, bag: Bag, file_format: str, download: Download) -> HttpResponse:
    try:
        with transaction.atomic():
            prepared, is_new = preparing.ask_for(request, bag, file_format, download)
    except preparing.Busy as busy:
        sentence = _("Your download before this one is still being made. Wait for it.")
        return _tell(request, busy.prepared, 429, sentence)
    except preparing.TooManyWait:
        sentence = _("Downloads of others are still being made. Try again in a minute.")
        ctx = {"status": 503, "sentence": sentence}
        reply = render(request, "error.html", ctx, status=503) if _is_person(request) else _detail(sentence, 503)
        reply["Retry-After"] = str(BUSY_FOR)
        return reply
    if is_new:
        start_download(prepared)
    return redirect(prepared) if _is_person(request) else _tell(request, prepared, 202)


def _is_person(request: HttpRequest) -> bool:
    """Whether a browser shows the answer; it accepts HTML, as no program does that does not ask for it."""
    return "text/html" in request.headers.get("Accept", "")


def _detail(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"detail": sentence}, status=status)


def _own(request: HttpRequest, key: str) -> PreparedDownload:
    prepared = PreparedDownload.objects.of(request).select_related("bag").filter(key=key).first()
    if prepared is None:
        raise Http404(_("There is no such download. Its file may have been deleted. Download the bag again."))
    return prepared


@require_safe
@unlisted
def prepared_download(request: HttpRequest, key: str) -> HttpResponse:
    """Where a download stands that a worker makes, for the visitor who asked for it."""
    return _tell(request, _own(request, key))


def _tell(request: HttpRequest, prepared: PreparedDownload, status: int = 200, sentence: str = "") -> HttpResponse:
    reply: HttpResponse
    if _is_person(request):
        ctx = {"prepared": prepared, "file_name": _file_name(prepared), "sentence": sentence}
        reply = render(request, "bags/prepared.html", ctx, status=status)
    else:
        facts = {"status": prepared.status, "done": prepared.done, "total": prepared.total}
        facts["address"] = request.build_absolute_uri(prepared.get_absolute_url())
        if prepared.status == PreparedDownload.Status.READY:
            facts["file"] = request.build_absolute_uri(prepared.get_file_url())
        if detail := sentence or prepared.reason:
            facts["detail"] = detail
        reply = JsonResponse(facts, status=status)
    if not prepared.finished:
        reply["Retry-After"] = str(RETRY_AFTER)
    if status == 202:
        reply["Location"] = prepared.get_absolute_url()
    return reply


def _file_name(prepared: PreparedDownload) -> str:
    return prepared.name + DOWNLOAD_FORMATS[prepared.file_format].ending


@require_safe
@unlisted
def prepared_file(request: HttpRequest, key: str) -> HttpResponseBase:
    """The file of a download that a worker has made, for the visitor who asked for it."""
    prepared = _own(request, key)
    try:
        file = open(prepared.path, "rb")  # noqa: SIM115  (the answer closes it)
    except FileNotFoundError:
        raise Http404(_("There is no such download. Its file may have been deleted. Download the bag again.")) from None
    content_type = DOWNLOAD_FORMATS[prepared.file_format].content_type
    return FileResponse(file, as_attachment=True, filename=_file_name(prepared), content_type=content_type)
