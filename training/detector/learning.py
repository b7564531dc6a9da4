"""How the detector learns: its losses, and its batches for Keras."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from search.detection.network import EDGES, ICON, TEXT
from training.detector.samples import crops

FOCUS, FORGIVE = 2, 4  # exponents of the loss of icons: for what is surely told, and for places near a middle
OF_TEXT, OF_EDGES = 1.0, 1.0  # weights of the other losses
NEAR_ZERO = 1e-6

Batch = tuple[dict[str, NDArray[Any]], NDArray[np.float32]]


class DetectorInTraining(keras.Model):  # type: ignore[misc]  # Keras has no types
    """The detector with its losses.

    That of icons is the focal loss for peaks of X. Zhou, D. Wang and P. Krähenbühl, "Objects as Points" (2019), that of
    edges the logarithm of the overlap: J. Yu et al., "UnitBox" (2016).
    """

    def __init__(self, network: keras.Model) -> None:
        super().__init__()
        self.network = network
        self.parts = {name: keras.metrics.Mean(name=name) for name in ("icon", "text", "overlap")}

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """What the network says of the pictures."""
        return self.network(inputs["pixels"], training=training)

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The sum of the three losses; `y` is not used."""
        number = ops.maximum(ops.sum(ops.cast(x["icon"] > 0.999, "float32")), 1.0)
        logit = y_pred[..., ICON]
        chance = ops.clip(ops.sigmoid(logit), NEAR_ZERO, 1 - NEAR_ZERO)
        is_middle = ops.cast(x["icon"] > 0.999, "float32")
        of_middle = is_middle * (1 - chance) ** FOCUS * ops.log(chance)
        of_others = (1 - is_middle) * (1 - x["icon"]) ** FORGIVE * chance**FOCUS * ops.log(1 - chance)
        icon = -ops.sum(x["sure"] * (of_middle + of_others)) / number
        text = ops.mean(
            x["sure"]
            * keras.losses.binary_crossentropy(x["text"][..., None], y_pred[..., TEXT : TEXT + 1], from_logits=True)
        )
        shared = _overlap(ops.exp(ops.clip(y_pred[..., EDGES], -3.0, 5.0)), x["edges"])
        weight = ops.maximum(ops.sum(x["inner"]), 1.0)
        edges = -ops.sum(x["inner"] * ops.log(shared + NEAR_ZERO)) / weight
        values = {"icon": icon, "text": text, "overlap": ops.sum(x["inner"] * shared) / weight}
        for name, metric in self.parts.items():
            metric.update_state(values[name])
        return icon + OF_TEXT * text + OF_EDGES * edges


def _overlap(edges: Any, others: Any) -> Any:
    """Intersection over union of boxes that are told by their distances from one place."""
    least = ops.minimum(edges, others)
    shared = (least[..., 0] + least[..., 2]) * (least[..., 1] + least[..., 3])
    areas = [(box[..., 0] + box[..., 2]) * (box[..., 1] + box[..., 3]) for box in (edges, others)]
    return shared / (areas[0] + areas[1] - shared + NEAR_ZERO)


def batches(
    folder: Path, seed: int, held_out: int, times: int, start: int, step: int = 1
) -> Generator[Batch, None, None]:
    """The batches of `crops` as Keras takes them: what the network is to say of a batch is among its inputs."""
    names = ("icon", "text", "edges", "inner", "sure")
    for pixels, targets in crops(folder, seed, held_out, times, start, step):
        inputs = {name: np.stack([getattr(target, name) for target in targets]) for name in names}
        yield {"pixels": pixels.astype(np.float32), **inputs}, np.zeros(len(pixels), np.float32)
