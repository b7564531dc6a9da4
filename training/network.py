"""The network in training: it learns by pairs."""

from typing import Any

import keras
import numpy as np
from keras import ops

TEMPERATURE = 0.05
FROZEN = ("block1_conv1", "block1_conv2")  # edges and blobs, which ImageNet taught well; a seventh of the time


class PairNetwork(keras.Model):
    """Learns that a screenshot and its icon's drawing are near each other, and other drawings far.

    InfoNCE both ways: A. van den Oord, Y. Li and O. Vinyals, "Representation Learning with Contrastive
    Predictive Coding" (2018).
    """

    def __init__(self, embed: keras.Model) -> None:
        super().__init__()
        self.embed = embed
        self.found = keras.metrics.Mean(name="found")

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """(n, n) inner products of the screenshots with the drawings."""
        vectors = self.embed(ops.concatenate([inputs["queries"], inputs["keys"]]), training=training)
        half = ops.shape(vectors)[0] // 2
        return ops.matmul(vectors[:half], ops.transpose(vectors[half:]))

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *args: Any, **kwargs: Any) -> Any:
        scores = ops.cast(y_pred, "float32") / TEMPERATURE - 1e4 * ops.cast(x["alike"], "float32")
        count = ops.shape(scores)[0]
        target = ops.arange(count)
        self.found.update_state(ops.mean(ops.cast(ops.equal(ops.argmax(scores, axis=1), target), "float32")))
        across = ops.mean(keras.losses.sparse_categorical_crossentropy(target, scores, from_logits=True))
        down = ops.mean(keras.losses.sparse_categorical_crossentropy(target, ops.transpose(scores), from_logits=True))
        return (across + down) / 2


def load_imagenet(model: keras.Model, weights: dict[str, Any]) -> None:
    """Give the convolutions what ImageNet taught them: arrays by `layer__kernel` and `layer__bias`."""
    for layer in model.layers:
        if f"{layer.name}__kernel" in weights:
            names = f"{layer.name}__kernel", f"{layer.name}__bias"
            layer.set_weights([weights[name].astype(np.float32) for name in names])
