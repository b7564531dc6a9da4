"""Styles: which CSS declarations hold for each element, in the order of the cascade."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2
from django.utils.translation import gettext as _

from icons.svg.allowed import GEOMETRY, PRESENTATION, STYLE_ONLY, safe_value
from icons.svg.lengths import Context
from icons.svg.limits import refuse
from icons.svg.media import media_matches, supports
from icons.svg.reading import Reader
from icons.svg.values import NORMALISERS, normalised

MAX_MATCHES = 1_000_000  # selectors and declarations tried, over all elements of an SVG
MAX_COMBINATORS = 5  # spaces, ">", "+" and "~" in one selector
MAX_SELECTOR = 1000  # characters of one selector
SELECTOR_COST = 10  # matches; compiling a character of a selector takes as long
MAX_VALUE = 1000  # characters of a value with variables
MAX_NESTED_RULES = 5  # at-rules within one another

MARKERS = ("marker-start", "marker-mid", "marker-end")
# Properties that become other attributes than those of their name, or that others are computed from.
ANIMATION = frozenset({"animation", "animation-name", "animation-fill-mode", "animation-iteration-count"})
PLACING = frozenset({"transform", "transform-origin", "transform-box", "translate", "rotate", "scale"})
RESOLVED = ANIMATION | PLACING | {"font-size"}
LENGTHS = frozenset().union(*GEOMETRY.values()) - {"d"}
STYLED = PRESENTATION | STYLE_ONLY | LENGTHS | RESOLVED | {"d", "marker"}
INITIAL = {"fill": "black", "stroke": "none", "stroke-width": "1", "opacity": "1", "display": "inline", "d": "none"}
UNSET = ""  # the value of a property that a style resets: the element's attribute does not count either
NEUTRAL = Context(1, 1)
_variable = re.compile(r"var\(\s*(--[^\s,()]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
_simple = re.compile(r"[\w-]*([.#][\w-]+)").fullmatch
_siblings = re.compile(r"~|of-type").search
_path = re.compile(r"path\(\s*(?:[a-z]+\s*,\s*)?(['\"])([^'\"]*)\1\s*\)\Z").match

Declaration = tuple[bool, str, str]  # important, property, value


class Styles(NamedTuple):
    """What the <style> elements of a document say."""

    rules: dict[Element, list[Declaration]]  # for each element what is declared for it, the weakest first
    keyframes: Mapping[str, list[tuple[str, list[Declaration]]]]  # of each animation, its frames by their selectors


def cascade(*declarations: list[Declaration] | tuple[Declaration, ...]) -> dict[str, str]:
    """The value that holds of each property; the weakest declarations come first."""
    ordered = [declaration for group in declarations for declaration in group]
    if any(important for important, _name, _value in ordered):
        ordered.sort(key=lambda declaration: declaration[0])
    return {name: value for _important, name, value in ordered}


@lru_cache(maxsize=1000)
def inline_declarations(style: str) -> tuple[Declaration, ...]:
    """The allowed declarations in a style attribute."""
    return tuple(_declarations(style))


def _declarations(css: str | list[Any]) -> list[Declaration]:
    """The allowed declarations in a style attribute or in a parsed rule's block that are valid, as browsers see it."""
    declarations: list[Declaration] = []
    for node in tinycss2.parse_blocks_contents(css):
        if node.type != "declaration":
            continue
        name = node.name if node.name.startswith("--") else node.lower_name
        if name not in STYLED and not name.startswith("--"):
            continue
        value = _valid(name, tinycss2.serialize(node.value).strip())
        if value is not None:
            names = MARKERS if name == "marker" else (name,)
            declarations += [(node.important, name, value) for name in names]
    return declarations


def _valid(name: str, value: str) -> str | None:
    """The value, or UNSET for a keyword that resets; None where browsers ignore the declaration, or it is not safe."""
    if not value or "\\" in value or "/*" in value:
        return None
    if name.startswith("--"):
        return value if len(value) <= MAX_VALUE else None
    lower = value.lower()
    if lower in ("unset", "inherit", "revert", "revert-layer"):
        return UNSET
    if lower == "initial":
        return INITIAL.get(name, UNSET)
    if "var(" in lower:
        return value
    if name == "d":
        path = _path(value)
        return path[2] if path else "" if lower == "none" else None
    if name in NORMALISERS:
        return value if normalised(name, value, NEUTRAL) is not None or "%" in value else None
    if name in RESOLVED or (name == "clip-path" and "url(" not in lower):
        return value
    return safe_value(value)


