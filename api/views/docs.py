"""The schema, and the page made of it on the server, which loads nothing from elsewhere and runs nothing."""

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from icons.icon_files import site_of

METHODS = ("get", "post", "patch", "delete")


class SchemaView(ApiView):
    """What the API can do, for programs."""

    @extend_schema(operation_id="schema", responses={200: {"type": "object"}})
    def get(self, request: Request) -> Response:
        """This schema: OpenAPI 3.1, in JSON."""
        return Response(_schema())


@require_safe
def docs_page(request: HttpRequest) -> HttpResponse:
    """All operations, with their parameters, bodies, answers, and a command that asks each."""
    site = site_of(request)
    return render(
        request, "api/docs.html", {"groups": _groups(site), "description": _plain(_schema()["info"]["description"])}
    )


@cache
def _schema() -> dict[str, Any]:
    """The schema, which does not change while a process runs."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return schema


@cache
def _groups(site: str) -> dict[str, list[dict[str, Any]]]:
    """The operations by the part of the API that they are listed under."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in _schema()["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                groups.setdefault(operation["tags"][0], []).append(_operation(site, path, method, operation))
    return groups


def _operation(site: str, path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    summary, _, rest = operation.get("description", "").partition("\n\n")
    bodies = operation.get("requestBody", {}).get("content", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": summary,
        "rest": _plain(rest),
        "parameters": [
            (each["name"], _kind(each["schema"]), _plain(each.get("description", "")))
            for each in operation.get("parameters", ())
        ],
        "bodies": [(media_type, _fields(content.get("schema", {}))) for media_type, content in bodies.items()],
        "responses": [
            (status, _plain(response["description"]) or "OK", ", ".join(response.get("content", {})))
            for status, response in operation["responses"].items()
        ],
        "command": _command(site, path, method, bodies, {} not in operation.get("security", [{}])),
    }


def _plain(text: str) -> str:
    """A description without the signs of Markdown."""
    return text.replace("`", "")


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    return _schema()["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema


def _fields(schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    schema = _resolved(schema)
    required = schema.get("required", ())
    return [
        (f"{name} *" if name in required else name, _kind(each), _plain(each.get("description", "")))
        for name, each in schema.get("properties", {}).items()
        if not each.get("readOnly")
    ]


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words: "array of string", "integer 1–200"."""
    schema = _resolved(schema)
    kind = schema.get("type", "any")
    if kind == "array":
        return f"array of {_kind(schema.get('items', {}))}"
    values = schema.get("enum")
    if values:
        return " | ".join(str(value) or "–" for value in values)
    least, most = schema.get("minimum"), schema.get("maximum")
    bounds = f" {least}–{most}" if least is not None and most is not None else ""
    return (" | ".join(kind) if isinstance(kind, list) else str(kind)) + bounds


def _command(site: str, path: str, method: str, bodies: dict[str, Any], needs_key: bool) -> str:
    address = site + path.replace("{prefix}", "tabler").replace("{name}", "home").replace("{id}", "1")
    words = ["curl"]
    if needs_key:
        words.append('-H "Authorization: Bearer $ICONSITE_TOKEN"')
    if method in ("patch", "delete"):
        words.append(f"-X {method.upper()} -H 'If-Match: *'")
    if "multipart/form-data" in bodies:
        field = next(iter(bodies["multipart/form-data"].get("schema", {}).get("required", ["file"])), "file")
        words.append(f"-F {field}=@file")
    elif bodies:
        words.append(f"--json '{json.dumps({})}'")
    elif method == "post":
        words.append("-X POST")
    return " ".join([*words, f"'{address}'"])
