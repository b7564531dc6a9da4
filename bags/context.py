"""What the header of every page tells of the visitor's bag."""

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bags.current import count_icons


def bag(request: HttpRequest) -> dict[str, SimpleLazyObject]:
    """For templates: `bag_count`, icons in the visitor's bag; counted where a page shows it."""
    return {"bag_count": SimpleLazyObject(lambda: _count(request))}


def _count(request: HttpRequest) -> int:
    try:
        # A page that says what went wrong is shown even without a session, and without a database.
        return count_icons(request) if hasattr(request, "session") else 0
    except DatabaseError:
        return 0
