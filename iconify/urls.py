"""Addresses of the API of Iconify, below /iconify/."""

from django.urls import re_path

from iconify import views

PREFIX, NAME = "(?P<prefix>[a-z0-9-]+)", "(?P<name>[a-z0-9-]+)"

urlpatterns = [
    re_path(r"^\Z", views.home),
    re_path(rf"^{PREFIX}/{NAME}\.svg\Z", views.svg),
    re_path(r"^(?P<name>[a-z0-9-]+:?[a-z0-9-]+)\.svg\Z", views.svg_by_id),
    re_path(rf"^{PREFIX}(?:/icons)?\.(?P<ending>json|js)\Z", views.icons_data),
    re_path(rf"^{PREFIX}\.css\Z", views.css),
    re_path(r"^collections\Z", views.collections),
    re_path(r"^collection\Z", views.collection),
    re_path(r"^list-icons\Z", views.list_icons),
    re_path(r"^list-icons-categorized\Z", views.list_icons_categorised),
    re_path(r"^search\Z", views.search),
    re_path(r"^keywords\Z", views.keywords),
    re_path(r"^last-modified\Z", views.last_modified),
    re_path(r"^version\Z", views.version),
    re_path(r"^robots\.txt\Z", views.robots),
    re_path(r"", views.nothing),
]
