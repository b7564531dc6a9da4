"""What a visitor chooses for all pages: light or dark. (The language is chosen by a view of Django's own.)"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from icons.redirects import way_back

THEMES = ("light", "dark")
THEME_COOKIE = "theme"
KEPT_FOR = 365 * 24 * 3600  # seconds


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme of the field `theme`, any other text meaning the system's, and go back to where one was."""
    reply = redirect(way_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        reply.set_cookie(THEME_COOKIE, chosen, KEPT_FOR, samesite="Lax", httponly=True, secure=request.is_secure())
    else:
        reply.delete_cookie(THEME_COOKIE, samesite="Lax")
    return reply
