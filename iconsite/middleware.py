"""Middleware of this site, which it has besides that of Django."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, but it leaves public files alone: they are the same in all languages, also for caches."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        public = "public" in response.get("Cache-Control", "")
        return response if public else super().process_response(request, response)
