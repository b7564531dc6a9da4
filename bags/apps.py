from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BagsConfig(AppConfig):
    """What people collect, and the downloads made of it."""

    name = "bags"
    verbose_name = _("Bags")

    def ready(self) -> None:
        from bags import signal_handlers  # noqa: F401  (registers the receivers)
