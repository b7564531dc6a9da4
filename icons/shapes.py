"""Whether two drawings look different: an icon's earlier drawing is worth keeping only where it does."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from icons.rendering import RenderError, render_many

RENDERED, SIDE = 64, 32  # px: drawings are rendered at the first, cut to what is drawn, and compared at the second
FAINT = 0.25  # of the largest opacity: what is fainter does not count where a drawing is cut
SAME = 0.95  # correlation from which on two drawings are found by each other's screenshots

MOST = 8  # earlier drawings of an icon that are kept, the latest

Shape = NDArray[np.float32]  # (SIDE * SIDE,): opacities less their mean, L2-normalised


def shapes(svgs: Sequence[str]) -> Iterator[Shape | None]:
    """For each cleaned SVG, in order, its shape; None for one that is blank or cannot be drawn."""
    for picture in render_many(svgs, RENDERED):
        yield None if isinstance(picture, RenderError) else _shape(picture)


def look_different(shape: Shape, others: Sequence[Shape]) -> bool:
    """Whether a drawing of this shape looks like none of the others."""
    return not any(float(shape @ other) >= SAME for other in others)


def _shape(picture: Image.Image) -> Shape | None:
    opacity = picture.getchannel("A")
    opacities = np.asarray(opacity)
    drawn = opacities > FAINT * opacities.max()
    if not drawn.any():
        return None
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    cut = opacity.crop((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1))
    side = max(cut.size)
    square = Image.new("L", (side, side))
    square.paste(cut, ((square.width - cut.width) // 2, (square.height - cut.height) // 2))
    pixels = np.asarray(square.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32).ravel()
    pixels -= pixels.mean()
    return np.asarray(pixels / (np.linalg.norm(pixels) + 1e-6), np.float32)
