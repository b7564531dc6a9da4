"""Where to go after a form that is on every page, such as that of the language."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, otherwise: str = "/") -> str:
    """The address of the page that the visitor came from, if it is a page of this site, else `otherwise`."""
    back = request.META.get("HTTP_REFERER", "")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()) else otherwise
