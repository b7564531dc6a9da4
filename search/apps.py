"""The app `search`: an index over the icons, and the searches by picture and by words."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Registers the system checks and the signal receivers when Django starts."""

    name = "search"
    verbose_name = _("Search index")

    def ready(self) -> None:
        from search import checks, signal_handlers  # noqa: F401  (registers them)
