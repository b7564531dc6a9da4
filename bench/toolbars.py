"""Toolbars: pictures of three to twelve icons, of which the site is to find each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from tqdm import tqdm

from bench.conditions import LABELS, colour_pair, css, place
from bench.judging import INK
from bench.pictures import on_white
from bench.screenshots import Browser, Query, drawn, encoded

Box = tuple[float, float, float, float]  # left, top, width, height as fractions of the picture's sides

LAYOUTS = ("row", "column", "grid")
OVERLAP = 0.4  # of intersection over union: from there on a region is the icon's
FACTOR = 3  # or its centre is in the icon, and it is at most so many times larger or smaller
LOOKED_AT = 64  # px at which the ink of an icon is measured


@dataclass(frozen=True)
class Placed:
    icon: str
    boxes: tuple[Box, Box]  # of the icon with the margins that its view box has, and of its ink


@dataclass(frozen=True)
class Toolbar:
    query: Query
    placed: tuple[Placed, ...]


@dataclass(frozen=True)
class Found:
    """How the icons of some toolbars came back."""

    icons: int
    regions: int  # that match an icon
    right: int  # of these, with the right icon first
    spurious: int  # regions that match none


def make_toolbars(drawer: Browser, icons: Mapping[str, str], number: int, rng: Random) -> list[Toolbar]:
    """Half of them with icons of one set, half with any; rows, columns and grids in turn."""
    everything = sorted(icons)
    sets: dict[str, list[str]] = {}
    for icon in everything:
        sets.setdefault(icon.partition(":")[0], []).append(icon)
    toolbars = []
    for i in tqdm(range(number), "Toolbars", unit=" queries", disable=None, leave=False):
        of = sets[rng.choice(everything).partition(":")[0]]
        number = rng.randint(3, 12)
        if i // len(LAYOUTS) % 2 or len(of) < number:
            of = everything
        chosen = rng.sample(of, min(number, len(of)))
        toolbars.append(_toolbar(drawer, icons, chosen, LAYOUTS[i % len(LAYOUTS)], rng))
    return toolbars


def _toolbar(drawer: Browser, icons: Mapping[str, str], chosen: Sequence[str], layout: str, rng: Random) -> Toolbar:
    side, pad = rng.choice((16, 18, 20, 24, 32)), rng.randint(5, 14)
    buttons, labels, lines = rng.random() < 0.3, rng.random() < 0.3, rng.random() < 0.3
    ink, ground = _colours(rng)
    face = ";border-radius:5px;background:rgba(128,128,128,.25)" if buttons else ""
    step = side + (12 if buttons else 0) + rng.randint(max(6, side // 3), 22)
    across, down = step + (26 if labels else 0), step + (14 if labels else 0)
    columns = {"row": len(chosen), "column": 1, "grid": max(2, round(len(chosen) ** 0.5))}[layout]
    rows = -(-len(chosen) // columns)
    width, height = 2 * pad + columns * across, 2 * pad + rows * down
    parts, placed = [], []
    for i, icon in enumerate(chosen):
        x, y = pad + i % columns * across, pad + i // columns * down
        left, top = x + (across - side) / 2, y + (step - side) / 2
        if buttons:
            parts.append(f'<div class=drawn style="{place(left - 6, top - 6, side + 12, side + 12)}{face}"></div>')
        svg = drawn(icons[icon], left, top, side, f"color:{css(ink)}", f"bar{i}-")
        parts.append(svg.replace("<svg ", "<svg class=drawn ", 1))
        if labels:
            look = f"left:{x}px;top:{top + side + (7 if buttons else 2)}px;width:{across}px"
            look += ";text-align:center;font-size:10px"
            parts.append(f'<span class=drawn style="{look};color:{css(ink)}">{rng.choice(LABELS)}</span>')
        if lines and i % 3 == 2 and layout != "grid":
            edge = place(x + across, y, 1, down) if layout == "row" else place(x, y + down, across, 1)
            parts.append(f'<div class=drawn style="{edge};background:rgba(128,128,128,.6)"></div>')
        placed.append(Placed(icon, _boxes(icons[icon], left, top, side, width, height)))
    look = f"{place(0, 0, width, height)};background:{css(ground)}"
    shot = drawer.shot(
        f'<div class=drawn style="{look}">{"".join(parts)}</div>', (width, height), rng.choice((1, 1, 2))
    )
    return Toolbar(Query(layout, "", encoded(shot)), tuple(placed))


def _colours(rng: Random) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Mostly as applications are, light or dark."""
    light, dark = rng.randint(225, 255), rng.randint(20, 60)
    either = ((dark, dark, dark), (light, light, light)), ((light, light, light), (dark, dark, dark))
    return rng.choice((*either, colour_pair(rng)))


def _boxes(svg: str, left: float, top: float, side: float, width: float, height: float) -> tuple[Box, Box]:
    grey = 255 - np.asarray(on_white(svg, LOOKED_AT).convert("L"), dtype=np.float32)
    ys, xs = np.nonzero(grey > INK * max(float(grey.max()), 1))
    whole = left / width, top / height, side / width, side / height
    if not len(ys):
        return whole, whole
    unit = side / LOOKED_AT
    a, b = left + unit * float(xs.min()), top + unit * float(ys.min())
    across, down = unit * float(xs.max() + 1 - xs.min()), unit * float(ys.max() + 1 - ys.min())
    return whole, (a / width, b / height, across / width, down / height)


def matches(region: Sequence[float], box: Box) -> bool:
    """Whether a region is this icon's: both overlap, or are in the same place and about as large."""
    x, y, width, height = region
    left, top, across, down = box
    shared = max(0, min(x + width, left + across) - max(x, left)) * max(0, min(y + height, top + down) - max(y, top))
    area, other = width * height, across * down
    if shared >= OVERLAP * (area + other - shared) > 0:
        return True
    inside = left <= x + width / 2 <= left + across and top <= y + height / 2 <= top + down
    return inside and other / FACTOR <= area <= other * FACTOR


def count(
    toolbars: Sequence[Toolbar],
    answers: Sequence[Sequence[Mapping[str, Any]]],
    same: Callable[[str, str], bool],
) -> Found:
    """Compare the regions of each answer with the icons; `same(truth, answer)` says what is right."""
    icons = regions = right = spurious = 0
    for toolbar, found in zip(toolbars, answers, strict=True):
        icons += len(toolbar.placed)
        taken: set[int] = set()
        for placed in toolbar.placed:
            mine = [i for i, region in enumerate(found) if any(matches(region["box"], box) for box in placed.boxes)]
            taken.update(mine)
            regions += bool(mine)
            firsts = [found[i]["results"][0]["icon"] for i in mine if found[i]["results"]]
            right += any(same(placed.icon, first) for first in firsts)
        spurious += len(found) - len(taken)
    return Found(icons, regions, right, spurious)
