"""Drawings in the admin: as pictures beside what is said of them, and those that an icon had before."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from icons.models import EarlierDrawing, Icon


def preview(icon: Icon | EarlierDrawing, side: int = 32) -> SafeString:
    """The drawing as an HTML image with sides of so many CSS pixels."""
    return format_html('<img src="{}" alt="" width="{}" height="{}" loading="lazy">', icon.svg_url, side, side)


class EarlierDrawingInline(admin.TabularInline):
    """How an icon was drawn before. Imports bring drawings in; whoever may change the icon may delete them."""

    model = EarlierDrawing
    fields = ["number", "preview"]
    readonly_fields = ["number", "preview"]
    extra = 0

    preview = admin.display(description=gettext_lazy("icon"))(lambda self, drawing: preview(drawing))

    def has_add_permission(self, request: HttpRequest, obj: Icon | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Icon | None = None) -> bool:
        """Whoever sees the icon sees them."""
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Icon | None = None) -> bool:
        return request.user.has_perm("icons.change_icon")
