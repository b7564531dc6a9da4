from django.apps import AppConfig


class BagsConfig(AppConfig):
    name = "bags"

    def ready(self) -> None:
        from bags import current  # noqa: F401  (listens to who signs in)
