"""Media queries and @supports, as they are for an icon on a light page."""

import re
from collections.abc import Callable

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
_range = re.compile(r"\(\s*(width|height)\s*([<>]=?)\s*([^()<>]+?)\s*\)").fullmatch
_between = re.compile(r"\(\s*([^()<>]+?)\s*([<>]=?)\s*(width|height)\s*([<>]=?)\s*([^()<>]+?)\s*\)").fullmatch
TURNED = str.maketrans("<>", "><")
MAX_NESTED = 10  # brackets within one another
MAX_LENGTH = 1000  # characters of conditions that are combined
_supported = re.compile(r"\(\s*([a-z-]+)\s*:\s*(.+?)\s*\)", re.DOTALL).fullmatch


def media_matches(query: str) -> bool:
    """Whether styles for these media hold; an empty query holds."""
    return any(map(_holds, query.lower().split(",")))


def _holds(query: str) -> bool:
    query = " ".join(query.split()).removeprefix("only ")
    return _combined(query, _part_holds)


def _combined(text: str, holds: Callable[[str], bool], depth: int = 0) -> bool:
    """Whether conditions hold that `not`, `and`, `or` and brackets combine; `holds` tells of a single one."""
    text = text.strip()
    if depth > MAX_NESTED or len(text) > MAX_LENGTH:
        return False
    for word, combine in ((" or ", any), (" and ", all)):
        parts = _outside_brackets(text, word)
        if len(parts) > 1:
            if word == " and " and text.startswith("not ") and "(" not in parts[0]:  # of a medium with its features
                return not _combined(text[4:], holds, depth + 1)
            return combine([_combined(part, holds, depth + 1) for part in parts])
    if text.startswith("not "):
        return not _combined(text[4:], holds, depth + 1)
    inside = text[1:-1].strip()
    if text[:1] == "(" and text[-1:] == ")" and (inside[:1] == "(" or inside.startswith("not ")):
        return _combined(inside, holds, depth + 1)
    return holds(text)


def _outside_brackets(text: str, separator: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and text.startswith(separator, index):
            parts.append(text[start:index])
            start = index + len(separator)
    return [*parts, text[start:]]


def _part_holds(part: str) -> bool:
    part = part.strip()
    if part in ("", "all", "screen"):
        return True
    match = _condition(_ranged(part))
    if match is None:
        bounds = _between(part)
        return bounds is not None and all(
            _part_holds(f"({bound})")
            for bound in (
                f"{bounds[3]} {bounds[2].translate(TURNED)} {bounds[1]}",
                f"{bounds[3]} {bounds[4]} {bounds[5]}",
            )
        )
    name, value = match[1], match[2]
    if value is None:
        return name in PRESENT
    if name in ("min-width", "max-width", "min-height", "max-height"):
        length = user_units(value, "x", Context(PAGE_WIDTH, PAGE_WIDTH))
        return length is not None and (length <= PAGE_WIDTH if name.startswith("min") else length >= PAGE_WIDTH)
    return FEATURES.get(name) == value


def _ranged(part: str) -> str:
    """A condition such as (width >= 1px) as (min-width: 1px); any other as it is."""
    match = _range(part)
    return f"({'min' if match[2][0] == '>' else 'max'}-{match[1]}: {match[3]})" if match else part


def supports(condition: str) -> bool:
    """Whether the conditions of @supports hold. Those that icons use are on colours."""
    return _combined(" ".join(condition.split()), _is_supported)


def _is_supported(part: str) -> bool:
    match = _supported(part)
    if match is None:
        return part.lower().startswith("selector(")
    return paint(match[2]) is not None or match[1] not in ("color", "fill", "stroke")
