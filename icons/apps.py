from django.apps import AppConfig


class IconsConfig(AppConfig):
    name = "icons"

    def ready(self) -> None:
        from icons import checks  # noqa: F401  (registers them)
