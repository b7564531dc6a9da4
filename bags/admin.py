"""The admin shows bags and deletes them. Their icons and names are changed on the pages of the bags alone."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bags.models import Bag


@admin.register(Bag)
class BagAdmin(admin.ModelAdmin):
    """Bags with their owners and the number of their icons, to look at and to delete."""

    list_display = ("key", "owner", "name", "total", "updated_at")
    list_select_related = ("owner",)
    search_fields = ("key", "name")
    fields = readonly_fields = ("key", "owner", "name", "total", "updated_at")
    show_full_result_count = False

    @admin.display(description=_("icons"))
    def total(self, bag: Bag) -> int:
        """The number of icons in the bag."""
        return bag.total

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bag]:
        return Bag.objects.with_totals()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
