"""The middleware that this site has besides Django's own."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, but for files that are public: they are the same in all languages, also to caches."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        public = "public" in response.get("Cache-Control", "")
        return response if public else super().process_response(request, response)
