"""VGG16 on the CPU: its weights, its preprocessing and its features. Only this module imports TensorFlow,
and only when the first features are asked for: that takes seconds and half a gigabyte of memory.

K. Simonyan and A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition" (2014).
"""

import functools
import hashlib
import io
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

from search.matching import icons_network
from search.vision.drawing import SIDE

CPU = Path("/proc/cpuinfo")

_building = threading.Lock()


class WeightsError(Exception):
    """The network's weights are missing or damaged."""


@dataclass(frozen=True)
class Weights:
    """A file of kernels (height, width, in, out) and biases (out,), by "layer__kernel" and "layer__bias"."""

    file: str
    bytes: int
    sha256: str

    @property
    def path(self) -> Path:
        return Path(settings.WEIGHTS_DIR) / self.file

    def problem(self) -> str | None:
        """What is wrong with the file, or None. Looks at its size only; loading also checks its hash."""
        if not self.path.is_file():
            return f"The weights file {self.path} is missing."
        if (size := self.path.stat().st_size) != self.bytes:
            return f"The weights file {self.path} has {size:,} bytes instead of {self.bytes:,}."
        return None

    def load(self) -> dict[str, NDArray[np.float16]]:
        if problem := self.problem():
            raise WeightsError(problem)
        content = self.path.read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise WeightsError(f"The weights file {self.path} is damaged: its SHA-256 is unknown.")
        with np.load(io.BytesIO(content)) as arrays:
            return dict(arrays)


@dataclass(frozen=True)
class Network:
    """From views to features of length 1."""

    weights: Weights
    input_shape: tuple[int, ...]  # of one view: (height, width) grey, or (height, width, 3) RGB
    features: int
    chunk: int  # views in one pass: more is hardly faster and takes more memory
    last_layer: str  # VGG16's, max pooled over all positions; "" for the network tuned on icons

    def __call__(self, views: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The features of (n, *input_shape) uint8 views: (n, features) float32, every row of length 1.

        Safe to call from several threads. The first call in a process loads the network, which takes
        seconds. Raises WeightsError if there are no weights to load, ImproperlyConfigured if
        EMBEDDING_PRECISION is unknown, ValueError if the views have another shape.
        """
        if views.shape[1:] != self.input_shape:
            raise ValueError(f"Views of shape {self.input_shape} are expected, not {views.shape[1:]}.")
        if not len(views):
            return np.empty((0, self.features), np.float32)
        with _building:  # one thread builds, the others wait for it
            forward = _build(self, precision())
        chunks = (views[start : start + self.chunk] for start in range(0, len(views), self.chunk))
        features = np.concatenate([forward(chunk) for chunk in chunks])
        features /= np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
        return features


IMAGENET = Weights(
    "vgg16_notop_f16.npz", 27_215_004, "37b9de9af6b4b2ac8d2482778fad8192a60f25b3fd10751ad2d0450a17dd8a99"
)
ICONS_1 = Weights(
    "vgg16_icons_1_f16.npz", 8_327_046, "0bce7baf51351829b418ea80cd51e070d77022fc18ea6aa565944b4e1a363912"
)

# The whole network on an RGB picture: Keras' include_top=False, pooling="max".
WHOLE = Network(IMAGENET, (224, 224, 3), 512, 8, "block5_pool")
# The early blocks, which still see shapes rather than objects, on a grey drawing.
BLOCK4 = Network(IMAGENET, (64, 64), 512, 32, "block4_pool")
# Tuned on icons; see training/.
ICONS = Network(ICONS_1, (SIDE, SIDE, 3), icons_network.DIMENSIONS, 64, "")


def precision() -> str:
    """ "float32" or "bfloat16": EMBEDDING_PRECISION, or for "auto" whichever is faster on this CPU."""
    match settings.EMBEDDING_PRECISION:
        case "auto":
            return "bfloat16" if _cpu_multiplies_bfloat16(CPU) else "float32"
        case "float32" | "bfloat16":
            return str(settings.EMBEDDING_PRECISION)
        case other:
            raise ImproperlyConfigured(f'EMBEDDING_PRECISION must be "auto", "float32" or "bfloat16", not {other!r}.')


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
    """The compiled network: from uint8 views to float32 features, not yet of length 1."""
    weights = network.weights.load()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import tensorflow as tf
    from keras.applications.vgg16 import preprocess_input

    model = _model(network, dtype)
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([weights[f"{layer.name}__{one.name}"].astype(np.float32) for one in layer.weights])

    def forward(views: Any) -> Any:
        pixels = tf.cast(views, tf.float32)
        if len(network.input_shape) == 2:
            pixels = tf.repeat(pixels[..., tf.newaxis], 3, axis=-1)
        if network.last_layer:
            pixels = preprocess_input(pixels)
        return tf.cast(model(pixels, training=False), tf.float32)

    compiled = tf.function(forward, [tf.TensorSpec((None, *network.input_shape), tf.uint8)])
    compiled.get_concrete_function()  # traced here, under the lock
    return lambda views: compiled(views).numpy()


def _model(network: Network, dtype: str) -> Any:
    """The Keras model without weights; layers after the last one are not kept."""
    import keras

    usual = keras.config.dtype_policy()
    # Weights of type bfloat16, not Keras' mixed precision: the same sums without a cast at every call.
    keras.config.set_dtype_policy(dtype)
    try:
        if not network.last_layer:
            return icons_network.embedder()
        side = network.input_shape[0]
        whole = keras.applications.VGG16(weights=None, include_top=False, input_shape=(side, side, 3))
        features = keras.layers.GlobalMaxPooling2D()(whole.get_layer(network.last_layer).output)
        return keras.Model(whole.inputs, features)
    finally:
        keras.config.set_dtype_policy(usual)
