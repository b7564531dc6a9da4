"""Effects: the functions of the property `filter`, with lengths in pixels and colours that every reader knows."""

from typing import Any

import tinycss2

from icons.svg.allowed import safe_value
from icons.svg.colours import is_current, parse_colour
from icons.svg.lengths import PIXELS, Context, user_units, written

FONT_UNITS = frozenset({"em", "rem", "ex", "ch", "ic"})


def effects(value: str, context: Context) -> str | None:
    """The value of `filter` in its one spelling; None where it is not valid, or could load anything.

    >>> effects("drop-shadow(0 1mm .5em #0008)", Context(24, 24))
    'drop-shadow(0 3.779528px 8px rgba(0, 0, 0, 0.533))'
    """
    safe = safe_value(value)
    if safe is None or "(" not in safe:
        return safe or None
    nodes = tinycss2.parse_component_value_list(safe)
    return "".join(_written(node, context) for node in nodes).strip()


def _written(node: Any, context: Context) -> str:
    if node.type == "function" and node.lower_name == "drop-shadow":
        return f"drop-shadow({''.join(_part(part, context) for part in node.arguments).strip()})"
    if node.type == "function" and node.lower_name == "blur":
        return f"blur({''.join(_part(part, context) for part in node.arguments).strip()})"
    return str(node.serialize())


def _part(node: Any, context: Context) -> str:
    text = str(node.serialize())
    if node.type == "dimension" and (node.lower_unit in PIXELS or node.lower_unit in FONT_UNITS):
        length = user_units(text, "x", context)
        return text if length is None else f"{written(length)}px"
    if node.type in ("hash", "ident", "function"):
        colour = parse_colour(text)
        if colour is not None and not is_current(text):
            return colour.as_css
    return text
