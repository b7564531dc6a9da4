"""Middleware of this site, which it has besides that of Django."""

import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from http import HTTPStatus
from threading import Lock
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils.translation import gettext as _

from api.authentication import key_of
from icons.client_address import client_address
from icons.prepared_files import SECONDS
from iconsite import preparation, warm_up
from iconsite.error_views import answer_busy, answer_error, bad_request, restarting
from iconsite.limits import NO_LIMIT, Bucket, Taken, buckets_of, take, taken

# Names of views that keep a thread busy, or all cores: a visitor has some of the first at once, and one of the second.
SEARCHES = frozenset({"kept-search", "api-search-image", "api-search-images", "api-search-batch", "old-upload"})
DOWNLOADS = frozenset({"bag-download", "api-exports"})
API = ("/api/", "/mcp")  # addresses whose answers say what is left of the limit
SIGN_INS = frozenset({"login", "admin:login"})
TEXTS = frozenset({"application/json", "application/javascript", "image/svg+xml"})  # beside text/*
SIGN_IN_SECONDS = 300  # in which LIMIT_SIGN_INS wrong passwords may be tried


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, but it leaves public files alone: they are the same in all languages, also for caches."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        public = "public" in response.get("Cache-Control", "")
        return response if public else super().process_response(request, response)


class CompressionMiddleware(GZipMiddleware):
    """Django's own, for texts alone: pictures and archives are compressed already.

    It adds random bytes to each answer, so that the length tells nothing of a secret in it (BREACH). Tokens against
    forged requests are written in another way each time besides.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress pages, JSON, SVG and the like."""
        media_type = response.get("Content-Type", "").partition(";")[0]
        is_text = media_type.startswith("text/") or media_type in TEXTS
        return super().process_response(request, response) if is_text else response


class PreparationMiddleware:
    """Has nobody ask the database before it is as this version of the site needs it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """`get_response` is the rest of the site."""
        self.get_response = get_response
        self.over = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 503 while the site is being prepared, after a short wait, else what the site answers."""
        self.over = self.over or preparation.is_over(warm_up.PATIENCE)
        if not self.over:
            return answer_busy(request, 503, restarting(), warm_up.AGAIN_AFTER)
        return self.get_response(request)


class MethodMiddleware:
    """Gives a sentence to Django's answers to a method that an address does not take, which are empty."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """`get_response` is the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """What the site answers, with a sentence where it is empty."""
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        sentence = _("This address does not take the method %(method)s.") % {"method": request.method}
        reply = answer_error(request, response.status_code, sentence)
        reply["Allow"] = response["Allow"]
        return reply


