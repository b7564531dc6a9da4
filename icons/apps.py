from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IconsConfig(AppConfig):
    """The app that says what an icon is."""

    name = "icons"
    verbose_name = _("Icons")

    def ready(self) -> None:
        from icons import checks, signal_handlers  # noqa: F401  (registers them)
