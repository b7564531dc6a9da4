"""The drawing on a picture: freed from background, margins and, where it has one colour only, from that colour.

Icons and screenshots go through the same functions, so that both end as the same pixels.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.vision.foreground import INK, Box, Coverage, Foreground, PixelMask, Pixels, lengths
from search.vision.inks import (
    OFF_LINE,
    SECOND_INK,
    SURELY,
    is_flat,
    opacity_in_colour,
    second_ink_share,
    single_ink_coverage,
)

SIDE = 48  # px: width and height of a drawing
MARGIN = 2  # px left free on each side of it
NEARLY_EQUAL = 4  # of 255: drawings whose pixels differ by less on average count as equal
MAIN_INK = 0.4  # share of the ink that its most frequent colour must have to be a drawing by itself
HOLES = 0.03  # share of a drawing that must look like the background for it to be worth filling


@dataclass(frozen=True)
class Drawing:
    """What a picture shows, framed in the same way for all pictures."""

    pixels: NDArray[np.uint8]  # (SIDE, SIDE, 3) RGB on white: black if it has one colour, else in its own colours
    coloured: bool  # whether it has several colours
    scale: float  # px of the picture that a px of the drawing covers
    colour: tuple[int, int, int]  # RGB, 0 to 255: the (mean) colour of its ink
    clean: bool  # whether no lossy compression, noise or photograph has touched it
    hidden: NDArray[np.bool_] | None = None  # (SIDE, SIDE): where something else lies over it, such as a badge


def nearly_equal(first: Drawing, second: Drawing, most: float = NEARLY_EQUAL) -> bool:
    """Whether the pixels of two drawings differ by less than `most`, of 255, on average."""
    return float(np.abs(first.pixels.astype(np.int16) - second.pixels).mean()) < most


def framed(foreground: Foreground) -> Drawing:
    """The drawing alone, trimmed, the aspect kept, centred, in one colour or in several, as it has them."""
    if second_ink_share(foreground) > SECOND_INK:
        return _in_several_colours(foreground)
    return framed_in_one_colour(foreground, foreground.is_clean)


def framed_in_one_colour(foreground: Foreground, clean: bool) -> Drawing:
    """The drawing alone, trimmed, the aspect kept, centred, in black on white; `clean` is passed on to it."""
    canonical = 255 * (1 - single_ink_coverage(foreground))
    return frame(
        canonical,
        foreground.coverage,
        _mean_colour(foreground),
        coloured=False,
        clean=clean,
        hidden=foreground.hidden,
        fills=foreground.fills,
    )


def _in_several_colours(foreground: Foreground) -> Drawing:
    opacity = opacity_in_colour(foreground)
    canonical = _on_white(foreground, opacity)
    colour, clean = _mean_colour(foreground), foreground.is_clean
    hidden, fills = foreground.hidden, foreground.fills
    return frame(canonical, opacity, colour, coloured=True, clean=clean, hidden=hidden, fills=fills)


def _mean_colour(foreground: Foreground) -> Pixels:
    return np.asarray(foreground.pixels[foreground.core].mean(axis=0))


def _on_white(foreground: Foreground, opacity: Coverage) -> Pixels:
    """The pixels with white in place of the background that shines through."""
    return foreground.pixels + (1 - opacity)[..., None] * (255 - foreground.background)


def ink_variants(foreground: Foreground) -> Iterator[Drawing]:
    """The framed drawing; where it may as well have one colour as several, both variants, the likelier first.

    Compression spreads and loses colour; and on a dark page, two shades look like one ink in two strengths.
    """
    share = second_ink_share(foreground)
    coloured = share > SECOND_INK
    clean = foreground.is_clean
    sure = is_flat(foreground.coverage) or coloured if clean else share > SURELY
    for in_colour in (coloured,) if sure else (coloured, not coloured):
        yield _in_several_colours(foreground) if in_colour else framed_in_one_colour(foreground, clean)


def main_ink_alone(foreground: Foreground) -> Drawing | None:
    """The part of a drawing that has its most frequent colour, without shadows, badges and other inks.

    None if no colour is frequent enough.
    """
    ink = foreground.pixels - foreground.background
    strong = ink[foreground.core]
    bins, counts = np.unique((strong + 255).astype(int) // 32, axis=0, return_counts=True)
    centre = 32 * bins[counts.argmax()] - 239
    of_main_ink = np.abs(strong - centre).max(axis=1) < 40
    if of_main_ink.mean() < MAIN_INK:
        return None
    main_ink = strong[of_main_ink].mean(axis=0)
    along = ink @ main_ink / max(float(main_ink @ main_ink), 1e-6)
    off = lengths(ink - along[..., None] * main_ink)
    opacity: Coverage = np.where(off < 2 * OFF_LINE, along.clip(0, 1), 0).astype(np.float32)
    if not (opacity > INK).any():
        return None
    colour = foreground.pixels[foreground.core][of_main_ink].mean(axis=0)
    return frame(255 * (1 - opacity), opacity, colour, coloured=False, clean=foreground.is_clean)


def filled(foreground: Foreground) -> Drawing | None:
    """The drawing in colour with all that its outline encloses; None if that shows no more.

    What has the colour of the page within a flag or a face is part of it as often as it is a hole.
    """
    clean = foreground.is_clean
    opacity = opacity_in_colour(foreground)
    weak = cv2.blur(foreground.coverage, (3, 3)) > (0.06 if clean else 0.12)
    closed = cv2.morphologyEx(np.pad(weak.astype(np.uint8), 3), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    cv2.floodFill(closed, None, (0, 0), 2)
    enclosed = cv2.erode((closed != 2).astype(np.uint8), np.ones((3, 3), np.uint8))[3:-3, 3:-3] > 0
    if not enclosed.any() or float((opacity[enclosed] < 0.5).mean()) < HOLES:
        return None
    opacity = np.where(enclosed, 1, opacity).astype(np.float32)
    colour = foreground.pixels[opacity > 0.5].mean(axis=0)
    return frame(_on_white(foreground, opacity), opacity, colour, coloured=True, clean=clean)


def frame(
    canonical: Pixels,
    opacity: Coverage,
    colour: Pixels,
    coloured: bool,
    clean: bool,
    hidden: PixelMask | None = None,
    fills: Box | None = None,
) -> Drawing:
    """The drawing trimmed to its ink, the aspect kept, centred on SIDE x SIDE px.

    `canonical` is the drawing on white: (height, width, 3) RGB or, of one colour, (height, width) grey, 0 to 255.
    At least a pixel of `opacity` must be above INK.
    """
    top, bottom = _extent(opacity.max(axis=1))
    left, right = _extent(opacity.max(axis=0))
    if fills:
        left, top, right, bottom = min(left, fills[0]), min(top, fills[1]), max(right, fills[2]), max(bottom, fills[3])
    rows, columns = slice(math.floor(top), math.ceil(bottom)), slice(math.floor(left), math.ceil(right))
    trimmed = canonical[rows, columns].clip(0, 255).astype(np.uint8)
    half = max(bottom - top, right - left) / 2 * SIDE / (SIDE - 2 * MARGIN)
    pad = math.ceil(half) + 1
    x = (left + right) / 2 - columns.start + pad
    y = (top + bottom) / 2 - rows.start + pad
    padding = ((pad, pad), (pad, pad), (0, 0))[: trimmed.ndim]
    padded = Image.fromarray(np.pad(trimmed, padding, constant_values=255))
    edges = (x - half, y - half, x + half, y + half)
    pixels = np.asarray(padded.resize((SIDE, SIDE), Image.Resampling.LANCZOS, edges))
    if trimmed.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    red, green, blue = (int(v) for v in colour.clip(0, 255))
    drawing = Drawing(pixels, coloured, 2 * half / SIDE, (red, green, blue), clean)
    if hidden is None:
        return drawing
    # What a crop has cut off the thing in front is hidden as well.
    over = Image.fromarray(np.pad(hidden[rows, columns], pad, mode="edge").astype(np.uint8) * 255)
    mask = np.asarray(over.resize((SIDE, SIDE), Image.Resampling.BOX, edges)) > 127
    return replace(drawing, hidden=mask)


def _extent(profile: Coverage) -> tuple[float, float]:
    """Where the ink begins and ends along one axis, in px and fractions of px.

    `profile` is the largest coverage of each row or column. An outermost pixel that is half covered counts as
    half a pixel: on an icon of 16 px, whole pixels would be off by 3 %.
    """
    inked = np.flatnonzero(profile > INK)
    first, last = int(inked[0]), int(inked[-1])
    if first == last:
        return first, first + 1
    return first + 1 - float(profile[first]), last + float(profile[last])
