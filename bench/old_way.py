"""The way of 2020 that this project replaces, on the same icons and queries: 32 px JPEG samples stretched to
224 px, VGG16 as in the public Keras example, one `predict` a picture, all vectors read from an HDF5 file.
"""

import importlib
import io
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from bench.baselines import Baseline
from bench.judging import FIRST
from bench.own_site import ROOT
from bench.pictures import on_white
from bench.screenshots import Query

NAME = "old way"
WEIGHTS = ROOT / "weights" / "vgg16_notop_f16.npz"
SAMPLE_SIDE, SIDE = 32, 224  # px of the stored samples, and of what the network sees
JPEG_QUALITY = 80
TIMED = 60  # icons, and queries, that are timed one by one
BATCH = 32  # pictures in one pass where the time does not count

Vectors = NDArray[np.float32]  # (n, 512), rows of length 1


def measure_old_way(icons: Mapping[str, str], queries: Sequence[Query], rows: int, folder: Path) -> Baseline:
    """Search these icons; the latency is as if there were so many rows, and measured on a sample."""
    before = psutil.Process().memory_info().rss
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    importlib.import_module("keras")  # a server does that once
    network = Network(WEIGHTS)
    network.predict(sample("<svg/>"))  # traces the graph
    rate = _icons_a_second(network, list(icons.values())[:TIMED])
    milliseconds = _latencies(network, queries[:TIMED], rows, folder / "vgg_featureCNN.h5")
    resident = psutil.Process().memory_info().rss - before
    return Baseline(NAME, len(icons), _answers(network, icons, queries), milliseconds, rate, resident)


class Network:
    """VGG16 with ImageNet weights, include_top=False, pooling="max", float32."""

    def __init__(self, weights: Path) -> None:
        import keras

        shape = (SIDE, SIDE, 3)
        self.model: Any = keras.applications.VGG16(weights=None, include_top=False, pooling="max", input_shape=shape)
        self.preprocess: Any = keras.applications.vgg16.preprocess_input
        with np.load(weights) as arrays:
            for layer in self.model.layers:
                if layer.weights:
                    parts = (arrays[f"{layer.name}__{part}"] for part in ("kernel", "bias"))
                    layer.set_weights([part.astype(np.float32) for part in parts])

    def predict(self, *pictures: bytes) -> Vectors:
        """The vectors of encoded pictures, in one call of `predict`."""
        stretched = np.stack([_stretched(picture) for picture in pictures])
        features = self.model.predict(self.preprocess(stretched), verbose=0)
        return np.asarray(features / np.linalg.norm(features, axis=1, keepdims=True))

    def predict_all(self, pictures: Sequence[bytes], what: str) -> Vectors:
        """The same vectors, in batches."""
        with tqdm(total=len(pictures), unit=" pictures", desc=what, disable=None, leave=False) as bar:
            parts = []
            for start in range(0, len(pictures), BATCH):
                parts.append(self.predict(*pictures[start : start + BATCH]))
                bar.update(len(parts[-1]))
        return np.concatenate(parts)


def sample(svg: str) -> bytes:
    """The 32 px JPEG that the old system kept of an icon."""
    buffer = io.BytesIO()
    on_white(svg, SAMPLE_SIDE).save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


def _stretched(picture: bytes) -> NDArray[np.float32]:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.NEAREST), dtype=np.float32)


def _icons_a_second(network: Network, svgs: Sequence[str]) -> float:
    started = time.perf_counter()
    for svg in tqdm(svgs, "Old way, indexing", unit=" icons", disable=None, leave=False):
        network.predict(sample(svg))
    return len(svgs) / (time.perf_counter() - started)


def _latencies(network: Network, queries: Sequence[Query], rows: int, file: Path) -> list[float]:
    """Milliseconds from the picture to 40 names, with as many vectors in the file as there are icons."""
    import h5py

    noise = np.random.default_rng(0).standard_normal((rows, 512), np.float32)  # takes as long as real ones
    with h5py.File(file, "w") as store:
        store["dataset_1"] = noise / np.linalg.norm(noise, axis=1, keepdims=True)
        store["dataset_2"] = [f"{i}.jpeg".encode() for i in range(rows)]
    taken = []
    for query in tqdm(queries, "Old way, searching", unit=" queries", disable=None, leave=False):
        started = time.perf_counter()
        vector = network.predict(query.picture)[0]
        with h5py.File(file, "r") as store:
            scores, names = np.dot(vector, store["dataset_1"][:].T), store["dataset_2"][:]
        [names[i].decode() for i in np.argsort(scores)[::-1][:40]]
        taken.append(1000 * (time.perf_counter() - started))
    return taken


def _answers(network: Network, icons: Mapping[str, str], queries: Sequence[Query]) -> list[list[str]]:
    names = list(icons)
    vectors = network.predict_all([sample(icons[name]) for name in names], "Old way, all icons")
    asked = network.predict_all([query.picture for query in queries], "Old way, all queries")
    ranked = np.argsort(-(asked @ vectors.T), axis=1, kind="stable")
    return [[names[i] for i in row[:FIRST]] for row in ranked]
