"""The renditions of an icon: its drawing on white and, where they look different, in all its colours and on dark.

On white, what is white in an icon cannot be seen, and two shades of one colour may as well be one colour that is
half transparent; on a dark page, what is black cannot be seen.
"""

import numpy as np
from PIL import Image

from search.vision.drawing import Drawing, frame, framed, framed_in_one_colour, nearly_equal
from search.vision.foreground import Foreground, Pixels, foreground_of
from search.vision.inks import OFF_LINE, SECOND_INK

DARK = 32  # of 255: the grey of a dark page
RENDITIONS_EQUAL = 8  # of 255: a rendition that differs by less on average is left out, to spare a row of the index

RgbaPixels = Pixels  # (height, width, 4) RGB and opacity, 0 to 255


def icon_renditions(picture: Image.Image) -> list[Drawing]:
    """The different renditions of an icon rendered on transparent, the one on white first; empty if it is blank."""
    rgba = np.asarray(picture.convert("RGBA"), dtype=np.float32)
    rgba = np.pad(rgba, ((1, 1), (1, 1), (0, 0)))
    several = _has_several_colours(rgba)
    drawings = [_on_white_or_black(rgba, several), *([_in_all_colours(rgba), _on_dark(rgba)] if several else [])]
    renditions: list[Drawing] = []
    for drawing in drawings:
        if drawing and not any(nearly_equal(drawing, rendition, RENDITIONS_EQUAL) for rendition in renditions):
            renditions.append(drawing)
    return renditions


def _has_several_colours(rgba: RgbaPixels) -> bool:
    opaque = rgba[rgba[..., 3] > 127, :3]
    if len(opaque) == 0 or np.ptp(opaque, axis=0).max() <= OFF_LINE:
        return False
    apart = np.abs(opaque - np.median(opaque, axis=0)).max(axis=1) > OFF_LINE
    return bool(apart.mean() > SECOND_INK)


def _on_white_or_black(rgba: RgbaPixels, several_colours: bool) -> Drawing | None:
    """The icon on white, and only if it is blank there (a white icon) on black."""
    for grey in (255, 0):
        if foreground := _on_page(rgba, grey):
            return framed(foreground) if several_colours else framed_in_one_colour(foreground, clean=True)
    return None


def _in_all_colours(rgba: RgbaPixels) -> Drawing:
    """The icon with all that is opaque, whatever its colour."""
    colour = rgba[rgba[..., 3] > 127, :3].mean(axis=0)
    opacity = np.asarray(rgba[..., 3] / 255, np.float32)
    return frame(_blended(rgba, 255), opacity, colour, coloured=True, clean=True)


def _on_dark(rgba: RgbaPixels) -> Drawing | None:
    """What can be seen of the icon on a dark page."""
    foreground = _on_page(rgba, DARK)
    return framed(foreground) if foreground else None


def _on_page(rgba: RgbaPixels, grey: float) -> Foreground | None:
    """What can be seen of an icon on a page of one grey, 0 to 255."""
    return foreground_of(_blended(rgba, grey), np.full(3, grey, np.float32), noise=0)


def _blended(rgba: RgbaPixels, grey: float) -> Pixels:
    """The pixels of an icon on a page of one grey, 0 to 255."""
    alpha = rgba[..., 3:] / 255
    return np.asarray(rgba[..., :3] * alpha + grey * (1 - alpha), np.float32)
