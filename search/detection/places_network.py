"""The network that looks again at each place the detector tells: at one size, with what is around it.

The detector runs over a whole picture at its own resolution, where a letter of 10 px is much like an icon of 10 px.
Here every place fills the same part of a small square, as in R. Girshick's "Fast R-CNN" (2015), and its surroundings
tell a letter of a word or a box to tick from an icon: what is next to it in one view, the row, the list or the table
that it is part of in another. The site and its training build it alike.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from search.detection.detector import Detection
from search.networks.layers import Layers, convolution

SEEN = 64  # px: width and height of each view
VIEWS = 8 / 3, 8  # sides of a place, the longer ones, that each view shows
FACTS = 1  # numbers that it is told of each place beside the pixels: see `facts_of`


def places_network(folded: bool = False) -> Any:
    """The Keras model from (n, len(VIEWS), SEEN, SEEN, 3) RGB, 0 to 255, and (n, FACTS), to (n,) logits of an icon.

    With `folded` it has no layers of normalisation, as `detector_network`.
    """
    import keras
    from keras import Input, Model

    layers = Layers(keras.layers, folded)
    pixels, facts = Input((len(VIEWS), SEEN, SEEN, 3), name="pixels"), Input((FACTS,), name="facts")
    views = pixels / 127.5 - 1
    near = _levels(layers, views[:, 0], ((24, 0), (48, 1), (96, 1), (128, 1)), "level")
    middle = layers.Cropping2D(1)(near)  # the place itself; around it are its surroundings
    wide = _levels(layers, views[:, 1], ((16, 0), (32, 1), (48, 1), (64, 1)), "wide")
    pooled = [layers.GlobalAveragePooling2D()(near), layers.GlobalMaxPooling2D()(middle), layers.Flatten()(middle)]
    x = layers.Concatenate()([*pooled, facts, layers.Flatten()(wide)])
    x = layers.Dense(96, activation="relu", name="both")(x)
    x = layers.Dropout(0.2)(x)
    return Model([pixels, facts], layers.Dense(1, name="logit", dtype="float32")(x)[:, 0])


def _levels(layers: Layers, x: Any, levels: Sequence[tuple[int, int]], name: str) -> Any:
    """Levels of half the size of the one before: the filters of each, and further convolutions at its size."""
    for number, (filters, repeats) in enumerate(levels):
        x = convolution(layers, x, filters, 3, 2, f"{name}{number}")
        for part in range(repeats):
            x = convolution(layers, x, filters, 3, 1, f"{name}{number}_{part}")
    return x


def pixels_of(picture: NDArray[np.uint8], boxes: NDArray[np.float32], side: int = SEEN) -> NDArray[np.uint8]:
    """(n, len(VIEWS), side, side, 3): what the network sees of a picture, (height, width, 3) RGB, at n boxes, px.

    With a `side` of more than SEEN, so much more of the surroundings is there. What is beyond the picture's edge
    repeats the edge.
    """
    seen = np.empty((len(boxes), len(VIEWS), side, side, 3), np.uint8)
    halved = [picture]  # the picture, and each time at half the size, as far as it is needed
    for index, (left, top, right, bottom) in enumerate(boxes.tolist()):
        middle = np.array([(left + right) / 2, (top + bottom) / 2])
        for view, sides in enumerate(VIEWS):
            reach = max(right - left, bottom - top, 1) * sides * side / SEEN
            times = max(0, int(np.log2(reach / side)))
            while len(halved) <= times:
                halved.append(_halved(halved[-1]))
            factor = 0.5**times
            seen[index, view] = _square(halved[times], (middle - reach / 2) * factor, reach * factor, side)
    return seen


def _halved(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture at half the size; of an odd number of rows or columns the last is left out."""
    height, width = (max(2, length // 2 * 2) for length in picture.shape[:2])
    return np.asarray(cv2.resize(picture[:height, :width], (width // 2, height // 2), interpolation=cv2.INTER_AREA))


def _square(picture: NDArray[np.uint8], corner: NDArray[np.float64], reach: float, side: int) -> NDArray[np.uint8]:
    """(side, side, 3): a square of a picture, px, that begins at a corner and is `reach` px wide."""
    part, scale = picture, side / reach
    if scale < 0.75:  # reduced by averages first, since the warp looks at four pixels only
        part, corner, scale = _reduced(picture, corner, reach, scale)
    offset = -scale * corner + (scale - 1) / 2
    matrix = np.array([[scale, 0, offset[0]], [0, scale, offset[1]]], np.float64)
    square = cv2.warpAffine(part, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(square, np.uint8)


def _reduced(
    picture: NDArray[np.uint8], corner: NDArray[np.float64], reach: float, scale: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64], float]:
    """The part of a picture that is seen, made smaller, where the corner is on it, and the scale that is left."""
    height, width = picture.shape[:2]
    left, top = (max(0, int(place) - 1) for place in corner)
    right, bottom = min(width, int(corner[0] + reach) + 2), min(height, int(corner[1] + reach) + 2)
    part = picture[top:bottom, left:right]
    size = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    smaller = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    return smaller, (corner - (left, top)) * scale, 1.0


def facts_of(detection: Detection) -> NDArray[np.float32]:
    """(n, FACTS): how large the places are, of which their pixels at one size say nothing."""
    sides = (detection.boxes[:, 2:] - detection.boxes[:, :2]).max(axis=1, initial=0)
    return np.asarray(np.log2(sides.clip(1, None) / 16)[:, None] / 2, np.float32)
