"""Filters of a search by picture: what they look up, and how often."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from icons.models import Icon
from search import tasks
from search.filters import ALL, LISTED, Condition, Filter
from search.nearest import nearest_icons

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(make_icon: Callable[..., Icon]) -> None:
    for name in ("home", "home-2", "battery"):
        make_icon(name)
    make_icon("hidden-home", hidden=True)
    tasks.sweep_terms()


def test_a_search_looks_up_its_words_and_sets_once(library: None, django_assert_num_queries: Any) -> None:
    within = Filter(sets=("shapes",), text="batery")
    # Sets and their words, completions, parts and corrections of the word; two counts; the settings of the search,
    # which Django does not count itself.
    with django_assert_num_queries(11) as queries:
        nearest_icons("vgg16-icons-2", np.ones((1, 256), np.float32), 5, within)
    assert len({query["sql"] for query in queries}) == 11


def test_a_condition_tells_how_many_icons_fit(library: None) -> None:
    homes = Filter(text="home").resolve()
    assert homes.fits_at_most(2) and not homes.fits_at_most(1)
    assert ALL.resolve().fits_at_most(4) and not ALL.resolve().fits_at_most(3)  # a hidden icon is found by pictures
    assert Filter(text="!?").resolve().fits_at_most(0)


@pytest.mark.parametrize(
    "within",
    [Filter(sets=("shapes",)), Filter(licences=("MIT",)), Filter(coloured=False), Filter(styles=("filled",)),
     Filter(text="home"), Filter(text="!?")],
)  # fmt: skip
def test_only_an_empty_filter_excludes_none(library: None, within: Filter) -> None:
    assert not within.resolve().excludes_none
    assert ALL.resolve() == Condition("TRUE", {}) and ALL.resolve().excludes_none
    assert LISTED.resolve() == Condition("NOT icon.hidden", {}) and LISTED.resolve().excludes_none
    assert Filter(text="  ").resolve().excludes_none
