"""What the schema says of parameters and errors that several addresses have."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from icons.exporting.bitmaps import BITMAP_FORMATS
from icons.exporting.code import CODE_FORMATS
from search.styles import Style

NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
STRINGS = {"type": "array", "items": {"type": "string"}}
TEXT_FORMS = tuple(each.key for each in CODE_FORMATS if each.key != "svg")
FORMS = ("svg", *BITMAP_FORMATS, *TEXT_FORMS)


class ProblemSerializer(serializers.Serializer):
    """Problem details, RFC 9457. `detail` is a sentence in the language of Accept-Language."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text="Names the problem for programs, in every language.")
    errors = serializers.DictField(  # type: ignore[assignment]  # a field, which the class does not keep
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="The wrong fields, each with its sentences.",
    )


SENTENCES = {
    400: "A field or parameter is wrong; `errors` has the sentences.",
    404: "There is nothing at this address.",
    409: "It does not fit with what there is.",
    410: "What was asked for is no longer kept.",
    412: "It has changed since its ETag was read.",
    413: "The body is too large.",
    415: "The content type cannot be read.",
    422: "This cannot be done with it.",
    428: "If-Match is missing: send the ETag of what is to be changed, or *.",
}


def problems(*statuses: int) -> dict[Any, OpenApiResponse]:
    """The responses of these statuses, which are problems."""
    return {
        (status, "application/problem+json"): OpenApiResponse(ProblemSerializer, SENTENCES[status])
        for status in statuses
    }


def repeated(name: str, description: str, values: Sequence[str] = ()) -> OpenApiParameter:
    """A parameter of an address that may be repeated."""
    items: dict[str, Any] = {"type": "string", **({"enum": list(values)} if values else {})}
    schema = {"type": "array", "items": items}
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=description, explode=True, style="form")


def text(name: str, description: str, **more: Any) -> OpenApiParameter:
    """A parameter of an address that is a text."""
    return OpenApiParameter(name, str, OpenApiParameter.QUERY, description=description, **more)


def in_path(name: str, description: str) -> OpenApiParameter:
    """A name in an address."""
    schema = {"type": "string", "pattern": NAME, "maxLength": 200}
    return OpenApiParameter(name, schema, OpenApiParameter.PATH, description=description)


def number(name: str, description: str, least: int, most: int, usual: int | None = None) -> OpenApiParameter:
    """A parameter of an address that is a whole number."""
    schema: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": most}
    if usual is not None:
        schema["default"] = usual
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=description)


PREFIX = in_path("prefix", "The prefix of a set.")
NARROWING = [
    repeated("set", "Only icons of these sets, by prefix."),
    repeated("licence", "Only icons of these licences: SPDX ids, or titles where a set has none."),
    repeated("style", "Only icons of these styles.", Style.values),
    repeated("tag", "Only icons with one of these tags."),
    repeated("category", "Only icons of these categories."),
    text("palette", "Only icons of one colour, or only icons in colours.", enum=["mono", "colour"]),
]
LOOK = [
    text("colour", "CSS colour in place of the current colour: f80, ff8800 or a name."),
    number("size", "Pixels of the longer side.", 1, 4096),
    OpenApiParameter("stroke", {"type": "number", "minimum": 0.1, "maximum": 20}, description="Width of the strokes."),
    number("rotate", "Quarter turns clockwise.", 0, 3),
    repeated("flip", "Mirror it, horizontally (x) or vertically (y).", ["x", "y"]),
    OpenApiParameter("credit", {"type": "string", "enum": ["on"]}, description="Write author and licence into it."),
    OpenApiParameter("download", {"type": "string"}, description="Have browsers save it as a file."),
    text("v", "The version of the drawing, as `svg_url` has it: the answer may then be cached for ever."),
]
