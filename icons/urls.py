"""Addresses of the pages, the files and the API of sets and icons."""

from django.urls import path, register_converter

from icons import api, icon_files, icon_views, sample_sheets, set_views
from icons.exporting.bitmaps import BITMAP_FORMATS
from icons.names import NAME


class NameConverter:
    """A prefix or a name of icons.names in an address."""

    regex = NAME.pattern.removesuffix(r"\Z").replace("(", "(?:")

    def to_python(self, value: str) -> str:
        """The name itself."""
        return value

    def to_url(self, value: str) -> str:
        """The name itself."""
        return value


class BitmapConverter(NameConverter):
    """The extension of a picture file's name."""

    regex = "|".join(BITMAP_FORMATS)


class SheetConverter(NameConverter):
    """The name of a sheet of samples."""

    regex = rf"\d{{1,4}}|{sample_sheets.START}"


register_converter(NameConverter, "name")
register_converter(BitmapConverter, "bitmap")
register_converter(SheetConverter, "sheet")

urlpatterns = [
    path("sets/", set_views.set_list, name="sets"),
    path("sets/<name:prefix>/", set_views.set_page, name="set"),
    path("samples/<sheet:name>.svg", sample_sheets.sample_sheet, name="sample-sheet"),
    path("icons/<name:prefix>/<name:name>.svg", icon_files.icon_svg, name="icon-svg"),
    path("icons/<name:prefix>/<name:name>.<bitmap:file_format>", icon_files.icon_bitmap, name="icon-bitmap"),
    path("icons/<name:prefix>/<name:name>/", icon_views.icon_page, name="icon"),
    path("api/v1/sets/", api.IconSetList.as_view(), name="api-sets"),
    path("api/v1/sets/<name:prefix>/icons/", api.SetIconList.as_view(), name="api-set-icons"),
    path("api/v1/icons/<name:prefix>:<name:name>/", api.IconDetail.as_view(), name="api-icon"),
]
