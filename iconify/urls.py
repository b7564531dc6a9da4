"""Addresses of the API of Iconify, below /iconify/. Prefixes and names are taken as loosely as by the original."""

from django.urls import path, re_path, register_converter

from iconify import views
from iconify.questions import ROUTES
from icons.converters import NameConverter


class PartConverter(NameConverter):
    """A prefix or a name."""

    regex = "[a-z0-9-]+"


register_converter(PartConverter, "part")

urlpatterns = [
    path("", views.home),
    *(re_path(rf"^{route.pattern}", getattr(views, name)) for route, name, _question in ROUTES),
    path("@iconify-json/<part:prefix>/icons.json", views.package_icons),
    path("@iconify-json/<part:prefix>.json", views.whole_set),
    path("provider", views.provider),
    path("collections", views.collections),
    path("collection", views.collection),
    path("list-icons", views.list_icons),
    path("list-icons-categorized", views.list_icons_categorised),
    path("search", views.search),
    path("keywords", views.keywords),
    path("last-modified", views.last_modified),
    path("version", views.version),
    path("robots.txt", views.robots),
    path("<path:rest>", views.nothing),
]
