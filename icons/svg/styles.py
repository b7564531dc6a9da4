"""Styles: CSS declarations are turned into attributes, in the order of the cascade."""

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

MAX_MATCHES = 1_000_000  # selectors and declarations tried, over all elements of an SVG
MAX_COMBINATORS = 5  # spaces and ">" in one selector
MAX_SELECTOR = 1000  # characters of one selector
SELECTOR_COST = 10  # matches; compiling a character of a selector takes as long

# A picture is never in a state such as :hover; and a selector that looks at siblings takes quadratic time.
_bounded_selector = re.compile(r"[^:~+]+").fullmatch

Declaration = tuple[bool, str, str]  # important, property, value


def cascade(attributes: dict[str, str], declarations: list[Declaration]) -> str:
    """Put declarations over the attributes, in place; the weakest declarations come first.

    Returns the declarations that only work in a style attribute, as its text.
    """
    inline: dict[str, str] = {}
    for _important, name, value in sorted(declarations, key=lambda declaration: declaration[0]):
        (attributes if name in PRESENTATION else inline)[name] = value
    return ";".join(f"{name}:{value}" for name, value in inline.items())


def allowed_declarations(css: str | list[Any] | None) -> list[Declaration]:
    """The allowed declarations in a style attribute or in a parsed rule's block."""
    if not css or (isinstance(css, str) and "\\" in css):
        return []
    declarations = []
    for node in tinycss2.parse_blocks_contents(css):
        if node.type == "declaration" and node.lower_name in STYLED:
            value = safe_value(tinycss2.serialize(node.value).strip())
            if value and "/*" not in value:
                declarations.append((node.important, node.lower_name, value))
    return declarations


def matched_rules(reader: Reader) -> dict[Element, list[Declaration]]:
    """What the <style> elements declare for each element, the weakest first.

    Raises ValidationError where matching all selectors would take too long.
    """
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
        declarations = [declaration for match in matcher.match(wrapper) for declaration in match[-1]]
        if declarations:
            matched[wrapper.etree_element] = declarations
    return matched


def _rules(css: str) -> Iterator[tuple[str, list[Declaration]]]:
    """Every selector of bounded cost, with its declarations; at-rules such as @media are left out."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        declarations = allowed_declarations(rule.content) if rule.type == "qualified-rule" else []
        if declarations:
            for selector in tinycss2.serialize(rule.prelude).split(","):
                if _bounded_selector(selector):
                    yield selector.strip(), declarations
