"""Addresses of the API of Iconify, below /iconify/. Prefixes and names are taken as loosely as by the original."""

from django.urls import path, register_converter

from iconify import views
from icons.converters import NameConverter


class PartConverter(NameConverter):
    """A prefix or a name."""

    regex = "[a-z0-9-]+"


class IdConverter(NameConverter):
    """A prefix and a name, with a colon or a hyphen between them."""

    regex = "[a-z0-9-]+:?[a-z0-9-]+"


class DataConverter(NameConverter):
    """The ending of an address of data."""

    regex = "json|js"


register_converter(PartConverter, "part")
register_converter(IdConverter, "icon-id")
register_converter(DataConverter, "data")

urlpatterns = [
    path("", views.home),
    path("<part:prefix>/<part:name>.svg", views.svg),
    path("<icon-id:name>.svg", views.svg_by_id),
    path("<part:prefix>/icons.<data:ending>", views.icons_data),
    path("<part:prefix>.<data:ending>", views.icons_data),
    path("@iconify-json/<part:prefix>/icons.json", views.package_icons),
    path("@iconify-json/<part:prefix>.json", views.whole_set),
    path("provider", views.provider),
    path("<part:prefix>.css", views.css),
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
