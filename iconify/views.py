"""The addresses that clients of Iconify ask: what they answer, and with which headers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from iconify import replies
from iconify.bodies import icon_texts
from iconify.exporting import Selection, iconify_json
from iconify.js import as_data
from iconify.kept_answers import MADE_OF, MadeOf
from iconify.npm_package import data_files
from iconify.questions import ABSENT, Drawing, IconsData, Question, StyleSheet, drawing_by_id
from iconify.served_set import ServedSet
from iconify.sets import served_set
from iconify.texts import Parameters, Query, as_json, callback_of, encoded, query_of, with_callback
from icons.exporting.code import PROVIDER
from icons.models import IconSet

Json = dict[str, Any]
View = Callable[..., HttpResponse]
VERSION = "Iconify API version 3.2.0 (Iconsite)"  # of the contract that is kept
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
        absent = ABSENT if response.status_code == 404 else {}
        for name, value in {**CORS, "Cache-Control": keep, **absent}.items():
            response[name] = value
        return response

    return answer


@public
def icons_data(request: HttpRequest, prefix: str, ending: str) -> HttpResponse:
    """Icons as Iconify JSON, or with the ending `js` as a call of a function."""
    return _about_icons(request, IconsData(parameters_of(request), prefix, ending))


@public
def svg(request: HttpRequest, prefix: str, name: str) -> HttpResponse:
    """One icon as SVG."""
    return _about_icons(request, Drawing(parameters_of(request), prefix, name))


@public
def svg_by_id(request: HttpRequest, name: str) -> HttpResponse:
    """One icon as SVG, named by its set and its name together."""
    return _about_icons(request, drawing_by_id(parameters_of(request), name))


@public
def css(request: HttpRequest, prefix: str) -> HttpResponse:
    """Icons as a style sheet."""
    return _about_icons(request, StyleSheet(parameters_of(request), prefix))


def _about_icons(request: HttpRequest, question: Question) -> HttpResponse:
    served = _served(request, question.prefix) if question.is_sound else None
    texts = icon_texts(served, question.bases(served)) if served else {}
    answer = question.answer(served, texts)
    return HttpResponse(answer.body, answer.content_type, answer.status, headers=answer.headers)


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
    return _text(as_data(data_of(Selection(icon_set))), "application/json") if icon_set else _error(404)


@public
def provider(request: HttpRequest) -> HttpResponse:
    """What programs of Iconify are to call this site, and where its API is."""
    data = {"provider": PROVIDER, "title": "Iconsite", "api": request.build_absolute_uri("/iconify")}
    return _json(data, query_of(parameters_of(request)), "")


def json_view(reply: Callable[[Query], Json | int]) -> View:
    """The view that answers with what this function makes of the query."""
    return _json_view(lambda request, query: reply(query))


def _json_view(reply: Callable[[HttpRequest, Query], Json | int]) -> View:

    @public
    def view(request: HttpRequest) -> HttpResponse:
        query = query_of(parameters_of(request))
        callback = callback_of(query)
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


def parameters_of(request: HttpRequest) -> Parameters:
    """The parameters of the address."""
    return dict(request.GET.lists())


def _served(request: HttpRequest, prefix: str) -> ServedSet | None:
    """The set of this prefix; the request keeps in mind that its answer is made of it, and of nothing else."""
    served = served_set(prefix)
    if served:
        match = request.resolver_match
        request.META[MADE_OF] = MadeOf.of(served, match.view_name if match else "")
    return served


def _json(data: Json, query: Query, callback: str) -> HttpResponse:
    return _text(*with_callback(as_json(data, query), callback))


def _text(text: str, media_type: str) -> HttpResponse:
    return HttpResponse(encoded(text), content_type=f"{media_type}; charset=utf-8")


def _error(status: int) -> HttpResponse:
    return HttpResponse(ERRORS[status], status=status, content_type="text/plain; charset=utf-8")
