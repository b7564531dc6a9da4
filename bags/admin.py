"""Bags are to be looked at, and deleted; whoever fills one changes it on its page."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bags.models import Bag


@admin.register(Bag)
class BagAdmin(admin.ModelAdmin):
    list_display = ["key", "owner", "name", "total", "updated_at"]
    list_select_related = ["owner"]
    search_fields = ["key", "name"]
    fields = readonly_fields = ["key", "owner", "name", "total", "updated_at"]
    show_full_result_count = False

    @admin.display(description=_("icons"))
    def total(self, bag: Bag) -> int:
        return bag.total

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bag]:
        return super().get_queryset(request).annotate(total=Count("bagicon"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
