"""The addresses that clients of Iconify ask: what they answer, and with which headers."""

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from iconify import replies
from iconify.css import icons_css
from iconify.drawing import svg_of
from iconify.exporting import Selection, iconify_json
from iconify.js import as_data
from iconify.kept_answers import MADE_OF, MadeOf
from iconify.npm_package import data_files
from iconify.resolving import icons_reply, whole_icon
from iconify.served_set import ServedSet
from iconify.sets import served_set
from icons.exporting.code import PROVIDER
from icons.models import IconSet

Json = dict[str, Any]
Query = dict[str, str]
View = Callable[..., HttpResponse]
VERSION = "Iconify API version 3.2.0 (Iconsite)"  # of the contract that is kept
CALLBACK = re.compile(r"[a-z0-9_.]+\Z", re.IGNORECASE | re.ASCII)
OLD_CALLBACK = "SimpleSVG._loaderCallback"  # of the first clients, which do not name theirs
ERRORS = {400: "Bad request", 404: "Not found"}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, OPTIONS",
    "Access-Control-Allow-Headers": "Origin, X-Requested-With, Content-Type, Accept, Accept-Encoding",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def public(view: View) -> View:
    """A view that pages of any site may read; it answers OPTIONS by itself, and other methods than GET with 404."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
        elif request.method in ("GET", "HEAD"):
            response = view(request, *args, **kwargs)
        else:
            response = HttpResponse(status=404)
        seconds = settings.ICONIFY_CACHE_SECONDS
        keep = f"public, max-age={seconds}, min-refresh={seconds}, immutable" if seconds else "public, no-cache"
        for name, value in {**CORS, "Cache-Control": keep}.items():
            response[name] = value
        return response

    return answer


@public
def icons_data(request: HttpRequest, prefix: str, ending: str) -> HttpResponse:
    """Icons as Iconify JSON, or with the ending `js` as a call of a function."""
    query = query_of(request)
    callback = _callback(query, OLD_CALLBACK) if ending == "js" else ""
    if callback is None:
        return _text("400", "application/json")  # as the original does, with status 200
    asked = request.GET.getlist("icons")
    names = asked[0].split(",") if len(asked) == 1 else asked
    served = _served(request, prefix) if names else None
    if served is None:
        return _text("404", "application/json")
    reply, icons = icons_reply(served, names)
    if query.get("pretty"):
        return _json({**reply, "icons": json.loads(icons)}, query, callback)
    return _data(f'{as_data(reply)[:-1]},"icons":{icons}}}', callback)


@public
def svg(request: HttpRequest, prefix: str, name: str) -> HttpResponse:
    """One icon as SVG."""
    served = _served(request, prefix)
    icon = whole_icon(served, name) if served else None
    if icon is None:
        return _error(404)
    query = query_of(request)
    response = _text(svg_of(icon, query), "image/svg+xml")
    # The drawing is cleaned, but colour and size come from whoever wrote the address.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    if query.get("download"):
        response["Content-Disposition"] = f'attachment; filename="{name}.svg"'
    return response


@public
def svg_by_id(request: HttpRequest, name: str) -> HttpResponse:
    """One icon as SVG, named `prefix:name` or, where the prefix has no hyphen, `prefix-name`."""
    for separator in ":-":
        if separator in name:
            prefix, _, rest = name.partition(separator)
            return svg(request, prefix, rest)
    return _error(404)


@public
def whole_set(request: HttpRequest, prefix: str) -> HttpResponse:
    """A set as one file of Iconify JSON, where tools expect a CDN of all sets."""
    return _whole(request, prefix, iconify_json)


@public
def package_icons(request: HttpRequest, prefix: str) -> HttpResponse:
    """All icons of a set as its npm package has them, where tools expect a CDN of packages."""
    return _whole(request, prefix, lambda selection: data_files(selection)["icons"])


def _whole(request: HttpRequest, prefix: str, data_of: Callable[[Selection], Json]) -> HttpResponse:
    served = _served(request, prefix)
    icon_set = IconSet.objects.filter(pk=served.pk).first() if served else None
    return _data(as_data(data_of(Selection(icon_set))), "") if icon_set else _error(404)


@public
def provider(request: HttpRequest) -> HttpResponse:
    """What programs of Iconify are to call this site, and where its API is."""
    data = {"provider": PROVIDER, "title": "Iconsite", "api": request.build_absolute_uri("/iconify")}
    return _json(data, query_of(request), "")


@public
def css(request: HttpRequest, prefix: str) -> HttpResponse:
    """Icons as a style sheet."""
    query = query_of(request)
    served = _served(request, prefix) if "icons" in query else None
    if served is None:
        return _error(404)
    response = _text(icons_css(served, query["icons"].split(","), query), "text/css")
    if query.get("download"):
        response["Content-Disposition"] = f'attachment; filename="{prefix}.css"'
    return response


def json_view(reply: Callable[[Query], Json | int]) -> View:
    """The view that answers with what this function makes of the query."""
    return _json_view(lambda request, query: reply(query))


def _json_view(reply: Callable[[HttpRequest, Query], Json | int]) -> View:

    @public
    def view(request: HttpRequest) -> HttpResponse:
        query = query_of(request)
        callback = _callback(query)
        if callback is None:
            return _error(400)
        result = reply(request, query)
        return _error(result) if isinstance(result, int) else _json(result, query, callback)

    return view


@public
def version(request: HttpRequest) -> HttpResponse:
    """The version of the contract."""
    return _text(VERSION, "text/plain")


@public
def robots(request: HttpRequest) -> HttpResponse:
    """Asks search engines to stay away."""
    return _text("User-agent: *\nDisallow: /\n", "text/plain")


@public
def home(request: HttpRequest) -> HttpResponse:
    """Leads a person to the website."""
    return HttpResponse(status=301, headers={"Location": "/"})


@public
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """The answer to any other address."""
    return HttpResponse(status=404)


collections = json_view(replies.collections)
collection = _json_view(lambda request, query: replies.names_of_set(_served(request, query.get("prefix", "")), query))
list_icons = json_view(lambda query: replies.names_of_sets(query, False))
list_icons_categorised = json_view(lambda query: replies.names_of_sets(query, True))
search = json_view(replies.search)
keywords = json_view(replies.keywords)
last_modified = json_view(replies.last_modified)


def query_of(request: HttpRequest) -> Query:
    """The parameters of the address; of one that is given twice, the last."""
    # Postgres holds no NUL, and no name has one.
    return {key: str(value).replace("\0", "") for key, value in request.GET.items()}


def _served(request: HttpRequest, prefix: str) -> ServedSet | None:
    """The set of this prefix; the request keeps in mind that its answer is made of it, and of nothing else."""
    served = served_set(prefix)
    if served:
        match = request.resolver_match
        request.META[MADE_OF] = MadeOf.of(served, match.view_name if match else "")
    return served


def _callback(query: Query, default: str = "") -> str | None:
    """The function to call with the answer, or "" for none; None where the name is not one."""
    callback = query.get("callback") or default
    return callback if not callback or CALLBACK.match(callback) else None


def _json(data: Json, query: Query, callback: str) -> HttpResponse:
    return _data(json.dumps(data, ensure_ascii=False, indent=4) if query.get("pretty") else as_data(data), callback)


def _data(text: str, callback: str) -> HttpResponse:
    return _text(f"{callback}({text});" if callback else text, f"application/{'javascript' if callback else 'json'}")


def _text(text: str, media_type: str) -> HttpResponse:
    # JSON has an escape for halves of surrogate pairs, which UTF-8 cannot hold.
    return HttpResponse(text.encode(errors="backslashreplace"), content_type=f"{media_type}; charset=utf-8")


def _error(status: int) -> HttpResponse:
    return HttpResponse(ERRORS[status], status=status, content_type="text/plain; charset=utf-8")
