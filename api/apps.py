"""The app `api`: everything under /api/, for programs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Keys of programs, what they read, search and write, and the news that they follow."""

    name = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        from api import cross_origin  # noqa: F401  (registers the receiver)
