"""What a visitor chose for all pages: light or dark, and the language."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST

from icons.way_back import way_back

THEMES = ("light", "dark")
COOKIE = "theme"
KEPT_FOR = 365 * 24 * 3600  # seconds


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme of the field `theme`, any other text meaning the system's, and go back to where one was."""
    reply = redirect(way_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        reply.set_cookie(COOKIE, chosen, KEPT_FOR, samesite="Lax", httponly=True, secure=request.is_secure())
    else:
        reply.delete_cookie(COOKIE, samesite="Lax")
    return reply


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, but for files that are public: they are the same in all languages, also to caches."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        public = "public" in response.get("Cache-Control", "")
        return response if public else super().process_response(request, response)


def visitor(request: HttpRequest) -> dict[str, Any]:
    """For templates: `theme` is "light", "dark", or empty for the system's; `signed_in`, the name of who is."""
    chosen = request.COOKIES.get(COOKIE, "")
    return {
        "theme": chosen if chosen in THEMES else "",
        "signed_in": SimpleLazyObject(lambda: _name(request)),
    }


def _name(request: HttpRequest) -> str:
    try:
        return request.user.get_username()
    except (DatabaseError, AttributeError):  # the page that says what went wrong is shown all the same
        return ""
