"""Screens: pictures of several icons, of which each has its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from bench.judging import INK
from bench.pictures import draw_on_white
from bench.scenes import Box
from bench.screenshots import Query
from search.vision.crops import FractionBox

MEASURED_SIDE = 64  # px; the side at which the ink of an icon is measured


@dataclass(frozen=True)
class PlacedIcon:
    """Where an icon is on a screen."""

    icon: str  # `prefix:name`
    boxes: tuple[FractionBox, FractionBox]  # of the icon with the margins in its view box, and of its ink alone


@dataclass(frozen=True)
class Screen:
    """A picture of several icons, and where they are."""

    query: Query
    icons: tuple[PlacedIcon, ...]
    neutral: tuple[FractionBox, ...] = ()  # where a region is neither right nor wrong, an icon that nobody asks for say


def ink_box(svg: str, box: Box) -> Box:
    """The part of the box of an icon that its ink takes; all of it where the icon is blank."""
    grey = 255 - np.asarray(draw_on_white(svg, MEASURED_SIDE).convert("L"), dtype=np.float32)
    ys, xs = np.nonzero(grey > INK * max(float(grey.max()), 1))
    if not len(ys):
        return box
    left, top, width, height = box
    across, down = width / MEASURED_SIDE, height / MEASURED_SIDE
    right, bottom = float(xs.max()) + 1, float(ys.max()) + 1
    first, highest = float(xs.min()), float(ys.min())
    return left + across * first, top + down * highest, across * (right - first), down * (bottom - highest)


def placed(icon: str, svg: str, box: Box, part: Box) -> PlacedIcon:
    """The icon, drawn in this box, on a picture of this part of the page."""
    return PlacedIcon(icon, (fractions(box, part), fractions(ink_box(svg, box), part)))


def fractions(box: Box, part: Box) -> FractionBox:
    """The box in fractions of the part; both in the same unit."""
    left, top, width, height = part
    return (box[0] - left) / width, (box[1] - top) / height, box[2] / width, box[3] / height


def is_within(box: Box, part: Box) -> bool:
    """Whether the whole box lies in the part."""
    return (
        part[0] <= box[0]
        and part[1] <= box[1]
        and box[0] + box[2] <= part[0] + part[2]
        and box[1] + box[3] <= part[1] + part[3]
    )


def overlaps(box: Box, part: Box) -> bool:
    """Whether any of the box lies in the part."""
    across = box[0] < part[0] + part[2] and part[0] < box[0] + box[2]
    return across and box[1] < part[1] + part[3] and part[1] < box[1] + box[3]


def joined(boxes: Sequence[Box]) -> Box:
    """The least box that holds all of these, of which there is at least one."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top


def cut_out(page: Image.Image, part: Box, pixel_ratio: float) -> tuple[Image.Image, Box]:
    """The part of the page, CSS px, as whole pixels, and which part these are, CSS px."""
    left, top, width, height = part
    edges = (left, top, left + width, top + height)
    limits = (page.width, page.height, page.width, page.height)
    x, y, right, bottom = (
        min(max(round(edge * pixel_ratio), 0), limit) for edge, limit in zip(edges, limits, strict=True)
    )
    right, bottom = max(right, x + 1), max(bottom, y + 1)
    whole = x / pixel_ratio, y / pixel_ratio, (right - x) / pixel_ratio, (bottom - y) / pixel_ratio
    return page.crop((x, y, right, bottom)), whole


def by_set(icons: Mapping[str, str]) -> dict[str, list[str]]:
    """The ids of the icons, sorted, by the prefix of their set."""
    sets: dict[str, list[str]] = {}
    for icon in sorted(icons):
        sets.setdefault(icon.partition(":")[0], []).append(icon)
    return sets
