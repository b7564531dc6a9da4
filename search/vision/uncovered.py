"""What may lie under a badge: the other side of a drawing of two like sides, or the rest of a square."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from search.vision.foreground import INK, Box, Foreground, PixelMask, box_of, grown

ALIKE = 0.75  # intersection of what is seen of both sides, of their union, from which they are alike
OFF_MIDDLE = 0.3  # of the width of what is seen: how far from its middle the axis between the sides may be, twice
STEPS = 50  # columns of a drawing up to which each axis is tried at once
SEEN = 0.3  # share of the ink whose counterpart must be seen
LEAST_SEEN = 25  # px of ink on either side of which both must be seen
REACH = 3  # px: how far what is hidden on both sides takes after what is around it
END = 2  # px: how near ink is to what is hidden where it ends there, and to its own outermost
MORE = 0.04  # of its longer side: by how much more a drawing must fill than its ink, so that this tells something


def mirrored(foreground: Foreground, hidden: PixelMask) -> Foreground | None:
    """The drawing with what is on its other side where it is hidden; None if its left and its right are not alike."""
    if (other := _counterparts(foreground.coverage, hidden)) is None:
        return None
    fill = hidden & ~hidden[:, other]
    coverage = np.where(fill, foreground.coverage[:, other], foreground.coverage)
    pixels = np.where(fill[..., None], foreground.pixels[:, other], foreground.pixels)
    inked = _inpainted(np.asarray(255 * coverage, np.float32), hidden & ~fill)
    coverage = np.asarray(inked / 255, np.float32)
    return replace(foreground, coverage=coverage, pixels=_inpainted(pixels, hidden & ~fill))


def _inpainted(values: NDArray[np.float32], unknown: PixelMask) -> NDArray[np.float32]:
    """Values of 0 to 255, what is unknown after what is around it."""
    inpainted = cv2.inpaint(values.astype(np.uint8), unknown.astype(np.uint8), REACH, cv2.INPAINT_TELEA)
    return np.asarray(inpainted, np.float32)


def box_filled(ink: PixelMask, hidden: PixelMask) -> Box | None:
    """The box of a drawing that goes on where it is hidden, as far as to be square; None if that is not much more.

    It goes on at the sides where its outermost ink ends at what is hidden.
    """
    left, top, right, bottom = box = box_of(ink)
    over = box_of(hidden)
    width, height = right - left, bottom - top
    cut = ink & grown(hidden, END)
    if over[2] > right and cut[:, right - END : right].any():
        right = max(right, min(over[2], left + height))
    elif over[0] < left and cut[:, left : left + END].any():
        left = min(left, max(over[0], right - height))
    if over[1] < top and cut[top : top + END].any():
        top = min(top, max(over[1], bottom - (right - left)))
    elif over[3] > bottom and cut[bottom - END : bottom].any():
        bottom = max(bottom, min(over[3], top + right - left))
    more = sum(abs(edge - before) for edge, before in zip((left, top, right, bottom), box, strict=True))
    return (left, top, right, bottom) if more > MORE * max(width, height) else None


def _counterparts(coverage: NDArray[np.float32], hidden: PixelMask) -> NDArray[np.int64] | None:
    """For each column its counterpart on the other side, as far as there is one, or the edge; None if none is alike."""
    ink, columns = coverage > INK, np.arange(coverage.shape[1])
    blurred = cv2.blur(coverage, (3, 3))  # the axis is rarely at the middle of a pixel or between two

    def other_side(twice: int) -> NDArray[np.int64]:
        return np.asarray((twice - columns).clip(0, len(columns) - 1))

    def alike(twice: int) -> float:
        """How alike both sides of an axis are where both are seen, 0 to 1; `twice` is the sum of two like columns."""
        other = other_side(twice)
        seen = ~hidden & ~hidden[:, other] & (other == twice - columns)
        either = seen & (ink | ink[:, other])
        if either.sum() < LEAST_SEEN or (coverage * seen).sum() < SEEN * coverage.sum():
            return 0
        this, that = blurred[either], blurred[:, other][either]
        return float(np.minimum(this, that).sum() / np.maximum(this, that).sum())

    inked = np.nonzero(ink)[1]
    middle, off = 2 * float(inked.mean()), OFF_MIDDLE * float(np.ptp(inked))
    step = max(1, len(columns) // STEPS)  # a large drawing changes little from one column to the next
    near = max(range(round(middle - off), round(middle + off) + 1, step), key=alike)
    best = max(range(near - step + 1, near + step), key=alike)
    return other_side(best) if alike(best) > ALIKE else None
