"""The export of sets in the admin. Sets are registered anew, since `search` does not know of this app."""

import tempfile
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from iconify.export_formats import file_name, write_exported
from iconify.exporting import Selection
from icons.models import IconSet
from search.admin import IndexedIconSetAdmin

MOST_ICONS = 50_000  # in one export while somebody waits for it; manage.py export_icons has no limit
IN_MEMORY = 20_000_000  # bytes of a file that is not put on the disk

admin.site.unregister(IconSet)


@admin.register(IconSet)
class ExportedIconSetAdmin(IndexedIconSetAdmin):
    """Icon sets, which can be exported."""

    actions = [*IndexedIconSetAdmin.actions, "export_iconify", "export_svg", "export_source", "export_npm"]

    @admin.action(description=gettext_lazy("Export the selected sets as Iconify JSON"), permissions=["view"])
    def export_iconify(self, request: HttpRequest, queryset: QuerySet[IconSet]) -> FileResponse | None:
        """Send Iconify JSON."""
        return self.export(request, queryset, "iconify")

    @admin.action(description=gettext_lazy("Export the selected sets as SVG files"), permissions=["view"])
    def export_svg(self, request: HttpRequest, queryset: QuerySet[IconSet]) -> FileResponse | None:
        """Send a zip of SVG files."""
        return self.export(request, queryset, "svg")

    @admin.action(description=gettext_lazy("Export the selected sets as source.json"), permissions=["view"])
    def export_source(self, request: HttpRequest, queryset: QuerySet[IconSet]) -> FileResponse | None:
        """Send the old system's JSON."""
        return self.export(request, queryset, "source")

    @admin.action(description=gettext_lazy("Export the selected sets as npm packages"), permissions=["view"])
    def export_npm(self, request: HttpRequest, queryset: QuerySet[IconSet]) -> FileResponse | None:
        """Send npm packages."""
        return self.export(request, queryset, "npm")

    def export(self, request: HttpRequest, queryset: QuerySet[IconSet], file_format: str) -> FileResponse | None:
        """Send one file with the sets, or say that they are too many."""
        total: dict[str, Any] = queryset.aggregate(icons=Count("icons"))
        if total["icons"] > MOST_ICONS:
            text = _("These are more than %(most)s icons. Export them with manage.py export_icons.")
            messages.error(request, text % {"most": MOST_ICONS})
            return None
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (the response closes it)
        selections = [Selection(icon_set) for icon_set in queryset.order_by("prefix")]
        try:
            write_exported(selections, file_format, file)
        except IconSet.DoesNotExist as error:
            messages.error(request, _("The set %(prefix)s has just been deleted.") % {"prefix": error})
            return None
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=file_name(selections, file_format))
