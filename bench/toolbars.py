"""Toolbars: pictures of three to twelve icons, in which the site is to find each."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tqdm import tqdm

from bench.conditions import LABELS
from bench.scenes import Colour, colour_pair, css, place
from bench.screens import Screen, by_set, placed
from bench.screenshots import Browser, Query, encode, placed_icon

LAYOUTS = ("row", "column", "grid")


@dataclass(frozen=True)
class _Design:
    """How the icons of a toolbar are arranged and decorated. All lengths are CSS px."""

    layout: str  # one of LAYOUTS
    side: int  # of an icon
    padding: int  # around all icons
    buttons: bool  # each icon is on a button
    labels: bool  # each icon has a label below it
    separators: bool  # there is a line after every third icon
    ink: Colour
    background: Colour
    pitch: int  # from an icon to the next without labels

    @property
    def horizontal_pitch(self) -> int:
        return self.pitch + (26 if self.labels else 0)

    @property
    def vertical_pitch(self) -> int:
        return self.pitch + (14 if self.labels else 0)

    def columns(self, icons: int) -> int:
        return {"row": icons, "column": 1, "grid": max(2, round(math.sqrt(icons)))}[self.layout]

    def size(self, icons: int) -> tuple[int, int]:
        """The width and height of the toolbar."""
        columns = self.columns(icons)
        rows = -(-icons // columns)
        return 2 * self.padding + columns * self.horizontal_pitch, 2 * self.padding + rows * self.vertical_pitch

    def cell(self, index: int, icons: int) -> tuple[int, int]:
        """The left and top edge of what belongs to an icon."""
        row, column = divmod(index, self.columns(icons))
        return self.padding + column * self.horizontal_pitch, self.padding + row * self.vertical_pitch


def make_toolbars(drawer: Browser, icons: Mapping[str, str], number: int, rng: Random) -> list[Screen]:
    """Toolbars in rows, columns and grids in turn, half of them with icons of one set, half with icons of any set."""
    ids, sets = sorted(icons), by_set(icons)
    toolbars = []
    for index in tqdm(range(number), "Toolbars", unit=" queries", disable=None, leave=False):
        candidates = sets[rng.choice(ids).partition(":")[0]]
        size = rng.randint(3, 12)
        if index // len(LAYOUTS) % 2 or len(candidates) < size:
            candidates = ids
        chosen = rng.sample(candidates, min(size, len(candidates)))
        toolbars.append(_toolbar(drawer, icons, chosen, LAYOUTS[index % len(LAYOUTS)], rng))
    return toolbars


def make_set_groups(drawer: Browser, icons: Mapping[str, str], number: int, rng: Random) -> list[Screen]:
    """Toolbars of 5 to 12 icons of a set, which is any of those that have as many, whatever their size."""
    sets = by_set(icons)
    screens = []
    for index in tqdm(range(number), "Groups of a set", unit=" queries", disable=None, leave=False):
        size = rng.randint(5, 12)
        prefixes = [prefix for prefix, members in sets.items() if len(members) >= size]
        if prefixes:
            chosen = rng.sample(sets[rng.choice(prefixes)], size)
            screens.append(_toolbar(drawer, icons, chosen, LAYOUTS[index % len(LAYOUTS)], rng))
    return screens


def _toolbar(drawer: Browser, icons: Mapping[str, str], chosen: Sequence[str], layout: str, rng: Random) -> Screen:
    design = _design(layout, rng)
    size = design.size(len(chosen))
    elements, boxes = [], []
    for index, icon in enumerate(chosen):
        cell_left, cell_top = design.cell(index, len(chosen))
        left = cell_left + (design.horizontal_pitch - design.side) / 2
        top = cell_top + (design.pitch - design.side) / 2
        elements += _elements(icons[icon], index, (left, top), (cell_left, cell_top), design, rng)
        boxes.append(placed(icon, icons[icon], (left, top, design.side, design.side), (0, 0, *size)))
    style = f"{place(0, 0, *size)};background:{css(design.background)}"
    html = f'<div class=placed style="{style}">{"".join(elements)}</div>'
    picture = drawer.screenshot(html, size, rng.choice((1, 1, 2)))
    return Screen(Query(layout, "", encode(picture)), tuple(boxes))


def _design(layout: str, rng: Random) -> _Design:
    side, padding = rng.choice((16, 18, 20, 24, 32)), rng.randint(5, 14)
    buttons, labels, separators = rng.random() < 0.3, rng.random() < 0.3, rng.random() < 0.3
    ink, background = _colours(rng)
    pitch = side + (12 if buttons else 0) + rng.randint(max(6, side // 3), 22)
    return _Design(layout, side, padding, buttons, labels, separators, ink, background, pitch)


def _colours(rng: Random) -> tuple[Colour, Colour]:
    """Ink and background: twice in three times grey as applications are, light or dark, else any colours."""
    light, dark = rng.randint(225, 255), rng.randint(20, 60)
    light_theme = (dark, dark, dark), (light, light, light)
    dark_theme = (light, light, light), (dark, dark, dark)
    return rng.choice((light_theme, dark_theme, colour_pair(rng)))


def _elements(
    svg: str, index: int, icon: tuple[float, float], cell: tuple[int, int], design: _Design, rng: Random
) -> list[str]:
    """HTML of an icon and what goes with it; `icon` and `cell` are their left and top edges, CSS px."""
    (left, top), (cell_left, cell_top), side = icon, cell, design.side
    elements = []
    if design.buttons:
        style = f"{place(left - 6, top - 6, side + 12, side + 12)};border-radius:5px;background:rgba(128,128,128,.25)"
        elements.append(f'<div class=placed style="{style}"></div>')
    html = placed_icon(svg, left, top, side, f"color:{css(design.ink)}", f"bar{index}-")
    elements.append(html.replace("<svg ", "<svg class=placed ", 1))
    if design.labels:
        below = top + side + (7 if design.buttons else 2)
        style = f"left:{cell_left}px;top:{below}px;width:{design.horizontal_pitch}px;text-align:center;font-size:10px"
        elements.append(f'<span class=placed style="{style};color:{css(design.ink)}">{rng.choice(LABELS)}</span>')
    if design.separators and index % 3 == 2 and design.layout != "grid":
        if design.layout == "row":
            line = place(cell_left + design.horizontal_pitch, cell_top, 1, design.vertical_pitch)
        else:
            line = place(cell_left, cell_top + design.vertical_pitch, design.horizontal_pitch, 1)
        elements.append(f'<div class=placed style="{line};background:rgba(128,128,128,.6)"></div>')
    return elements
