"""Exports of sets, bags and searches as one file: asked for, told of, and fetched."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import key_of
from api.base import ApiView
from api.described import problems
from api.problems import FieldErrors, Problem
from api.serializers.exports import ExportSerializer, NewExportSerializer
from api.views.writing import valid
from iconify.export_formats import MEDIA_TYPES
from iconify.exporting import Selection
from iconify.exports import Busy, TooManyWait, ask_for
from iconify.models import Export
from iconify.selections import icons_of_bag, icons_of_query, sets_named
from iconify.tasks import start_export
from icons.client_address import client_address
from icons.prepared_files import SECONDS

RETRY_AFTER, BUSY_FOR = 2, 60  # seconds after which to ask how an export stands, and whether there is room for one
KEY = OpenApiParameter("key", {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}, OpenApiParameter.PATH)
BINARY = {"type": "string", "format": "binary"}
FILES = {
    (200, media_type): OpenApiResponse({"type": "object"} if ending == "json" else BINARY, "The file.")
    for ending, media_type in MEDIA_TYPES.items()
}


class Exports(ApiView):
    """Asks for an export."""

    @extend_schema(
        operation_id="exports_create",
        request=NewExportSerializer,
        responses={201: ExportSerializer, 202: ExportSerializer, **problems(400, 415)},
    )
    def post(self, request: Request) -> Response:
        """Have sets, a bag, or what words find exported as one file; several files come as a zip.

        A small export is ready with the answer (201). A worker makes a large one (202): ask at `url` until `finished`
        is true. Who asks for the same again gets the same file, unless icons have changed.
        """
        data = valid(NewExportSerializer(data=request.data))
        try:
            export, is_new = ask_for(asker(request), selected(data), data["format"], data.get("package_version", ""))
        except Busy:
            raise Problem(429, _("Your export before this one is still being made. Wait for it."), "busy") from None
        except TooManyWait:
            sentence = _("Downloads of others are still being made. Try again in a minute.")
            raise Problem(503, sentence, "busy") from None
        if is_new and export.takes_long:
            request.META[SECONDS] = export.seconds
            start_export(export)
        elif is_new:
            export.write()
            export.refresh_from_db()
        answer = ExportSerializer(export, context={"request": request}).data
        headers = {"Location": answer["url"]} | ({} if export.finished else {"Retry-After": str(RETRY_AFTER)})
        return Response(answer, 201 if export.finished else 202, headers=headers)

    def handle_exception(self, exc: Exception) -> Response:
        """The problem; one that passes says when to try again."""
        response = super().handle_exception(exc)
        if response.status_code in (429, 503):
            response["Retry-After"] = str(RETRY_AFTER if response.status_code == 429 else BUSY_FOR)
        return response


class OneExport(ApiView):
    """One export."""

    @extend_schema(
        operation_id="exports_retrieve", parameters=[KEY], responses={200: ExportSerializer, **problems(404)}
    )
    def get(self, request: Request, key: str) -> Response:
        """Where an export stands. Whoever knows its address may ask, and nobody guesses it."""
        export = export_or_404(key)
        headers = {"Cache-Control": "no-store"} | ({} if export.finished else {"Retry-After": str(RETRY_AFTER)})
        return Response(ExportSerializer(export, context={"request": request}).data, headers=headers)


class ExportFile(ApiView):
    """The file of an export."""

    @extend_schema(operation_id="exports_file", parameters=[KEY], responses={**FILES, **problems(404)})
    def get(self, request: Request, key: str) -> HttpResponseBase:
        """The file of an export that is ready. It is kept for some hours: `kept_until`."""
        export = export_or_404(key)
        try:
            file = open(export.path, "rb")  # noqa: SIM115  (the answer closes it)
        except FileNotFoundError:
            raise Http404(_("The file of this export is not there: it is not ready, or was deleted.")) from None
        response = FileResponse(file, as_attachment=True, filename=export.name, content_type=export.content_type)
        response["Cache-Control"] = "private, no-cache"
        return response


def export_or_404(key: str) -> Export:
    """The export with this id. Raises Http404."""
    export = Export.objects.alive().filter(key=key).first()
    if export is None:
        raise Http404(_("There is no export of this id. It may have been deleted: ask for it again."))
    return export


def selected(data: dict[str, Any]) -> list[Selection]:
    """The icons that are asked for. Raises FieldErrors where there are none."""
    sources = {"sets": sets_named, "bag": icons_of_bag, "query": icons_of_query}
    name = next(name for name in sources if name in data)
    try:
        return sources[name](data[name])
    except ValidationError as error:
        raise FieldErrors({name: error.messages}) from None


def asker(request: Request) -> str:
    """Who asks: the key, or the address, whose exports are made one after the other."""
    key = key_of(request._request)
    return f"key {key.pk}" if key else client_address(request._request)
