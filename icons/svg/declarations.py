"""Declarations of CSS: which properties and values count, and in which spelling."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import tinycss2

from icons.svg.allowed import GEOMETRY, PRESENTATION, STYLE_ONLY, safe_value
from icons.svg.lengths import Context
from icons.svg.values import NORMALISERS, normalised

MAX_VALUE = 1000  # characters of a value with variables

MARKERS = ("marker-start", "marker-mid", "marker-end")
# Properties that become other attributes than those of their name, or that others are computed from.
ANIMATION = frozenset(
    {"animation", "animation-name", "animation-fill-mode", "animation-iteration-count", "animation-direction"}
)
PLACING = frozenset({"transform", "transform-origin", "transform-box", "translate", "rotate", "scale"})
RESOLVED = ANIMATION | PLACING | {"font-size", "background"}
LENGTHS = frozenset().union(*GEOMETRY.values()) - {"d"}
STYLED = PRESENTATION | STYLE_ONLY | LENGTHS | RESOLVED | {"d", "marker"}
INITIAL = {"fill": "black", "stroke": "none", "stroke-width": "1", "opacity": "1", "display": "inline", "d": "none"}
ALIASES = {"background-color": "background", "mask-image": "mask"}
RESETS = frozenset({"initial", "unset", "inherit", "revert", "revert-layer"})
RESETTABLE = STYLED - {"marker"}
UNSET = ""  # the value of a property that a style resets: the element's attribute does not count either
NEUTRAL = Context(1, 1)
_link = re.compile(r"url\(\s*['\"]?#[^)]*\)", re.IGNORECASE).match
_path = re.compile(r"path\(\s*(?:[a-z]+\s*,\s*)?(['\"])([^'\"]*)\1\s*\)\Z").match

Declaration = tuple[bool, str, str]  # important, property, value


@lru_cache(maxsize=1000)
def inline_declarations(style: str) -> tuple[Declaration, ...]:
    """The allowed declarations in a style attribute."""
    return tuple(declarations_in(style))


def declarations_in(css: str | list[Any]) -> list[Declaration]:
    """The allowed declarations in a style attribute or in a parsed rule's block that are valid, as browsers see it."""
    valid: list[Declaration] = []
    for node in tinycss2.parse_blocks_contents(css):
        if node.type != "declaration":
            continue
        name = node.name if node.name.startswith("--") else node.lower_name
        if name.startswith("-webkit-"):
            name = name.removeprefix("-webkit-")
        name = ALIASES.get(name, name)
        if name == "all":
            valid += [(node.important, *reset) for reset in _resets(tinycss2.serialize(node.value).strip().lower())]
        if name not in STYLED and not name.startswith("--"):
            continue
        value = _valid(name, tinycss2.serialize([part for part in node.value if part.type != "comment"]).strip())
        if value is not None:
            names = MARKERS if name == "marker" else (name,)
            valid += [(node.important, name, value) for name in names]
    return valid


def _resets(keyword: str) -> Iterator[tuple[str, str]]:
    """What `all` says of each property, as pages that put an icon among other people's styles write it."""
    if keyword in RESETS:
        yield from ((name, _valid(name, keyword) or UNSET) for name in sorted(RESETTABLE))


def _valid(name: str, value: str) -> str | None:
    """The value, or UNSET for a keyword that resets; None where browsers ignore the declaration, or it is not safe."""
    if not value or "\\" in value or "/*" in value:
        return None
    if name.startswith("--"):
        return value if len(value) <= MAX_VALUE else None
    lower = value.lower()
    if lower in RESETS:
        return INITIAL.get(name, UNSET) if lower == "initial" else UNSET
    if "var(" in lower:
        return value
    if name == "d":
        path = _path(value)
        return path[2] if path else "" if lower == "none" else None
    if name == "mask" and (link := _link(value)):
        return link[0]
    if name in NORMALISERS:
        return value if normalised(name, value, NEUTRAL) is not None or "%" in value else None
    if name in RESOLVED or (name == "clip-path" and "url(" not in lower):
        return value
    return safe_value(value)
