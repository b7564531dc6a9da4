"""The page of the search by words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from icons.query_params import number_in, text_in
from search.words.look_up import search_by_words, sets_by_words

PAGE_SIZE = 120  # icons on a page
MAX_PAGES = 80  # pages; a person who has not found the icon by then needs another word


@require_safe
def words_page(request: HttpRequest) -> HttpResponse:
    """The page of icons that fit the words in `q`. With `part` in the query, only the list of icons is returned.

    The script of the page asks for that list while somebody types.
    """
    text, number = text_in(request, "q"), number_in(request, "page", 1, MAX_PAGES)
    icons = search_by_words(text, PAGE_SIZE + 1, (number - 1) * PAGE_SIZE) if text else []
    ctx = {
        "text": text,
        "icons": icons[:PAGE_SIZE],
        "first": (number - 1) * PAGE_SIZE + 1,
        "last": (number - 1) * PAGE_SIZE + min(len(icons), PAGE_SIZE),
        "named": sets_by_words(text) if number == 1 else [],
        "previous": number - 1,
        "next": number + 1 if len(icons) > PAGE_SIZE and number < MAX_PAGES else 0,
    }
    return render(request, "search/_word_results.html" if "part" in request.GET else "search/word_search.html", ctx)
