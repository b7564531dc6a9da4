"""System checks: settings with which no icon could be drawn."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

RASTERISERS = ("resvg", "cairosvg")


@register()
def check_rasteriser(**kwargs: Any) -> list[CheckMessage]:
    """An error where the setting RASTERISER names no rasteriser, or one that the system lacks a library for."""
    if settings.RASTERISER not in RASTERISERS:
        hint = f"Set RASTERISER to one of: {', '.join(RASTERISERS)}."
        return [Error(f"RASTERISER is {settings.RASTERISER!r}.", hint=hint, id="icons.E001")]
    if settings.RASTERISER == "cairosvg":
        try:
            import_module("cairosvg")
        except OSError:
            hint = "Install it (Debian: apt-get install libcairo2; macOS: brew install cairo), or unset RASTERISER."
            return [Error("The system lacks the library libcairo, which CairoSVG needs.", hint=hint, id="icons.E002")]
    return []
