"""Edges of drawings, as they are compared."""

import numpy as np

from search.matching.edges import _gaussian, smeared_edges
from search.matching.signature import SHAPE


def test_edges_are_alike_where_they_run_alike() -> None:
    upright = np.zeros((3, SHAPE, SHAPE), np.float32)
    upright[0, :, 20:24] = 1
    upright[1, :, 21:25] = 1  # moved by a pixel
    upright[2, 20:24, :] = 1  # across
    likeness = smeared_edges(upright) @ smeared_edges(upright).T
    assert np.allclose(np.diag(likeness), 1, atol=1e-5)
    assert likeness[0, 1] > 0.9 > 0.5 > likeness[0, 2]


def test_averages_hold_no_numbers_that_processors_are_slow_with() -> None:
    weights = _gaussian(0.8, 1)
    assert ((weights == 0) | (weights > np.finfo(np.float32).tiny)).all()
    assert np.allclose(weights.sum(axis=1), 1, atol=1e-6)
