"""What all views of the API share: who may ask, how answers are kept, and how errors are told."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

PUBLIC, PRIVATE = "public, no-cache", "private, no-cache"


class AlwaysTheFirst(BaseContentNegotiation):
    """Answers in JSON whatever a client accepts: a browser that shows an <img> accepts pictures alone."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The parser for the body's content type, None where there is none."""
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type in (media_type, "*/*")), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The first renderer, with its media type."""
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """A view of the API.

    `scope` is what a key must allow, and `changes` whether anything is changed: then a browser's session needs Django's
    CSRF token. `permissions` are those of Django that the user must have, by method.
    """

    content_negotiation_class = AlwaysTheFirst
    scope = "read"
    changes = False
    fields_at_top = False
    permissions: dict[str, str] = {}

    @property
    def open_to_all(self) -> bool:
        """Whether the answer is the same for everybody."""
        return not self.changes and self.scope in ("read", "search") and bool(settings.API_ANONYMOUS[self.scope])

    def perform_authentication(self, request: Request) -> None:
        """Find out who asks, unless the answer is the same for all: then it does not vary with cookies."""
        if "Authorization" in request.headers or not self.open_to_all:
            super().perform_authentication(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The answer, with an ETag and what caches may do with it."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method in ("GET", "HEAD") and response.status_code == 200 and "Cache-Control" not in response:
            response["Cache-Control"] = PUBLIC if self.open_to_all else PRIVATE
            if isinstance(response, Response):
                response.add_post_render_callback(_conditional(request))
        elif "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        if not self.open_to_all:
            patch_vary_headers(response, ["Authorization", "Cookie"])
        return response


def etag_of_bytes(content: bytes) -> str:
    """The strong ETag of a body."""
    return f'"{sha256(content).hexdigest()[:32]}"'


def etag_of(data: Any) -> str:
    """The ETag that an answer with this data has."""
    return etag_of_bytes(JSONRenderer().render(data))


def _conditional(request: Request) -> Callable[[Any], HttpResponseBase]:
    def answer(response: Any) -> HttpResponseBase:
        response["ETag"] = etag_of_bytes(response.content)
        conditional = get_conditional_response(request._request, response["ETag"], response=response)
        assert conditional is not None
        if conditional is not response:
            for name in ("Cache-Control", "Vary"):
                if name in response:
                    conditional.headers[name] = response[name]
        return conditional

    return answer
