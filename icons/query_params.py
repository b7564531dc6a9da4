"""Reading texts and numbers from the query of an address, whatever somebody has written there."""

from django.http import HttpRequest

MAX_TEXT = 200  # characters; the rest of a longer text is cut off


def text_in(request: HttpRequest, name: str) -> str:
    """The text of this parameter, without NUL, which Postgres does not store, and without spaces around it."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:MAX_TEXT]


def number_in(request: HttpRequest, name: str, least: int, most: int) -> int:
    """The whole number of this parameter, moved into the bounds; the least where it is no number."""
    text = request.GET.get(name, "")
    if not text.isdecimal():
        return least
    return min(max(int(text[:9]), least), most)  # nine digits are more than any bound has
