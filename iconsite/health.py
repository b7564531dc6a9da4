"""`/healthz`, whether this process answers, and `/readyz`, whether it has all that it needs to answer.

They are asked by machines that know no host name of the site, many times a minute: they come before all other
middleware, and are never limited.
"""

import logging
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from icons.models import Icon
from icons.queues import PROMPT, messages_waiting
from iconsite import preparation
from search.checks import problems_of_weights
from search.models import IconVector
from search.progress import answering_model

log = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers the two addresses by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """`get_response` is the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """200 or 503 at these addresses, else what the site answers."""
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
        if request.path != "/readyz":
            return self.get_response(request)
        parts = {name: _works(name, check) for name, check in CHECKS.items()}
        ready = all(parts.values())
        return JsonResponse(
            {"ready": ready, **parts}, status=200 if ready else 503, headers={"Cache-Control": "no-store"}
        )


def check_database() -> bool:
    """Whether the database answers and is as this version of the site needs it."""
    if not preparation.is_over():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def check_queue() -> bool:
    """Whether the queue answers."""
    return messages_waiting(PROMPT) >= 0


def check_weights() -> bool:
    """Whether the weights of the networks are there."""
    return not problems_of_weights(answering_model())


def check_index() -> bool:
    """Whether the model that answers has an icon to answer with, or there are none at all."""
    indexed = IconVector.objects.filter(model=answering_model().id, vector__isnull=False)
    return indexed.exists() or not Icon.objects.exists()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": check_database,
    "queue": check_queue,
    "weights": check_weights,
    "index": check_index,
}


def _works(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:  # whatever is wrong with a part, the site is not ready
        log.warning("Not ready, %s: %s", name, error)
        return False
