"""What the network of pairs adds to the logits of the likeliest icons; it is loaded when it is first asked."""

import functools
import os
import threading
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.layers import folded_weights
from search.matching.comparison import Comparison
from search.matching.pair_network import CHANNELS, FACTS, facts_of, pair_network, seen_together
from search.matching.signature import SHAPE, Floats, unpack
from search.vision.readings import Reading
from search.weights import Weights, give_weights

PAIR_WEIGHTS = Weights(
    "icon_pairs_1_f16.npz", 210_436, "f6a0c2f454487040da3d33883d38a462f1f93138ffe511b4e9497683b8c67312"
)

_building = threading.Lock()


def side_by_side(readings: Sequence[Reading], comparison: Comparison, pairs: NDArray[np.int64]) -> Floats:
    """(n,): what is to be added to the logits of n pairs of a comparison, at least one.

    Raises WeightsError if there are no weights to load. The first call in a process loads the network.
    """
    forward = load()
    pixels, facts = (
        np.empty((len(pairs), SHAPE, SHAPE, CHANNELS), np.float32),
        np.empty((len(pairs), FACTS), np.float32),
    )
    of_reading = comparison.readings[pairs]
    for index in np.unique(of_reading):
        own = of_reading == index
        pixels[own] = seen_together(readings[index], unpack([comparison.signatures[pair] for pair in pairs[own]]))
        facts[own] = facts_of(readings[index], comparison.rows[pairs[own]])
    return forward(pixels, facts)


def load() -> Callable[[Floats, Floats], Floats]:
    """The network, from pixels and facts to logits; loaded by the first call in a process. Raises WeightsError."""
    with _building:  # one thread builds, the others wait for it
        return _build()


@functools.cache
def _build() -> Callable[[Floats, Floats], Floats]:
    """The compiled network."""
    weights = PAIR_WEIGHTS.load()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import tensorflow as tf

    network = pair_network(folded=True)
    give_weights(network, folded_weights(weights))
    signature = [tf.TensorSpec(side.shape, tf.float32) for side in network.inputs]
    forward = tf.function(lambda pixels, facts: network([pixels, facts], training=False), signature)
    traced = forward.get_concrete_function()  # here, under the lock; it is called directly, which takes less time
    return lambda pixels, facts: traced(tf.constant(pixels), tf.constant(facts)).numpy()
