from django.urls import path, register_converter

from icons import api, icon_views, views
from icons.exporting.bitmaps import BITMAPS
from icons.names import NAME


class NameConverter:
    regex = NAME.pattern.removesuffix(r"\Z").replace("(", "(?:")

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class BitmapConverter(NameConverter):
    regex = "|".join(BITMAPS)


register_converter(NameConverter, "name")
register_converter(BitmapConverter, "bitmap")

urlpatterns = [
    path("sets/", views.set_list, name="sets"),
    path("sets/<name:prefix>/", views.set_page, name="set"),
    path("icons/<name:prefix>/<name:name>.svg", icon_views.icon_svg, name="icon-svg"),
    path("icons/<name:prefix>/<name:name>.<bitmap:kind>", icon_views.icon_bitmap, name="icon-bitmap"),
    path("icons/<name:prefix>/<name:name>/", icon_views.icon_page, name="icon"),
    path("api/v1/sets/", api.IconSetList.as_view(), name="api-sets"),
    path("api/v1/sets/<name:prefix>/icons/", api.SetIconList.as_view(), name="api-set-icons"),
    path("api/v1/icons/<name:prefix>:<name:name>/", api.IconDetail.as_view(), name="api-icon"),
]
