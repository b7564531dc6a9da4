"""Who asks: a program with a key, or a person whose browser has a session."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.models import ApiKey
from api.problems import Problem

KEPT = "iconsite.api_key"  # where a request keeps the key that it came with
SCHEME = "Bearer"


def has_secret(request: HttpRequest) -> bool:
    """Whether a request claims to come with a key. Other schemes are those of proxies in front of the site."""
    return request.headers.get("Authorization", "").partition(" ")[0].lower() == SCHEME.lower()


def key_of(request: HttpRequest) -> ApiKey | None:
    """The valid key that a request comes with, looked up once."""
    if KEPT not in request.META:
        secret = request.headers.get("Authorization", "").partition(" ")[2].strip()
        request.META[KEPT] = ApiKey.objects.of_secret(secret) if has_secret(request) else None
    key: ApiKey | None = request.META[KEPT]
    return key


class KeyAuthentication(BaseAuthentication):
    """The owner of the key in `Authorization: Bearer …`; 401 for a key that is not valid."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        """(owner, key), or None where no key was sent. Raises Problem."""
        if not has_secret(request._request):
            return None
        key = key_of(request._request)
        if key is None:
            raise WrongKey
        key.note_use()
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        """The challenge of an answer 401."""
        return SCHEME


class WrongKey(NotAuthenticated):
    """The error of a key that is not valid; it is answered with a challenge."""

    def __init__(self) -> None:
        super().__init__(_("This key is not valid: it was deleted, has expired, or is not written right."), "wrong_key")


class BrowserSession(SessionAuthentication):
    """The person who has signed in. What changes something needs Django's CSRF token; a search does not."""

    def enforce_csrf(self, request: Request) -> None:
        """Raise PermissionDenied where a view changes something and the token is missing."""
        if getattr(request.parser_context["view"], "changes", True):
            super().enforce_csrf(request._request)  # type: ignore[arg-type]  # which parses forms by itself


class Allowed(BasePermission):
    """Everybody where the settings say so; else whoever has the view's permission, by a key with its scope."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or raise NotAuthenticated or Problem, which say what is missing."""
        if view.open_to_all:
            return True
        if not request.user:
            raise NotAuthenticated(_("Sign in, or send a key: Authorization: Bearer …"))
        if isinstance(request.auth, ApiKey) and view.scope not in request.auth.scopes:
            sentence = _("This key may not be used for that: it lacks the scope “{scope}”.")
            raise Problem(403, sentence.format(scope=view.scope), "missing_scope")
        needed = view.permissions.get(request.method or "")
        if needed and not request.user.has_perm(needed):
            sentence = _("You may not do that: you lack the permission “{permission}”.")
            raise Problem(403, sentence.format(permission=needed), "missing_permission")
        return True


class KeyInSchema(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes keys."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The security scheme, of OpenAPI."""
        return {"type": "http", "scheme": "bearer", "description": "A key, made in the admin or at /keys/."}


class SessionInSchema(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes sessions."""

    target_class = BrowserSession
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The security scheme, of OpenAPI."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
