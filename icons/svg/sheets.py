"""Style sheets: the rules in them that hold for an icon on a light page, as selectors with their declarations."""

from collections.abc import Iterator
from typing import Any

import tinycss2
from django.utils.translation import gettext as _

from icons.svg.declarations import Declaration, declarations_in
from icons.svg.limits import refuse
from icons.svg.media import media_matches, supports

MAX_NESTED_RULES = 5  # rules within one another
MAX_SELECTOR = 1000  # characters of one selector

Keyframes = dict[str, list[tuple[str, list[Declaration]]]]  # of each animation, its frames by their selectors
Rule = tuple[str, list[Declaration]]  # a selector, and what it declares


def rules_in(sheets: list[tuple[str, str]], keyframes: Keyframes) -> Iterator[Rule]:
    """Every selector of some style sheets with its declarations; `sheets` are pairs of a media query and CSS.

    Those for another medium are left out, and keyframes are collected. Raises ValidationError where a selector is too
    complex.
    """
    for media, css in sheets:
        if media_matches(media):
            nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
            yield from _rules(nodes, keyframes, "", 0)


def _rules(nodes: list[Any], keyframes: Keyframes, outer: str, depth: int) -> Iterator[Rule]:
    """The rules among nodes of CSS, within a rule for the selectors `outer` if that is not empty."""
    for rule in nodes:
        if rule.type == "qualified-rule":
            selectors = [_within(outer, selector) for selector in _selectors(rule.prelude)]
            yield from _contents(rule.content, keyframes, selectors, depth)
        elif rule.type == "at-rule" and rule.content is not None and depth < MAX_NESTED_RULES:
            prelude, keyword = tinycss2.serialize(rule.prelude).strip(), rule.lower_at_keyword
            if keyword in ("keyframes", "-webkit-keyframes"):
                frames = _parsed(rule.content)
                keyframes[prelude.strip("'\"")] = [
                    (tinycss2.serialize(frame.prelude).strip(), declarations_in(frame.content))
                    for frame in frames
                    if frame.type == "qualified-rule"
                ]
            elif (
                (keyword == "media" and media_matches(prelude))
                or (keyword == "supports" and supports(prelude))
                or keyword == "layer"
            ):
                if outer:
                    yield from _contents(rule.content, keyframes, [outer], depth)
                else:
                    yield from _rules(_parsed(rule.content), keyframes, "", depth + 1)


def _parsed(content: list[Any]) -> list[Any]:
    return list(tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True))


def _contents(content: list[Any], keyframes: Keyframes, selectors: list[str], depth: int) -> Iterator[Rule]:
    """What a rule declares for these selectors, and then the rules that are nested in it."""
    declarations = declarations_in(content)
    if declarations:
        yield from ((selector, declarations) for selector in selectors)
    nested = [node for node in content if node.type in ("{} block", "at-keyword")] if depth < MAX_NESTED_RULES else []
    if nested:
        rules = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
        yield from _rules(rules, keyframes, ",".join(selectors), depth + 1)


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
            yield tinycss2.serialize(selector).strip()
            selector = []
        elif token.type != "comment":
            selector.append(token)
    yield tinycss2.serialize(selector).strip()