class AdminMiddleware:
    """Refuses a NUL in addresses of the admin: filters of Django pass it on to the database, which fails at it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """`get_response` is the rest of the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 400 to a NUL, else what the site answers."""
        if request.path.startswith("/admin/") and "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request)
        return self.get_response(request)


class LimitMiddleware:
    """Keeps one visitor from taking the site away from the others, and passwords from being guessed.

    A request costs the seconds for which it keeps a thread, whatever it does meanwhile. A visitor who waits for each
    answer before they ask again is never refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """`get_response` is the rest of the site."""
        self.get_response = get_response
        self.lock = Lock()
        self.running: Counter[str] = Counter()  # requests of this process by who sent them and what they are

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 429 while the visitor has taken too much, else what the site answers."""
        buckets = buckets_of(request)
        if wait := take(buckets, 0):
            return too_many(request, wait)
        started = time.monotonic()
        response: HttpResponseBase | None = None
        try:
            response = self.get_response(request)
            if response.status_code == HTTPStatus.FORBIDDEN and tries_to_sign_in(request):
                take(sign_ins_of(request), -1)  # no password was tried: a page of another site must not use them up
            return response
        finally:
            left = taken(buckets, time.monotonic() - started)
            if response is not None and request.path.startswith(API):
                tell_limit(response, buckets, left)
            if seconds := request.META.pop(SECONDS, 0):
                take(downloads_of(request), seconds)
            if keys := request.META.pop(RUNNING, None):
                with self.lock:
                    self.running.subtract(keys)
                    self.running += Counter()  # forgets those at 0

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer 429 to too many costly requests of a visitor at once or too many passwords, 503 to too many of all."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if tries_to_sign_in(request) and (wait := take(sign_ins_of(request), 1)):
            return answer_busy(request, 429, _("There were too many attempts to sign in. Try again later."), wait)
        is_search = name in SEARCHES or name == "search" and request.method == "POST"
        if is_search and not warm_up.is_ready():
            return answer_busy(request, 503, restarting(), warm_up.AGAIN_AFTER)
        if not settings.LIMIT_RATE:
            return None
        key = key_of(request)
        client = f"key {key.pk}" if key else client_address(request)
        if name in DOWNLOADS:
            if wait := take(downloads_of(request), 0):
                return too_many(request, wait, _("You have had many large downloads made. Try again in some minutes."))
            own, all_own = f"download of {client}", 1
            everybodys, all_everybodys = "download", settings.LIMIT_DOWNLOADS
        elif is_search:
            own, all_own = f"search of {client}", settings.LIMIT_AT_ONCE
            everybodys, all_everybodys = "search", sys.maxsize
        else:
            return None
        with self.lock:
            own_room, room = self.running[own] < all_own, self.running[everybodys] < all_everybodys
            if own_room and room:
                self.running.update((own, everybodys))
                request.META[RUNNING] = (own, everybodys)
                return None
        if not own_room:
            busy = _("Your download before this one is still being made. Wait for it.") if name in DOWNLOADS else ""
            return too_many(request, 1, busy)
        return answer_busy(request, 503, _("Downloads of others are still being made. Try again in some seconds."), 5)


RUNNING = "iconsite.running"  # where a request keeps what it counts as


def tell_limit(response: HttpResponseBase, buckets: Sequence[Bucket], left: Taken) -> None:
    """Say in an answer how much the visitor may take, and what is left of it, in seconds of a busy thread.

    The headers are those of https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/.
    """
    if left is NO_LIMIT:
        return
    bucket = buckets[0]
    window = math.ceil(bucket.capacity / bucket.rate)
    response["RateLimit-Policy"] = f'"busy";q={math.floor(bucket.capacity)};qu="seconds";w={window}'
    until_full = math.ceil(max(0.0, bucket.capacity - left.left) / bucket.rate)
    response["RateLimit"] = f'"busy";r={max(0, math.floor(left.left))};t={until_full}'


def too_many(request: HttpRequest, wait: float, sentence: str = "") -> HttpResponse:
    """The answer to a visitor who has to wait for so many seconds."""
    return answer_busy(request, 429, sentence or _("You ask for too much at once. Try again in some seconds."), wait)


def downloads_of(request: HttpRequest) -> list[Bucket]:
    """The bucket that pays for what workers do for the address of a request, in estimated seconds."""
    if not settings.LIMIT_RATE:
        return []
    return [Bucket(f"downloads:{client_address(request)}", settings.LIMIT_RATE, settings.LIMIT_DOWNLOAD_BURST)]


def tries_to_sign_in(request: HttpRequest) -> bool:
    """Whether a request comes with a password."""
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.view_name in SIGN_INS


def sign_ins_of(request: HttpRequest) -> list[Bucket]:
    """The bucket that pays for attempts to sign in from where this request comes from."""
    most = settings.LIMIT_SIGN_INS
    return [Bucket(f"sign-in:{client_address(request)}", most / SIGN_IN_SECONDS, most)] if most else []


def _give_back(sender: type[AbstractBaseUser], request: HttpRequest | None, **kwargs: Any) -> None:
    """An attempt with the right password is free."""
    if request and tries_to_sign_in(request):
        take(sign_ins_of(request), -1)


user_logged_in.connect(_give_back)
