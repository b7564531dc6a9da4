from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IconifyConfig(AppConfig):
    """The API of Iconify, and the export of sets."""

    name = "iconify"
    verbose_name = _("Iconify server")
