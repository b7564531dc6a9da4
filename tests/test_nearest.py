"""The search in SQL, on vectors made by hand: no network is needed."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from icons.models import Icon, IconSet
from search import models
from search.models import IconVector, Outcome
from tests.conftest import store_outcomes, svg_of

MODEL, OTHER = "vgg16-block4", "vgg16-imagenet"


def at(degrees: float) -> NDArray[np.float32]:
    """A unit vector in the plane of the first two dimensions."""
    vector = np.zeros(512, np.float32)
    vector[:2] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return vector


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / np.linalg.norm(vector)


def store(icon: Icon, degrees: float, model: str = MODEL) -> None:
    assert store_outcomes([Outcome(icon.pk, icon.svg_hash, at(degrees))], model) == 1


def names(rows: list[IconVector]) -> list[str]:
    return [row.icon.name for row in rows]


def test_the_largest_inner_product_comes_first(icons: dict[str, Icon]) -> None:
    for name, degrees in {"square": 60, "ring": 0, "cross": 90}.items():
        store(icons[name], degrees)
    rows = IconVector.objects.nearest(MODEL, at(0), 2)
    assert names(rows) == ["ring", "square"]
    assert [row.score for row in rows] == pytest.approx([1, 0.5], abs=1e-3)


def test_vectors_of_another_model_are_not_found(icons: dict[str, Icon]) -> None:
    store(icons["ring"], 0, OTHER)
    store(icons["cross"], 80, MODEL)
    assert names(IconVector.objects.nearest(MODEL, at(0), 5)) == ["cross"]


def test_hidden_and_failed_icons_are_not_found(icons: dict[str, Icon]) -> None:
    store(icons["ring"], 0)
    store(icons["cross"], 10)
    Icon.objects.filter(name="ring").update(hidden=True)
    store_outcomes([Outcome(icons["square"].pk, icons["square"].svg_hash, error="No.")])
    assert names(IconVector.objects.nearest(MODEL, at(0), 5)) == ["cross"]


@pytest.mark.parametrize("exact", [True, False], ids=["all compared", "through the index"])
@pytest.mark.django_db
def test_a_filter_loses_nothing(monkeypatch: pytest.MonkeyPatch, exact: bool, icon_set: IconSet) -> None:
    """The few icons of the set are the farthest of all: an index that only looks near would find none."""
    monkeypatch.setattr(models.IconVectorQuerySet, "_few_to_compare", lambda self, sets: exact)
    many = IconSet.objects.create(prefix="many", title="Many")
    svg = svg_of('<path d="M0 0h9v9z"/>')
    near = Icon.objects.bulk_create(Icon(set=many, name=f"n{i}", svg=svg, svg_hash="h") for i in range(3000))
    far = Icon.objects.bulk_create(Icon(set=icon_set, name=f"f{i}", svg=svg, svg_hash="h") for i in range(30))
    noise = np.random.default_rng(1).normal(0, 0.03, (3000, 512)).astype(np.float32)
    spread = [Outcome(icon.pk, "h", unit(at(0) + noise[i])) for i, icon in enumerate(near)]
    store_outcomes([*spread, *(Outcome(icon.pk, "h", at(80 + i / 10)) for i, icon in enumerate(far))])
    with models.connection.cursor() as cursor:
        cursor.execute("ANALYZE; SET enable_seqscan = off; SET enable_sort = off")
    rows = IconVector.objects.nearest(MODEL, at(0), 30, ["shapes"])
    with models.connection.cursor() as cursor:
        cursor.execute("RESET enable_seqscan; RESET enable_sort")
    assert names(rows) == [f"f{i}" for i in range(30)]


@pytest.mark.django_db
def test_each_model_has_an_index_of_its_own(icon_set: IconSet, make_icon: Callable[..., Icon]) -> None:
    with models.connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
        query = IconVector.objects.filter(model=MODEL).order_by(models.MaxInnerProduct("vector", at(0)))[:5]
        plan = query.explain()
        cursor.execute("RESET enable_seqscan; RESET enable_sort")
    assert "hnsw_vgg16_block4" in plan
    assert "hnsw_vgg16_imagenet" not in plan
