"""What stands out on a picture from its background, and how cleanly it does."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

FAINTEST = 8  # of 255: a picture in which nothing differs as much from its background counts as blank
INK = 0.25  # coverage, 0 to 1, from which a pixel belongs to the drawing
NOISE = 4  # factor: what differs by less than this many times the usual difference within the border is noise
SHARP = 0.7  # share of the change over two px that happens from one px to the next, from which edges are sharp
EVEN = 1.5  # of 255: a background that varies by less is even, as lossy compression leaves none

Pixels = NDArray[np.float32]  # (height, width, 3) RGB, 0 to 255
Coverage = NDArray[np.float32]  # (height, width), from 0 where the background shows to 1 where there is ink
PixelMask = NDArray[np.bool_]  # (height, width): which pixels are chosen
Box = tuple[int, int, int, int]  # left, top, right, bottom, px


@dataclass(frozen=True)
class Foreground:
    """What stands out on a picture, or on a part of one, and what lies behind it."""

    pixels: Pixels
    background: Pixels  # (3,) if it is of one colour, else (height, width, 3)
    coverage: Coverage
    hidden: PixelMask | None = None  # where something else lies over the drawing, so that nothing is known of it
    fills: Box | None = None  # what the drawing fills with that, if this is more than the box of its ink

    @cached_property
    def core(self) -> PixelMask:
        """The pixels that are at least half as strong as the strongest one: the ink without its soft edges."""
        return np.asarray(self.coverage > 0.5 * self.coverage.max())

    @cached_property
    def is_clean(self) -> bool:
        """Whether the background is even, as on a screenshot that no lossy compression has touched."""
        off = largest_channel(np.abs(self.pixels - self.background))[self.coverage < 0.05]
        return len(off) == 0 or float(np.quantile(off, 0.75)) < EVEN

    def restricted_to(self, mask: PixelMask, hidden: PixelMask | None = None) -> "Foreground":
        """The same, with nothing but background outside the mask; `hidden` is what is not known of the drawing."""
        pixels = np.where(mask[..., None], self.pixels, self.background).astype(np.float32)
        return Foreground(pixels, self.background, self.coverage * mask, hidden)


def foreground_of(pixels: Pixels, background: Pixels, noise: float) -> Foreground | None:
    """What stands out from a background, (3,) or (height, width, 3); None if nothing does.

    Differences up to `noise`, of 255, count as background.
    """
    difference = largest_channel(np.abs(pixels - background))
    if (most := float(difference.max())) < FAINTEST:
        return None
    ink = float(np.quantile(difference[difference > most / 2], 0.9))  # not `most`: a few pixels overshoot
    noise = min(noise, 0.3 * ink)  # the drawing itself may touch the border
    coverage: Coverage = ((difference - noise) / (ink - noise)).clip(0, 1).astype(np.float32)
    return Foreground(pixels, background, coverage)


def border_colour(pixels: Pixels) -> tuple[Pixels, float]:
    """The median colour of the outermost pixels, (3,), and the difference, of 255, up to which they vary from it."""
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    background = np.median(border, axis=0).astype(np.float32)
    return background, NOISE * float(np.quantile(np.abs(border - background).max(axis=1), 0.75))


def largest_channel(pixels: Pixels) -> NDArray[np.float32]:
    """(height, width): the largest of each pixel's three values; several times as fast as max(axis=2)."""
    result: NDArray[np.float32] = np.maximum(np.maximum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
    return result


def inner_products(left: Pixels, right: Pixels) -> NDArray[np.float32]:
    """(height, width): the inner product of the three values of each pixel with those of its counterpart."""
    result: NDArray[np.float32] = np.einsum("ijk,ijk->ij", left, right)
    return result


def lengths(pixels: Pixels) -> NDArray[np.float32]:
    """(height, width): the Euclidean length of each pixel's three values."""
    return np.sqrt(inner_products(pixels, pixels))


def box_of(mask: PixelMask) -> Box:
    """The box of the chosen pixels, of which there is at least one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def grown(mask: PixelMask, by: int, shape: int = cv2.MORPH_RECT) -> PixelMask:
    """The chosen pixels and those up to `by` px around them, as far as OpenCV's shape of that size reaches."""
    kernel = cv2.getStructuringElement(shape, (1 + 2 * by, 1 + 2 * by))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)


def is_sharp(pixels: Pixels) -> bool:
    """Whether edges are one pixel wide, as a browser draws them; on an enlarged or blurred picture they are wider."""
    over_two = largest_channel(np.abs(pixels[:, 2:] - pixels[:, :-2]))
    over_one = largest_channel(np.abs(np.diff(pixels, axis=1)))
    steep = over_two > over_two.max(initial=1) / 2
    if not steep.any():
        return True
    steepest = np.maximum(over_one[:, :-1], over_one[:, 1:])[steep]
    return float(np.median(steepest / over_two[steep])) > SHARP
