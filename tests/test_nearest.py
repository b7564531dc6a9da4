"""The search in SQL, on vectors made by hand: no network is needed."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pytest
from django.db import connection
from numpy.typing import NDArray

from icons.models import Icon, IconSet
from search import nearest
from search.filters import LISTED, Filter
from search.matching.embedding import DIMENSIONS
from search.matching.matches import Candidate
from search.matching.signature import CHROMA_AT
from search.models import Outcome
from search.nearest import nearest_icons
from search.preference import log_prior
from tests.conftest import store_outcomes, svg_of

MODEL, OTHER = "vgg16-icons-2", "vgg16-imagenet"


def at(degrees: float, model: str = MODEL) -> NDArray[np.float32]:
    """A unit vector, of as many dimensions as the model has, in the plane of the first two."""
    vector = np.zeros(DIMENSIONS[model], np.float32)
    vector[:2] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return vector


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vector, L2-normalised."""
    return vector / np.linalg.norm(vector)


def store(icon: Icon, degrees: float, model: str = MODEL, signature: bytes = b"") -> None:
    """Store a vector at so many degrees for an icon."""
    assert store_outcomes([Outcome(icon.pk, icon.svg_hash, [(at(degrees, model), signature)])], model) == 1


@contextmanager
def through_indexes() -> Iterator[None]:
    """Have Postgres use indexes even where there are too few rows for them to be worth it."""
    with connection.cursor() as cursor:
        # The index is built anew, since rows that other tests rolled back are still among its neighbours.
        cursor.execute("REINDEX TABLE search_iconvector; SET enable_seqscan = off; SET enable_sort = off")
        yield
        cursor.execute("RESET enable_seqscan; RESET enable_sort")


@contextmanager
def analysed() -> Iterator[None]:
    """Have Postgres know how many icons there are, and in the end that there are none.

    What it knows outlives the rollback of a test, and later tests would search as in a large library.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        yield
        Icon.objects.all().delete()
        cursor.execute("ANALYZE icons_icon, search_iconvector")


def nearest_to(vector: NDArray[np.float32], each: int = 5, sets: Sequence[str] = ()) -> list[Candidate]:
    """The candidates for one vector among the icons of MODEL."""
    return nearest_icons(MODEL, vector[None], each, Filter(sets=tuple(sets)))


def names(candidates: list[Candidate]) -> list[str]:
    """The names of the candidates' icons, in their order."""
    by_id = Icon.objects.in_bulk([candidate.icon_id for candidate in candidates])
    return [by_id[candidate.icon_id].name for candidate in candidates]


def test_the_largest_inner_product_comes_first(icons: dict[str, Icon]) -> None:
    for name, degrees in {"square": 60, "ring": 0, "cross": 90}.items():
        store(icons[name], degrees)
    candidates = nearest_to(at(0), 2)
    assert names(candidates) == ["ring", "square"]
    assert [candidate.inner_product for candidate in candidates] == pytest.approx([1, 0.5], abs=1e-3)


def test_an_icon_is_as_likely_as_its_set_is_used(icons: dict[str, Icon]) -> None:
    store(icons["ring"], 0)
    (own,) = nearest_to(at(0))
    assert own.prior == log_prior(None)  # a set of one's own
    IconSet.objects.update(usage=10**9)
    (used,) = nearest_to(at(0))
    assert used.prior == log_prior(10**9) > own.prior


@pytest.mark.parametrize("exact", [True, False], ids=["all compared", "through the index"])
def test_each_vector_finds_its_own(icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch, exact: bool) -> None:
    monkeypatch.setattr(nearest, "_few_to_compare", lambda within: exact)
    for name, degrees in {"square": 0, "ring": 40, "cross": 90}.items():
        store(icons[name], degrees, signature=name.encode().ljust(CHROMA_AT))
    with through_indexes():
        candidates = nearest_icons(MODEL, np.stack([at(-10), at(95)]), 2)
    assert names(candidates) == ["square", "ring", "cross", "ring"]
    assert [(candidate.query, candidate.signature.rstrip()) for candidate in candidates] == [
        (0, b"square"),
        (0, b"ring"),
        (1, b"cross"),
        (1, b"ring"),
    ]


