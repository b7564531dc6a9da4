"""From a picture to what a network sees. Icons and screenshots go through the same functions."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 64  # px of a drawing's view
MARGIN = 2  # px left free around the drawing
MOST_PIXELS_A_SIDE = 512  # bounds the time that a large picture takes
FAINTEST = 8  # of 255: a picture with less contrast is blank
INK = 0.25  # coverage from which a pixel belongs to the drawing
NOISE = 4  # times what varies in the border: smaller differences are noise

Grey = NDArray[np.float32]


def drawing_view(picture: Image.Image) -> NDArray[np.uint8] | None:
    """The drawing on a picture of any size and mode, freed from colours, background and margins.

    Returns (64, 64) uint8 coverage, 0 where the background shows and 255 where there is ink: trimmed, the
    aspect kept, centred. None if the picture is blank. A transparent picture is seen on white, and only
    if it is blank there (a white icon) on black.
    """
    picture = _shallow(picture)
    for backdrop in ("white", "black") if picture.has_transparency_data else ("white",):
        coverage = _coverage(_flattened(picture, backdrop))
        if coverage is not None:
            return _framed(coverage)
    return None


def network_picture(picture: Image.Image) -> NDArray[np.uint8]:
    """The whole picture on white as (224, 224, 3) uint8 RGB, stretched as Keras' load_img() does it."""
    flat = _flattened(_shallow(picture), "white")
    return np.asarray(flat.resize((224, 224), Image.Resampling.NEAREST))


def _shallow(picture: Image.Image) -> Image.Image:
    """A picture with 8 bits a channel; deeper grey is scaled, which Pillow would cut off at 255."""
    if picture.mode[0] not in "IF":
        return picture
    deep = np.asarray(picture, dtype=np.float32)
    return Image.fromarray((deep * (255 / max(deep.max(), 1))).clip(0, 255).astype(np.uint8))


def _flattened(picture: Image.Image, backdrop: str) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    flat = Image.new("RGB", picture.size, backdrop)
    flat.paste(picture, mask=picture)
    return flat


def _coverage(picture: Image.Image) -> Grey | None:
    """How far each pixel of an RGB picture is from the background, 0 to 1; None if nothing stands out.

    The background is the median colour of the outermost pixels, and what varies there is noise.
    """
    picture = picture.reduce(max(1, math.ceil(max(picture.size) / MOST_PIXELS_A_SIDE)))
    pixels = np.asarray(picture, dtype=np.int16)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    background = np.median(border, axis=0).astype(np.int16)
    difference = np.abs(pixels - background).max(axis=2).astype(np.float32)
    if (most := difference.max()) < FAINTEST:
        return None
    ink = np.quantile(difference[difference > most / 2], 0.9)  # not `most`: a few pixels overshoot
    noise = NOISE * np.quantile(np.abs(border - background).max(axis=1), 0.75)
    noise = min(noise, 0.3 * ink)  # the drawing itself may touch the border
    coverage: Grey = ((difference - noise) / (ink - noise)).clip(0, 1).astype(np.float32)
    return coverage


def _framed(coverage: Grey) -> NDArray[np.uint8]:
    """The drawing alone, centred on a square view."""
    top, bottom = _extent(coverage.max(axis=1))
    left, right = _extent(coverage.max(axis=0))
    half = max(bottom - top, right - left) / 2 * SIDE / (SIDE - 2 * MARGIN)
    around = math.ceil(half) + 1
    x, y = (left + right) / 2 + around, (top + bottom) / 2 + around
    padded = Image.fromarray(np.pad(coverage, around))
    view = padded.resize((SIDE, SIDE), Image.Resampling.LANCZOS, (x - half, y - half, x + half, y + half))
    return np.asarray(np.rint(np.asarray(view).clip(0, 1) * 255), dtype=np.uint8)


def _extent(profile: Grey) -> tuple[float, float]:
    """Where the ink begins and ends along one axis, in px and fractions of px.

    A half covered outermost pixel counts as half: on a 16 px icon whole pixels would be off by 3 %.
    """
    inked = np.flatnonzero(profile > INK)
    first, last = int(inked[0]), int(inked[-1])
    return first + 1 - float(profile[first]), last + float(profile[last])
