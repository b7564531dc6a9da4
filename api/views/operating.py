"""Imports, indexing and the model, for those with the permission."""

from pathlib import PurePosixPath
from typing import Any, cast

from django.db import transaction
from django.http import Http404, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from api.described import problems
from api.pagination import LatestPages
from api.parsers import JSONParser
from api.problems import FieldErrors, Problem
from api.serializers.operating import (
    ImportDetailSerializer,
    ImportSerializer,
    IndexSerializer,
    ModelSerializer,
    PackageSerializer,
    QueuedSerializer,
    ReindexSerializer,
)
from api.views.writing import WRITES, valid
from api.writing import IDEMPOTENCY_KEY, with_etag, writes
from icons.importing.forms import ImportForm
from icons.models import Icon, IconSet, ImportRun
from icons.names import split_id
from icons.tasks import IN_BACKGROUND, start_import
from search.matching.embedding import MODELS
from search.model_choice import active_model, choose_model
from search.models import IconVector
from search.progress import answering_model, ask_for_reindexing, progress_by_set
from search.tasks import enqueue, sweep

OPTIONS = ("prefix", "title", "licence", "licence_spdx")  # of an import
UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        **{name: {"type": "string"} for name in OPTIONS},
        "prune": {"type": "boolean"},
    },
}
ID = OpenApiParameter("id", {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}, OpenApiParameter.PATH)


class Operating(ApiView):
    """A view for those who run the site: also what it reads is not for all."""

    scope = "import"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Have changes count as such, before anything is done."""
        self.changes = request.method in WRITES
        super().initial(request, *args, **kwargs)


class Imports(Operating, ListAPIView):
    """All imports; a new one."""

    permissions = {"GET": "icons.view_importrun", "POST": "icons.add_importrun"}
    serializer_class = ImportSerializer
    pagination_class = LatestPages
    queryset = ImportRun.objects.all()
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(operation_id="imports_list", responses={200: ImportSerializer(many=True), **problems(400)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All imports, the latest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="imports_create",
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": UPLOAD, "application/json": PackageSerializer},
        responses={202: ImportDetailSerializer, **problems(400, 413, 415, 422)},
    )
    @writes
    def post(self, request: Request) -> Response:
        """Import a file, or an npm package, in the background; the answer's `Location` tells how far it is."""
        run = self.of_file(request) if "file" in request.FILES else self.of_package(request)
        transaction.on_commit(lambda: start_import(run))
        answer = ImportDetailSerializer(run).data
        return with_etag(answer, 202, request.build_absolute_uri(f"{run.pk}/"))

    def of_file(self, request: Request) -> ImportRun:
        """A run of the uploaded file. Raises FieldErrors."""
        form = ImportForm(cast(QueryDict, request.data), request.FILES)
        if not form.is_valid():
            raise FieldErrors(form.errors)
        file = form.cleaned_data["file"]
        run = ImportRun(source=file.name[:500], options=form.options())
        run.upload.save(f"import{PurePosixPath(file.name).suffix.lower()}", file, save=False)
        try:
            run.save()
        except Exception:
            run.upload.delete(save=False)
            raise
        return run

    def of_package(self, request: Request) -> ImportRun:
        """A run of an npm package."""
        data = valid(PackageSerializer(data=request.data))
        options = {name: data.get(name, "") for name in OPTIONS}
        options |= {"prune": data.get("prune", False), "language": get_language(), IN_BACKGROUND: True}
        return ImportRun.objects.create(source=f"npm:{data['package']}", options=options)


class OneImport(Operating):
    """One import."""

    permissions = {"GET": "icons.view_importrun"}

    @extend_schema(
        operation_id="imports_retrieve", parameters=[ID], responses={200: ImportDetailSerializer, **problems(404)}
    )
    def get(self, request: Request, id: int) -> Response:
        """Where an import stands, what it did, and the icons that it left out."""
        return Response(ImportDetailSerializer(run_or_404(id)).data)


