"""The search index in the admin: its state, filters by it, re-indexing, and the page of its progress.

Icons and sets are registered here, not in `icons.admin`, since `icons` does not know that there is an index.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from icons.admin import IconAdmin, IconSetAdmin
from icons.drawing_admin import preview
from icons.models import Icon, IconSet
from icons.pagination import EstimatingPaginator
from search.model_choice import active_model
from search.models import IconVector
from search.progress import answering_model, ask_for_reindexing, progress_by_set
from search.tasks import enqueue

SELECTED_AT_MOST = 2000  # icons; to mark one as stale rewrites its vector, which takes milliseconds


class IndexedFilter(admin.SimpleListFilter):
    """Filters icons by whether they are indexed."""

    title, parameter_name = gettext_lazy("index"), "indexed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        return [("yes", _("Indexed")), ("no", _("Not yet indexed")), ("failed", _("Failed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Icon]) -> QuerySet[Icon]:
        current = IconVector.objects.current(active_model().id)
        conditions: dict[str | None, Exists | Q] = {
            "yes": Exists(current.filter(error="")),
            "no": Q(~Exists(current)),
            "failed": Exists(current.exclude(error="")),
        }
        condition = conditions.get(self.value())
        return queryset if condition is None else queryset.filter(condition)


def report_queued(request: HttpRequest, queued: int) -> None:
    """Say on the next page how many icons were queued, or that the queue cannot be reached."""
    if not queued:
        messages.success(request, _("The queue cannot be reached. The icons will be found and queued later."))
        return
    text = ngettext(
        "%(number)s icon will be indexed anew. Until then, searches use its old vectors.",
        "%(number)s icons will be indexed anew. Until then, searches use their old vectors.",
        queued,
    )
    messages.success(request, text % {"number": queued})


def reindex_sets(request: HttpRequest, sets: QuerySet[IconSet]) -> None:
    """Have whole sets indexed anew. A sweep finds what the queue loses, since the database has the request."""
    report_queued(request, enqueue(ask_for_reindexing(sets).order_by("pk").values_list("pk", flat=True).iterator()))


@admin.register(IconSet)
class IndexedIconSetAdmin(IconSetAdmin):
    """Icon sets, which can be indexed anew."""

    actions = ["reindex_sets"]

    @admin.action(description=gettext_lazy("Re-index the selected sets"), permissions=["change"])
    def reindex_sets(self, request: HttpRequest, queryset: QuerySet[IconSet]) -> None:
        """Have the selected sets indexed anew."""
        reindex_sets(request, queryset)


@admin.register(Icon)
class IndexedIconAdmin(IconAdmin):
    """Icons, with the state of their indexing."""

    list_display = [*IconAdmin.list_display, "index_status"]
    list_filter = [*IconAdmin.list_filter, IndexedFilter]
    readonly_fields = [*IconAdmin.readonly_fields, "index_status"]
    actions = ["reindex_selected", "reindex_their_sets", "reindex_everything"]
    change_list_template = "admin/search/icon_change_list.html"

    @admin.display(description=gettext_lazy("index"))
    def index_status(self, icon: Any) -> str:
        """Whether the icon is indexed, and why not; `icon.index_error` comes from `get_queryset`."""
        if icon.index_error is None:
            return _("waiting")
        return _("failed: %(why)s") % {"why": gettext(icon.index_error)} if icon.index_error else _("indexed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Icon]:
        """Icons with `index_error`: the error, an empty text where there is a vector, None while an icon waits."""
        error = IconVector.objects.current(active_model().id).values("error")
        return super().get_queryset(request).annotate(index_error=Subquery(error))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The list; the action on all icons runs here, since Django runs actions on selected icons only."""
        if request.POST.get("action") == "reindex_everything" and self.has_change_permission(request):
            reindex_sets(request, IconSet.objects.all())
            return HttpResponseRedirect(reverse("admin:search_iconvector_progress"))
        return super().changelist_view(request, extra_context)

    @admin.action(description=gettext_lazy("Re-index the selected icons"), permissions=["change"])
    def reindex_selected(self, request: HttpRequest, queryset: QuerySet[Icon]) -> None:
        """Have the selected icons indexed anew, up to SELECTED_AT_MOST of them."""
        pks = list(queryset.values_list("pk", flat=True)[: SELECTED_AT_MOST + 1])
        if len(pks) > SELECTED_AT_MOST:
            text = _("More than %(most)s icons are selected. Re-index their sets instead.") % {"most": SELECTED_AT_MOST}
            messages.error(request, text)
            return
        IconVector.objects.mark_stale(pks)
        report_queued(request, enqueue(pks))

    @admin.action(description=gettext_lazy("Re-index the sets of the selected icons"), permissions=["change"])
    def reindex_their_sets(self, request: HttpRequest, queryset: QuerySet[Icon]) -> None:
        """Have the whole sets of the selected icons indexed anew."""
        reindex_sets(request, IconSet.objects.filter(pk__in=queryset.order_by().values("set")))

    @admin.action(description=gettext_lazy("Re-index everything"), permissions=["change"])
    def reindex_everything(self, request: HttpRequest, queryset: QuerySet[Icon]) -> None:
        """Does nothing: `changelist_view` has all icons indexed anew, and this makes the action appear in the list."""


@admin.register(IconVector)
class IconVectorAdmin(admin.ModelAdmin):
    """The rows of the index, to look at: they are computed, so there is nothing to edit."""

    list_display = ["preview", "linked", "model", "rendition", "outcome"]
    list_display_links = None
    list_filter = ["model", ("error", admin.EmptyFieldListFilter)]
    list_select_related = ["icon__set"]
    show_full_result_count = False
    paginator = EstimatingPaginator
    change_list_template = "admin/search/iconvector_change_list.html"

    @admin.display(description=gettext_lazy("outcome"))
    def outcome(self, row: IconVector) -> str:
        """The error of the row, or that it has a vector."""
        return gettext(row.error) if row.error else _("vector")

    @admin.display(description=gettext_lazy("icon"))
    def preview(self, row: IconVector) -> SafeString:
        """The icon as a picture."""
        return preview(row.icon)

    @admin.display(description=gettext_lazy("public id"), ordering="icon")
    def linked(self, row: IconVector) -> SafeString:
        """The public id of the icon, linked to its page in the admin."""
        return format_html('<a href="{}">{}</a>', reverse("admin:icons_icon_change", args=[row.icon_id]), row.icon)

    def get_queryset(self, request: HttpRequest) -> QuerySet[IconVector]:
        """Rows without their vectors and without the sources of their icons, which are long."""
        return super().get_queryset(request).defer("vector", "icon__svg")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: IconVector | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        return [path("progress/", view, name="search_iconvector_progress"), *super().get_urls()]

    def progress_view(self, request: HttpRequest) -> HttpResponse:
        """The page that shows how far the indexing of every set is. Raises PermissionDenied."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        model = active_model().id
        sets = progress_by_set(model)
        ctx = {
            **self.admin_site.each_context(request),
            "title": _("Indexing"),
            "model": model,
            "answering": answering_model().id,
            "sets": sets,
            "all": {
                "total": sum(row["total"] for row in sets),
                "indexed": sum(row["indexed"] for row in sets),
                "failed": sum(row["failed"] for row in sets),
                "pending": sum(row["pending"] for row in sets),
            },
        }
        return render(request, "admin/search/indexing_progress.html", ctx)
