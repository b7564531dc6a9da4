"""The drawing on a picture: freed from background, margins and, where it has one colour only, from that colour.

Icons and screenshots go through the same functions, so that both end as the same pixels.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 48  # px of a drawing
MARGIN = 2  # px left free around it
FAINTEST = 8  # of 255: a picture with less contrast is blank
INK = 0.25  # coverage from which a pixel belongs to the drawing
NOISE = 4  # times what varies in the border: smaller differences are noise
OFF_LINE = 38  # of 255: a colour as far from those between background and ink is another ink
OFF_LINE_COMPRESSED = 85  # the same after lossy compression, which spreads and loses colour
SECOND_INK = 0.04  # share of the ink that must be of another colour in a drawing of several

LIGHT_ENOUGH = 50  # of 255: as different in lightness, the ink is seen by that alone
LIGHTNESS = np.array([0.299, 0.587, 0.114], np.float32)  # of RGB, ITU-R BT.601

Pixels = NDArray[np.float32]  # (height, width, 3) RGB, 0 to 255
Coverage = NDArray[np.float32]  # (height, width), 0 where the background shows to 1 where there is ink


@dataclass(frozen=True)
class Drawing:
    """What a picture shows, framed alike for all pictures."""

    pixels: NDArray[np.uint8]  # (SIDE, SIDE, 3) RGB: on white; black if of one colour, else in its colours
    coloured: bool
    scale: float  # px of the picture a px of the drawing
    colour: tuple[int, int, int]  # the (mean) RGB colour of its ink


def icon_drawing(picture: Image.Image) -> Drawing | None:
    """The drawing of an icon rendered on transparent; None if it is blank.

    Icons are seen on white, and only if they are blank there (a white icon) on black.
    """
    rgba = np.asarray(picture.convert("RGBA"), dtype=np.float32)
    alpha = rgba[..., 3:] / 255
    for backdrop in (255.0, 0.0):
        flat = np.pad(
            rgba[..., :3] * alpha + backdrop * (1 - alpha), ((1, 1), (1, 1), (0, 0)), constant_values=backdrop
        )
        background = np.full(3, backdrop, np.float32)
        if (found := coverage(flat, background, noise=0)) is not None:
            return framed(flat, background, found)
    return None


def coverage(pixels: Pixels, background: Pixels, noise: float) -> Coverage | None:
    """How far each pixel is from the background, (3,) or (height, width, 3); None if nothing stands out.

    Differences up to `noise`, of 255, are taken for background.
    """
    difference = np.abs(pixels - background).max(axis=2)
    if (most := float(difference.max())) < FAINTEST:
        return None
    ink = float(np.quantile(difference[difference > most / 2], 0.9))  # not `most`: a few pixels overshoot
    noise = min(noise, 0.3 * ink)  # the drawing itself may touch the border
    result: Coverage = ((difference - noise) / (ink - noise)).clip(0, 1).astype(np.float32)
    return result


def border_colour(pixels: Pixels) -> tuple[Pixels, float]:
    """The median colour of the outermost pixels, (3,), and up to which difference they vary from it."""
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    background = np.median(border, axis=0).astype(np.float32)
    return background, NOISE * float(np.quantile(np.abs(border - background).max(axis=1), 0.75))


def framed(pixels: Pixels, background: Pixels, found: Coverage) -> Drawing:
    """The drawing alone, trimmed, the aspect kept, centred, in canonical colours."""
    clean = _is_clean(pixels, background, found)
    ink = pixels - background
    coloured = _several_inks(ink, found, clean)
    if coloured:
        # Opacity is unknown; next to an opaque pixel, a pixel less different is that one's soft edge.
        faint = 0.08 if clean else 0.3
        opacity = found / np.maximum(cv2.dilate(found, np.ones((3, 3), np.uint8)), faint)
        canonical = pixels + (1 - opacity)[..., None] * (255 - background)
    else:
        opacity = found
        canonical = 255 * (1 - _one_ink(ink, found))
    top, bottom = extent(opacity.max(axis=1))
    left, right = extent(opacity.max(axis=0))
    rows, columns = slice(math.floor(top), math.ceil(bottom)), slice(math.floor(left), math.ceil(right))
    canonical = canonical[rows, columns].clip(0, 255).astype(np.uint8)
    mean = pixels[found > 0.5 * found.max()].mean(axis=0)
    half = max(bottom - top, right - left) / 2 * SIDE / (SIDE - 2 * MARGIN)
    pad = math.ceil(half) + 1
    x = (left + right) / 2 - columns.start + pad
    y = (top + bottom) / 2 - rows.start + pad
    padding = ((pad, pad), (pad, pad), (0, 0))[: canonical.ndim]
    padded = Image.fromarray(np.pad(canonical, padding, constant_values=255))
    view = np.asarray(padded.resize((SIDE, SIDE), Image.Resampling.LANCZOS, (x - half, y - half, x + half, y + half)))
    if not coloured:
        view = np.repeat(view[..., None], 3, axis=2)
    return Drawing(view, coloured, 2 * half / SIDE, tuple(int(v) for v in mean.clip(0, 255)))


def _is_clean(pixels: Pixels, background: Pixels, found: Coverage) -> bool:
    """Whether the background is even, as on a screenshot that no lossy compression has touched."""
    off = np.abs(pixels - background).max(axis=2)[found < 0.05]
    return len(off) == 0 or float(np.quantile(off, 0.75)) < 1.5


def _several_inks(ink: Pixels, found: Coverage, clean: bool) -> bool:
    """Whether the drawing has colours that are no mixture of the background and one ink.

    `ink` is the (height, width, 3) difference to the background. It is averaged over the neighbourhood
    first: JPEG moves colour, but not lightness, from a pixel to the next ones.
    """
    present = found > (0.15 if clean else 0.5) * found.max()
    most = OFF_LINE if clean else OFF_LINE_COMPRESSED
    direction = ink[found > 0.5 * found.max()].sum(axis=0)
    direction /= max(float(np.linalg.norm(direction)), 1e-6)
    along = ink @ direction
    off_line = cv2.blur(ink - along[..., None] * direction, (5, 5), borderType=cv2.BORDER_CONSTANT)
    density = cv2.blur(found, (5, 5), borderType=cv2.BORDER_CONSTANT)[present]
    other = np.linalg.norm(off_line[present], axis=1) > most * density + 2
    opposite = along[present] < -most
    return bool((other | opposite).mean() > SECOND_INK)


def _one_ink(ink: Pixels, found: Coverage) -> Coverage:
    """The coverage again, by lightness where that differs enough: it is what pictures keep sharpest."""
    strong = found > 0.5 * found.max()
    lightness = ink @ LIGHTNESS
    typical = float(np.median(lightness[strong]))
    if abs(typical) < LIGHT_ENOUGH:
        return found
    scaled = lightness / typical
    scaled /= max(float(np.quantile(scaled[strong], 0.75)), 1e-6)
    result: Coverage = np.where(found > 0, scaled, 0).clip(0, 1).astype(np.float32)
    return result


def extent(profile: Coverage) -> tuple[float, float]:
    """Where the ink begins and ends along one axis, in px and fractions of px.

    A half covered outermost pixel counts as half: on a 16 px icon whole pixels would be off by 3 %.
    """
    inked = np.flatnonzero(profile > INK)
    first, last = int(inked[0]), int(inked[-1])
    return first + 1 - float(profile[first]), last + float(profile[last])
