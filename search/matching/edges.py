"""The edges of drawings: where they run in which direction, give or take some pixels.

Two drawings of one thing, in lines and filled, or by hand and by a designer, have few pixels in common, but much of
their edges. After the oriented gradients of Dalal and Triggs, "Histograms of Oriented Gradients for Human Detection",
2005.
"""

import math
from functools import cache

import numpy as np

from search.matching.features import correlatable
from search.matching.signature import SHAPE, Floats

DIRECTIONS = 4  # of edges that are told apart: across, up, and the two between them
SMEARED = 2.0  # px: standard deviation, of how far a line may be from where an icon has it
STEP = 3  # px between two places
NOTHING = 1e-12  # weight in an average that says nothing; the smallest numbers there are take processors the longest
AROUND = 3  # px around a drawing, over which its outermost edges are smeared as well


def smeared_edges(ink: Floats) -> Floats:
    """(n, d) rows of length 1, whose inner products say how alike the edges of n drawings, (n, SHAPE, SHAPE), run.

    For each of DIRECTIONS they have the strength of the edges that run so, smeared, every STEP px.
    """
    padded = np.pad(np.asarray(ink, np.float32), ((0, 0), (AROUND, AROUND), (AROUND, AROUND)))
    soften = _gaussian(0.8, 1)
    down, right = np.gradient(soften @ padded @ soften.T, axis=(1, 2))
    strength = np.sqrt(down * down + right * right) + np.float32(1e-6)
    cosine, sine = (right * right - down * down) / strength, 2 * right * down / strength  # of twice the angle
    smear = _gaussian(SMEARED, STEP)
    channels = []
    for number in range(DIRECTIONS):
        angle = 2 * math.pi * number / DIRECTIONS
        channel = np.maximum(0, cosine * math.cos(angle) + sine * math.sin(angle))
        channels.append((smear @ channel @ smear.T).reshape(len(padded), -1))
    return correlatable(np.concatenate(channels, axis=1))


@cache
def _gaussian(deviation: float, step: int) -> Floats:
    """(m, n): takes a Gaussian average around every `step`-th of the n = SHAPE + 2 * AROUND places along an axis."""
    places = np.arange(SHAPE + 2 * AROUND)
    weights = np.exp(-(((places[::step, None] - places[None]) / deviation) ** 2) / 2)
    weights[weights < NOTHING] = 0
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)
