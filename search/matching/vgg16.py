"""VGG16 on the CPU: its weights, its preprocessing and its vectors.

Only this module imports TensorFlow, and only for the first vectors: that takes seconds and half a gigabyte of memory.

K. Simonyan and A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition" (2014).
"""

import functools
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from numpy.typing import NDArray

from search.matching.icons_network import ICONS_DIMENSIONS, Form, embedder
from search.matching.imagenet_input import IMAGENET_SIDE
from search.passes import in_passes
from search.vision.drawing import SIDE
from search.weights import Weights, give_weights

CPU = Path("/proc/cpuinfo")

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


def precision() -> str:
    """Either "float32" or "bfloat16": EMBEDDING_PRECISION or, for "auto", whichever is faster on this CPU.

    Raises ImproperlyConfigured if EMBEDDING_PRECISION is none of these.
    """
    match settings.EMBEDDING_PRECISION:
        case "auto":
            return "bfloat16" if _cpu_multiplies_bfloat16(CPU) else "float32"
        case "float32" | "bfloat16":
            return str(settings.EMBEDDING_PRECISION)
        case unknown:
            raise ImproperlyConfigured(f'EMBEDDING_PRECISION must be "auto", "float32" or "bfloat16", not {unknown!r}.')


@functools.cache
def _cpu_multiplies_bfloat16(cpu: Path) -> bool:
    """Whether the CPU has instructions for bfloat16; without them it is slower than float32."""
    try:
        words = cpu.read_text().split()
    except OSError:  # not Linux
        return False
    return bool({"avx512_bf16", "amx_bf16"} & set(words))


@functools.cache
def _build(network: Network, dtype: str) -> Callable[[NDArray[np.uint8]], NDArray[np.float32]]:
    """The compiled network: from uint8 inputs to float32 vectors, not yet of length 1."""
    weights = network.weights.load()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import tensorflow as tf
    from keras.applications.vgg16 import preprocess_input

    model = _model(network, dtype)
    give_weights(model, weights)

    def forward(inputs: Any) -> Any:
        pixels = tf.cast(inputs, tf.float32)
        if not network.form:  # the tuned network preprocesses its input itself
            pixels = preprocess_input(pixels)
        return tf.cast(model(pixels, training=False), tf.float32)

    compiled = tf.function(forward, [tf.TensorSpec((None, network.side, network.side, 3), tf.uint8)])
    traced = compiled.get_concrete_function()  # here, under the lock; it is called directly, which takes less time
    return lambda inputs: traced(tf.constant(inputs)).numpy()


def _model(network: Network, dtype: str) -> Any:
    """The Keras model without weights."""
    import keras

    usual = keras.config.dtype_policy()
    # Weights of type bfloat16, not Keras' mixed precision: the same sums without a cast at every call.
    keras.config.set_dtype_policy(dtype)
    try:
        if network.form:
            return embedder(network.form)
        shape = (network.side, network.side, 3)
        return keras.applications.VGG16(weights=None, include_top=False, pooling="max", input_shape=shape)
    finally:
        keras.config.set_dtype_policy(usual)
