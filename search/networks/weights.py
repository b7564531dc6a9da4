"""Files of networks' weights, and what is wrong with them."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray


class WeightsError(Exception):
    """The network's weights are missing or damaged."""


@dataclass(frozen=True)
class Weights:
    """A file of kernels (height, width, in, out) and biases (out,), by "layer__kernel" and "layer__bias"."""

    file: str
    bytes: int  # size of the file
    sha256: str

    @property
    def path(self) -> Path:
        """Where the file should be: in WEIGHTS_DIR."""
        return Path(settings.WEIGHTS_DIR) / self.file

    def problem(self) -> str | None:
        """What is wrong with the file, or None. Only its size is checked here; loading also checks its hash."""
        if not self.path.is_file():
            return f"The weights file {self.path} is missing."
        if (size := self.path.stat().st_size) != self.bytes:
            return f"The weights file {self.path} has {size:,} bytes instead of {self.bytes:,}."
        return None

    def load(self) -> dict[str, NDArray[np.float16]]:
        """The arrays in the file, float16, by name. Raises WeightsError if it is missing or damaged."""
        if problem := self.problem():
            raise WeightsError(problem)
        content = self.path.read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise WeightsError(f"The weights file {self.path} is damaged: its SHA-256 is unknown.")
        with np.load(io.BytesIO(content)) as arrays:
            return dict(arrays)


def give_weights(network: Any, weights: Mapping[str, NDArray[Any]]) -> None:
    """Set the weights of a Keras model as a weights file has them, under `layer__array`."""
    for layer in network.layers:
        if layer.weights:
            layer.set_weights([weights[f"{layer.name}__{array.name}"].astype(np.float32) for array in layer.weights])
