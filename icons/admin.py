"""The icon librarian's desk. Sets and icons are registered in `search.admin`, which adds what the index knows."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from icons.models import Icon, IconQuerySet, IconSet, ImportProblem, ImportRun
from icons.names import is_name
from icons.pagination import EstimatingPaginator
from icons.tasks import start_import


def preview(icon: Icon, side: int = 32) -> SafeString:
    return format_html('<img src="{}" alt="" width="{}" height="{}" loading="lazy">', icon.svg_url, side, side)


class IconSetAdmin(admin.ModelAdmin):
    list_display = ["prefix", "title", "licence", "licence_spdx", "palette", "version", "updated_at"]
    list_filter = ["palette"]
    search_fields = ["prefix", "title"]
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: IconSet | None = None) -> list[str]:
        return ["prefix"] if obj else []  # it is part of every icon's public id

    def get_deleted_objects(
        self, objs: Iterable[IconSet], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Counts instead of the names of 30,000 icons, for the page that asks whether to delete."""
        counts = {str(icon_set): icon_set.icons.count() for icon_set in objs}
        told = [f"{title} with its {total} icons" for title, total in counts.items()]
        forbidden = set() if self.has_delete_permission(request) else {"icon set"}
        return told, {"icon sets": len(counts), "icons": sum(counts.values())}, forbidden, []

    def delete_model(self, request: HttpRequest, obj: IconSet) -> None:
        with transaction.atomic():
            obj.icons.all().delete_locked()
            obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[IconSet]) -> None:
        for icon_set in queryset:
            self.delete_model(request, icon_set)


class IconForm(forms.ModelForm):
    class Meta:
        widgets = {"svg": forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField", "spellcheck": "false"})}


class IconAdmin(admin.ModelAdmin):
    form = IconForm
    list_display = ["preview", "public_id", "category", "hidden"]
    list_display_links = ["preview", "public_id"]
    list_filter = ["set", "hidden"]
    list_select_related = ["set"]
    autocomplete_fields = ["set"]
    search_fields = ["name", "name_en", "name_zh"]
    readonly_fields = ["large_preview", "view_box", "svg_hash", "created_at", "updated_at"]
    show_full_result_count = False
    paginator = EstimatingPaginator
    ordering = ["-pk"]

    preview = admin.display(description="icon")(lambda self, icon: preview(icon))
    large_preview = admin.display(description="preview")(lambda self, icon: preview(icon, 128) if icon.pk else "–")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Icon]:
        rows = super().get_queryset(request)
        return rows if request.resolver_match.url_name.endswith("_change") else rows.defer("svg")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Icon], search_term: str
    ) -> tuple[QuerySet[Icon], bool]:
        prefix, colon, name = search_term.strip().partition(":")
        if colon and is_name(prefix):  # prefix:name, as shown everywhere
            return queryset.filter(set__prefix=prefix, name__startswith=name), False
        return super().get_search_results(request, queryset, search_term)

    def delete_queryset(self, request: HttpRequest, queryset: IconQuerySet) -> None:  # type: ignore[override]
        Icon.objects.filter(pk__in=queryset.values("pk")).delete_locked()


class ImportForm(forms.ModelForm):
    """A new import: a file, and what the file does not say itself."""

    file = forms.FileField(help_text="Iconify JSON, the old system's source.json, or a zip of .svg files.")
    prefix = forms.CharField(required=False, help_text="Of the icon set; made from the file's name if left empty.")
    title = forms.CharField(required=False, max_length=200)
    licence = forms.CharField(required=False, max_length=200)
    licence_spdx = forms.CharField(required=False, max_length=100, label="Licence (SPDX id)")
    prune = forms.BooleanField(required=False, label="Delete the set's icons that the file does not have")

    class Meta:
        model = ImportRun
        fields: list[str] = []

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if PurePosixPath(file.name).suffix.lower() not in (".json", ".zip"):
            raise ValidationError("Choose a .json or a .zip file.")
        if file.size > settings.IMPORT_UPLOAD_MAX_BYTES:
            raise ValidationError(f"The file is larger than {settings.IMPORT_UPLOAD_MAX_BYTES // 1_000_000} MB.")
        return file

    def clean_prefix(self) -> str:
        prefix = self.cleaned_data["prefix"]
        if prefix and not is_name(prefix):
            raise ValidationError("Use lower-case letters, digits and single hyphens between them.")
        return prefix

    def options(self) -> dict[str, Any]:
        given = ("prefix", "title", "licence", "licence_spdx", "prune")
        return {key: self.cleaned_data[key] for key in given} | {"file_name": self.cleaned_data["file"].name}


