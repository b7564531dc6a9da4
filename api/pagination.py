"""Pages of lists. A page begins after the last item of the page before, so that it is stable while items are added."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from api.problems import FieldErrors

LIMIT, CURSOR = "limit", "cursor"  # parameters of an address
MAX_START = 1_000_000  # no words find as many icons


def limit_of(request: Request, usual: int, most: int) -> int:
    """The number of items that a request asks for. Raises FieldErrors where it is none of 1 to `most`."""
    text = request.query_params.get(LIMIT, "")
    if not text:
        return usual
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= most:
        raise FieldErrors({LIMIT: [_("The limit must be a whole number from 1 to {most}.").format(most=most)]})
    return int(text)


def wrong_cursor() -> FieldErrors:
    """The error of a cursor that this site has not made, or made for another list."""
    return FieldErrors({CURSOR: [_("This cursor is not one of this list: begin at its first page.")]})


class Pages(CursorPagination):
    """Pages in the order of a unique field."""

    page_size = 100
    max_page_size = 1000
    cursor_query_description = "Where the page begins, as `next` of the page before has it."
    numbers = False  # whether the field is a whole number

    def get_page_size(self, request: Request) -> int:
        """The items of a page, as the request asks for."""
        return limit_of(request, self.page_size, self.max_page_size)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The cursor of the address, None on the first page. Raises FieldErrors."""
        try:
            cursor: Cursor | None = super().decode_cursor(request)
        except Exception:  # base64, percent-encoding, numbers: whatever is wrong with it, it is none of ours
            raise wrong_cursor() from None
        position = str(cursor.position or "") if cursor else ""
        is_number = position.isascii() and position.isdecimal() and int(position[:20]) < 2**63
        if "\x00" in position or position and self.numbers and not is_number:
            raise wrong_cursor()
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema of a page, of OpenAPI."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters of a list, of OpenAPI."""
        number = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            {"name": CURSOR, "in": "query", "description": self.cursor_query_description, "schema": {"type": "string"}},
            {"name": LIMIT, "in": "query", "description": "Items of a page.", "schema": number},
        ]


class SetPages(Pages):
    """Pages of sets by prefix."""

    ordering = "prefix"
    page_size = 1000


class SetIconPages(Pages):
    """Pages of a set's icons by name."""

    ordering = "name"


class NumberedPages(Pages):
    """Pages in the order in which rows came in."""

    ordering = "pk"
    numbers = True


class LatestPages(NumberedPages):
    """Pages of rows, the latest first."""

    ordering = "-pk"


def start_of(request: Request) -> int:
    """The place at which a page of a ranking begins, counted from 0. Raises FieldErrors."""
    text = request.query_params.get(CURSOR, "")
    if not text:
        return 0
    try:
        start = int(urlsafe_b64decode(text.encode()).decode().removeprefix("from="))
    except ValueError:  # of base64, UTF-8 and numbers
        raise wrong_cursor() from None
    if not 0 <= start <= MAX_START:
        raise wrong_cursor()
    return start


def page_link(request: Request, start: int) -> str:
    """The address of the page of a ranking that begins at this place."""
    cursor = urlsafe_b64encode(f"from={start}".encode()).decode()
    return str(replace_query_param(request.build_absolute_uri(), CURSOR, cursor))
