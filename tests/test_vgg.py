import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from search.matching import vgg16
from search.matching.embedding import MODELS, active_model

Views = NDArray[np.uint8]


def random_views(count: int, *shape: int) -> Views:
    """Random rectangles, so that the pictures differ as drawings do and not as noise."""
    random = np.random.default_rng(7)
    views = np.full((count, *shape), 255, np.uint8)
    for view in views:
        for _ in range(6):
            top, left = random.integers(0, shape[0] - 4, 2)
            height, width = random.integers(3, shape[0] // 2, 2)
            view[top : top + height, left : left + width] = random.integers(0, 256, shape[2:])
    return views


def reference(views: Views, last_layer: str) -> NDArray[np.float32]:
    """What plain Keras computes in float32 from (n, side, side, 3) views."""
    import keras
    from keras.applications.vgg16 import VGG16, preprocess_input

    whole = VGG16(weights=None, include_top=False, pooling="max", input_shape=views.shape[1:])
    with np.load(settings.WEIGHTS_DIR / vgg16.IMAGENET.file) as weights:
        for layer in whole.layers:
            if layer.weights:
                parts = (weights[f"{layer.name}__{part}"].astype(np.float32) for part in ("kernel", "bias"))
                layer.set_weights(list(parts))
    cut = keras.Model(whole.input, whole.get_layer(last_layer).output)
    model = whole if last_layer == "block5_pool" else cut
    features = np.asarray(model(preprocess_input(views.astype(np.float32))))
    features = features.reshape(len(views), -1, 512).max(axis=1)
    return features / np.linalg.norm(features, axis=1, keepdims=True)


@pytest.fixture
def cpu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Makes the CPU look as if it had the given instructions."""

    def pretend(flags: str) -> None:
        (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: fpu sse2 {flags}\n")
        monkeypatch.setattr(vgg16, "CPU", tmp_path / "cpuinfo")

    return pretend


def in_weights_dir(folder: Path, settings) -> Path:
    settings.WEIGHTS_DIR = folder
    return folder / vgg16.IMAGENET.file


@pytest.mark.parametrize("precision", ["auto", "float32", "bfloat16"])
def test_the_whole_network_agrees_with_plain_keras(precision: str, settings):
    settings.EMBEDDING_PRECISION = precision
    views = random_views(3, 224, 224, 3)
    cosines = (vgg16.WHOLE(views) * reference(views, "block5_pool")).sum(axis=1)
    assert cosines.min() >= (0.99999 if vgg16.precision() == "float32" else 0.999)


@pytest.mark.parametrize("precision", ["auto", "float32", "bfloat16"])
def test_the_early_blocks_agree_with_plain_keras(precision: str, settings):
    settings.EMBEDDING_PRECISION = precision
    views = random_views(5, 64, 64)
    cosines = (vgg16.BLOCK4(views) * reference(np.stack([views] * 3, axis=-1), "block4_pool")).sum(axis=1)
    assert cosines.min() >= (0.99999 if vgg16.precision() == "float32" else 0.999)


def test_vectors_have_length_one():
    vectors = vgg16.BLOCK4(random_views(4, 64, 64))
    assert (vectors.shape, vectors.dtype) == ((4, 512), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)


def test_the_tuned_network_puts_a_drawing_near_itself_and_far_from_others():
    side, rows = 48, np.arange(48)
    disc = ((rows[:, None] - 24) ** 2 + (rows - 24) ** 2 < 20**2)[..., None].repeat(3, axis=2)
    bars = np.broadcast_to((rows // 8 % 2 == 0)[None, :, None], (side, side, 3))
    drawings = np.where(np.stack([disc, np.roll(disc, 1, axis=1), bars]), 0, 255).astype(np.uint8)
    vectors = vgg16.ICONS(drawings)
    assert (vectors.shape, vectors.dtype) == ((3, 256), np.float32)
    assert vectors[0] @ vectors[1] > 0.8 > 0.5 > vectors[0] @ vectors[2]


def test_a_batch_gives_what_single_views_give():
    views = random_views(2 * vgg16.BLOCK4.chunk + 3, 64, 64)
    together = vgg16.BLOCK4(views)
    for at in (0, 1, vgg16.BLOCK4.chunk, len(views) - 1):
        assert together[at] @ vgg16.BLOCK4(views[at : at + 1])[0] > 0.9999


def test_no_views_give_no_vectors():
    assert vgg16.BLOCK4(np.empty((0, 64, 64), np.uint8)).shape == (0, 512)
    assert active_model().embed([]).shape == (0, 256)


def test_views_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"\(64, 64\) are expected, not \(32, 32\)"):
        vgg16.BLOCK4(np.zeros((1, 32, 32), np.uint8))


def test_threads_share_one_network(settings):
    vgg16._build.cache_clear()
    views, found = random_views(2, 64, 64), []
    threads = [threading.Thread(target=lambda: found.append(vgg16.BLOCK4(views))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert vgg16._build.cache_info().misses == 1
    assert len(found) == 4 and all(np.allclose(vectors, found[0], atol=1e-3) for vectors in found)


def test_the_early_blocks_do_not_keep_the_last_one():
    names = {layer.name for layer in vgg16._model(vgg16.BLOCK4, "float32").layers}
    assert "block4_conv3" in names and "block5_conv1" not in names


def test_keras_keeps_its_own_precision():
    import keras

    before = keras.config.dtype_policy().name
    vgg16._model(vgg16.BLOCK4, "bfloat16")
    assert keras.config.dtype_policy().name == before


def test_missing_weights_are_reported(settings, tmp_path: Path):
    path = in_weights_dir(tmp_path, settings)
    assert vgg16.IMAGENET.problem() == f"The weights file {path} is missing."
    with pytest.raises(vgg16.WeightsError, match="is missing"):
        vgg16.IMAGENET.load()


def test_weights_of_another_size_are_reported(settings, tmp_path: Path):
    in_weights_dir(tmp_path, settings).write_bytes(b"half a download")
    assert "has 15 bytes instead of 27,215,004" in (vgg16.IMAGENET.problem() or "")
    with pytest.raises(vgg16.WeightsError, match="15 bytes"):
        vgg16.IMAGENET.load()


def test_damaged_weights_are_refused(settings, tmp_path: Path):
    content = bytearray((settings.WEIGHTS_DIR / vgg16.IMAGENET.file).read_bytes())
    content[len(content) // 2] ^= 1
    in_weights_dir(tmp_path, settings).write_bytes(content)
    assert vgg16.IMAGENET.problem() is None  # the size is right; only loading reads the file
    vgg16._build.cache_clear()
    with pytest.raises(vgg16.WeightsError, match="is damaged"):
        vgg16.BLOCK4(random_views(1, 64, 64))


def test_the_weights_in_the_tree_are_right():
    assert vgg16.IMAGENET.problem() is None
    assert len(vgg16.IMAGENET.load()) == 26


@pytest.mark.parametrize(
    ("flags", "expected"), [("avx512_bf16", "bfloat16"), ("amx_bf16", "bfloat16"), ("avx512f", "float32")]
)
def test_the_precision_follows_the_cpu(flags: str, expected: str, cpu, settings):
    settings.EMBEDDING_PRECISION = "auto"
    cpu(flags)
    assert vgg16.precision() == expected


def test_an_unknown_cpu_computes_in_float32(settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    settings.EMBEDDING_PRECISION = "auto"
    monkeypatch.setattr(vgg16, "CPU", tmp_path / "nothing")
    assert vgg16.precision() == "float32"


def test_the_precision_can_be_set(cpu, settings):
    cpu("avx512_bf16")
    settings.EMBEDDING_PRECISION = "float32"
    assert vgg16.precision() == "float32"


def test_an_unknown_precision_is_refused(settings):
    settings.EMBEDDING_PRECISION = "int8"
    with pytest.raises(ImproperlyConfigured, match="not 'int8'"):
        vgg16.precision()


@pytest.mark.parametrize("name", MODELS)
def test_each_model_finds_the_same_drawing_again(name: str):
    model, pictures = MODELS[name], []
    for size in (model.size, model.size + 8):
        box = (size // 8, size // 8, size * 7 // 8, size * 7 // 8)
        for shape in ("ellipse", "line"):
            picture = Image.new("RGB", (size, size), "white")
            getattr(ImageDraw.Draw(picture), shape)(box, fill="black")
            pictures.append(picture)
    vectors = model.embed([model.of_query(picture)[0][0] for picture in pictures])
    assert vectors.shape == (4, model.dimensions)
    likeness = vectors @ vectors.T
    assert likeness[0, 2] > likeness[0, [1, 3]].max() and likeness[1, 3] > likeness[1, [0, 2]].max()


def test_the_active_model_is_the_one_in_the_settings(settings):
    for name in MODELS:
        settings.EMBEDDING_MODEL = name
        assert active_model().id == name


def test_an_unknown_model_is_refused(settings):
    settings.EMBEDDING_MODEL = "resnet"
    with pytest.raises(ImproperlyConfigured, match="one of vgg16-icons-1, vgg16-block4, vgg16-imagenet, not 'resnet'"):
        active_model()


def test_tensorflow_waits_until_it_is_needed():
    code = "import sys, search.matching.embedding; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR).returncode == 0
