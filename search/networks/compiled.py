"""Keras models, compiled for the CPU. TensorFlow is imported when a network is first needed, here and for VGG16."""

import functools
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from numpy.typing import NDArray

from search.networks.layers import folded_weights
from search.networks.weights import Weights, give_weights

CPU = Path("/proc/cpuinfo")

Forward = Callable[..., NDArray[np.float32]]  # from arrays, (n, …) each, to an array, (n, …)

_building = threading.Lock()


def folded(make: Callable[[bool], Any], weights: Weights, dtype: str = "float32", first: str = "uint8") -> Forward:
    """A network with these weights, without layers of normalisation, that computes in a type: see `precision`.

    `make` makes the Keras model, so folded if it is given True; `first` is as `traced` has it. The first call in a
    process loads the network. Raises WeightsError if there are no weights to load.
    """
    with _building:  # one thread builds, the others wait for it
        return _folded(make, weights, dtype, first)


@functools.cache
def _folded(make: Callable[[bool], Any], weights: Weights, dtype: str, first: str) -> Forward:
    arrays = folded_weights(weights.load())
    prepare()
    with computing_in(dtype):
        network = make(True)
    give_weights(network, arrays)
    return traced(network, first)


def traced(network: Any, first: str = "uint8", before: Callable[[Any], Any] | None = None) -> Forward:
    """A Keras model as a function of arrays, the first of this type, the others float32; it answers float32.

    `before` is applied to each input as float32, where the model does not prepare it itself.
    """
    import tensorflow as tf

    def forward(*inputs: Any) -> Any:
        floats = [tf.cast(array, tf.float32) for array in inputs]
        floats = [before(array) for array in floats] if before else floats
        return tf.cast(network(floats if len(floats) > 1 else floats[0], training=False), tf.float32)

    dtypes = [first, *["float32"] * (len(network.inputs) - 1)]
    signature = [tf.TensorSpec(side.shape, dtype) for side, dtype in zip(network.inputs, dtypes, strict=True)]
    # Traced here, under the lock, and called directly, which takes less time.
    compiled = tf.function(forward, signature).get_concrete_function()
    return lambda *inputs: np.asarray(compiled(*map(tf.constant, inputs)).numpy())


def prepare() -> None:
    """Set what Keras and TensorFlow must know before they are first imported."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"


@contextmanager
def computing_in(dtype: str) -> Iterator[None]:
    """Have the layers that are made meanwhile compute in this type, and have their weights in it.

    Not Keras' mixed precision: the same sums without a cast at every call.
    """
    import keras

    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy(dtype)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(usual)


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
