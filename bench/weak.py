"""The conditions that sites are weakest at, beside those that the benchmark began with."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from bench.conditions import Condition, in_turn
from bench.scenes import CELL, WHITE, Colour, Margins, Scene, css, place
from bench.screenshots import Browser, Query, make_queries

NUMBERS = ("2", "5", "15", "3+", "28", "9+", "99+")
BADGE_COLOURS: tuple[Colour, ...] = ((220, 38, 38), (239, 68, 68), (37, 99, 235), (16, 150, 90), (90, 90, 100))
STRONG: tuple[Colour, ...] = ((29, 78, 216), (79, 70, 229), (190, 24, 93), (4, 120, 87), (180, 83, 9), (15, 23, 42))
ORDERS = ("RGB", "RGB", "RGB", "BGR")  # of the stripes of a pixel; few screens have blue on the left


def _margins(rng: Random, least: float, most: float) -> Margins:
    return rng.uniform(least, most), rng.uniform(least, most), rng.uniform(least, most), rng.uniform(least, most)


def _theme(rng: Random) -> tuple[Colour, Colour]:
    """The ink and the background of a program, light or dark."""
    light, dark = rng.randint(232, 255), rng.randint(16, 60)
    pair = (dark, dark, dark + 6), (light, light, light)
    return pair if rng.random() < 0.6 else (pair[1], pair[0])


def _number_badge(rng: Random, side: int) -> tuple[str, float, float]:
    """HTML of a number over the upper right corner, and how far it reaches over the icon to the right and above."""
    number, height = rng.choice(NUMBERS), rng.choice((13, 14, 15, 16))
    width = max(height, 7 + 0.62 * (height - 4) * len(number))
    over, above = rng.uniform(0.35, 0.75) * width, rng.uniform(0.3, 0.6) * height
    left, top = (CELL + side) / 2 + over - width, (CELL - side) / 2 - above
    style = f"{place(left, top, width, height)};border-radius:{height}px;background:{css(rng.choice(BADGE_COLOURS))}"
    ring = f";box-shadow:0 0 0 1.5px {rng.choice(('#fff', '#222'))}" if rng.random() < 0.3 else ""
    style += f";color:#fff;text-align:center;font:600 {height - 4}px/{height}px sans-serif{ring}"
    return f'<div style="{style}">{number}</div>', over, above


def _numbered(rng: Random) -> Scene:
    """A number over a corner, all of it within the crop."""
    side = rng.choice((20, 24, 28, 32))
    (ink, background), (badge, over, above) = _theme(rng), _number_badge(rng, side)
    left, up, right, below = _margins(rng, 2, 7)
    return Scene(side, 0, (left, up + above, right + over, below), ink, css(background), in_front=badge)


def _number_cut(rng: Random) -> Scene:
    """A number over a corner, through which the edge of the crop goes, at the right or above."""
    side = rng.choice((20, 24, 28, 32))
    (ink, background), (badge, over, above) = _theme(rng), _number_badge(rng, side)
    left, up, right, below = _margins(rng, 1, 5)
    if rng.random() < 0.5:
        margins = left, up + above, rng.uniform(0.1, 0.7) * over, below
    else:
        margins = left, rng.uniform(0.1, 0.7) * above, right + over, below
    return Scene(side, 0, margins, ink, css(background), in_front=badge)


def _small_dark_jpeg(rng: Random) -> Scene:
    """A light icon of 12 to 16 px on a dark page, as JPEG."""
    side, light, dark = rng.choice((12, 13, 14, 15, 16)), rng.randint(170, 240), rng.randint(18, 50)
    ink, background = (light, light, light), (dark, dark, dark + 4)
    margins = _margins(rng, 1, 5)
    return Scene(side, 0, margins, ink, css(background), file_format="JPEG", quality=rng.randint(60, 90))


def _pale(rng: Random) -> Scene:
    """White of 35 to 55 % on a strong colour."""
    side, opacity = rng.choice((16, 20, 24, 28)), rng.uniform(0.35, 0.55)
    background = css(rng.choice(STRONG))
    return Scene(side, rng.choice((0, 0.5)), _margins(rng, 2, 8), WHITE, background, f"opacity:{opacity:.2f}")


def _tile_cut(rng: Random) -> Scene:
    """A ring or a tile around the icon, of which the crop cuts off one to three sides."""
    side = rng.choice((20, 24, 28))
    outer = side + rng.choice((12, 16, 20))
    (ink, background), strong = _theme(rng), rng.choice(STRONG)
    ring = rng.random() < 0.5
    paint = f"border:{rng.choice((1, 1.5, 2))}px solid {css(ink)}" if ring else f"background:{css(strong)}"
    corner = rng.choice(("50%", "6px", "10px"))
    shape = f"{place((CELL - outer) / 2, (CELL - outer) / 2, outer, outer)};box-sizing:border-box"
    behind = f'<div style="{shape};border-radius:{corner};{paint}"></div>'
    gap = (outer - side) / 2
    margins = list(_margins(rng, gap + 1, gap + 6))
    for edge in rng.sample(range(4), rng.randint(1, 3)):
        margins[edge] = rng.uniform(0.25, 0.85) * gap
    left, above, right, below = margins
    cut = left, above, right, below
    return Scene(side, 0, cut, ink if ring else WHITE, css(background), behind=behind)


def _shadowed(rng: Random) -> Scene:
    """A drop shadow, close and dark or wide and soft, under an icon on a light page or a strong colour."""
    side = rng.choice((20, 24, 32))
    light = (40, 44, 52), (235, 238, 244)
    ink, background = light if rng.random() < 0.3 else (WHITE, rng.choice(STRONG[:5]))
    shade = f"rgba(0,0,0,{rng.uniform(0.35, 0.8):.2f})"
    right, down, blur = rng.uniform(0, 3), rng.uniform(1, 4), rng.uniform(0.5, 4)
    style = f"filter:drop-shadow({right:.1f}px {down:.1f}px {blur:.1f}px {shade})"
    return Scene(side, 0, _margins(rng, 3, 9), ink, css(background), style)


def _fine(rng: Random) -> Scene:
    """An icon of a text's size, dark on light or light on dark."""
    ink, background = _theme(rng)
    return Scene(rng.choice((14, 16, 18, 20, 24)), 0, _margins(rng, 1, 5), ink, css(background))


WEAK: dict[str, Condition] = {
    "number over a corner": _numbered,
    "number, cut by the crop": _number_cut,
    "small, dark, JPEG": _small_dark_jpeg,
    "pale on a strong colour": _pale,
    "ring or tile, cut": _tile_cut,
    "drop shadow": _shadowed,
}
GREY_EDGES, SUBPIXEL = "grey edges", "subpixel"


def subpixel_pairs(drawer: Browser, icons: dict[str, str], chosen: Sequence[str], rng: Random) -> list[Query]:
    """Each of the icons with grey edges, and then each in the same scene with the edges of subpixel rendering."""
    scenes = [_fine(rng) for _ in chosen]
    striped = [replace(scene, pixel_ratio=3, subpixels=rng.choice(ORDERS)) for scene in scenes]
    plain = make_queries(drawer, icons, chosen, rng, in_turn(GREY_EDGES, scenes))
    return plain + make_queries(drawer, icons, chosen, rng, in_turn(SUBPIXEL, striped))
