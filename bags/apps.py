from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BagsConfig(AppConfig):
    name = "bags"
    verbose_name = _("Bags")

    def ready(self) -> None:
        from bags import current  # noqa: F401  (listens to who signs in)
