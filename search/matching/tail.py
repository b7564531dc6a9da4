"""What follows a match that is surely the icon meant: its variants, and behind them what is only like a part of it."""

import numpy as np
from numpy.typing import NDArray

from search.matching.comparison import Comparison, first_places
from search.matching.edges import smeared_edges
from search.matching.features import FEATURES
from search.matching.signature import unpack

VARIANTS_FIRST = 4  # variants before the best icons of the other readings
MOST_LIKENED = 32  # icons that are compared with a clear winner


def variants_next(comparison: Comparison, chosen: NDArray[np.int64], likely: int) -> NDArray[np.int64]:
    """`chosen`, (n,), in the order for a winner, its first, that is surely the icon meant; its first `likely` stay.

    What resembles the winner as a whole (its outlines and filled variants, other weights and sets) comes next, while
    what a part of the picture resembles, such as a line or a dot, comes behind. The best icons of the other readings
    stay among the first, since the winner may be a part of what is meant.
    """
    winner, readings, icons = chosen[0], comparison.readings, comparison.icons
    near = comparison.rows[:, FEATURES.index("inner product")]
    of_reading = np.flatnonzero((readings == readings[winner]) & (icons != icons[winner]))
    of_reading = of_reading[np.argsort(-near[of_reading], kind="stable")]
    of_reading = of_reading[first_places(icons[of_reading])][:MOST_LIKENED]
    edges = smeared_edges(unpack([comparison.signatures[pair] for pair in (winner, *of_reading)]).ink)
    likest = of_reading[np.argsort(-(edges[1:] @ edges[0] + near[of_reading]), kind="stable")]
    others = chosen[readings[chosen] != readings[winner]]
    best_of_others = others[first_places(readings[others])]
    order = np.concatenate([chosen[:likely], likest[:VARIANTS_FIRST], best_of_others, likest, chosen])
    return order[first_places(icons[order])]
