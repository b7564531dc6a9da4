"""Addresses of the pages and the files of sets and icons."""

from django.urls import path

from icons import converters, icon_files, icon_views, sample_sheets, set_views  # noqa: F401  (converters registers)

urlpatterns = [
    path("sets/", set_views.set_list, name="sets"),
    path("sets/<name:prefix>/", set_views.set_page, name="set"),
    path("samples/<sheet:name>.svg", sample_sheets.sample_sheet, name="sample-sheet"),
    path("icons/<name:prefix>/<name:name>.svg", icon_files.icon_svg, name="icon-svg"),
    path("icons/<name:prefix>/<name:name>.<bitmap:file_format>", icon_files.icon_bitmap, name="icon-bitmap"),
    path("icons/<name:prefix>/<name:name>/", icon_views.icon_page, name="icon"),
]
