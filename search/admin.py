"""What the admin shows and does about the search index: status, filters, re-indexing, progress."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icons.admin import IconAdmin, IconSetAdmin, preview
from icons.models import Icon, IconSet
from icons.pagination import EstimatingPaginator
from search.matching.embedding import active_model
from search.models import IconVector
from search.progress import answering_model, ask_for_reindexing, progress_by_set
from search.tasks import enqueue

SELECTED_AT_MOST = 2000  # icons: marking them rewrites their vectors, which takes milliseconds each


class IndexedFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("index"), "indexed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        return [("yes", _("Indexed")), ("no", _("Not yet indexed")), ("failed", _("Failed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Icon]) -> QuerySet[Icon]:
        current = IconVector.objects.current(active_model().id)
        wanted = {"yes": Exists(current.filter(error="")), "failed": Exists(current.exclude(error=""))}
        wanted["no"] = Q(hidden=False) & ~Exists(current)  # type: ignore[assignment]
        return queryset.filter(wanted[self.value()]) if self.value() in wanted else queryset


def told(request: HttpRequest, queued: int) -> None:
    if not queued:
        messages.success(request, _("The queue is out of reach: a sweep will find the icons later."))
        return
    text = ngettext(
        "%(number)s icon will be indexed anew; until then its old vectors answer.",
        "%(number)s icons will be indexed anew; until then their old vectors answer.",
        queued,
    )
    messages.success(request, text % {"number": queued})


def reindex_sets(request: HttpRequest, sets: QuerySet[IconSet]) -> None:
    """What the queue loses, the sweep finds, since the wish is in the database."""
    told(request, enqueue(ask_for_reindexing(sets).order_by("pk").values_list("pk", flat=True).iterator()))


@admin.register(IconSet)
class IndexedIconSetAdmin(IconSetAdmin):
    actions = ["reindex_sets"]

    @admin.action(description=gettext_lazy("Re-index the selected sets"), permissions=["change"])
    def reindex_sets(self, request: HttpRequest, queryset: QuerySet[IconSet]) -> None:
        reindex_sets(request, queryset)


@admin.register(Icon)
class IndexedIconAdmin(IconAdmin):
    list_display = [*IconAdmin.list_display, "index_status"]
    list_filter = [*IconAdmin.list_filter, IndexedFilter]
    readonly_fields = [*IconAdmin.readonly_fields, "index_status"]
    actions = ["reindex_selected", "reindex_their_sets", "reindex_everything"]
    change_list_template = "admin/search/icon_list.html"

    @admin.display(description=gettext_lazy("index"))
    def index_status(self, icon: Any) -> str:
        if icon.hidden:
            return _("hidden")
        if icon.index_error is None:
            return _("waiting")
        return _("failed: %(why)s") % {"why": icon.index_error} if icon.index_error else _("indexed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Icon]:
        error = IconVector.objects.current(active_model().id).values("error")
        return super().get_queryset(request).annotate(index_error=Subquery(error))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        # Django asks for a selection before any action; this one is about all icons, whatever is selected.
        if request.POST.get("action") == "reindex_everything" and self.has_change_permission(request):
            reindex_sets(request, IconSet.objects.all())
            return HttpResponseRedirect(reverse("admin:search_iconvector_progress"))
        return super().changelist_view(request, extra_context)

    @admin.action(description=gettext_lazy("Re-index the selected icons"), permissions=["change"])
    def reindex_selected(self, request: HttpRequest, queryset: QuerySet[Icon]) -> None:
        pks = list(queryset.filter(hidden=False).values_list("pk", flat=True)[: SELECTED_AT_MOST + 1])
        if len(pks) > SELECTED_AT_MOST:
            text = _("More than %(most)s icons are selected: re-index their sets instead.") % {"most": SELECTED_AT_MOST}
            messages.error(request, text)
            return
        IconVector.objects.mark_stale(pks)
        told(request, enqueue(pks))

    @admin.action(description=gettext_lazy("Re-index the sets of the selected icons"), permissions=["change"])
    def reindex_their_sets(self, request: HttpRequest, queryset: QuerySet[Icon]) -> None:
        reindex_sets(request, IconSet.objects.filter(pk__in=queryset.order_by().values("set")))

    @admin.action(description=gettext_lazy("Re-index everything"), permissions=["change"])
    def reindex_everything(self, request: HttpRequest, queryset: QuerySet[Icon]) -> None:
        """Done in changelist_view."""


@admin.register(IconVector)
class IconVectorAdmin(admin.ModelAdmin):
    """What indexing came to, to look at: it is computed, so there is nothing to edit."""

    list_display = ["preview", "linked", "model", "rendition", "outcome"]
    list_display_links = None
    list_filter = ["model", ("error", admin.EmptyFieldListFilter)]
    list_select_related = ["icon__set"]
    show_full_result_count = False
    paginator = EstimatingPaginator
    change_list_template = "admin/search/vector_list.html"

    @admin.display(description=gettext_lazy("outcome"))
    def outcome(self, row: IconVector) -> str:
        return row.error or _("vector")

    @admin.display(description=gettext_lazy("icon"))
    def preview(self, row: IconVector) -> SafeString:
        return preview(row.icon)

    @admin.display(description=gettext_lazy("public id"), ordering="icon")
    def linked(self, row: IconVector) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:icons_icon_change", args=[row.icon_id]), row.icon)

    def get_queryset(self, request: HttpRequest) -> QuerySet[IconVector]:
        return super().get_queryset(request).defer("vector", "icon__svg")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: IconVector | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        return [path("progress/", view, name="search_iconvector_progress"), *super().get_urls()]

    def progress_view(self, request: HttpRequest) -> HttpResponse:
        model = active_model().id
        sets = progress_by_set(model)
        total = {key: sum(row[key] for row in sets) for key in ("total", "indexed", "failed", "pending")}
        ctx = {
            **self.admin_site.each_context(request),
            "title": _("Indexing"),
            "model": model,
            "answering": answering_model().id,
            "sets": sets,
            "all": total,
        }
        return render(request, "admin/search/progress.html", ctx)
