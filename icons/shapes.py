"""Whether two drawings look different: an icon's earlier drawing is worth keeping only where it does."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from icons.rendering import RenderError, render_many

RENDERED, SIDE = 64, 32  # px: drawings are rendered at the first, cut to what is drawn, and compared at the second
FAINT = 0.25  # of the most ink: what has less does not count where a drawing is cut
PALE = 0.9  # how much less ink white is than black: white on black is seen, and so is white alone
FILLED = 0.25  # standard deviation of ink, 0 to 1, below which a drawing is a filled square, whatever its edges
SAME = 0.95  # correlation from which on two drawings are found by each other's screenshots

MOST = 8  # earlier drawings of an icon that are kept, the latest

Shape = NDArray[np.float32]  # (SIDE * SIDE,): ink less its mean, or that of a filled square; L2-normalised


def shapes(svgs: Sequence[str]) -> Iterator[Shape | None]:
    """For each cleaned SVG, in order, its shape; None for one that is blank or cannot be drawn."""
    for picture in render_many(svgs, RENDERED):
        yield None if isinstance(picture, RenderError) else _shape(picture)


def look_different(shape: Shape, others: Sequence[Shape]) -> bool:
    """Whether a drawing of this shape looks like none of the others."""
    return not any(float(shape @ other) >= SAME for other in others)


def _shape(picture: Image.Image) -> Shape | None:
    rgba = np.asarray(picture, np.float32)
    inks = rgba[..., 3] * (1 - PALE * rgba[..., :3].mean(axis=2) / 255)
    drawn = inks > FAINT * inks.max()
    if not drawn.any():
        return None
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    cut = inks[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    side = max(cut.shape)
    square = np.zeros((side, side), np.float32)
    top, left = (side - cut.shape[0]) // 2, (side - cut.shape[1]) // 2
    square[top : top + cut.shape[0], left : left + cut.shape[1]] = cut / cut.max()
    small = Image.fromarray(square).resize((SIDE, SIDE), Image.Resampling.BOX)
    pixels = np.array(small, np.float32).ravel()
    if pixels.std() < FILLED:
        pixels[:] = 1
    else:
        pixels -= pixels.mean()
    return np.asarray(pixels / np.linalg.norm(pixels), np.float32)
