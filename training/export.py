"""From a trained network to the weights file that a site loads."""

import hashlib
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray


def arrays_of(network: keras.Model) -> dict[str, NDArray[np.float32]]:
    """The weights of a Keras model by `layer__array`, as `search.networks.weights.give_weights` takes them."""
    return {
        f"{layer.name}__{weight.name}": keras.ops.convert_to_numpy(weight)
        for layer in network.layers
        for weight in layer.weights
    }


def export(embed: keras.Model, path: Path) -> None:
    """Write the weights, float16 arrays by `layer__kernel` and `layer__bias`, and print the file's size and hash."""
    arrays: dict[str, Any] = {name: array.astype(np.float16) for name, array in arrays_of(embed).items()}
    np.savez(path, **arrays)
    content = path.read_bytes()
    print(f"{path}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")
