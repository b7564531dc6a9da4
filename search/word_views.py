"""The page of the search by words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from icons.query_params import number_in, text_in
from search.words.look_up import search_by_words, sets_named

PER_PAGE, MOST_PAGES = 120, 80  # icons, pages


@require_safe
def words_page(request: HttpRequest) -> HttpResponse:
    """Icons by words; with `part`, the list alone, for a page that changes while somebody types."""
    text, number = text_in(request, "q"), number_in(request, "page", 1, MOST_PAGES)
    found = search_by_words(text, PER_PAGE + 1, (number - 1) * PER_PAGE) if text else []
    ctx = {
        "text": text,
        "icons": found[:PER_PAGE],
        "first": (number - 1) * PER_PAGE + 1,
        "last": (number - 1) * PER_PAGE + min(len(found), PER_PAGE),
        "named": sets_named(text) if number == 1 else [],
        "previous": number - 1,
        "next": number + 1 if len(found) > PER_PAGE and number < MOST_PAGES else 0,
    }
    return render(request, "search/_word_results.html" if "part" in request.GET else "search/word_search.html", ctx)
