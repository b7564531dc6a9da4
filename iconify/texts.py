"""Texts of answers, and the parameters that say how they are written."""

import json
import re
from collections.abc import Mapping
from typing import Any

from iconify.js import as_data

Parameters = Mapping[str, list[str]]  # of an address, with the values of each
Query = dict[str, str]
CALLBACK = re.compile(r"[a-z0-9_.]+\Z", re.IGNORECASE | re.ASCII)


def query_of(parameters: Parameters) -> Query:
    """The parameters of an address; of one that is given twice, the last."""
    # Postgres holds no NUL, and no name has one.
    return {key: values[-1].replace("\0", "") for key, values in parameters.items()}


def callback_of(query: Query, default: str = "") -> str | None:
    """The function to call with the answer, or "" for none; None where the name is not one."""
    callback = query.get("callback") or default
    return callback if not callback or CALLBACK.match(callback) else None


def as_json(data: Any, query: Query) -> str:
    """JSON, indented where the query asks for it."""
    return json.dumps(data, ensure_ascii=False, indent=4) if query.get("pretty") else as_data(data)


def with_callback(text: str, callback: str) -> tuple[str, str]:
    """The JSON as a call of the function, unless that is "", and its media type."""
    return (f"{callback}({text});", "application/javascript") if callback else (text, "application/json")


def encoded(text: str) -> bytes:
    """The text in UTF-8; JSON has an escape for halves of surrogate pairs, which that cannot hold."""
    return text.encode(errors="backslashreplace")
