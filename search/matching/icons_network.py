"""The networks tuned on icons: VGG16's first convolutions and a head. The site and the training build them alike."""

from dataclasses import dataclass
from typing import Any

from search.vision.drawing import SIDE

ICONS_DIMENSIONS = 256  # numbers in a vector
# VGG16 up to its first layer at stride 8: the name and the number of filters of each 3 x 3 convolution; None is a
# 2 x 2 max pooling.
CONVOLUTIONS = (
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
MEAN = (123.68, 116.779, 103.939)  # RGB, of 255: the mean of ImageNet, which VGG16 expects to be subtracted


@dataclass(frozen=True)
class Form:
    """What a network tuned on icons is like."""

    slimmer: int = 1  # how many times fewer filters its convolutions have than VGG16's
    from_imagenet: bool = False  # whether it began as VGG16 trained on photographs, and takes what that takes

    def filters(self, of_vgg16: int) -> int:
        """The filters of a layer that has so many in VGG16: a multiple of 8, with which processors are fastest."""
        return 8 * round(of_vgg16 / self.slimmer / 8)


def embedder(form: Form, frozen: tuple[str, ...] = ()) -> Any:
    """The Keras model from (n, SIDE, SIDE, 3) RGB, 0 to 255, to (n, ICONS_DIMENSIONS) float32 vectors of length 1.

    `frozen` names layers that do not learn. The weights are random, their type that of Keras' dtype policy.
    """
    import numpy as np
    from keras import Input, Model, initializers, layers, ops

    pixels = Input((SIDE, SIDE, 3), dtype="float32")
    # VGG16 expects BGR. Else the white around a drawing is 0, as the padding of the convolutions is.
    x = ops.flip(pixels - np.array(MEAN, np.float32), axis=-1) if form.from_imagenet else 1 - pixels / 255
    for layer in CONVOLUTIONS:
        if layer is None:
            x = layers.MaxPooling2D()(x)
        else:
            name, filters = layer[0], form.filters(layer[1])
            x = layers.Conv2D(
                filters,
                3,
                padding="same",
                activation="relu",
                name=name,
                trainable=name not in frozen,
                kernel_initializer="he_normal",
            )(x)
    x = layers.Conv2D(128, 1, name="head_conv")(x)
    x = layers.Flatten()(x)
    # Small at first: the output is brought to length 1 in any case, and small weights learn faster.
    small = initializers.RandomNormal(stddev=0.005)
    x = layers.Dense(ICONS_DIMENSIONS, use_bias=False, name="head", dtype="float32", kernel_initializer=small)(x)
    return Model(pixels, layers.UnitNormalization(dtype="float32")(x))
