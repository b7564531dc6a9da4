"""How probable it is that a place which the detector tells is an icon, not a letter, a badge or a photograph."""

import functools
import os
import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from search.detection.detector import Detection
from search.detection.places_network import facts_of, pixels_of, places_network
from search.layers import folded_weights
from search.passes import in_passes
from search.weights import Weights, give_weights

MOST_PLACES = 240  # that are looked at, the surest first; the others are taken for nothing

PLACES_WEIGHTS = Weights(
    "icon_places_4_f16.npz", 1_426_866, "7fd1271debabc9f31c9808efd94b3bde7c7e97c5132fd8fb776ed64ae5cfb1b5"
)

_building = threading.Lock()


def icon_chances(pixels: NDArray[np.uint8], detection: Detection) -> NDArray[np.float32]:
    """(n,), 0 to 1: the probability of each place of a picture, (height, width, 3) RGB, of being an icon.

    Raises WeightsError if there are no weights to load. The first call in a process loads the network.
    """
    chances = np.zeros(len(detection.boxes), np.float32)
    boxes = detection.boxes[:MOST_PLACES]
    if not len(boxes):
        return chances
    with _building:  # one thread builds, the others wait for it
        forward = _build()
    seen, facts = pixels_of(pixels, boxes), facts_of(detection)[: len(boxes)]
    logits = in_passes(forward, seen, facts)
    chances[: len(boxes)] = 1 / (1 + np.exp(-logits))
    return chances


@functools.cache
def _build() -> Callable[[NDArray[np.uint8], NDArray[np.float32]], NDArray[np.float32]]:
    """The compiled network, from uint8 pixels and facts to logits."""
    weights = PLACES_WEIGHTS.load()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import tensorflow as tf

    network = places_network(folded=True)
    give_weights(network, folded_weights(weights))
    pixels, facts = network.inputs
    forward = tf.function(
        lambda pixels, facts: network([tf.cast(pixels, tf.float32), facts], training=False),
        [tf.TensorSpec(pixels.shape, tf.uint8), tf.TensorSpec(facts.shape, tf.float32)],
    )
    traced = forward.get_concrete_function()  # here, under the lock; it is called directly, which takes less time
    return lambda pixels, facts: traced(tf.constant(pixels), tf.constant(facts)).numpy()
