"""Answers to errors: a page for a person, JSON for a program."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

PROGRAM_PATHS = ("/api/", "/upload")  # addresses that begin so are for programs


def _answer(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    if request.path.startswith(PROGRAM_PATHS):
        return JsonResponse({"detail": sentence}, status=status)
    return render(request, "error.html", {"status": status, "sentence": sentence}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer to a request that Django refuses before any view sees it."""
    return _answer(request, 400, _("The request cannot be understood."))


def forbidden(request: HttpRequest, exception: Exception | None = None, **kwargs: Any) -> HttpResponse:
    """The answer to a request that is not allowed, such as a form without its CSRF token."""
    return _answer(request, 403, _("This is not allowed."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer to an address with nothing at it; a text that Http404 was raised with says more."""
    sentence = exception.args[0] if exception and exception.args and isinstance(exception.args[0], str) else ""
    return _answer(request, 404, sentence or _("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to a request at which the site failed."""
    return _answer(request, 500, _("Something went wrong on the server. The error has been logged."))
