"""What a button or an outline ring encloses: the icon on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from search.vision.foreground import INK, Foreground, PixelMask, Pixels, foreground_of, largest_channel

SMALLEST = 12  # px of the shorter side of a button or a ring
LONGEST = 4  # times its shorter side that its longer side may have
SOLID = 0.7  # share of its box that it must fill, its holes filled
HOLE = 0.35  # share of its area that must be holes for it to be a ring
FILLED_EDGE = 0.8  # share of its edge that must be inked for it to be a button
THICKEST = 0.2  # of its shorter side: the line of a ring is thinner
RIMS = (0.05, 0.14)  # of its shorter side: how far within a button's edge its ground begins, the first that suits
LEAST_INK = 9  # px of ink in a drawing


@dataclass(frozen=True)
class _Enclosure:
    """The component of ink with the largest box, cut out of the picture along that box."""

    foreground: Foreground
    component: PixelMask  # its own ink
    others: PixelMask  # the ink of other components
    distance: NDArray[np.float32]  # (height, width), px: how far a pixel is within its outline; 0 outside

    @cached_property
    def side(self) -> int:
        """Its shorter side, px."""
        return int(min(self.component.shape))

    @cached_property
    def inside(self) -> PixelMask:
        """What its outline encloses, itself included."""
        return np.asarray(self.distance > 0)

    @property
    def is_ring(self) -> bool:
        """Whether the page shows within it."""
        return int((self.inside & ~self.component).sum()) > HOLE * int(self.inside.sum())

    @property
    def is_button(self) -> bool:
        """Whether it is inked all along its edge."""
        edge = self.inside & (self.distance < max(2.0, 0.06 * self.side))
        return bool(self.component[edge].mean() > FILLED_EDGE)


def enclosed(foreground: Foreground) -> Iterator[tuple[Literal["inside", "ring"], Foreground]]:
    """What lies within an outline ring ("ring") or on a button ("inside"), the likeliest first."""
    enclosure = _enclosure(foreground)
    if enclosure is None:
        return
    if enclosure.is_ring:
        for part in _within_ring(enclosure):
            yield "ring", part
        if not enclosure.is_button:
            return
    for rim in RIMS:
        if on_button := _on_button(enclosure, rim * enclosure.side + 1):
            yield "inside", on_button
            return


def _enclosure(foreground: Foreground) -> _Enclosure | None:
    """The component of ink with the largest box, if it may be a button or a ring."""
    ink = (foreground.coverage > INK).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    if count < 2:
        return None
    number = 1 + int((stats[1:, 2] * stats[1:, 3]).argmax())
    left, top, width, height = (int(v) for v in stats[number, :4])
    if min(width, height) < SMALLEST or max(width, height) > LONGEST * min(width, height):
        return None
    window = slice(top, top + height), slice(left, left + width)
    component = labels[window] == number
    padded = np.pad(component.astype(np.uint8), 1)
    cv2.floodFill(padded, None, (0, 0), 2)
    solid = (padded != 2).astype(np.uint8)  # the component with its holes filled
    if solid.sum() < SOLID * width * height:
        return None
    distance = cv2.distanceTransform(solid, cv2.DIST_L2, 3)[1:-1, 1:-1]
    background = foreground.background if foreground.background.ndim == 1 else foreground.background[window]
    cut_out = Foreground(foreground.pixels[window], background, foreground.coverage[window])
    return _Enclosure(cut_out, component, (labels[window] > 0) & ~component, np.asarray(distance, np.float32))


def _within_ring(ring: _Enclosure) -> Iterator[Foreground]:
    """What a ring encloses: the other ink in it, and all that lies deeper than the ring's line is thick."""
    mask = ring.others & ring.inside
    if mask.sum() >= LEAST_INK:
        yield ring.foreground.restricted_to(
            cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~ring.component
        )
    # A drawing that touches the ring is one component with it.
    thickness = _thickness(ring)
    mask = ring.distance > thickness + 1
    remaining = np.where(mask, ring.foreground.coverage, 0)
    if thickness < THICKEST * ring.side and (remaining > INK).sum() >= LEAST_INK:
        yield ring.foreground.restricted_to(mask)


def _thickness(ring: _Enclosure) -> float:
    """How thick the line of a ring is, px: the depth at which the ring's ink has fallen to half."""
    deepest = float(ring.distance.max())
    for depth in np.arange(1, max(2, int(deepest))):
        band = (ring.distance > depth - 0.5) & (ring.distance <= depth + 0.5)
        if not band.any() or ring.component[band].mean() < 0.5:
            return float(depth)
    return deepest


def _on_button(button: _Enclosure, rim: float) -> Foreground | None:
    """What stands out from a button's ground, which begins `rim` px within its edge; None if nothing does."""
    inside = button.distance > rim
    band = inside & (button.distance <= rim + max(2.0, 0.07 * button.side))
    if inside.sum() < 25 or band.sum() < 8:
        return None
    pixels = button.foreground.pixels
    ground = _ground(pixels, band)
    noise = 3.0 * float(np.quantile(largest_channel(np.abs(pixels - ground))[band], 0.6))
    if noise > 90:
        return None
    masked = np.where(inside[..., None], pixels, ground).astype(np.float32)
    drawing = foreground_of(masked, ground, max(noise, 6.0))
    if drawing is None or float(np.abs(masked - ground).max()) < 30:
        return None
    inked = int((drawing.coverage > INK).sum())
    share = float(inked) / max(float(inside.sum()), 1)
    return None if inked < LEAST_INK or share > 0.85 else drawing


def _ground(pixels: Pixels, band: PixelMask) -> Pixels:
    """The ground of a button, (height, width, 3) RGB, which may be a gradient.

    For each channel it is a plane, fitted by least squares to a band along the button's edge without outliers.
    """
    rows, columns = np.nonzero(band)
    height, width = band.shape
    system = np.stack([np.ones(len(rows)), rows / height, columns / width], axis=1).astype(np.float32)
    colours = pixels[rows, columns]
    off = np.abs(colours - np.median(colours, axis=0)).max(axis=1)
    usual = off <= max(16.0, 2 * float(np.median(off)))
    plane, *_ = np.linalg.lstsq(system[usual], colours[usual], rcond=None)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    ground: Pixels = plane[0] + (y / height)[..., None] * plane[1] + (x / width)[..., None] * plane[2]
    return ground.astype(np.float32)
