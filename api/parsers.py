"""How the API reads JSON."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError


def load_json(body: bytes) -> Any:
    """What a body says. Raises ValueError where it is not JSON, or nests deeper than can be read."""
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("The JSON nests too deep.") from None


class JSONParser(parsers.JSONParser):
    """The framework's own, but that deep JSON is refused as other damaged bodies are."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The data of a body. Raises ParseError."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The body is no JSON.")) from None
