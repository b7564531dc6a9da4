"""The network in training, which learns from pairs."""

from typing import Any

import keras
from keras import ops

from search.vision.drawing import SIDE
from training.batches import COARSE, LOOK_ALIKE, LOOK_ALIKE_IN_COLOUR

TEMPERATURE = 0.05  # The loss divides inner products by it.
AS_TAUGHT = 5.0  # weight of the loss of answering otherwise than the teacher
# Layers that do not learn: ImageNet taught them edges and blobs well, and a seventh of the time is saved.
FROZEN = ("block1_conv1", "block1_conv2")


class PairNetwork(keras.Model):  # type: ignore[misc]  # Keras has no types
    """Learns that a screenshot and its icon's drawing are near each other, and other drawings far.

    The loss is InfoNCE, from screenshots to drawings and back: A. van den Oord, Y. Li and O. Vinyals,
    "Representation Learning with Contrastive Predictive Coding" (2018). With the vectors of a teacher, a larger
    network that has learnt before, it learns to answer as that does as well: G. Hinton, O. Vinyals and J. Dean,
    "Distilling the Knowledge in a Neural Network" (2015).
    """

    def __init__(self, embed: keras.Model) -> None:
        super().__init__()
        self.embed = embed
        self.accuracy = keras.metrics.Mean(name="accuracy")

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """(2 n, d): the vectors of n screenshots, then of n drawings."""
        both = ops.concatenate([inputs["queries"], inputs["keys"]])
        return self.embed(ops.cast(both, "float32"), training=training)

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The mean loss of a batch, in which look-alikes are not held against each other."""
        count = ops.shape(x["queries"])[0]
        products = ops.matmul(y_pred[:count], ops.transpose(y_pred[count:]))
        scores = ops.cast(products, "float32") / TEMPERATURE - 1e4 * look_alikes(ops.cast(x["keys"], "float32"))
        target = ops.arange(count)
        self.accuracy.update_state(ops.mean(ops.cast(ops.equal(ops.argmax(scores, axis=1), target), "float32")))
        across = ops.mean(keras.losses.sparse_categorical_crossentropy(target, scores, from_logits=True))
        down = ops.mean(keras.losses.sparse_categorical_crossentropy(target, ops.transpose(scores), from_logits=True))
        loss = (across + down) / 2
        if "taught" in x:
            taught = ops.concatenate([x["taught"][:, 0], x["taught"][:, 1]])
            loss += AS_TAUGHT * ops.mean(1 - ops.sum(taught * ops.cast(y_pred, "float32"), axis=1))
        return loss


def look_alikes(keys: Any) -> Any:
    """(n, n) float32: 1 where two of n drawings, (n, SIDE, SIDE, 3) RGB, are different ones that look the same."""
    count, each = ops.shape(keys)[0], SIDE // COARSE
    cells = ops.reshape(keys, (count, COARSE, each, COARSE, each, 3))
    coarse = ops.reshape(ops.mean(cells, axis=(2, 4)), (count, -1))
    coarse -= ops.mean(coarse, axis=1, keepdims=True)
    coarse /= ops.maximum(ops.norm(coarse, axis=1, keepdims=True), 1e-6)
    coloured = ops.any(ops.max(keys, axis=3) != ops.min(keys, axis=3), axis=(1, 2))
    either = ops.logical_or(coloured[:, None], coloured[None])
    alike = ops.matmul(coarse, ops.transpose(coarse)) > ops.where(either, LOOK_ALIKE_IN_COLOUR, LOOK_ALIKE)
    return ops.cast(alike, "float32") * (1 - ops.eye(count))
