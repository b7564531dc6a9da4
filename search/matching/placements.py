"""A drawing as it would be framed if the crop's edges were elsewhere: moved and stretched by parts of a pixel."""

from functools import lru_cache
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from search.matching.signature import SHAPE, Floats
from search.vision.drawing import MARGIN, SIDE

STEPS = tuple(product((-1, 0, 1), repeat=2))  # along one axis: by how much it is stretched, and how far it is moved
# Pairs of indices of STEPS, down and across. It is rare that three or four edges are all off.
PLACEMENTS = np.array(
    [
        (STEPS.index((taller, down)), STEPS.index((wider, right)))
        for wider, taller, right, down in product((-1, 0, 1), repeat=4)
        if abs(wider) + abs(taller) + abs(right) + abs(down) <= 2
    ]
)
AS_FRAMED = PLACEMENTS.tolist().index([STEPS.index((0, 0))] * 2)  # of them, the index of the one that changes nothing


def reach_of(pixel: float) -> float:
    """How far, px of a drawing, its edges may be off where a px of the screenshot covers so many px of it."""
    return min(max(0.3 * pixel, 0.5), 1.6)


def placed(drawing: Floats, reach: float) -> Floats:
    """(n, SHAPE²): a drawing, (SIDE, SIDE), as it would be framed if its edges were up to `reach` px elsewhere."""
    steps = _steps(reach)
    down = (steps @ drawing).reshape(-1, SIDE)
    # All pairs of steps in one product, of which less than half is needed: many small products take longer.
    both = (down @ steps.reshape(-1, SIDE).T).reshape(len(STEPS), SHAPE, len(STEPS), SHAPE)
    return np.asarray(both.transpose(0, 2, 1, 3)[tuple(PLACEMENTS.T)].reshape(len(PLACEMENTS), -1), np.float32)


@lru_cache(maxsize=64)
def _steps(reach: float) -> NDArray[np.float32]:
    """(len(STEPS), SHAPE, SIDE): takes the pixels of one axis to where each of STEPS has them, without the margins.

    What is taken from between two pixels is interpolated as OpenCV does, which tells it by the picture of a diagonal.
    """
    centre = (SIDE - 1) / 2
    diagonal = np.eye(SIDE, dtype=np.float32)
    steps = []
    for stretched, moved in STEPS:
        scale = 1 + 2 * reach * stretched / SHAPE
        matrix = np.array([[1, 0, 0], [0, scale, centre - scale * centre + moved * reach]], np.float32)
        image = cv2.warpAffine(diagonal, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        steps.append(image[MARGIN:-MARGIN])
    return np.stack(steps)
