"""The network that looks at a reading and an icon side by side, where others look much the same.

The features of the second stage are sums over whole drawings. This network sees both pixel by pixel, and learns which
differences a screenshot makes (soft edges, a pixel grid, compression) and which are those of another drawing. Such
networks that take both sides at once are called cross-encoders. The site and its training build it alike.
"""

from typing import Any

import numpy as np

from search.matching.features import FEATURES, as_placed, correlatable, framed_ink, pixel_width, softened
from search.matching.signature import SHAPE, Floats, UnpackedSignatures
from search.networks.layers import Layers, convolution
from search.vision.readings import Reading

CHANNELS = 3  # of each pair: the ink of the reading and of the icon, 0 to 1, and the difference
FACTS = 1 + len(FEATURES)  # numbers that it is told of each pair beside the pixels: see `facts_of`
FILTERS = 24, 48, 72, 72  # of its convolutions
HIDDEN = 64  # units between these and the logit
LEAST_WIDTH, MOST_WIDTH = 0.3, 12.0  # px of a drawing that a px of the screenshot covers; beyond makes no difference


def pair_network(folded: bool = False) -> Any:
    """The Keras model from (n, SHAPE, SHAPE, CHANNELS) and (n, FACTS) to (n,) float32.

    It gives what is to be added to the logit of each icon being the one that the reading shows. The weights are random,
    but for the last layer, which gives nothing. With `folded` it has no layers of normalisation, for the weights that
    `folded_weights` makes.
    """
    import keras
    from keras import Input, Model

    layers = Layers(keras.layers, folded)
    pixels, facts = Input((SHAPE, SHAPE, CHANNELS), dtype="float32"), Input((FACTS,), dtype="float32")
    x = pixels
    for number, filters in enumerate(FILTERS):
        x = convolution(layers, x, filters, 3 if number else 5, 1 if number == len(FILTERS) - 1 else 2, f"conv{number}")
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x), facts])
    x = layers.Dense(HIDDEN, activation="relu", name="both")(x)
    logit = layers.Dense(1, name="logit", dtype="float32", kernel_initializer="zeros")(x)
    return Model([pixels, facts], layers.Reshape(())(logit))


def seen_together(reading: Reading, icons: UnpackedSignatures) -> Floats:
    """(n, SHAPE, SHAPE, CHANNELS): a reading, as placed best, beside each of n icons at its resolution.

    What is hidden of the reading is as in the icon.
    """
    shapes = softened(icons.ink, reading).reshape(len(icons.ink), -1)
    placements = as_placed(framed_ink(reading), reading)
    best = (correlatable(placements) @ correlatable(shapes).T).argmax(axis=0)
    shown = placements[best]
    if reading.drawing.hidden is not None:
        hidden = as_placed(reading.drawing.hidden.astype(np.float32), reading)[best]
        shown = shown + hidden * (shapes - shown)
    pairs = np.stack([shown, shapes, shown - shapes], axis=2)
    return np.asarray(pairs.reshape(len(shapes), SHAPE, SHAPE, CHANNELS), np.float32)


def facts_of(reading: Reading, rows: Floats) -> Floats:
    """(n, FACTS): what the network is told of pairs with this reading; `rows`, (n, len(FEATURES)), is of `features`."""
    width = np.log(np.clip(pixel_width(reading), LEAST_WIDTH, MOST_WIDTH))
    return np.column_stack([np.full(len(rows), width, np.float32), rows]).astype(np.float32)
