"""The page of the search by words, and the list of icons that other pages show while somebody types."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from icons.models import IconSet
from icons.query_params import number_in, text_in
from search.filters import licences_in_use
from search.forms import NarrowingForm
from search.styles import Style
from search.words.look_up import WordAnswer, search_by_words, sets_by_words

PAGE_SIZE = 120  # icons on a page
PREVIEW = 24  # icons that another page shows while somebody types
MAX_TILES = 480  # icons that a script may ask for at once
MAX_START = 1_000_000  # no words find as many icons
NARROWING = ("set", "licence", "palette", "style")
PAGE, PART, TILES = "search/word_search.html", "search/_word_results.html", "search/_word_tiles.html"


@require_safe
def words_page(request: HttpRequest) -> HttpResponse:
    """The page of icons that fit the words in `q` and the filters; 400 where a filter is wrong.

    With `part` in the query, only the list of icons is returned, as `part=preview` its beginning; with `from`, it is
    `count` tiles alone, from this place on. Scripts ask for these.
    """
    text, form = text_in(request, "q"), NarrowingForm(request.GET)
    part = request.GET.get("part")
    ctx: dict[str, Any] = {"text": text, "form": form, "preview": part == "preview"}
    if not form.is_valid():
        status, ctx = 400, ctx | _filter_context(request)
    elif "from" in request.GET:
        start, count = number_in(request, "from", 0, MAX_START), number_in(request, "count", 1, MAX_TILES)
        return render(request, TILES, {"icons": _search(form, text, count, start).icons})
    else:
        status, ctx = 200, ctx | _page_context(request, form, text) | ({} if part else _filter_context(request))
    return render(request, PAGE if part is None else PART, ctx, status=status)


def _search(form: NarrowingForm, text: str, limit: int, start: int = 0) -> WordAnswer:
    return search_by_words(text, limit, start, form.to_filter().resolve_for_words()) if text else WordAnswer()


def _page_context(request: HttpRequest, form: NarrowingForm, text: str) -> dict[str, Any]:
    page = number_in(request, "page", 1, MAX_START // PAGE_SIZE)
    size = PREVIEW if request.GET.get("part") == "preview" else PAGE_SIZE
    start = (page - 1) * PAGE_SIZE
    answer = _search(form, text, size, start)
    return {
        "answer": answer,
        "icons": answer.icons,
        "start": start,
        "first": start + 1,
        "last": start + len(answer.icons),
        "named": sets_by_words(text) if page == 1 else [],
        "previous": page - 1,
        "next": page + 1 if start + len(answer.icons) < answer.total else 0,
    }


def _filter_context(request: HttpRequest) -> dict[str, Any]:
    """The context of the filters, for the page as a whole."""
    return {
        "chosen": {name: request.GET.getlist(name) for name in NARROWING},
        "sets": IconSet.objects.order_by("title"),
        "licences": licences_in_use(),
        "styles": Style.choices,
    }
