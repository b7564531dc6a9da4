"""Texts and numbers in the query of an address, whatever somebody may have written there."""

from django.http import HttpRequest

LONGEST_TEXT = 200  # characters that are looked for


def text_in(request: HttpRequest, name: str) -> str:
    """The text without NUL, which Postgres does not take, and without spaces around it."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST_TEXT]


def number_in(request: HttpRequest, name: str, least: int, most: int) -> int:
    """A whole number within bounds; the least where it is none."""
    text = request.GET.get(name, "")
    if not text.isdecimal():
        return least
    return min(max(int(text[:9]), least), most)  # nine digits are beyond every bound
