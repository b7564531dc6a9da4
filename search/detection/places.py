"""How probable it is that a place which the detector tells is an icon, not a letter, a badge or a photograph."""

import numpy as np
from numpy.typing import NDArray

from search.detection.detector import Detection
from search.detection.places_network import facts_of, pixels_of, places_network
from search.networks.compiled import folded, precision
from search.networks.passes import in_passes
from search.networks.weights import Weights

# Places that are looked at, the surest first; the others are taken for nothing. Where there are many, so are those that
# the detector hardly tells: of the icons of windows none is among them.
MOST_PLACES, MANY, HARDLY = 240, 48, 0.15

PLACES_WEIGHTS = Weights(
    "icon_places_5_f16.npz", 1_426_866, "ca47168483946129b85e030bbde81539b9b677aa0dfafeb8d57886286b827f45"
)


def icon_chances(pixels: NDArray[np.uint8], detection: Detection) -> NDArray[np.float32]:
    """(n,), 0 to 1: the probability of each place of a picture, (height, width, 3) RGB, of being an icon.

    Raises WeightsError if there are no weights to load. The first call in a process loads the network.
    """
    chances = np.zeros(len(detection.boxes), np.float32)
    told = int((detection.confidence >= HARDLY).sum())
    boxes = detection.boxes[: min(MOST_PLACES, max(MANY, told))]
    if not len(boxes):
        return chances
    seen, facts = pixels_of(pixels, boxes), facts_of(detection)[: len(boxes)]
    logits = in_passes(folded(places_network, PLACES_WEIGHTS, precision()), seen, facts)
    chances[: len(boxes)] = 1 / (1 + np.exp(-logits))
    return chances
