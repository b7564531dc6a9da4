"""The schema, OpenAPI 3.1: what Django REST framework and drf-spectacular cannot tell by themselves."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

DESCRIPTION = """\
Icons by picture, by words and by id. Every error is a problem (RFC 9457) with a sentence in the language of
`Accept-Language` (English or Chinese) and a `code` for programs.

A request costs the seconds for which it keeps the site busy, so that a search costs more than an icon. Each key, or
each address without one, has a bucket of such seconds: `RateLimit` says what is left of it, and 429 comes with
`Retry-After`. Who waits for each answer before asking again is not refused. This is no substitute for a proxy.
"""
OPERATING = ("/api/v1/imports/", "/api/v1/index/")  # what is not for strangers even to read
OPEN = ("/api/v1/search/", "/api/v1/exports/")  # where strangers may also send something
PROBLEM = {"$ref": "#/components/schemas/Problem"}
EVERYWHERE = {
    "401": "A key is needed, or the one that was sent is not valid.",
    "403": "The key or its owner may not do that.",
    "429": "The visitor has taken too much: ask again after `Retry-After` seconds.",
    "503": "A part of the site is away: ask again after `Retry-After` seconds.",
}
WAITING = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}}


class Schema(AutoSchema):
    """Each view under the first word of its address."""

    def get_tags(self) -> list[str]:
        """The part of the API that an operation is listed under."""
        return [self.path.removeprefix("/api/v1/").partition("/")[0]]

    def get_filter_backends(self) -> list[Any]:
        """None: filters are parameters that views declare."""
        return []


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the problems that every address may answer with, and what is said of the whole."""
    result["info"]["description"] = DESCRIPTION
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if method == "get" and not path.startswith(OPERATING) or path.startswith(OPEN):
                operation["security"].append({})  # unless the settings say otherwise
            for status, sentence in EVERYWHERE.items():
                response: dict[str, Any] = {
                    "description": sentence,
                    "content": {"application/problem+json": {"schema": PROBLEM}},
                }
                if status in ("429", "503"):
                    response["headers"] = WAITING
                operation["responses"].setdefault(status, response)
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result
