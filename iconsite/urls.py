from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language

from iconify.views import provider
from iconsite.agents import mcp_endpoint
from iconsite.observing import metrics_page
from iconsite.views import set_theme, shortcuts_page

admin.site.site_header = admin.site.site_title = "Iconsite"
admin.site.index_title = _("Icon library")

urlpatterns = [
    path("", include("search.urls")),
    path("", include("icons.urls")),
    path("", include("bags.urls")),
    path("", include("api.page_urls")),
    path("api/v1/", include("api.urls")),
    path("mcp", mcp_endpoint, name="mcp"),
    path("metrics", metrics_page, name="metrics"),
    path("iconify/", include("iconify.urls")),
    path("provider", provider),  # programs of Iconify that are told of a host look there
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", set_language, name="set-language"),
    path("shortcuts/", shortcuts_page, name="shortcuts"),
    path("theme/", set_theme, name="set-theme"),
    path("admin/", admin.site.urls),
]

handler400 = "iconsite.error_views.bad_request"
handler403 = "iconsite.error_views.forbidden"
handler404 = "iconsite.error_views.not_found"
handler500 = "iconsite.error_views.server_error"
