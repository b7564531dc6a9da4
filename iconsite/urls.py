from django.contrib import admin
from django.urls import include, path

admin.site.site_header = admin.site.site_title = "Iconsite"
admin.site.index_title = "Icon library"

urlpatterns = [
    path("", include("search.urls")),
    path("", include("icons.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "iconsite.errors.bad_request"
handler403 = "iconsite.errors.forbidden"
handler404 = "iconsite.errors.not_found"
handler500 = "iconsite.errors.server_error"
