"""What every template knows of the sets."""

from typing import Any

from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from icons.models import IconSet


def shared_titles(request: HttpRequest) -> dict[str, Any]:
    """For templates: `shared_titles`, those that several sets have, so that only the prefix tells these apart.

    They are read from the database when a page shows a title.
    """
    return {"shared_titles": SimpleLazyObject(_shared_titles)}


def _shared_titles() -> frozenset[str]:
    try:
        counts = IconSet.objects.order_by().values("title").annotate(sets=Count("pk")).filter(sets__gt=1)
        return frozenset(counts.values_list("title", flat=True))
    except DatabaseError:  # an error page has to appear even if there is no database
        return frozenset()
