"""Stroked icons at other stroke widths than their set's, as pages draw them that set `stroke-width`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from bench.conditions import CONDITIONS, in_turn
from bench.scenes import Scene
from bench.screenshots import Browser, Query, make_queries
from icons.svg.view_box import ViewBox

WIDTHS = (1, 1.25, 1.5, 2, 2.5, 3)  # in units of a view box of 24
OWN_WIDTH = "the set's own"
VIEW_BOX = 24  # the side for which the widths are meant
STROKE_WIDTH = re.compile(r'stroke-width="([\d.]+)"')
PAINTED = re.compile(r'\bfill="(?!none")|<(?:image|text|use|mask|pattern)\b')
BOX = re.compile(r'viewBox="([^"]+)"')
SCENES = ("themed", "dark", "jpeg", "scaled", "label")  # conditions that the same icon is drawn in at each width


def stroked(icons: Mapping[str, str]) -> list[str]:
    """The ids of the icons that are strokes of one width and nothing else, sorted."""
    return sorted(icon for icon, svg in icons.items() if len(set(STROKE_WIDTH.findall(svg))) == 1 and _is_plain(svg))


def with_width(svg: str, width: float, by_css: bool) -> str:
    """The icon with strokes of this width, in units of a view box of 24; set by an attribute, or by CSS."""
    match = BOX.search(svg)
    assert match is not None
    view_box = ViewBox.parse(match[1])
    value = width * max(view_box.width, view_box.height) / VIEW_BOX
    if by_css:  # A style of the element itself, as a page's rule would win over the attribute.
        return STROKE_WIDTH.sub(f'style="stroke-width:{value:g}"', svg)
    return at_stroke(svg, value)


def at_stroke(svg: str, stroke: float) -> str:
    """The icon with strokes of this width, in units of its view box, as an answer gives it."""
    return STROKE_WIDTH.sub(f'stroke-width="{stroke:g}"', svg)


def strokes(drawer: Browser, icons: Mapping[str, str], chosen: Sequence[str], rng: Random) -> list[Query]:
    """Each of the chosen icons at the set's own width and at each of WIDTHS, in the same scene."""
    scenes = [CONDITIONS[SCENES[index % len(SCENES)]](rng) for index in range(len(chosen))]
    queries = _at_width(drawer, icons, chosen, scenes, OWN_WIDTH)
    for width in WIDTHS:
        drawn = {icon: with_width(icons[icon], width, by_css=index % 2 == 1) for index, icon in enumerate(chosen)}
        at_width = _at_width(drawer, drawn, chosen, scenes, f"stroke {width:g}")
        queries += [replace(query, drawn=with_width(icons[query.icon], width, by_css=False)) for query in at_width]
    return queries


def _at_width(
    drawer: Browser, icons: Mapping[str, str], chosen: Sequence[str], scenes: Sequence[Scene], title: str
) -> list[Query]:
    queries = make_queries(drawer, icons, chosen, Random(0), in_turn(title, scenes))
    return [replace(query, traits=(SCENES[index % len(SCENES)],)) for index, query in enumerate(queries)]


def _is_plain(svg: str) -> bool:
    return not PAINTED.search(svg) and "stroke" in svg
