"""The old system's file of vectors: what it gets of us, and what we take of it."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import h5py
import numpy as np
import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from numpy.typing import NDArray

from icons.models import Icon, IconSet
from search.feature_file import MODEL
from search.matching.embedding import MODELS
from search.models import IconVector
from search.progress import pending_icons
from tests.conftest import png_of, upload

MakeIcon = Callable[..., Icon]


@pytest.fixture(autouse=True)
def _old_model(settings: LazySettings) -> None:
    settings.EMBEDDING_MODEL = MODEL


def old_search(path: Path, query: NDArray[np.float32]) -> list[tuple[str, float]]:
    """What the old system does with its file: names with scores, best first."""
    with h5py.File(path, "r") as file:
        features, names = file["dataset_1"][:], file["dataset_2"][:]
    scores = np.dot(query, features.T)
    order = np.argsort(scores)[::-1]
    return [(str(names[place], "utf-8"), float(scores[place])) for place in order]


def run(command: str, *arguments: str) -> tuple[str, str]:
    """What a command prints, and what it complains about."""
    output, errors = StringIO(), StringIO()
    call_command(command, *arguments, stdout=output, stderr=errors)
    return output.getvalue(), errors.getvalue()


def test_the_old_search_finds_icons_in_our_file(
    icons: dict[str, Icon], make_icon: MakeIcon, tmp_path: Path, client: Client
) -> None:
    make_icon("shou-ye", file_name="首页.svg")
    path = tmp_path / "vgg_featureCNN.h5"
    printed, _errors = run("export_h5", str(path))
    assert "6 of 6 icons" in printed
    with h5py.File(path, "r") as file:
        features = file["dataset_1"][:]
        assert (features.shape, features.dtype) == ((6, 512), np.float32)
        assert np.allclose(np.linalg.norm(features, axis=1), 1, atol=1e-6)
        assert sorted(str(name, "utf-8") for name in file["dataset_2"]) == [
            *("cross.jpeg", "home.jpeg", "ring.jpeg", "square.jpeg", "triangle.jpeg", "首页.jpeg")
        ]
        with_ring = features[[str(name, "utf-8") for name in file["dataset_2"]].index("ring.jpeg")]
    found = old_search(path, with_ring)
    # The icon of the Chinese name is drawn like the ring.
    assert {name for name, _score in found[:2]} == {"ring.jpeg", "首页.jpeg"}
    assert found[0][1] == pytest.approx(1, abs=1e-4)


def test_a_site_answers_with_the_old_vectors(icons: dict[str, Icon], tmp_path: Path, client: Client) -> None:
    path = tmp_path / "old.h5"
    run("export_h5", str(path))
    assert not IconVector.objects.exists() and pending_icons(MODEL).count() == len(icons)
    printed, errors = run("import_h5", str(path))
    assert "5 of 5 vectors stored" in printed and errors == ""
    assert not pending_icons(MODEL).exists()
    again = tmp_path / "again.h5"
    run("export_h5", str(again))
    with h5py.File(path, "r") as first, h5py.File(again, "r") as second:
        assert np.allclose(first["dataset_1"], second["dataset_1"], atol=1e-3)
        assert list(first["dataset_2"]) == list(second["dataset_2"])
    answer = client.post("/upload", {"the_file": upload(png_of(icons["home"].svg, 32))})
    assert answer.json()["data"][0]["fileName"] == "home.jpeg"


def test_icons_are_matched_by_name(make_icon: MakeIcon, tmp_path: Path) -> None:
    icon = make_icon("shou-ye", file_name="首页.svg")
    make_icon("ring")
    other = IconSet.objects.create(prefix="other", title="Other")
    make_icon("ring", set=other)
    make_icon("cross")
    path = tmp_path / "old.h5"
    vectors = np.random.default_rng(1).random((6, 512), np.float32) * 7
    vectors[3], vectors[4] = 0, np.nan
    names = ["首页.jpeg", "ring.jpeg", "none.jpeg", "cross.jpeg", "cross.jpeg", "shou-ye.png"]
    with h5py.File(path, "w") as file:
        file["dataset_1"] = vectors
        file["dataset_2"] = [name.encode() for name in names]
    printed, errors = run("import_h5", str(path))
    assert "1 of 6" in printed
    assert "no icon has this name: none.jpeg" in errors and "several icons have this name: ring.jpeg" in errors
    assert "the vector is empty: cross.jpeg, cross.jpeg" in errors
    stored = IconVector.objects.get(icon=icon)
    assert np.allclose(np.array(stored.vector), vectors[5] / np.linalg.norm(vectors[5]), atol=1e-3)
    printed, _errors = run("import_h5", str(path), "--set", "other")
    assert "1 of 6" in printed and IconVector.objects.filter(icon__set=other).count() == 1


def test_what_cannot_be_read(icon_set: IconSet, tmp_path: Path, settings: LazySettings) -> None:
    broken, narrow, text = tmp_path / "broken.h5", tmp_path / "narrow.h5", tmp_path / "none.h5"
    broken.write_bytes(b"no HDF5")
    with h5py.File(narrow, "w") as file:
        file["dataset_1"], file["dataset_2"] = np.zeros((2, 256)), [b"a", b"b"]
    with h5py.File(text, "w") as file:
        file["dataset_1"] = np.zeros((2, 512))
    for path in (broken, narrow, text, tmp_path / "missing.h5"):
        with pytest.raises(CommandError, match="dataset_1"):
            run("import_h5", str(path))
    with pytest.raises(CommandError, match="no icon set"):
        run("export_h5", str(tmp_path / "x.h5"), "--set", "none")
    with pytest.raises(CommandError, match="cannot be written"):
        run("export_h5", str(tmp_path / "no" / "x.h5"))
    settings.EMBEDDING_MODEL = "vgg16-icons-2"
    with pytest.raises(CommandError, match="KEEP_OTHER_MODELS"):
        run("import_h5", str(text))


def test_it_is_the_model_of_the_old_system() -> None:
    assert MODELS[MODEL].dimensions == 512
