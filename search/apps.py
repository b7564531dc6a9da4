from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        from search import checks, tasks  # noqa: F401  (registers checks and the receiver of icons_changed)
