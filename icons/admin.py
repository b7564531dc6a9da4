"""The admin of icons and imports. Sets and icons are registered in `search.admin`, which adds what the index knows."""

from collections.abc import Iterable
from contextvars import ContextVar
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icons.drawing_admin import EarlierDrawingInline, preview
from icons.importing.forms import ImportForm
from icons.models import Icon, IconQuerySet, IconSet, ImportRun
from icons.models.import_run import COUNTS
from icons.names import is_name
from icons.pagination import EstimatingPaginator
from icons.tasks import start_import


class IconSetAdmin(admin.ModelAdmin):
    """Icon sets, which may have tens of thousands of icons each."""

    list_display = ["prefix", "title", "licence", "licence_spdx", "palette", "usage_label", "version", "updated_at"]
    list_filter = ["palette"]
    search_fields = ["prefix", "title"]
    show_full_result_count = False

    @admin.display(description=gettext_lazy("usage"))
    def usage_label(self, icon_set: IconSet) -> str:
        """A column: how much the set is used, as entered or known, or that it is the library's own."""
        usage = icon_set.usage_or_known
        return _("own set") if usage is None else number_format(usage, force_grouping=True)

    def get_readonly_fields(self, request: HttpRequest, obj: IconSet | None = None) -> list[str]:
        return ["prefix"] if obj else []  # it is part of every icon's public id

    def get_deleted_objects(
        self, objs: Iterable[IconSet], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Counts, where Django would list the names of 30,000 icons, for the page that asks whether to delete."""
        counts = {str(icon_set): icon_set.icons.count() for icon_set in objs}
        sentences = [
            ngettext("%(set)s with its %(total)s icon", "%(set)s with its %(total)s icons", total)
            % {"set": title, "total": total}
            for title, total in counts.items()
        ]
        forbidden = set() if self.has_delete_permission(request) else {_("icon set")}
        return sentences, {_("icon sets"): len(counts), _("icons"): sum(counts.values())}, forbidden, []

    def delete_model(self, request: HttpRequest, obj: IconSet) -> None:
        with transaction.atomic():
            obj.icons.all().delete_locked()
            obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[IconSet]) -> None:
        for icon_set in queryset:
            self.delete_model(request, icon_set)


class IconForm(forms.ModelForm):
    """An icon with a large field for its SVG source."""

    class Meta:
        widgets = {"svg": forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField", "spellcheck": "false"})}


class IconAdmin(admin.ModelAdmin):
    """All icons, hidden ones too."""

    form = IconForm
    list_display = ["preview", "public_id", "category", "hidden"]
    list_display_links = ["public_id"]
    list_filter = ["set", "hidden"]
    list_select_related = ["set"]
    autocomplete_fields = ["set"]
    search_fields = ["name", "name_en", "name_zh"]
    readonly_fields = ["large_preview", "view_box", "svg_hash", "created_at", "updated_at"]
    show_full_result_count = False
    paginator = EstimatingPaginator
    ordering = ["-pk"]

    preview = admin.display(description=gettext_lazy("icon"))(lambda self, icon: preview(icon))
    large_preview = admin.display(description=gettext_lazy("preview"))(
        lambda self, icon: preview(icon, 128) if icon.pk else "–"
    )

    def get_fields(self, request: HttpRequest, obj: Icon | None = None) -> list[Any]:
        """What names the icon comes first, before its drawing."""
        first = ["set", "name"]
        return [*first, *(str(field) for field in super().get_fields(request, obj) if field not in first)]

    @admin.display(description=gettext_lazy("public id"))
    def public_id(self, icon: Icon) -> str:
        """A column: `prefix:name`."""
        return icon.public_id

    def get_inlines(self, request: HttpRequest, obj: Icon | None) -> list[type[InlineModelAdmin]]:
        """With its earlier drawings, where it has any."""
        return [EarlierDrawingInline] if obj and obj.earlier_drawings.exists() else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Icon]:
        icons = super().get_queryset(request)
        address = request.resolver_match.url_name if request.resolver_match else None
        return icons if address and address.endswith("_change") else icons.defer("svg")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Icon], search_term: str
    ) -> tuple[QuerySet[Icon], bool]:
        prefix, colon, name = search_term.strip().partition(":")
        if colon and is_name(prefix):  # prefix:name, as shown everywhere
            return queryset.filter(set__prefix=prefix, name__startswith=name), False
        return super().get_search_results(request, queryset, search_term)

    def save_model(self, request: HttpRequest, obj: Icon, form: forms.ModelForm, change: bool) -> None:
        if change and "name" in form.changed_data:
            obj.keep_name(form.initial["name"])
        super().save_model(request, obj, form, change)

    def delete_queryset(self, request: HttpRequest, queryset: IconQuerySet) -> None:  # type: ignore[override]
        Icon.objects.filter(pk__in=queryset.values("pk")).delete_locked()


FIELDS_OF_THE_FORM = ("file", "prefix", "title", "licence", "licence_spdx", "prune", "earlier")
FIELDS_OF_A_RUN = (
    *("source", "status", "reason", "progress", *COUNTS),
    *("left_out", "attempts", "created_at", "updated_at"),
)

# The uploaded files of this request whose runs are not yet in the database for good.
uncommitted_uploads: ContextVar[list[FieldFile]] = ContextVar("uncommitted_uploads")


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    """Imports of uploaded files; a worker runs them, and their pages reload until they have ended."""

    list_display = ["__str__", "status", "progress", *COUNTS, "updated_at"]
    list_filter = ["status"]
    actions = ["stop"]
    change_form_template = "admin/icons/importrun/change_form.html"
    change_list_template = "admin/icons/importrun/change_list.html"

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, run: ImportRun) -> SafeString:
        """A column: how many icons of the source were read, as a bar and in figures."""
        seen, expected = run.seen, max(run.expected or 0, run.seen, 1)
        figures = _("%(seen)s of %(expected)s") % {"seen": seen, "expected": expected if run.expected else "?"}
        bar = '<progress value="{}" max="{}" aria-label="{}"></progress> {}'
        return format_html(bar, seen, expected, _("Progress"), figures)

    @admin.display(description=gettext_lazy("icons left out (the first 200)"))
    def left_out(self, run: ImportRun) -> SafeString | str:
        """A field: the table of the icons left out, each with the reason."""
        rows = format_html_join("", "<tr><td>{}</td><td>{}</td></tr>", run.problems.values_list("icon", "reason")[:200])
        head = format_html("<tr><th>{}</th><th>{}</th></tr>", _("Icon"), _("Reason"))
        return format_html("<table><thead>{}</thead><tbody>{}</tbody></table>", head, rows) if rows else "–"

    def get_form(
        self, request: HttpRequest, obj: ImportRun | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        if obj is None:
            kwargs["form"] = ImportForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: ImportRun | None = None) -> tuple[str, ...]:
        return FIELDS_OF_A_RUN if obj else FIELDS_OF_THE_FORM

    def get_readonly_fields(self, request: HttpRequest, obj: ImportRun | None = None) -> tuple[str, ...]:
        return FIELDS_OF_A_RUN if obj else ()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Django's view, after whose failure no uploaded file stays behind without a run."""
        uploads: list[FieldFile] = []
        token = uncommitted_uploads.set(uploads)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except BaseException:
            for upload in uploads:
                upload.delete(save=False)
            raise
        finally:
            uncommitted_uploads.reset(token)

    def save_model(self, request: HttpRequest, obj: ImportRun, form: forms.ModelForm, change: bool) -> None:
        if change:
            return
        assert isinstance(form, ImportForm)
        file = form.cleaned_data["file"]
        obj.source, obj.options = file.name[:500], form.options()
        obj.upload.save(f"import{PurePosixPath(file.name).suffix.lower()}", file, save=False)
        uploads = uncommitted_uploads.get()
        uploads.append(obj.upload)
        transaction.on_commit(uploads.clear)
        super().save_model(request, obj, form, change)
        transaction.on_commit(lambda: start_import(obj))

    def response_post_save_add(self, request: HttpRequest, obj: ImportRun) -> HttpResponseRedirect:
        """Go straight to the page of the new import, where its progress is shown."""
        return HttpResponseRedirect(reverse("admin:icons_importrun_change", args=[obj.pk]))

    @admin.action(description=gettext_lazy("Stop the selected imports"), permissions=["change"])
    def stop(self, request: HttpRequest, queryset: QuerySet[ImportRun]) -> None:
        """Stop those of the selected imports that have not finished by now."""
        stopped = 0
        for run in queryset:
            with run.override_language():
                reason = _("%(person)s stopped this import. The icons imported so far are kept.") % {
                    "person": request.user
                }
            stopped += run.stop(reason)
        message = ngettext("%(number)s import stopped.", "%(number)s imports stopped.", stopped) % {"number": stopped}
        self.message_user(request, message, messages.SUCCESS)

    def delete_model(self, request: HttpRequest, obj: ImportRun) -> None:
        ImportRun.objects.filter(pk=obj.pk).delete_locked()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ImportRun]) -> None:
        ImportRun.objects.filter(pk__in=queryset.values("pk")).delete_locked()
