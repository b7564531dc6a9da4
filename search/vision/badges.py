"""Badges: the dots and numbers in a colour of their own that pages lay over a corner of an icon."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from search.vision.foreground import INK, Foreground, PixelMask, largest_channel

Colour = NDArray[np.float32]  # (3,) RGB, 0 to 255
Box = tuple[int, int, int, int]  # left, top, width, height, px

COLOURS = 4  # of a picture's most frequent ones that may be that of a badge
AREAS = 3  # of each colour, the largest, that may be a badge
SAME_COLOUR, OTHER_COLOUR = 40, 50  # of 255: how far a channel of one colour is off at most, and of two at least
SHARE = 0.02, 0.6  # least and most share of the box of all ink that the box of a badge takes
SMALLEST = 4  # px of its shorter side
LONGEST = 2.6  # times its height that its width may be, or the other way round
ROUND = 0.7  # share of its box that its outline encloses; pi / 4 in a circle
PAINTED = 0.4  # share of what its outline encloses that has its colour: digits take the rest
EDGED = 0.75  # share of its edge that has its colour
IN_CORNER = 0.4  # of the width and of the height of all ink: how far from a corner its middle is at most
AT_EDGE = 0.06  # likewise: how far from an edge it is at most where it is so large that its middle is further off
AROUND = 0.12  # of its shorter side: how far its ring and its soft edge reach beyond it
PALE = 0.08  # coverage from which a pale drawing beside a strong badge is ink; the badge has 1
LEAST_BESIDE = 25  # px of ink that must remain without the badge


@dataclass(frozen=True)
class _Badge:
    """What may be a badge."""

    left: PixelMask  # all but it, its ring and its soft edge
    edged: float  # share of its edge that has its colour, in tenths
    area: int  # px of its box


def without_badge(foreground: Foreground) -> Iterator[Foreground]:
    """The drawing without the dot or number that covers a corner in a colour of its own, if there is one.

    Where the badge was, it is hidden. There are two drawings where it is not clear which part is the badge.
    """
    for least in (INK, PALE):
        if badges := _badges(foreground, least):
            # Nothing lies over a badge, so that its edge is whole; and it is smaller than what it lies on.
            whole = max(badges, key=lambda badge: (badge.edged, -badge.area))
            smallest = min(badges, key=lambda badge: badge.area)
            for left in {id(badge): badge.left for badge in (whole, smallest)}.values():
                yield _full_ink(foreground.restricted_to(left, hidden=~left))
            return


def _badges(foreground: Foreground, least: float) -> list[_Badge]:
    """What may be a badge where all that has so much coverage or more is the drawing and the badge."""
    ink = foreground.coverage > least
    if ink.sum() < LEAST_BESIDE:
        return []
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    corner, size = (int(columns[0]), int(rows[0])), (int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    return [
        badge
        for colour in _frequent_colours(foreground)
        for box, component in _components(foreground, colour)
        if _is_in_corner(box, corner, size) and (badge := _badge(foreground, component, box, colour, least)) is not None
    ]


def _full_ink(foreground: Foreground) -> Foreground:
    """The same where the strongest ink that is left counts as ink altogether, as pale as it may be beside a badge."""
    strong = foreground.coverage[foreground.core]
    return replace(foreground, coverage=(foreground.coverage / np.quantile(strong, 0.9)).clip(0, 1))


def _frequent_colours(foreground: Foreground) -> list[Colour]:
    """The colours that most of the ink has."""
    strong = foreground.pixels[foreground.coverage > 0.5]
    bins, inverse, counts = np.unique((strong // 32).astype(int), axis=0, return_inverse=True, return_counts=True)
    frequent = np.argsort(-counts)[:COLOURS]
    return [strong[inverse.ravel() == number].mean(axis=0) for number in frequent.tolist()]


def _components(foreground: Foreground, colour: Colour) -> Iterator[tuple[Box, PixelMask]]:
    """The largest areas of a colour, each with its box."""
    of_colour = largest_channel(np.abs(foreground.pixels - colour)) < SAME_COLOUR
    _, labels, stats, _ = cv2.connectedComponentsWithStats(of_colour.astype(np.uint8), connectivity=8)
    for component in (np.argsort(-stats[1:, 4])[:AREAS] + 1).tolist():
        x, y, width, height = (int(value) for value in stats[component, :4])
        yield (x, y, width, height), labels == component


def _is_in_corner(box: Box, corner: tuple[int, int], size: tuple[int, int]) -> bool:
    """Whether a box is as large as a badge is and where badges are, beside the box of all ink."""
    x, y, width, height = box
    off = [
        min(middle, 1 - middle) - max(0, share / 2 - IN_CORNER + AT_EDGE)  # the middle of a large one is further off
        for middle, share in (
            ((x + width / 2 - corner[0]) / size[0], width / size[0]),
            ((y + height / 2 - corner[1]) / size[1], height / size[1]),
        )
    ]
    return (
        min(width, height) >= SMALLEST
        and max(width, height) <= LONGEST * min(width, height)
        and SHARE[0] < width * height / (size[0] * size[1]) < SHARE[1]
        and max(off) < IN_CORNER
    )


def _badge(foreground: Foreground, component: PixelMask, box: Box, colour: Colour, least: float) -> _Badge | None:
    """A component as a badge: a disc or a pill, with or without a number on it, on other ink; None if it is none."""
    hull, (*_, width, height) = _outline(component), box
    enclosed = int(hull.sum())
    if enclosed < ROUND * width * height or int(component.sum()) < PAINTED * enclosed:
        return None
    inside = cv2.erode(np.pad(hull.astype(np.uint8), 1, mode="edge"), np.ones((3, 3), np.uint8))[1:-1, 1:-1] > 0
    edge = hull & ~inside
    edged = float(component[edge].mean()) if edge.any() else 1.0
    around = 1 + 2 * max(1, round(AROUND * min(width, height)))
    left = cv2.dilate(hull.astype(np.uint8), np.ones((around, around), np.uint8)) == 0
    remaining = np.where(left, foreground.coverage, 0)
    if edged < EDGED or (remaining > least).sum() < LEAST_BESIDE:
        return None
    main = np.median(foreground.pixels[remaining > 0.6 * remaining.max()], axis=0)
    if float(np.abs(main - colour).max()) < OTHER_COLOUR:
        return None
    return _Badge(left, round(edged, 1), width * height)


def _outline(component: PixelMask) -> PixelMask:
    """The convex hull of a component."""
    points = cv2.findNonZero(component.astype(np.uint8))
    hull = np.zeros(component.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
    return hull.astype(bool)
