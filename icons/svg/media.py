"""Media queries and @supports, as they are for an icon on a light page."""

import re

from icons.svg.lengths import Context, user_units
from icons.svg.values import paint

PAGE_WIDTH = 200.0  # px, of the viewport that queries for a width are compared with; icons are not larger on most pages
FEATURES = {
    "prefers-color-scheme": "light",
    "prefers-reduced-motion": "no-preference",
    "prefers-contrast": "no-preference",
    "prefers-reduced-transparency": "no-preference",
    "forced-colors": "none",
    "inverted-colors": "none",
    "hover": "hover",
    "pointer": "fine",
    "scripting": "none",
    "update": "fast",
    "orientation": "portrait",
    "color-gamut": "srgb",
    "dynamic-range": "standard",
}
PRESENT = frozenset({"color", "hover", "pointer", "width", "height"})  # features that hold without a value
_condition = re.compile(r"\(\s*([a-z-]+)\s*(?::\s*([^()]*?)\s*)?\)").fullmatch
_supported = re.compile(r"\(\s*([a-z-]+)\s*:\s*(.+?)\s*\)", re.DOTALL).fullmatch


def media_matches(query: str) -> bool:
    """Whether styles for these media hold; an empty query holds."""
    return any(map(_holds, query.lower().split(",")))


def _holds(query: str) -> bool:
    query = " ".join(query.split()).removeprefix("only ")
    negated = query.startswith("not ")
    parts = query.removeprefix("not ").split(" and ")
    return all(map(_part_holds, parts)) != negated


def _part_holds(part: str) -> bool:
    part = part.strip()
    if part in ("", "all", "screen"):
        return True
    match = _condition(part)
    if match is None:
        return False
    name, value = match[1], match[2]
    if value is None:
        return name in PRESENT
    if name in ("min-width", "max-width", "min-height", "max-height"):
        length = user_units(value, "x", Context(PAGE_WIDTH, PAGE_WIDTH))
        return length is not None and (length <= PAGE_WIDTH if name.startswith("min") else length >= PAGE_WIDTH)
    return FEATURES.get(name) == value


def supports(condition: str) -> bool:
    """Whether `@supports (property: value)` holds. Conditions that icons use are on colours."""
    text = condition.strip()
    negated = text.lower().startswith("not ")
    match = _supported(text[4:].strip() if negated else text)
    return match is not None and (paint(match[2]) is not None or match[1] not in ("color", "fill", "stroke")) != negated
