"""How the network learns which of a screenshot's likeliest icons is the right one."""

from collections.abc import Generator
from dataclasses import replace
from itertools import count
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from search.matching.pair_network import CHANNELS, FACTS
from search.matching.signature import SHAPE, Floats
from training.pairs.samples import PAIRS, Pairs

BATCH = 32  # screenshots that are learnt from at once
NOWHERE = -1e9  # the logit of what is not there

Inputs = dict[str, NDArray[Any]]


class PairsInTraining(keras.Model):  # type: ignore[misc]  # Keras has no types
    """The network with its loss: the negative logarithm of the share that the right icons of a screenshot have.

    The shares are those of the softmax of all its icons' logits, as in Z. Cao et al., "Learning to Rank: From Pairwise
    Approach to Listwise Approach" (2007).
    """

    def __init__(self, network: keras.Model) -> None:
        super().__init__()
        self.network = network
        self.first = keras.metrics.Mean(name="first")
        # Only a model that has been called once has the weights that a checkpoint is loaded into.
        pixels, facts = np.zeros((1, 1, SHAPE, SHAPE, CHANNELS)), np.zeros((1, 1, FACTS))
        self({"pixels": ops.cast(pixels, "float32"), "facts": ops.cast(facts, "float32"), "logits": np.zeros((1, 1))})

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """(screenshots, pairs): the logits of the icons."""
        shape = ops.shape(inputs["logits"])
        pixels = ops.reshape(inputs["pixels"], (-1, SHAPE, SHAPE, CHANNELS))
        added = self.network([pixels, ops.reshape(inputs["facts"], (-1, FACTS))], training=training)
        return inputs["logits"] + ops.reshape(added, shape)

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The mean over the screenshots; `y` tells which icons are right."""
        right = y > 0.5
        self.first.update_state(ops.any(right & (y_pred >= ops.max(y_pred, axis=1, keepdims=True)), axis=1))
        of_right = ops.logsumexp(ops.where(right, y_pred, NOWHERE), axis=1)
        return ops.mean(ops.logsumexp(y_pred, axis=1) - of_right)


def batches(pairs: Pairs, seed: int, start: int) -> Generator[tuple[Inputs, NDArray[np.float32]], None, None]:
    """Endless batches of screenshots, turned and mirrored, from number `start` on."""
    by_screenshot = pairs.by_screenshot()
    for number in count(start):
        rng = np.random.default_rng((seed, number))
        chosen = by_screenshot[rng.choice(len(by_screenshot), min(BATCH, len(by_screenshot)), replace=False)]
        inputs, right = as_inputs(pairs, chosen)
        for flipped in (2, 3):
            if rng.random() < 0.5:
                inputs["pixels"] = np.flip(inputs["pixels"], flipped)
        if rng.random() < 0.5:
            inputs["pixels"] = inputs["pixels"].swapaxes(2, 3)
        yield {**inputs, "pixels": np.ascontiguousarray(inputs["pixels"])}, right


def as_inputs(pairs: Pairs, chosen: NDArray[np.int64]) -> tuple[Inputs, NDArray[np.float32]]:
    """The pairs of some screenshots, rows of `Pairs.by_screenshot`, as the model takes them, and which are right."""
    there = chosen >= 0
    index = np.where(there, chosen, 0)
    shown, icons = (pixels[index].astype(np.float32) / 255 for pixels in (pairs.shown, pairs.icons))
    inputs: Inputs = {
        "pixels": np.stack([shown, icons, shown - icons], axis=-1),
        "facts": pairs.facts[index],
        "logits": np.where(there, pairs.logits[index], NOWHERE).astype(np.float32),
    }
    return inputs, (pairs.right[index] & there).astype(np.float32)


def evaluate(network: keras.Model, pairs: Pairs) -> tuple[float, float]:
    """The share of screenshots whose right icon is first, without the network and with it; printed as well."""
    by_screenshot = pairs.by_screenshot()
    first: list[tuple[bool, bool]] = []
    for start in range(0, len(by_screenshot), 2 * BATCH):
        inputs, right = as_inputs(pairs, by_screenshot[start : start + 2 * BATCH])
        pixels, facts = inputs["pixels"].reshape(-1, SHAPE, SHAPE, CHANNELS), inputs["facts"].reshape(-1, FACTS)
        added = keras.ops.convert_to_numpy(network([pixels, facts], training=False)).reshape(-1, PAIRS)
        each = np.arange(len(right))
        before, after = (right[each, logits.argmax(axis=1)] for logits in (inputs["logits"], inputs["logits"] + added))
        first += zip((before > 0).tolist(), (after > 0).tolist(), strict=True)
    shares = np.mean(first, axis=0)
    print(f"Right icon first of {len(first)} screenshots: {shares[0]:.4f} without the network, {shares[1]:.4f} with it")
    return float(shares[0]), float(shares[1])


def standardised(pairs: Pairs, mean: Floats, spread: Floats) -> Pairs:
    """The pairs with each of their facts, of that mean and standard deviation, (FACTS,), in units of the latter."""
    return replace(pairs, facts=((pairs.facts - mean) / spread).astype(np.float32))


def for_plain_facts(network: keras.Model, mean: Floats, spread: Floats) -> None:
    """Make a network that has learnt from standardised facts one that takes them as they are."""
    layer = network.get_layer("both")
    kernel, bias = layer.get_weights()
    kernel[-FACTS:] /= spread[:, None]
    layer.set_weights([kernel, bias - mean @ kernel[-FACTS:]])
