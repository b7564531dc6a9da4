"""Styles: which CSS declarations hold for each element, in the order of the cascade."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple
from xml.etree.ElementTree import Element

import cssselect2
from django.utils.translation import gettext as _

from icons.svg.declarations import MAX_VALUE, Declaration
from icons.svg.limits import refuse
from icons.svg.reading import Reader
from icons.svg.sheets import MAX_SELECTOR, Sheets

MAX_MATCHES = 1_000_000  # selectors and declarations tried, over all elements of an SVG
MAX_COMBINATORS = 5  # spaces, ">", "+" and "~" in one selector
SELECTOR_COST = 10  # matches; compiling a character of a selector takes as long

_variable = re.compile(r"var\(\s*(--[^\s,()]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
_simple = re.compile(r"[\w-]*([.#][\w-]+)").fullmatch
_siblings = re.compile(r"~|of-type").search


class Styles(NamedTuple):
    """What the <style> elements of a document say."""

    rules: dict[Element, list[Declaration]]  # for each element what is declared for it, the weakest first
    keyframes: Mapping[str, list[tuple[str, list[Declaration]]]]  # of each animation, its frames by their selectors
    initial: Mapping[str, str]  # of variables


def cascade(*declarations: list[Declaration] | tuple[Declaration, ...]) -> dict[str, str]:
    """The value that holds of each property; the weakest declarations come first."""
    ordered = [declaration for group in declarations for declaration in group]
    if any(important for important, _name, _value in ordered):
        ordered.sort(key=lambda declaration: declaration[0])
    return {name: value for _important, name, value in ordered}


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
        return Styles({}, {}, {})
    matches, matcher, breadth = 0, cssselect2.Matcher(), 0
    marked = Counter(mark for element in reader.root.iter() for mark in _marks(element))
    sheets = Sheets()
    for selector, declarations, layer in sheets.rules(reader.css):
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
                    matcher.add_selector(compiled, (layer, declarations))
    matched = {}
    for wrapper in cssselect2.ElementWrapper.from_xml_root(reader.root).iter_subtree():
        layered = [match[-1] for match in matcher.match(wrapper)]
        if layered:
            matched[wrapper.etree_element] = _in_order(layered, sheets)
    return Styles(matched, sheets.keyframes, sheets.initial)


def _in_order(layered: list[tuple[str, list[Declaration]]], sheets: Sheets) -> list[Declaration]:
    """Declarations in the order of their layers, which is the other way round for important ones."""
    if sheets.layers:
        layered.sort(key=lambda rule: sheets.rank(rule[0]))
        important = sorted(layered, key=lambda rule: -sheets.rank(rule[0]))
        chosen = [[d for d in rule[1] if not d[0]] for rule in layered] + [[d for d in r[1] if d[0]] for r in important]
        return [declaration for declarations in chosen for declaration in declarations]
    return [declaration for _layer, declarations in layered for declaration in declarations]


def _marks(element: Element) -> Iterator[str]:
    """The classes and the id of an element, as a selector writes them."""
    for name in element.get("class", "").split():
        yield f".{name}"
    if "id" in element.attrib:
        yield f"#{element.attrib['id']}"
