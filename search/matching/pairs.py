"""What the network of pairs adds to the logits of the likeliest icons; it is loaded when it is first asked."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from search.matching.comparison import Comparison
from search.matching.pair_network import CHANNELS, FACTS, facts_of, pair_network, seen_together
from search.matching.signature import SHAPE, Floats, unpack
from search.networks.compiled import Forward, folded
from search.networks.passes import in_passes
from search.networks.weights import Weights
from search.vision.readings import Reading

PAIR_WEIGHTS = Weights(
    "icon_pairs_2_f16.npz", 210_436, "f2dc6c59a5cf34fdbc7d2c9bae9824b239a8a462b2a408f8a33535bce08245cf"
)


def side_by_side(queries: Sequence[tuple[Sequence[Reading], Comparison, NDArray[np.int64]]]) -> list[Floats]:
    """For each query, its readings, a comparison and n pairs of that, (n,): what is to be added to their logits.

    There is at least one query; all pairs go through the network at once. Raises WeightsError if there are no weights
    to load. The first call in a process loads the network.
    """
    forward, lengths = load(), [len(pairs) for *_, pairs in queries]
    pixels = np.empty((sum(lengths), SHAPE, SHAPE, CHANNELS), np.float32)
    facts = np.empty((sum(lengths), FACTS), np.float32)
    ends = list(accumulate(lengths))
    for (readings, comparison, pairs), length, end in zip(queries, lengths, ends, strict=True):
        of_reading = comparison.readings[pairs]
        for index in np.unique(of_reading):
            own = np.flatnonzero(of_reading == index)
            at = end - length + own
            pixels[at] = seen_together(readings[index], unpack([comparison.signatures[pair] for pair in pairs[own]]))
            facts[at] = facts_of(readings[index], comparison.rows[pairs[own]])
    return np.split(in_passes(forward, pixels, facts), ends[:-1])


def load() -> Forward:
    """The network, from pixels and facts to logits; loaded by the first call in a process. Raises WeightsError."""
    return folded(pair_network, PAIR_WEIGHTS, first="float32")
