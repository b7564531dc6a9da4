"""The inks of a drawing: whether its colours are mixtures of the background with one ink, and how opaque they are."""

import cv2
import numpy as np

from search.vision.foreground import INK, Coverage, Foreground, Pixels, inner_products, is_sharp, lengths

OFF_LINE = 38  # of 255: a colour as far from all mixtures of the background and an ink is another ink
OFF_LINE_COMPRESSED = 85  # of 255: the same after lossy compression, which spreads and loses colour
SECOND_INK = 0.04  # share of the ink that must be of another colour in a drawing of several colours
SURELY = 0.3  # share of the ink in another colour from which lossy compression cannot be the cause
SHADED = 0.15  # share of the ink that must be weaker than the rest in a drawing of several shades
LIGHT_ENOUGH = 50  # of 255: an ink that differs as much in lightness is recognised by lightness alone
LIGHTNESS = np.array([0.299, 0.587, 0.114], np.float32)  # weights of R, G and B, ITU-R BT.601
TRANSPARENT_BELOW, TRANSPARENT_BELOW_COMPRESSED = 0.03, 0.2  # coverage: below it, nothing is drawn


def second_ink_share(foreground: Foreground) -> float:
    """The share of the drawing, 0 to 1, whose colour is no mixture of the background and one ink.

    Differences are averaged over 5 x 5 px first: JPEG moves colour, but not lightness, from a pixel to the next.
    """
    coverage, clean = foreground.coverage, foreground.is_clean
    ink = foreground.pixels - foreground.background
    present = coverage > (0.15 if clean else 0.5) * coverage.max()
    most = OFF_LINE if clean else OFF_LINE_COMPRESSED
    direction = ink[foreground.core].sum(axis=0)
    direction /= max(float(np.linalg.norm(direction)), 1e-6)
    along = ink @ direction
    off_line = cv2.blur(ink - along[..., None] * direction, (5, 5), borderType=cv2.BORDER_CONSTANT)
    density = cv2.blur(coverage, (5, 5), borderType=cv2.BORDER_CONSTANT)[present]
    aside = np.linalg.norm(off_line[present], axis=1) > most * density + 2
    opposite = along[present] < -most
    return float((aside | opposite).mean())


def is_flat(coverage: Coverage) -> bool:
    """Whether a drawing, apart from its edges, has the same strength everywhere."""
    inner = coverage[cv2.erode((coverage > 0.1).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0]
    return len(inner) == 0 or float((inner < 0.75).mean()) < SHADED


def single_ink_coverage(foreground: Foreground) -> Coverage:
    """The coverage of a drawing of one ink, by lightness where that differs enough: pictures keep it sharpest."""
    lightness = (foreground.pixels - foreground.background) @ LIGHTNESS
    typical = float(np.median(lightness[foreground.core]))
    if abs(typical) < LIGHT_ENOUGH:
        return foreground.coverage
    scaled = lightness / typical
    scaled /= max(float(np.quantile(scaled[foreground.core], 0.75)), 1e-6)
    result: Coverage = np.where(foreground.coverage > 0, scaled, 0).clip(0, 1).astype(np.float32)
    return result


def opacity_in_colour(foreground: Foreground) -> Coverage:
    """How opaque each pixel of a drawing in several colours is, 0 to 1.

    Near the background, a pixel that is a mixture of it and of the strongest colour around is a soft edge.
    Any other pixel that differs from the background is opaque.
    """
    clean, coverage = foreground.is_clean, foreground.coverage
    transparent_below = TRANSPARENT_BELOW if clean else TRANSPARENT_BELOW_COMPRESSED
    reach = 1 if is_sharp(foreground.pixels) else 2
    if not clean:
        # It removes the specks that compression leaves around a drawing.
        coverage = np.asarray(cv2.medianBlur(coverage, 3), np.float32)
    ink = foreground.pixels - foreground.background
    strongest = _strongest_around(ink, coverage, reach)
    share = (inner_products(ink, strongest) / np.maximum(inner_products(strongest, strongest), 1)).clip(0, 1)
    off = lengths(np.asarray(ink - share[..., None] * strongest, np.float32))
    transparent = coverage < transparent_below
    neighbourhood = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    edge = cv2.dilate(transparent.astype(np.uint8), neighbourhood, borderValue=1) > 0
    opaque = ~edge | (off > OFF_LINE)
    opacity: Coverage = np.where(transparent, 0, np.where(opaque, 1, share)).astype(np.float32)
    return opacity if (opacity > INK).any() else foreground.coverage


def _strongest_around(ink: Pixels, coverage: Coverage, reach: int) -> Pixels:
    """For each pixel, the ink of the pixel with the most coverage among those up to `reach` px away, along each axis.

    `ink` is the difference of the pixels to the background.
    """
    strength, strongest = coverage, ink
    for axis in (0, 1):
        for step in (-1, 1, -2, 2)[: 2 * reach]:
            neighbour_strength, neighbour = np.roll(strength, step, axis), np.roll(strongest, step, axis)
            stronger = neighbour_strength > strength
            strength = np.where(stronger, neighbour_strength, strength)
            strongest = np.where(stronger[..., None], neighbour, strongest)
    return strongest
