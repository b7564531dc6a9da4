"""Inputs go through a network in batches of few sizes, and come back in order."""

import threading

import numpy as np
import pytest
from numpy.typing import NDArray

from search.networks.passes import AT_ONCE, SHARED, SIZES, at_once, in_passes


@pytest.mark.parametrize("number", [1, 3, 5, 15, 16, 33, 64, 65, 200])
def test_every_input_has_its_own_output_in_batches_of_few_sizes(number: int) -> None:
    sizes = []

    def forward(values: NDArray[np.float32], facts: NDArray[np.float32]) -> NDArray[np.float32]:
        assert len(values) == len(facts)
        sizes.append(len(values))
        return np.stack([values.sum(axis=1), facts], axis=1)

    values, facts = np.arange(2 * number, dtype=np.float32).reshape(number, 2), np.arange(number, dtype=np.float32)
    told = in_passes(forward, values, facts)
    assert np.array_equal(told, np.stack([values.sum(axis=1), facts], axis=1))
    assert set(sizes) <= set(SIZES)
    assert len(sizes) % AT_ONCE == 0 if number >= SHARED else len(sizes) == 1


def test_no_batch_is_larger_than_a_network_takes() -> None:
    sizes = []

    def forward(values: NDArray[np.float32]) -> NDArray[np.float32]:
        sizes.append(len(values))
        return values

    values = np.arange(21, dtype=np.float32)
    assert np.array_equal(in_passes(forward, values, most=8), values)
    assert max(sizes) <= 8


def test_two_are_computed_at_once() -> None:
    both = threading.Barrier(2, timeout=20)  # which one alone would never pass
    assert at_once(lambda item: (both.wait(), item)[1], ["a", "b"]) == ["a", "b"]


def test_what_a_network_raises_is_raised() -> None:
    def forward(values: NDArray[np.float32]) -> NDArray[np.float32]:
        raise ValueError("no weights")

    with pytest.raises(ValueError, match="no weights"):
        in_passes(forward, np.zeros(40))
