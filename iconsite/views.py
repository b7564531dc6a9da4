"""What belongs to no app: the choice of a light or a dark theme for all pages, and the page that lists their keys.

A view of Django's takes the choice of language.
"""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from icons.redirects import way_back
from iconsite.error_views import answer_error
from search.uploads import refuse_other_types, status_of

THEMES = ("light", "dark")
THEME_COOKIE = "theme"
THEME_MAX_AGE = 365 * 24 * 3600  # seconds


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme of the field `theme` in a cookie, or none for any other text, and go back to the page before."""
    try:
        refuse_other_types(request)
    except ValidationError as error:
        return answer_error(request, status_of(error), " ".join(error.messages))
    reply = redirect(way_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        reply.set_cookie(THEME_COOKIE, chosen, THEME_MAX_AGE, samesite="Lax", httponly=True, secure=request.is_secure())
    else:
        reply.delete_cookie(THEME_COOKIE, samesite="Lax")
    return reply


@require_safe
def shortcuts_page(request: HttpRequest) -> HttpResponse:
    """The keys that do something on the pages of this site."""
    return render(request, "shortcuts.html")
