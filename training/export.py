"""From a trained network to the weights file that a site loads."""

import hashlib
from pathlib import Path

import keras
import numpy as np


def export(embed: keras.Model, path: Path) -> None:
    """Write the weights, float16 arrays by `layer__kernel` and `layer__bias`, and print the file's size and hash."""
    arrays = {}
    for layer in embed.layers:
        for weight in layer.weights:
            arrays[f"{layer.name}__{weight.name}"] = keras.ops.convert_to_numpy(weight).astype(np.float16)
    np.savez(path, **arrays)
    content = path.read_bytes()
    print(f"{path}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")
