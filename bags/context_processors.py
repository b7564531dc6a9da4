"""What the header of every page tells of the visitor's bag."""

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bags.current_bag import count_icons, current_bag
from icons.models import Icon


def bag(request: HttpRequest) -> dict[str, SimpleLazyObject]:
    """For templates: `bag_count`, and `bag_icons` in the visitor's bag; read where a page shows them."""
    return {
        "bag_count": SimpleLazyObject(lambda: _count(request)),
        "bag_icons": SimpleLazyObject(lambda: _icons(request)),
    }


def _icons(request: HttpRequest) -> list[Icon]:
    held = current_bag(request)
    return list(held.in_order().defer("svg")) if held else []


def _count(request: HttpRequest) -> int:
    try:
        # A page that says what went wrong is shown even without a session, and without a database.
        return count_icons(request) if hasattr(request, "session") else 0
    except DatabaseError:
        return 0
