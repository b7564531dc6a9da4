"""Style sheets: the rules in them that hold for an icon on a light page, as selectors with their declarations."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import tinycss2
from django.utils.translation import gettext as _

from icons.svg.declarations import Declaration, declarations_in
from icons.svg.limits import refuse
from icons.svg.media import media_matches, supports

MAX_NESTED_RULES = 5  # rules within one another
MAX_LAYERS = 100
MAX_SELECTOR = 1000  # characters of one selector
_prefix = re.compile(r"(?<![\w=\[])[\w*-]+\|(?=[\w*])").sub  # of a namespace, which plain names do not have

Keyframes = dict[str, list[tuple[str, list[Declaration]]]]  # of each animation, its frames by their selectors


class Rule(NamedTuple):
    """A selector, and what it declares in a layer, which is empty outside of all layers."""

    selector: str
    declarations: list[Declaration]
    layer: str


class Sheets:
    """What some style sheets say beside their rules: animations, initial values of variables, the order of layers."""

    def __init__(self) -> None:
        self.keyframes: Keyframes = {}
        self.initial: dict[str, str] = {}
        self.layers: list[str] = []  # those that are weaker come first

    def rules(self, sheets: list[tuple[str, str]]) -> Iterator[Rule]:
        """Every selector of the sheets, pairs of a media query and CSS, with its declarations.

        Those for another medium are left out. Raises ValidationError where a selector is too complex.
        """
        for media, css in sheets:
            if media_matches(media):
                nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
                yield from self._rules(nodes, "", "", 0)

    def rank(self, layer: str) -> int:
        """How strong what is declared in a layer is."""
        return self.layers.index(layer) if layer else len(self.layers)

    def _rules(self, nodes: list[Any], outer: str, layer: str, depth: int) -> Iterator[Rule]:
        """The rules among nodes of CSS, within a rule for the selectors `outer` if that is not empty."""
        for rule in nodes:
            if rule.type == "qualified-rule":
                selectors = [_within(outer, selector) for selector in _selectors(rule.prelude)]
                yield from self._contents(rule.content, selectors, layer, depth)
            elif rule.type == "at-rule" and depth < MAX_NESTED_RULES:
                yield from self._at_rule(rule, outer, layer, depth)

    def _at_rule(self, rule: Any, outer: str, layer: str, depth: int) -> Iterator[Rule]:
        prelude, keyword = tinycss2.serialize(rule.prelude).strip(), rule.lower_at_keyword
        if keyword == "layer":
            names = [f"{layer}.{name.strip()}" for name in prelude.split(",")]
            if rule.content is not None and not prelude:
                names = [f"{layer}.{len(self.layers)}"]
            if len(self.layers) + len(names) > MAX_LAYERS:
                refuse(_("The SVG's <style> has too many rules for its elements."))
            for name in names:
                if name not in self.layers:
                    self.layers.insert(self.layers.index(layer) if layer else len(self.layers), name)
            layer = names[0]
        if rule.content is None:
            return
        if keyword in ("keyframes", "-webkit-keyframes"):
            self.keyframes[prelude.strip("'\"")] = [
                (tinycss2.serialize(frame.prelude).strip(), declarations_in(frame.content))
                for frame in _parsed(rule.content)
                if frame.type == "qualified-rule"
            ]
        elif keyword == "property":
            for node in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
                if node.type == "declaration" and node.lower_name == "initial-value":
                    self.initial[prelude] = tinycss2.serialize(node.value).strip()
        elif (
            (keyword == "media" and media_matches(prelude))
            or (keyword == "supports" and supports(prelude))
            or keyword == "layer"
        ):
            if outer:
                yield from self._contents(rule.content, [outer], layer, depth)
            else:
                yield from self._rules(_parsed(rule.content), "", layer, depth + 1)

    def _contents(self, content: list[Any], selectors: list[str], layer: str, depth: int) -> Iterator[Rule]:
        """What a rule declares for these selectors, and then the rules that are nested in it."""
        declarations = declarations_in(content)
        if declarations:
            yield from (Rule(selector, declarations, layer) for selector in selectors)
        if depth < MAX_NESTED_RULES and any(node.type in ("{} block", "at-keyword") for node in content):
            rules = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
            yield from self._rules(rules, ",".join(selectors), layer, depth + 1)


def _parsed(content: list[Any]) -> list[Any]:
    return list(tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True))


def _within(outer: str, selector: str) -> str:
    """The selector of a nested rule, in which & stands for the elements of the rule around it."""
    if not outer:
        return selector
    around = outer if outer.replace("-", "").isalnum() or outer[1:].replace("-", "").isalnum() else f":is({outer})"
    nested = selector.replace("&", around) if "&" in selector else f"{around} {selector}"
    if len(nested) > MAX_SELECTOR:
        refuse(_("The SVG's <style> has a selector that is too complex."))
    return nested


def _selectors(prelude: list[Any]) -> Iterator[str]:
    """The selectors between the commas of a rule's prelude."""
    selector: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield _prefix("", tinycss2.serialize(selector).strip())
            selector = []
        elif token.type != "comment":
            selector.append(token)
    yield _prefix("", tinycss2.serialize(selector).strip())
