"""What every template knows of the visitor's bag."""

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bags.current_bag import count_icons, current_bag
from icons.models import Icon
from search.related_icons import MOST_COMPARED


def bag(request: HttpRequest) -> dict[str, SimpleLazyObject]:
    """For templates: `bag_count`, and the `first_bag_icons`. Each is read from the database when a page shows it."""
    return {
        "bag_count": SimpleLazyObject(lambda: _count(request)),
        "first_bag_icons": SimpleLazyObject(lambda: _first_icons(request)),
    }


def _first_icons(request: HttpRequest) -> list[Icon]:
    """As many icons of the bag as the search for sets like them looks at, and no field but their set's key."""
    current = current_bag(request)
    # A bag may hold thousands of icons, and every page of an icon would wait until all were read.
    return list(current.in_order().select_related(None).only("set_id")[:MOST_COMPARED]) if current else []


def _count(request: HttpRequest) -> int:
    try:
        # An error page has to appear even if there is no session, or no database.
        return count_icons(request) if hasattr(request, "session") else 0
    except DatabaseError:
        return 0
