"""Convolutions with layers that normalise what they give, and the same with these layers made part of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NORMALISED = "_norm"  # how the name of a layer ends that normalises what the one of that name before it gives
EPSILON = 1e-3  # of these layers


def folded_weights(weights: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """The weights, under `layer__array`, with each normalisation made part of the convolution before it."""
    folded = {name: array.astype(np.float32) for name, array in weights.items() if NORMALISED not in name}
    for name in [name for name in weights if name.endswith(f"{NORMALISED}__gamma")]:
        layer = name.removesuffix(f"{NORMALISED}__gamma")
        gamma, beta, mean, variance = (
            weights[f"{layer}{NORMALISED}__{part}"].astype(np.float32)
            for part in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        factor = gamma / np.sqrt(variance + EPSILON)
        folded[f"{layer}__kernel"] = folded[f"{layer}__kernel"] * factor
        folded[f"{layer}__bias"] = beta - mean * factor
    return folded


@dataclass(frozen=True)
class Layers:
    """Keras' layers, for a network with layers of normalisation, or with these folded into the convolutions."""

    keras: Any  # keras.layers
    folded: bool

    def __getattr__(self, name: str) -> Any:
        """The layer of Keras of this name."""
        return getattr(self.keras, name)


def convolution(
    layers: Layers, x: Any, filters: int, size: int, stride: int, name: str, dilation: int = 1, relu: bool = True
) -> Any:
    """A convolution with its normalisation, and with `relu` the positive part of what they give."""
    x = layers.Conv2D(filters, size, stride, padding="same", use_bias=layers.folded, dilation_rate=dilation, name=name)(
        x
    )
    if not layers.folded:
        x = layers.BatchNormalization(name=f"{name}{NORMALISED}", epsilon=EPSILON)(x)
    return layers.ReLU(name=f"{name}_relu")(x) if relu else x