def substituted(value: str, variables: Mapping[str, str]) -> str | None:
    """The value with each var() replaced; None where a variable has no value, or what comes out is too long."""
    for _attempt in range(20):
        match = _variable.search(value)
        if match is None:
            return value.strip()
        text = variables.get(match[1], match[2])
        if text is None or len(value) > MAX_VALUE:
            return None
        value = value[: match.start()] + text.strip() + value[match.end() :]
    return None


def read_styles(reader: Reader) -> Styles:
    """What the <style> elements declare for each element.

    Raises ValidationError where matching all selectors would take too long.
    """
    if not reader.css:
        return Styles({}, {})
    matches, matcher, breadth = 0, cssselect2.Matcher(), 0
    marked = Counter(mark for element in reader.root.iter() for mark in _marks(element))
    keyframes: dict[str, list[tuple[str, list[Declaration]]]] = {}
    for selector, declarations in _all_rules(reader.css, keyframes):
        combinators = len(re.split(r"[\s>+~]+", selector)) - 1
        if combinators > MAX_COMBINATORS or len(selector) > MAX_SELECTOR:
            refuse(_("The SVG's <style> has a selector that is too complex."))
        steps = reader.depth
        if _siblings(selector):
            breadth = breadth or max(map(len, reader.root.iter()))
            combinators, steps = max(1, combinators), max(steps, breadth)
        matches += SELECTOR_COST * (10 + len(selector))
        simple = _simple(selector)  # the matcher looks those up by class or id
        elements = marked[simple[1]] if simple else reader.count
        matches += elements * (steps**combinators + len(declarations))
        if matches > MAX_MATCHES:
            refuse(_("The SVG's <style> has too many rules for its elements."))
        with suppress(cssselect2.SelectorError):
            for compiled in cssselect2.compile_selector_list(selector):
                if compiled.pseudo_element is None:
                    matcher.add_selector(compiled, declarations)
    matched = {}
    for wrapper in cssselect2.ElementWrapper.from_xml_root(reader.root).iter_subtree():
        declarations = [declaration for match in matcher.match(wrapper) for declaration in match[-1]]
        if declarations:
            matched[wrapper.etree_element] = declarations
    return Styles(matched, keyframes)


def _marks(element: Element) -> Iterator[str]:
    """The classes and the id of an element, as a selector writes them."""
    for name in element.get("class", "").split():
        yield f".{name}"
    if "id" in element.attrib:
        yield f"#{element.attrib['id']}"


def _all_rules(
    sheets: list[tuple[str, str]], keyframes: dict[str, list[tuple[str, list[Declaration]]]]
) -> Iterator[tuple[str, list[Declaration]]]:
    for media, css in sheets:
        if media_matches(media):
            nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
            yield from _rules(nodes, keyframes, 0)


def _rules(
    nodes: list[Any], keyframes: dict[str, list[tuple[str, list[Declaration]]]], depth: int
) -> Iterator[tuple[str, list[Declaration]]]:
    """Every selector with its declarations; those for another medium are left out, and keyframes are collected."""
    for rule in nodes:
        if rule.type == "qualified-rule":
            declarations = _declarations(rule.content)
            if declarations:
                yield from ((selector, declarations) for selector in _selectors(rule.prelude))
        elif rule.type == "at-rule" and rule.content is not None and depth < MAX_NESTED_RULES:
            prelude, keyword = tinycss2.serialize(rule.prelude).strip(), rule.lower_at_keyword
            inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if keyword in ("keyframes", "-webkit-keyframes"):
                frames = [(tinycss2.serialize(f.prelude).strip(), f) for f in inside if f.type == "qualified-rule"]
                keyframes[prelude.strip("'\"")] = [(at, _declarations(frame.content)) for at, frame in frames]
            elif (
                (keyword == "media" and media_matches(prelude))
                or (keyword == "supports" and supports(prelude))
                or keyword == "layer"
            ):
                yield from _rules(inside, keyframes, depth + 1)


def _selectors(prelude: list[Any]) -> Iterator[str]:
    """The selectors between the commas of a rule's prelude."""
    selector: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield tinycss2.serialize(selector).strip()
            selector = []
        elif token.type != "comment":
            selector.append(token)
    yield tinycss2.serialize(selector).strip()
