"""What the templates of all pages know of the visitor."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from iconsite.views import THEME_COOKIE, THEMES


def visitor(request: HttpRequest) -> dict[str, Any]:
    """For templates: `theme` is "light", "dark", or empty for the system's; `signed_in`, the name of who is."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "theme": chosen if chosen in THEMES else "",
        "signed_in": SimpleLazyObject(lambda: _name(request)),
    }


def _name(request: HttpRequest) -> str:
    try:
        return request.user.get_username()
    except (DatabaseError, AttributeError):  # the page that says what went wrong is shown all the same
        return ""
