"""Styles: CSS declarations, by the cascade, turned into attributes."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2
from django.utils.translation import gettext as _

from icons.svg.allowed import PRESENTATION, STYLED, safe_value
from icons.svg.limits import refuse
from icons.svg.reading import Reader

MAX_MATCHES = 1_000_000  # selectors and declarations tried, over all elements
MAX_COMBINATORS, MAX_SELECTOR = 5, 1000  # in one selector; its characters
SELECTOR_COST = 10  # of making a character of a selector ready, in matches

# States (:hover) never hold in a picture; what looks at siblings costs quadratic time.
_bounded_selector = re.compile(r"[^:~+]+").fullmatch

Declaration = tuple[bool, str, str]  # important, property, value


def cascade(kept: dict[str, str], declarations: list[Declaration]) -> str:
    """Puts declarations, weakest first, over the attributes; what only works as style is returned."""
    inline: dict[str, str] = {}
    for _important, name, value in sorted(declarations, key=lambda declaration: declaration[0]):
        (kept if name in PRESENTATION else inline)[name] = value
    return ";".join(f"{name}:{value}" for name, value in inline.items())


def allowed_declarations(css: str | list[Any] | None) -> list[Declaration]:
    """The allowed declarations in a style attribute or in a parsed rule's block."""
    if not css or (isinstance(css, str) and "\\" in css):
        return []
    found = []
    for node in tinycss2.parse_blocks_contents(css):
        if node.type == "declaration" and node.lower_name in STYLED:
            value = safe_value(tinycss2.serialize(node.value).strip())
            if value and "/*" not in value:
                found.append((node.important, node.lower_name, value))
    return found


def matched_rules(reader: Reader) -> dict[Element, list[Declaration]]:
    """What the <style> elements declare for each element, by rising specificity and order."""
    if not reader.css:
        return {}
    matches, matcher = 0, cssselect2.Matcher()
    for selector, declarations in _rules("".join(reader.css)):
        combinators = len(re.split(r"[\s>]+", selector)) - 1
        if combinators > MAX_COMBINATORS or len(selector) > MAX_SELECTOR:
            refuse(_("The SVG's <style> has a selector that is too complex."))
        matches += SELECTOR_COST * (10 + len(selector))
        matches += reader.count * (reader.depth**combinators + len(declarations))
        if matches > MAX_MATCHES:
            refuse(_("The SVG's <style> has too many rules for its elements."))
        with suppress(cssselect2.SelectorError):
            for compiled in cssselect2.compile_selector_list(selector):
                matcher.add_selector(compiled, declarations)
    matched = {}
    for wrapper in cssselect2.ElementWrapper.from_xml_root(reader.root).iter_subtree():
        found = [declaration for match in matcher.match(wrapper) for declaration in match[-1]]
        if found:
            matched[wrapper.etree_element] = found
    return matched


def _rules(css: str) -> Iterator[tuple[str, list[Declaration]]]:
    """Every selector of bounded cost with its declarations; at-rules have no say in a still picture."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        declarations = allowed_declarations(rule.content) if rule.type == "qualified-rule" else []
        if declarations:
            for selector in tinycss2.serialize(rule.prelude).split(","):
                if _bounded_selector(selector):
                    yield selector.strip(), declarations