class StopImport(Operating):
    """Ends an import."""

    permissions = {"POST": "icons.change_importrun"}

    @extend_schema(
        operation_id="imports_stop",
        parameters=[ID, IDEMPOTENCY_KEY],
        request=None,
        responses={200: ImportDetailSerializer, **problems(400, 404, 409, 422)},
    )
    @writes
    def post(self, request: Request, id: int) -> Response:
        """Stop an import; the icons imported so far are kept."""
        run = run_or_404(id)
        with run.override_language():
            reason = _("%(person)s stopped this import. The icons imported so far are kept.") % {"person": request.user}
        if not run.stop(reason):
            raise Problem(409, _("This import has ended before."), "ended")
        run.refresh_from_db()
        return Response(ImportDetailSerializer(run).data)


class Index(Operating):
    """The index of the search by picture."""

    scope = "operate"
    permissions = {"GET": "search.view_iconvector", "POST": "icons.change_icon"}

    @extend_schema(operation_id="index_retrieve", responses={200: IndexSerializer})
    def get(self, request: Request) -> Response:
        """How far the indexing is, and which model answers."""
        return Response(index_data())

    @extend_schema(
        operation_id="index_create",
        parameters=[IDEMPOTENCY_KEY],
        request=ReindexSerializer,
        responses={202: QueuedSerializer, **problems(400, 415, 422)},
    )
    @writes
    def post(self, request: Request) -> Response:
        """Have sets, icons or all icons indexed anew; until then, their old vectors answer."""
        data = valid(ReindexSerializer(data=request.data))
        sets = IconSet.objects.all() if data.get("all") else known_sets(data.get("sets", []))
        pks = [] if data.get("all") else known_icons(data.get("icons", []))
        IconVector.objects.mark_stale(pks)
        if data.get("all") or data.get("sets"):
            pks += ask_for_reindexing(sets).order_by("pk").values_list("pk", flat=True)
        transaction.on_commit(lambda: enqueue(pks), robust=True)
        return Response({"queued": len(set(pks))}, 202)


class ModelOfIndex(Operating):
    """The model that icons are indexed for."""

    scope = "operate"
    permissions = {"POST": "search.change_modelchoice"}

    @extend_schema(
        operation_id="index_model",
        parameters=[IDEMPOTENCY_KEY],
        request=ModelSerializer,
        responses={202: IndexSerializer, **problems(400, 415, 422)},
    )
    @writes
    def post(self, request: Request) -> Response:
        """Index all icons for another model; until most are, the one before answers."""
        choose_model(valid(ModelSerializer(data=request.data))["model"])
        transaction.on_commit(lambda: sweep.delay(), robust=True)
        return Response(index_data(), 202)


def run_or_404(id: int) -> ImportRun:
    """The import of this number. Raises Http404."""
    run = ImportRun.objects.filter(pk=id).first() if id < 2**63 else None
    if run is None:
        raise Http404(_("There is no import %(id)s.") % {"id": id})
    return run


def known_sets(prefixes: list[str]) -> Any:
    """The sets of these prefixes. Raises FieldErrors where there is none of one."""
    sets = IconSet.objects.filter(prefix__in=prefixes)
    if missing := set(prefixes) - set(sets.values_list("prefix", flat=True)):
        raise FieldErrors({"sets": [_("There is no icon set “%s”.") % min(missing)[:100]]})
    return sets


def known_icons(ids: list[str]) -> list[int]:
    """The primary keys of the icons of these public ids. Raises FieldErrors where there is none of one."""
    pks = []
    for public_id in ids:
        parts = split_id(public_id)
        icon = Icon.objects.find(*parts) if parts else None
        if icon is None:
            raise FieldErrors({"icons": [_("There is no icon %(id)s.") % {"id": public_id[:200]}]})
        pks.append(icon.pk)
    return pks


def index_data() -> dict[str, Any]:
    """How far the indexing is."""
    model = active_model().id
    sets = progress_by_set(model)
    return {
        "model": model,
        "answering": answering_model().id,
        "models": list(MODELS),
        "total": sum(row["total"] for row in sets),
        "pending": sum(row["pending"] for row in sets),
        "sets": sets,
    }