class ProblemInline(admin.TabularInline):
    model = ImportProblem
    verbose_name_plural = "icons left out (the first 200)"
    fields = readonly_fields = ["icon", "reason"]
    can_delete = False
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportProblem]:
        rows = super().get_queryset(request)
        run = request.resolver_match.kwargs.get("object_id", "")
        shown = rows.filter(run=run)[:200] if run.isdigit() else rows.none()
        return rows.filter(pk__in=list(shown.values_list("pk", flat=True)))


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    """Imports run in a worker; their pages reload themselves until they are done."""

    list_display = [
        "__str__",
        "status",
        "progress",
        "added",
        "changed",
        "unchanged",
        "rejected",
        "pruned",
        "updated_at",
    ]
    list_filter = ["status"]
    actions = ["stop"]
    change_form_template = "admin/icons/importrun/change_form.html"
    change_list_template = "admin/icons/importrun/change_list.html"

    def progress(self, run: ImportRun) -> SafeString:
        seen, expected = run.seen, max(run.expected or 0, run.seen, 1)
        return format_html(
            '<progress value="{}" max="{}" aria-label="Progress"></progress> {} of {}', seen, expected, seen,
            run.expected or "?",
        )  # fmt: skip

    def get_form(self, request: HttpRequest, obj: ImportRun | None = None, **kwargs: Any) -> type[forms.ModelForm]:
        if obj is None:
            kwargs["form"] = ImportForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: ImportRun | None = None) -> list[str]:
        if obj is None:
            return ["file", "prefix", "title", "licence", "licence_spdx", "prune"]
        counts = ["added", "changed", "unchanged", "rejected", "pruned"]
        return ["source", "status", "reason", "progress", *counts, "attempts", "created_at", "updated_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: ImportRun | None = None) -> list[str]:
        return self.get_fields(request, obj) if obj else []

    def get_inlines(self, request: HttpRequest, obj: ImportRun | None) -> list[type[ProblemInline]]:
        return [ProblemInline] if obj else []

    def save_model(self, request: HttpRequest, obj: ImportRun, form: forms.ModelForm, change: bool) -> None:
        if change:
            return
        assert isinstance(form, ImportForm)
        file = form.cleaned_data["file"]
        obj.source, obj.options = file.name[:500], form.options()
        obj.upload.save(f"import{PurePosixPath(file.name).suffix.lower()}", file, save=False)
        super().save_model(request, obj, form, change)
        transaction.on_commit(lambda: start_import(obj))

    def response_add(self, request: HttpRequest, obj: ImportRun, post_url_continue: str | None = None) -> HttpResponse:
        request.POST = request.POST | {"_continue": "1"}  # straight to the page that shows it going on
        return super().response_add(request, obj, post_url_continue)

    @admin.action(description="Stop the selected imports", permissions=["change"])
    def stop(self, request: HttpRequest, queryset: QuerySet[ImportRun]) -> None:
        running = queryset.filter(status__in=ImportRun.UNFINISHED)
        for run in running:
            run.finish(ImportRun.Status.STOPPED, f"Stopped by {request.user}; what is in is kept.")
        self.message_user(request, f"{len(running)} imports stopped.", messages.SUCCESS)
