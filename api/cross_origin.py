"""Which pages of other sites may use the API: reading and searching, as API_ORIGINS says; writing never."""

from typing import Any

from corsheaders.signals import check_request_enabled
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest

READING = ("GET", "HEAD")
SEARCHES = ("/api/v1/search/", "/mcp")  # where POST changes nothing


@receiver(check_request_enabled)
def may_be_read(request: HttpRequest, **kwargs: Any) -> bool:
    """Whether a browser may show this answer to a page of the request's origin."""
    origins = settings.API_ORIGINS
    if not request.path.startswith(("/api/", "/mcp")):
        return False
    if "*" not in origins and request.headers.get("Origin") not in origins:
        return False
    # A browser asks beforehand, with OPTIONS, whether it may send what it is about to send.
    method = request.headers.get("Access-Control-Request-Method", "") if request.method == "OPTIONS" else request.method
    return method in READING or method == "POST" and request.path.startswith(SEARCHES)
