"""The networks: that they compute what they should, load sound weights only, and share one copy among threads."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings, settings
from django.core.exceptions import ImproperlyConfigured
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from search.matching import vgg16
from search.matching.embedding import MODELS, configured_model
from search.networks import compiled
from search.networks.weights import WeightsError


def random_inputs(count: int, network: vgg16.Network) -> NDArray[np.uint8]:
    """Inputs of a network with random rectangles, so that they differ as drawings do and not as noise."""
    rng, side = np.random.default_rng(7), network.side
    inputs = np.full((count, side, side, 3), 255, np.uint8)
    for pixels in inputs:
        for _ in range(6):
            top, left = rng.integers(0, side - 4, 2)
            height, width = rng.integers(3, side // 2, 2)
            pixels[top : top + height, left : left + width] = rng.integers(0, 256, 3)
    return inputs


def reference(inputs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What plain Keras computes in float32 from (n, side, side, 3) inputs."""
    from keras.applications.vgg16 import VGG16, preprocess_input

    model = VGG16(weights=None, include_top=False, pooling="max", input_shape=inputs.shape[1:])
    with np.load(settings.WEIGHTS_DIR / vgg16.IMAGENET_WEIGHTS.file) as weights:
        for layer in model.layers:
            if layer.weights:
                arrays = (weights[f"{layer.name}__{name}"].astype(np.float32) for name in ("kernel", "bias"))
                layer.set_weights(list(arrays))
    vectors = np.asarray(model(preprocess_input(inputs.astype(np.float32))), np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


@pytest.fixture
def cpu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """A function that makes the CPU look as if it had the instructions in `flags`, parted by spaces."""

    def pretend(flags: str) -> None:
        (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: fpu sse2 {flags}\n")
        monkeypatch.setattr(compiled, "CPU", tmp_path / "cpuinfo")

    return pretend


def in_weights_dir(folder: Path, settings: LazySettings) -> Path:
    """Where ImageNet's weights are looked for once `folder` is the folder of weights."""
    settings.WEIGHTS_DIR = folder
    return folder / vgg16.IMAGENET_WEIGHTS.file


@pytest.mark.parametrize("precision", ["auto", "float32", "bfloat16"])
def test_the_whole_network_agrees_with_plain_keras(precision: str, settings: LazySettings) -> None:
    settings.EMBEDDING_PRECISION = precision
    inputs = random_inputs(3, vgg16.IMAGENET)
    cosines = (vgg16.IMAGENET(inputs) * reference(inputs)).sum(axis=1)
    assert cosines.min() >= (0.99999 if compiled.precision() == "float32" else 0.999)


@pytest.mark.parametrize("network", [vgg16.IMAGENET, vgg16.ICONS_1, vgg16.ICONS_2])
def test_vectors_have_length_one(network: vgg16.Network) -> None:
    vectors = network(random_inputs(4, network))
    assert vectors.shape == (4, network.dimensions) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("network", [vgg16.ICONS_1, vgg16.ICONS_2])
def test_a_tuned_network_puts_a_drawing_near_itself_and_far_from_others(network: vgg16.Network) -> None:
    side, rows = 48, np.arange(48)
    disc = ((rows[:, None] - 24) ** 2 + (rows - 24) ** 2 < 20**2)[..., None].repeat(3, axis=2)
    bars = np.broadcast_to((rows // 8 % 2 == 0)[None, :, None], (side, side, 3))
    drawings = np.where(np.stack([disc, np.roll(disc, 1, axis=1), bars]), 0, 255).astype(np.uint8)
    vectors = network(drawings)
    assert vectors.shape == (3, 256) and vectors.dtype == np.float32
    assert vectors[0] @ vectors[1] > 0.8 > 0.5 > vectors[0] @ vectors[2]


def test_a_batch_gives_what_single_inputs_give() -> None:
    inputs = random_inputs(2 * vgg16.ICONS_2.chunk + 3, vgg16.ICONS_2)
    together = vgg16.ICONS_2(inputs)
    for index in (0, 1, vgg16.ICONS_2.chunk, len(inputs) - 1):
        assert together[index] @ vgg16.ICONS_2(inputs[index : index + 1])[0] > 0.9999


def test_no_inputs_give_no_vectors() -> None:
    assert vgg16.IMAGENET(np.empty((0, 224, 224, 3), np.uint8)).shape == (0, 512)
    assert configured_model().embed([]).shape == (0, 256)


def test_inputs_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(48, 48, 3\) are expected, not \(32, 32, 3\)"):
        vgg16.ICONS_2(np.zeros((1, 32, 32, 3), np.uint8))


def test_threads_share_one_network() -> None:
    vgg16._build.cache_clear()
    inputs = random_inputs(2, vgg16.ICONS_2)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(vgg16.ICONS_2, [inputs] * 4))
    assert vgg16._build.cache_info().misses == 1
    assert all(np.allclose(vectors, results[0], atol=1e-3) for vectors in results)


@pytest.mark.parametrize("network", [vgg16.IMAGENET, vgg16.ICONS_1, vgg16.ICONS_2])
def test_keras_keeps_its_own_precision(network: vgg16.Network) -> None:
    import keras

    before = keras.config.dtype_policy().name
    vgg16._model(network, "bfloat16")
    assert keras.config.dtype_policy().name == before


def test_missing_weights_are_reported(settings: LazySettings, tmp_path: Path) -> None:
    path = in_weights_dir(tmp_path, settings)
    assert vgg16.IMAGENET_WEIGHTS.problem() == f"The weights file {path} is missing."
    with pytest.raises(WeightsError, match="is missing"):
        vgg16.IMAGENET_WEIGHTS.load()


def test_weights_of_another_size_are_reported(settings: LazySettings, tmp_path: Path) -> None:
    in_weights_dir(tmp_path, settings).write_bytes(b"half a download")
    assert "has 15 bytes instead of 27,215,004" in (vgg16.IMAGENET_WEIGHTS.problem() or "")
    with pytest.raises(WeightsError, match="15 bytes"):
        vgg16.IMAGENET_WEIGHTS.load()


def test_damaged_weights_are_refused(settings: LazySettings, tmp_path: Path) -> None:
    content = bytearray((settings.WEIGHTS_DIR / vgg16.IMAGENET_WEIGHTS.file).read_bytes())
    content[len(content) // 2] ^= 1
    in_weights_dir(tmp_path, settings).write_bytes(content)
    assert vgg16.IMAGENET_WEIGHTS.problem() is None  # the size is right; only loading reads the file
    vgg16._build.cache_clear()
    with pytest.raises(WeightsError, match="is damaged"):
        vgg16.IMAGENET(random_inputs(1, vgg16.IMAGENET))


def test_the_weights_in_the_tree_are_right() -> None:
    assert vgg16.IMAGENET_WEIGHTS.problem() is None
    assert len(vgg16.IMAGENET_WEIGHTS.load()) == 26


@pytest.mark.parametrize(
    ("flags", "expected"), [("avx512_bf16", "bfloat16"), ("amx_bf16", "bfloat16"), ("avx512f", "float32")]
)
def test_the_precision_follows_the_cpu(
    flags: str, expected: str, cpu: Callable[[str], None], settings: LazySettings
) -> None:
    settings.EMBEDDING_PRECISION = "auto"
    cpu(flags)
    assert compiled.precision() == expected


def test_an_unknown_cpu_computes_in_float32(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.EMBEDDING_PRECISION = "auto"
    monkeypatch.setattr(compiled, "CPU", tmp_path / "nothing")
    assert compiled.precision() == "float32"


def test_the_precision_can_be_set(cpu: Callable[[str], None], settings: LazySettings) -> None:
    cpu("avx512_bf16")
    settings.EMBEDDING_PRECISION = "float32"
    assert compiled.precision() == "float32"


def test_an_unknown_precision_is_refused(settings: LazySettings) -> None:
    settings.EMBEDDING_PRECISION = "int8"
    with pytest.raises(ImproperlyConfigured, match="not 'int8'"):
        compiled.precision()


@pytest.mark.parametrize("name", MODELS)
def test_each_model_finds_the_same_drawing_again(name: str) -> None:
    model, pictures = MODELS[name], []
    for size in (model.size, model.size + 8):
        box = (size // 8, size // 8, size * 7 // 8, size * 7 // 8)
        for shape in ("ellipse", "line"):
            picture = Image.new("RGB", (size, size), "white")
            getattr(ImageDraw.Draw(picture), shape)(box, fill="black")
            pictures.append(picture)
    vectors = model.embed([next(model.of_query(picture))[0] for picture in pictures])
    assert vectors.shape == (4, model.dimensions)
    likeness = vectors @ vectors.T
    assert likeness[0, 2] > likeness[0, [1, 3]].max() and likeness[1, 3] > likeness[1, [0, 2]].max()


def test_the_configured_model_is_the_one_in_the_settings(settings: LazySettings) -> None:
    for name in MODELS:
        settings.EMBEDDING_MODEL = name
        assert configured_model().id == name


def test_an_unknown_model_is_refused(settings: LazySettings) -> None:
    settings.EMBEDDING_MODEL = "vgg16-block4"  # which was dropped
    with pytest.raises(
        ImproperlyConfigured, match="one of vgg16-icons-2, vgg16-icons-1, vgg16-imagenet, not 'vgg16-block4'"
    ):
        configured_model()


def test_tensorflow_waits_until_it_is_needed() -> None:
    code = "import sys, search.matching.embedding; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR).returncode == 0
