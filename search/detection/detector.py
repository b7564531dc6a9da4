"""From a picture to the places of its icons: the network is run once, its peaks become boxes."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from search.detection.boxes import Boxes, areas_of, overlap_of, shared_areas
from search.detection.network import EDGES, ICON, MULTIPLE, STRIDE, detector_network
from search.networks.compiled import folded, precision
from search.networks.passes import at_once
from search.networks.weights import Weights

MOST_PIXELS = 1_300_000  # of a picture as the network sees it; a larger one is reduced
FRAME = 16  # px of repeated edge around the picture, so that an icon at its edge is seen as one in the middle is
LEAST = 0.1  # confidence, 0 to 1, of an icon that is told at all
SAME = 0.45  # overlap (intersection over union) from which two boxes are one icon
INSIDE = 0.75  # share of a smaller box within a surer one from which it is a part of that icon
MOST_ICONS = 400  # boxes that are looked at
# Up to which length, px, a side of the network's input is a multiple of which number.
STEPS = (128, MULTIPLE), (512, 2 * MULTIPLE), (math.inf, 4 * MULTIPLE)
FASTER_FROM = 400  # px: the longer side from which numbers of fewer bits are faster, where the CPU has them at all
HALVED_FROM = 768  # px: the longer side from which a picture is looked at in two halves
CONTEXT = 64  # px of the other half that each of them sees, since an icon is told by its surroundings, too

DETECTOR_WEIGHTS = Weights(
    "icon_detector_3_f16.npz", 1_236_476, "4ffb9b56850a155723264d7fde906e84b6eca286b2f854fa982df19597f320b1"
)


@dataclass(frozen=True)
class Detection:
    """What the network says of a picture."""

    boxes: NDArray[np.float32]  # (n, 4): left, top, right, bottom of the ink of each icon, px of the picture
    confidence: NDArray[np.float32]  # (n,), 0 to 1, the surest first


def detect(pixels: NDArray[np.uint8]) -> Detection:
    """The places on (height, width, 3) RGB pixels that may be icons.

    Raises WeightsError if there are no weights to load. The first call in a process loads the network.
    """
    large = max(pixels.shape) >= FASTER_FROM
    return detect_with(folded(detector_network, DETECTOR_WEIGHTS, precision() if large else "float32"), pixels)


def detect_with(forward: Callable[[NDArray[Any]], NDArray[np.float32]], pixels: NDArray[np.uint8]) -> Detection:
    """The same with a given network, which takes (1, height, width, 3) and answers (1, rows, columns, OUTPUTS)."""
    height, width = pixels.shape[:2]
    scale = min(1.0, math.sqrt(MOST_PIXELS / (height * width)))
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    high, wide = pixels.shape[:2]
    below, right = (_usual(length + 2 * FRAME) - length - FRAME for length in (high, wide))
    framed = np.pad(pixels, ((FRAME, below), (FRAME, right), (0, 0)), mode="edge")
    boxes, confidence = icons_of(_outputs(forward, framed))
    edge = np.array([wide, high, wide, high], np.float32)
    boxes = (boxes - FRAME).clip(0, edge)
    inside = (boxes[:, 2:] - boxes[:, :2]).min(axis=1, initial=np.inf) >= 2
    back = np.array([width / wide, height / high] * 2, np.float32)
    return Detection(boxes[inside] * back, confidence[inside])


def _usual(length: int) -> int:
    """The first of some lengths, px, that is enough: TensorFlow prepares anew for each size of a picture."""
    step = next(step for longest, step in STEPS if length <= longest)
    return -(-length // step) * step


def _outputs(forward: Callable[[NDArray[Any]], NDArray[np.float32]], framed: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(rows, columns, OUTPUTS) for a framed picture; the two halves of a large one are computed at once."""
    axis = int(framed.shape[1] >= framed.shape[0])
    if framed.shape[axis] < HALVED_FROM:
        return np.asarray(forward(framed[None])[0])
    middle = framed.shape[axis] // 2
    halves = framed.take(range(middle + CONTEXT), axis), framed.take(range(middle - CONTEXT, 2 * middle), axis)
    first, second = at_once(lambda half: forward(half[None])[0], halves)
    own, before = middle // STRIDE, CONTEXT // STRIDE
    return np.concatenate([first.take(range(own), axis), second.take(range(before, before + own), axis)], axis)


def icons_of(outputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Boxes (n, 4), px of the network's input, and confidence (n,), the surest first, from (rows, columns, OUTPUTS)."""
    chance = 1 / (1 + np.exp(-outputs[..., ICON]))
    peak = (chance >= cv2.dilate(chance, np.ones((3, 3), np.uint8))) & (chance >= LEAST)
    rows, columns = np.nonzero(peak)
    best = np.argsort(-chance[rows, columns], kind="stable")[:MOST_ICONS]
    rows, columns = rows[best], columns[best]
    edges = np.exp(outputs[rows, columns, EDGES].clip(-3, 5))
    x, y = columns + 0.5, rows + 0.5
    left, top, right, bottom = edges.T
    boxes = STRIDE * np.stack([x - left, y - top, x + right, y + bottom], axis=1).astype(np.float32)
    confidence = chance[rows, columns].astype(np.float32)
    kept = _without_repeats(boxes)
    return boxes[kept], confidence[kept]


def _without_repeats(boxes: Boxes) -> NDArray[np.int64]:
    """The indices of the boxes that neither repeat a surer box nor are a part of one; the surest come first."""
    area = areas_of(boxes)
    part = shared_areas(boxes, boxes) > INSIDE * np.minimum(area[:, None], area[None])
    repeats = part | (overlap_of(boxes, boxes) > SAME)
    kept: list[int] = []
    for index in range(len(boxes)):
        if not repeats[index, kept].any():
            kept.append(index)
    return np.array(kept, np.int64)
