"""The way of searching of 2020 that this project replaces, on the same icons and queries.

It keeps 32 px JPEG samples, stretches them to 224 px, runs VGG16 as in the public Keras example with one call of
`predict` for each picture, and reads all vectors from an HDF5 file.
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
from bench.judging import TOP_K
from bench.own_site import ROOT
from bench.pictures import draw_on_white
from bench.screenshots import Query

NAME = "old way"
WEIGHTS = ROOT / "weights" / "vgg16_notop_f16.npz"
SAMPLE_SIDE = 32  # px; the side of the stored samples
NETWORK_SIDE = 224  # px; the side of the pictures that the network takes
JPEG_QUALITY = 80
TIMED = 60  # how many icons, and how many queries, are timed
BATCH = 32  # pictures that go through the network together where no time is taken
RESULTS = 40  # names in an answer of the old system

Vectors = NDArray[np.float32]  # (n, 512), rows of length 1


def measure_old_way(icons: Mapping[str, str], queries: Sequence[Query], rows: int, folder: Path) -> Baseline:
    """Search these icons. The latency is measured on some of the queries, with `rows` vectors in the file."""
    before = psutil.Process().memory_info().rss
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    importlib.import_module("keras")  # A server does this once, so it is not timed.
    network = Network(WEIGHTS)
    network.predict(sample("<svg/>"))  # The first call traces the graph.
    icons_a_second = _icons_a_second(network, list(icons.values())[:TIMED])
    milliseconds = _latencies(network, queries[:TIMED], rows, folder / "vgg_featureCNN.h5")
    resident = psutil.Process().memory_info().rss - before
    return Baseline(NAME, len(icons), _rankings(network, icons, queries), milliseconds, icons_a_second, resident)


class Network:
    """VGG16 with ImageNet weights, include_top=False, pooling="max", float32."""

    def __init__(self, weights: Path) -> None:
        import keras

        shape = (NETWORK_SIDE, NETWORK_SIDE, 3)
        self.model: Any = keras.applications.VGG16(weights=None, include_top=False, pooling="max", input_shape=shape)
        self.preprocess: Any = keras.applications.vgg16.preprocess_input
        with np.load(weights) as arrays:
            for layer in self.model.layers:
                if layer.weights:
                    tensors = (arrays[f"{layer.name}__{name}"] for name in ("kernel", "bias"))
                    layer.set_weights([tensor.astype(np.float32) for tensor in tensors])

    def predict(self, *pictures: bytes) -> Vectors:
        """The vectors of encoded pictures, by one call of `predict`."""
        stretched = np.stack([_stretched(picture) for picture in pictures])
        features = self.model.predict(self.preprocess(stretched), verbose=0)
        return np.asarray(features / np.linalg.norm(features, axis=1, keepdims=True))

    def predict_all(self, pictures: Sequence[bytes], title: str) -> Vectors:
        """The same vectors, in batches; `title` names the progress bar."""
        with tqdm(total=len(pictures), unit=" pictures", desc=title, disable=None, leave=False) as bar:
            batches = []
            for start in range(0, len(pictures), BATCH):
                batches.append(self.predict(*pictures[start : start + BATCH]))
                bar.update(len(batches[-1]))
        return np.concatenate(batches)


def sample(svg: str) -> bytes:
    """The 32 px JPEG that the old system kept of an icon."""
    buffer = io.BytesIO()
    draw_on_white(svg, SAMPLE_SIDE).save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


def _stretched(picture: bytes) -> NDArray[np.float32]:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    return np.asarray(image.resize((NETWORK_SIDE, NETWORK_SIDE), Image.Resampling.NEAREST), dtype=np.float32)


def _icons_a_second(network: Network, svgs: Sequence[str]) -> float:
    started = time.perf_counter()
    for svg in tqdm(svgs, "Old way, indexing", unit=" icons", disable=None, leave=False):
        network.predict(sample(svg))
    return len(svgs) / (time.perf_counter() - started)


def _latencies(network: Network, queries: Sequence[Query], rows: int, file: Path) -> list[float]:
    """Milliseconds from the picture to the names of the results, for each query."""
    import h5py

    noise = np.random.default_rng(0).standard_normal((rows, 512), np.float32)  # takes as long as real vectors
    with h5py.File(file, "w") as store:
        store["dataset_1"] = noise / np.linalg.norm(noise, axis=1, keepdims=True)
        store["dataset_2"] = [f"{row}.jpeg".encode() for row in range(rows)]
    milliseconds = []
    for query in tqdm(queries, "Old way, searching", unit=" queries", disable=None, leave=False):
        started = time.perf_counter()
        vector = network.predict(query.picture)[0]
        with h5py.File(file, "r") as store:
            scores, names = np.dot(vector, store["dataset_1"][:].T), store["dataset_2"][:]
        [names[row].decode() for row in np.argsort(scores)[::-1][:RESULTS]]
        milliseconds.append(1000 * (time.perf_counter() - started))
    return milliseconds


def _rankings(network: Network, icons: Mapping[str, str], queries: Sequence[Query]) -> list[list[str]]:
    ids = list(icons)
    vectors = network.predict_all([sample(icons[icon]) for icon in ids], "Old way, all icons")
    query_vectors = network.predict_all([query.picture for query in queries], "Old way, all queries")
    order = np.argsort(-(query_vectors @ vectors.T), axis=1, kind="stable")
    return [[ids[index] for index in row[:TOP_K]] for row in order]
