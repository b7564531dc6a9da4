"""The network in training: VGG16's first blocks and a head, learning by pairs."""

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from search.drawing import SIDE

DIMENSIONS = 256
TEMPERATURE = 0.05
# Kernels (3, 3) and how many filters; None is a 2 × 2 max pooling. VGG16 up to its first layer at stride 8.
LAYERS = (
    ("block1_conv1", 64),
    ("block1_conv2", 64),
    None,
    ("block2_conv1", 128),
    ("block2_conv2", 128),
    None,
    ("block3_conv1", 256),
    ("block3_conv2", 256),
    ("block3_conv3", 256),
    None,
    ("block4_conv1", 512),
)
FROZEN = ("block1_conv1", "block1_conv2")  # edges and blobs, which ImageNet taught well; a seventh of the time
MEAN = (123.68, 116.779, 103.939)  # of ImageNet's RGB, which its weights expect to be taken off


def embedder() -> keras.Model:
    """From (n, SIDE, SIDE, 3) RGB, 0 to 255, to (n, DIMENSIONS) vectors of length 1."""
    pixels = keras.Input((SIDE, SIDE, 3))
    x = ops.flip(pixels - np.array(MEAN, np.float32), axis=-1)  # its weights expect BGR
    for layer in LAYERS:
        if layer is None:
            x = layers.MaxPooling2D()(x)
        else:
            name, filters = layer
            x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=name, trainable=name not in FROZEN)(x)
    x = layers.Conv2D(128, 1, name="head_conv")(x)
    x = layers.Flatten()(x)
    # Small to begin with: the length of its output is taken off, and small weights learn faster.
    head = layers.Dense(
        DIMENSIONS,
        use_bias=False,
        name="head",
        dtype="float32",
        kernel_initializer=keras.initializers.RandomNormal(stddev=0.005),
    )
    return keras.Model(pixels, layers.UnitNormalization(dtype="float32")(head(x)))


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
