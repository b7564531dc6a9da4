"""Subpixel rendering, as ClearType and FreeType do it: the three stripes of a pixel show three places of an edge.

Headless Chromium on Linux draws grey edges only. So the page is drawn with three times the pixels; three rows become a
row, and each column becomes a stripe, after the filter of five columns with which FreeType takes the colour from
edges. What differs from a real screen: no hinting, and no gamma.
"""

import numpy as np
from PIL import Image

FACTOR = 3  # columns and rows of the drawing in a pixel
FILTER = np.array([8, 77, 86, 77, 8], dtype=np.float32) / 256  # FT_LCD_FILTER_DEFAULT of FreeType


def fold(picture: Image.Image, order: str) -> Image.Image:
    """The picture as it looks on a screen whose pixels have their stripes in this order, RGB or BGR.

    It gets a third of its width and height, both of which have to be multiples of three.
    """
    fine = np.asarray(picture.convert("RGB"), dtype=np.float32)
    rows = fine.reshape(fine.shape[0] // FACTOR, FACTOR, fine.shape[1], 3).mean(axis=1)
    reach = len(FILTER) // 2
    padded = np.pad(rows, ((0, 0), (reach, reach), (0, 0)), mode="edge")
    width = rows.shape[1]
    smooth = sum(weight * padded[:, start : start + width] for start, weight in enumerate(FILTER))
    stripes = {"RGB": (0, 1, 2), "BGR": (2, 1, 0)}[order]
    channels = [np.asarray(smooth)[:, stripe::FACTOR, channel] for channel, stripe in enumerate(stripes)]
    return Image.fromarray(np.stack(channels, axis=2).round().clip(0, 255).astype(np.uint8))