def test_equal_vectors_are_all_found_in_a_fixed_order(icons: dict[str, Icon]) -> None:
    for icon in icons.values():
        store(icon, 30)
    assert [candidate.icon_id for candidate in nearest_to(at(0))] == sorted(icon.pk for icon in icons.values())


def test_vectors_of_another_model_are_not_found(icons: dict[str, Icon]) -> None:
    store(icons["ring"], 0, OTHER)
    store(icons["cross"], 80, MODEL)
    assert names(nearest_to(at(0))) == ["cross"]


def test_models_of_different_dimensions_stand_side_by_side(icons: dict[str, Icon]) -> None:
    store(icons["ring"], 0)
    store(icons["cross"], 0, OTHER)
    assert names(nearest_to(at(0))) == ["ring"]
    assert names(nearest_icons(OTHER, at(0, OTHER)[None])) == ["cross"]


def test_failed_icons_are_not_found_and_hidden_ones_only_where_asked(icons: dict[str, Icon]) -> None:
    store(icons["ring"], 0)
    store(icons["cross"], 10)
    Icon.objects.filter(name="ring").update(hidden=True)
    store_outcomes([Outcome(icons["square"].pk, icons["square"].svg_hash, error="No.")], MODEL)
    assert names(nearest_to(at(0))) == ["ring", "cross"]
    assert names(nearest_icons(MODEL, at(0)[None], within=LISTED)) == ["cross"]


@pytest.mark.parametrize("exact", [True, False], ids=["all compared", "through the index"])
@pytest.mark.django_db
def test_a_filter_loses_nothing(monkeypatch: pytest.MonkeyPatch, exact: bool, icon_set: IconSet) -> None:
    """The few icons of the set are the farthest of all: an index that looks only near the query would find none."""
    monkeypatch.setattr(nearest, "_few_to_compare", lambda within: exact)
    many = IconSet.objects.create(prefix="many", title="Many")
    svg = svg_of('<path d="M0 0h9v9z"/>')
    near = Icon.objects.bulk_create(Icon(set=many, name=f"n{i}", svg=svg, svg_hash="h") for i in range(3000))
    far = Icon.objects.bulk_create(Icon(set=icon_set, name=f"f{i}", svg=svg, svg_hash="h") for i in range(30))
    noise = np.random.default_rng(1).normal(0, 0.03, (3000, 256)).astype(np.float32)
    spread = [Outcome(icon.pk, "h", [(unit(at(0) + noise[i]), b"")]) for i, icon in enumerate(near)]
    store_outcomes([*spread, *(Outcome(icon.pk, "h", [(at(80 + i / 10), b"")]) for i, icon in enumerate(far))], MODEL)
    with analysed(), through_indexes():
        assert names(nearest_to(at(0), 30, ["shapes"])) == [f"f{i}" for i in range(30)]


@pytest.mark.parametrize("model", DIMENSIONS)
def test_each_model_has_an_index_of_its_own(
    icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    """The plan of the very query that searches."""
    monkeypatch.setattr(nearest, "_few_to_compare", lambda within: False)
    monkeypatch.setattr(nearest, "NEAREST_SQL", "EXPLAIN " + nearest.NEAREST_SQL)
    monkeypatch.setattr(nearest, "_candidates", lambda lines: lines)
    with through_indexes():
        lines = nearest_icons(model, np.zeros((2, DIMENSIONS[model]), np.float32))
        plan = "\n".join(map(str, lines))
    assert f"hnsw_{model.replace('-', '_')}" in plan
    assert plan.count("hnsw_") == 1


def test_a_row_stays_in_one_piece(icons: dict[str, Icon]) -> None:
    """A longer row would be cut and stored elsewhere, and each candidate would cost another look-up."""
    vector, signature = np.random.default_rng(1).normal(size=256).astype(np.float32), os.urandom(1213)
    outcome = Outcome(icons["ring"].pk, icons["ring"].svg_hash, [(unit(vector), signature)])
    store_outcomes([outcome], MODEL)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_column_size(iv.*), pg_column_size(vector), pg_column_size(signature),"
            " pg_relation_size(reltoastrelid) FROM search_iconvector iv, pg_class WHERE relname = 'search_iconvector'"
        )
        row, of_vector, of_signature, elsewhere = cursor.fetchone()
    assert of_vector + of_signature < row < 2000 and elsewhere == 0
