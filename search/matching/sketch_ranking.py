"""How the candidates for a sketch are ordered: by where their lines run in which direction, give or take a wobble.

The pixels of a sketch and an icon hardly ever agree, and the network has learnt from icons. What remains of a shape
however it is drawn are the directions of its edges.
"""

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from search.matching.edges import smeared_edges
from search.matching.matches import Candidate, Match
from search.matching.signature import lightness, unpack
from search.vision.drawing import MARGIN
from search.vision.readings import Reading

VECTORS = 0.15  # how much an inner product counts beside a correlation of edges
SHARPNESS = 25.0  # of the softmax that makes probabilities of these sums: fitted to the sketches of bench/sketches.py
PRIOR = 0.3  # how much an icon's log prior counts beside them
COLOURED = 0.05  # what an icon in several colours loses, since a sketch shows one


def best_sketch_matches(readings: Sequence[Reading], candidates: Sequence[Candidate]) -> list[Match]:
    """Each icon among the candidates, at least one, once, the likeliest first.

    The score is a softmax over the candidates; `present` is that of the best, since every sketch is of something.
    """
    rows = list(dict.fromkeys((candidate.icon_id, candidate.signature) for candidate in candidates))
    nearest: dict[tuple[int, bytes], float] = defaultdict(float)
    # An icon's present drawing is likelier than an earlier one.
    priors = {candidate.icon_id: candidate.prior for candidate in sorted(candidates, key=lambda near: near.prior)}
    for candidate in candidates:
        row = candidate.icon_id, candidate.signature
        nearest[row] = max(nearest[row], candidate.inner_product)
    icons = unpack([signature for _, signature in rows])
    # A filled shape has lost what is within its outline: as good as any plain shape, it finds candidates, no more.
    outlines = [reading.drawing.pixels for reading in readings if reading.kind != "filled"]
    drawn = np.stack([1 - lightness(pixels[MARGIN:-MARGIN, MARGIN:-MARGIN]) / 255 for pixels in outlines])
    edges = (smeared_edges(drawn.astype(np.float32)) @ smeared_edges(icons.ink).T).max(axis=0)
    values = edges + VECTORS * np.array([nearest[row] for row in rows]) - COLOURED * icons.coloured
    values += PRIOR / SHARPNESS * np.array([priors[icon] for icon, _ in rows])
    best: dict[int, float] = {}
    for (icon, _), value in zip(rows, values.tolist(), strict=True):
        best[icon] = max(best.get(icon, -math.inf), value)
    highest = max(best.values())
    weights = {icon: math.exp(SHARPNESS * (value - highest)) for icon, value in best.items()}
    present = 1 / sum(weights.values())
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return [Match(icon, weight * present, present) for icon, weight in ordered]
