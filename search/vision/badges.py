"""Badges: the dots and numbers in a colour of their own that pages lay over a corner of an icon."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from search.vision.foreground import INK, Box, Foreground, PixelMask, box_of, grown, largest_channel
from search.vision.segments import clusters
from search.vision.uncovered import box_filled, mirrored

Colour = NDArray[np.float32]  # (3,) RGB, 0 to 255
Place = tuple[int, int, int, int]  # left, top, width, height, px

COLOURS = 4  # of a picture's most frequent ones that may be that of a badge
AREAS = 3  # of each colour, the largest, that may be a badge
SAME_COLOUR = 40  # of 255: how far a channel of one colour is off at most
OTHER_COLOUR, OTHER_SHADE = 50, 25  # and of another at least: that of a dot, and that of a number's ground
FLAT = 24  # of 255: what a channel differs by at most from one pixel to the next within one colour
SHARE = 0.02, 0.6  # least and most share of the box of all ink that the box of a badge takes
SMALLEST = 4  # px of its shorter side
LONGEST = 2.6  # times its height that its width may be, or the other way round
ROUND = 0.7  # share of its box that its outline encloses; pi / 4 in a circle
PAINTED, LETTERED = 0.4, 0.95  # least share of what its outline encloses that has its colour; most, with a number
EDGED = 0.6  # share of its edge that has its colour
IN_CORNER = 0.4  # of the width and of the height of all ink: how far from a corner its middle is at most
AT_EDGE = 0.06  # likewise: how far from an edge it is at most where it is so large that its middle is further off
AROUND = 0.12  # of its shorter side: how far its ring and its soft edge reach beyond it
RING, RINGED = 0.2, 0.8  # of its longer side: how much wider a ring is at most; share of its turn in which it is ink
PALE = 0.08  # coverage from which a pale drawing beside a strong badge is ink; the badge has 1
PALER = 1.3  # times as much as other ink there must be pale ink for such a drawing
LEAST_BESIDE = 25  # px of ink that must remain without the badge


@dataclass(frozen=True)
class _Part:
    """An area of one colour."""

    component: PixelMask
    place: Place
    colour: Colour


@dataclass(frozen=True)
class _Badge:
    """What may be a badge."""

    hidden: PixelMask  # it, its ring and its soft edge
    likelihood: float  # the larger, the more it is like the badges of pages


def without_badge(foreground: Foreground) -> Iterator[Foreground]:
    """The drawing without the dot or number that covers a corner in a colour of its own, if there is one.

    Where the badge was, it is hidden. What may be there comes first: the same as on the other side where both sides
    are alike, and so much that the drawing is as wide as it is high; last comes only what is seen.
    """
    parts = [part for colour in _frequent_colours(foreground) for part in _components(foreground, colour)]
    badges = _badges(foreground, parts, INK)
    if (foreground.coverage > PALE).sum() > PALER * (foreground.coverage > INK).sum():
        badges += _badges(foreground, parts, PALE)
    if not badges:
        return
    hidden = max(badges, key=lambda badge: badge.likelihood).hidden
    seen = _without_neighbour(_full_ink(foreground.restricted_to(~hidden, hidden)))
    if (whole := mirrored(seen, hidden)) is not None:
        yield whole
    if fills := box_filled(seen.coverage > INK, hidden):
        yield replace(seen, fills=fills)
    yield seen


def _without_neighbour(foreground: Foreground) -> Foreground:
    """The drawing without what lies apart from it and runs across the whole picture, such as a line."""
    if (alone := next(clusters(foreground), None)) is None:
        return foreground
    left_out = (foreground.coverage > INK) & (alone.coverage <= INK)
    across = left_out[:, 0].any() and left_out[:, -1].any() or left_out[0].any() and left_out[-1].any()
    return replace(alone, hidden=foreground.hidden) if across else foreground


def _full_ink(foreground: Foreground) -> Foreground:
    """The same where the strongest ink that is left counts as ink altogether, as pale as it may be beside a badge."""
    strong = foreground.coverage[foreground.core]
    return replace(foreground, coverage=(foreground.coverage / np.quantile(strong, 0.9)).clip(0, 1))


def _badges(foreground: Foreground, parts: Sequence[_Part], least: float) -> list[_Badge]:
    """What of the parts may be a badge where all that has so much coverage or more is the drawing and the badge."""
    ink = foreground.coverage > least
    if ink.sum() < LEAST_BESIDE:
        return []
    box = box_of(ink)
    return [
        badge
        for part in parts
        if _is_in_corner(part.place, box) and (badge := _badge(foreground, part, least)) is not None
    ]


def _frequent_colours(foreground: Foreground) -> list[Colour]:
    """The colours that most of the ink has, of what is no soft edge."""
    pixels = foreground.pixels
    even = largest_channel(np.abs(np.diff(pixels, axis=1))) < FLAT
    inside = np.pad(even, ((0, 0), (0, 1))) | np.pad(even, ((0, 0), (1, 0)))
    inked = pixels[inside & (foreground.coverage > INK)]
    bins, inverse, counts = np.unique((inked // 32).astype(int), axis=0, return_inverse=True, return_counts=True)
    frequent = np.argsort(-counts)[:COLOURS]
    return [inked[inverse.ravel() == number].mean(axis=0) for number in frequent.tolist()]


def _components(foreground: Foreground, colour: Colour) -> Iterator[_Part]:
    """The largest areas of a colour."""
    of_colour = largest_channel(np.abs(foreground.pixels - colour)) < SAME_COLOUR
    _, labels, stats, _ = cv2.connectedComponentsWithStats(of_colour.astype(np.uint8), connectivity=8)
    for component in (np.argsort(-stats[1:, 4])[:AREAS] + 1).tolist():
        x, y, width, height = (int(value) for value in stats[component, :4])
        yield _Part(labels == component, (x, y, width, height), colour)


def _is_in_corner(place: Place, box: Box) -> bool:
    """Whether something is as large as a badge is and where badges are, beside the box of all ink."""
    x, y, width, height = place
    left, top, size = box[0], box[1], (box[2] - box[0], box[3] - box[1])
    off = [
        min(middle, 1 - middle) - max(0, share / 2 - IN_CORNER + AT_EDGE)  # the middle of a large one is further off
        for middle, share in (
            ((x + width / 2 - left) / size[0], width / size[0]),
            ((y + height / 2 - top) / size[1], height / size[1]),
        )
    ]
    return (
        min(width, height) >= SMALLEST
        and max(width, height) <= LONGEST * min(width, height)
        and SHARE[0] < width * height / (size[0] * size[1]) < SHARE[1]
        and max(off) < IN_CORNER
    )


def _badge(foreground: Foreground, part: _Part, least: float) -> _Badge | None:
    """A part as a badge: a disc or a pill, with or without a number on it, on other ink; None if it is none."""
    component, colour, (x, y, width, height) = part.component, part.colour, part.place
    hull = _outline(component)
    enclosed = int(hull.sum())
    painted = int(component.sum()) / enclosed
    if enclosed < ROUND * width * height or painted < PAINTED:
        return None
    inside = cv2.erode(np.pad(hull.astype(np.uint8), 1, mode="edge"), np.ones((3, 3), np.uint8))[1:-1, 1:-1] > 0
    edge = hull & ~inside
    edged = float(component[edge].mean()) if edge.any() else 1.0
    hidden = _with_ring(hull, (width, height), foreground.coverage > least)
    remaining = np.where(hidden, 0, foreground.coverage)
    if edged < EDGED or (remaining > least).sum() < LEAST_BESIDE:
        return None
    main = np.median(foreground.pixels[remaining > 0.6 * remaining.max()], axis=0)
    lettered = painted <= LETTERED
    if float(np.abs(main - colour).max()) < (OTHER_SHADE if lettered else OTHER_COLOUR):
        return None
    # Most are numbers on red, green or blue, in the upper right corner, and nothing lies over their edge.
    rows, columns = np.nonzero(remaining > least)
    to_the_right, above = x + width / 2 > columns.mean(), y + height / 2 < rows.mean()
    return _Badge(hidden, float(np.ptp(colour)) / 255 + lettered + 0.5 * edged + 0.5 * to_the_right + 0.5 * above)


def _outline(component: PixelMask) -> PixelMask:
    """The convex hull of a component."""
    points = cv2.findNonZero(component.astype(np.uint8))
    hull = np.zeros(component.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
    return hull.astype(bool)


def _with_ring(hull: PixelMask, size: tuple[int, int], ink: PixelMask) -> PixelMask:
    """What a badge of this width and height, px, hides: it, its soft edge, and the ring that parts it from the rest."""
    hidden = grown(hull, max(1, round(AROUND * min(size))))
    for _ in range(round(RING * max(size))):
        wider = grown(hidden, 1, cv2.MORPH_CROSS)
        turn = ink[wider & ~hidden]
        if turn.sum() <= RINGED * len(turn):  # a ring of the page's colour is no ink
            break
        hidden = wider
    return hidden
