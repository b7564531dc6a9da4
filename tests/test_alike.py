"""Icons like an icon, and sets that hold the like of several."""

from collections.abc import Callable

import pytest

from icons.models import Icon, IconSet
from search import indexing, related_icons
from tests.conftest import SHAPES


@pytest.fixture
def others(indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon]) -> dict[str, Icon]:
    """In another set the home, once more and in red, a cross, and no triangle."""
    other = IconSet.objects.create(prefix="other", title="Other")
    bodies = {"house": SHAPES["home"], "red": f'<g color="#d00">{SHAPES["home"]}</g>', "x": SHAPES["cross"]}
    icons = {name: make_icon(name, body, set=other) for name, body in bodies.items()}
    indexing.index_icons([icon.pk for icon in icons.values()])
    return icons


def names(icons: list[Icon]) -> list[str]:
    return [icon.public_id for icon in icons]


def test_the_same_drawing_is_told_from_similar_ones(indexed_icons: dict[str, Icon], others: dict[str, Icon]) -> None:
    found = related_icons.like(indexed_icons["home"], 9)
    assert names(found.same) == ["other:house", "other:red"]
    assert set(names(found.similar)) == {f"shapes:{name}" for name in SHAPES if name != "home"} | {"other:x"}
    assert len(related_icons.like(indexed_icons["home"], 3).similar) == 1


def test_an_icon_that_is_not_indexed_has_none(make_icon: Callable[..., Icon]) -> None:
    assert related_icons.like(make_icon("ring"), 9) == related_icons.Alike()


def test_the_sets_that_hold_most_of_some_icons(indexed_icons: dict[str, Icon], others: dict[str, Icon]) -> None:
    icons = [indexed_icons["triangle"], others["house"], others["x"]]
    found = [(icon_set.prefix, count) for icon_set, count in related_icons.sets_holding(icons, 5)]
    assert found == [("shapes", 3), ("other", 2)]
    assert [icon_set.prefix for icon_set, _ in related_icons.sets_holding(icons, 1)] == ["shapes"]
    assert related_icons.sets_holding([], 5) == []
    assert [icon_set.prefix for icon_set, _ in related_icons.sets_holding([others["x"]], 5)] == ["other", "shapes"]
