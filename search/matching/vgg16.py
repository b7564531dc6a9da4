"""VGG16 on the CPU: its weights, its preprocessing and its vectors.

TensorFlow is imported for the first vectors only: that takes seconds and half a gigabyte of memory.

K. Simonyan and A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition" (2014).
"""

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.matching.icons_network import ICONS_DIMENSIONS, Form, embedder
from search.matching.imagenet_input import IMAGENET_SIDE
from search.networks.compiled import computing_in, precision, prepare, traced
from search.networks.passes import in_passes
from search.networks.weights import Weights, give_weights
from search.vision.drawing import SIDE

_building = threading.Lock()


@dataclass(frozen=True)
class Network:
    """From pictures of one size to vectors of length 1."""

    weights: Weights
    side: int  # px: width and height of an input
    dimensions: int  # numbers in a vector
    chunk: int  # inputs in one pass, of passes.SIZES: more is hardly faster and takes more memory
    form: Form | None  # of a network tuned on icons; None: the whole of VGG16, as Keras has it, max pooled

    def __call__(self, inputs: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The vectors of (n, side, side, 3) RGB inputs: (n, dimensions) float32, every row of length 1.

        Safe to call from several threads. The first call in a process loads the network, which takes seconds.
        Raises WeightsError if there are no weights to load, ImproperlyConfigured if EMBEDDING_PRECISION is unknown,
        ValueError if the inputs have another shape.
        """
        if inputs.shape[1:] != (expected := (self.side, self.side, 3)):
            raise ValueError(f"Inputs of shape {expected} are expected, not {inputs.shape[1:]}.")
        if not len(inputs):
            return np.empty((0, self.dimensions), np.float32)
        with _building:  # one thread builds, the others wait for it
            forward = _build(self, precision())
        vectors = in_passes(forward, inputs, most=self.chunk)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors


IMAGENET_WEIGHTS = Weights(
    "vgg16_notop_f16.npz", 27_215_004, "37b9de9af6b4b2ac8d2482778fad8192a60f25b3fd10751ad2d0450a17dd8a99"
)
ICONS_1_WEIGHTS = Weights(
    "vgg16_icons_1_f16.npz", 8_327_046, "0bce7baf51351829b418ea80cd51e070d77022fc18ea6aa565944b4e1a363912"
)
ICONS_2_WEIGHTS = Weights(
    "vgg16_icons_2_f16.npz", 3_074_806, "caf2e2529786a81e49d2f6a597910fa4aed55e21f6d2a8253f0f508fdf05acb1"
)

# As it was trained on the photographs of ImageNet: Keras' VGG16 with include_top=False, pooling="max".
IMAGENET = Network(IMAGENET_WEIGHTS, IMAGENET_SIDE, 512, 8, None)
# Tuned on icons, see training/: as wide as VGG16, and with a third of its filters, taught by the first.
ICONS_1 = Network(ICONS_1_WEIGHTS, SIDE, ICONS_DIMENSIONS, 64, Form(from_imagenet=True))
ICONS_2 = Network(ICONS_2_WEIGHTS, SIDE, ICONS_DIMENSIONS, 64, Form(slimmer=3))


@functools.cache
def _build(network: Network, dtype: str) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
    """The compiled network: from uint8 inputs to float32 vectors, not yet of length 1."""
    weights = network.weights.load()
    prepare()
    from keras.applications.vgg16 import preprocess_input

    model = _model(network, dtype)
    give_weights(model, weights)
    return traced(model, before=None if network.form else preprocess_input)  # a tuned network does that itself


def _model(network: Network, dtype: str) -> Any:
    """The Keras model without weights."""
    import keras

    with computing_in(dtype):
        if network.form:
            return embedder(network.form)
        shape = (network.side, network.side, 3)
        return keras.applications.VGG16(weights=None, include_top=False, pooling="max", input_shape=shape)
