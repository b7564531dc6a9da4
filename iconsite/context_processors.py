"""What every template knows of the visitor."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from iconsite.views import THEME_COOKIE, THEMES


def visitor(request: HttpRequest) -> dict[str, Any]:
    """For templates: `theme`, "light", "dark", or "" for the system's own; `signed_in`, the user's name, or "".

    The name is read from the database when a page shows it.
    """
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "theme": chosen if chosen in THEMES else "",
        "signed_in": SimpleLazyObject(lambda: _name(request)),
    }


def _name(request: HttpRequest) -> str:
    try:
        return request.user.get_username()
    except (DatabaseError, AttributeError):  # an error page has to appear even if there is no database, or no user
        return ""
