"""The network in training, which learns from pairs."""

from typing import Any

import keras
import numpy as np
from keras import ops

TEMPERATURE = 0.05  # The loss divides inner products by it.
# Layers that do not learn: ImageNet taught them edges and blobs well, and a seventh of the time is saved.
FROZEN = ("block1_conv1", "block1_conv2")


class PairNetwork(keras.Model):  # type: ignore[misc]  # Keras has no types
    """Learns that a screenshot and its icon's drawing are near each other, and other drawings far.

    The loss is InfoNCE, from screenshots to drawings and back: A. van den Oord, Y. Li and O. Vinyals,
    "Representation Learning with Contrastive Predictive Coding" (2018).
    """

    def __init__(self, embed: keras.Model) -> None:
        super().__init__()
        self.embed = embed
        self.accuracy = keras.metrics.Mean(name="accuracy")

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """(n, n): the inner products of n screenshots with n drawings."""
        vectors = self.embed(ops.concatenate([inputs["queries"], inputs["keys"]]), training=training)
        half = ops.shape(vectors)[0] // 2
        return ops.matmul(vectors[:half], ops.transpose(vectors[half:]))

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The mean loss of a batch, in which look-alikes are not held against each other."""
        scores = ops.cast(y_pred, "float32") / TEMPERATURE - 1e4 * ops.cast(x["look_alikes"], "float32")
        count = ops.shape(scores)[0]
        target = ops.arange(count)
        self.accuracy.update_state(ops.mean(ops.cast(ops.equal(ops.argmax(scores, axis=1), target), "float32")))
        across = ops.mean(keras.losses.sparse_categorical_crossentropy(target, scores, from_logits=True))
        down = ops.mean(keras.losses.sparse_categorical_crossentropy(target, ops.transpose(scores), from_logits=True))
        return (across + down) / 2


def load_imagenet(model: keras.Model, weights: dict[str, Any]) -> None:
    """Set the convolutions to the weights learnt from ImageNet: arrays by `layer__kernel` and `layer__bias`."""
    for layer in model.layers:
        if f"{layer.name}__kernel" in weights:
            names = f"{layer.name}__kernel", f"{layer.name}__bias"
            layer.set_weights([weights[name].astype(np.float32) for name in names])
