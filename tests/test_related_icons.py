"""Icons related to an icon, and the sets that have the like of several."""

from collections.abc import Callable

import pytest

from icons.models import Icon, IconSet
from search import indexing
from search.related_icons import RelatedIcons, related_to, sets_holding
from search.templatetags import related_icons as tags
from tests.conftest import SHAPES


@pytest.fixture
def others(indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon]) -> dict[str, Icon]:
    """In another set the home, once more and in red, a cross, and no triangle."""
    other = IconSet.objects.create(prefix="other", title="Other")
    bodies = {"house": SHAPES["home"], "red": f'<g color="#d00">{SHAPES["home"]}</g>', "x": SHAPES["cross"]}
    icons = {name: make_icon(name, body, set=other) for name, body in bodies.items()}
    indexing.index_icons([icon.pk for icon in icons.values()])
    return icons


def ids(icons: list[Icon]) -> list[str]:
    """The public ids of these icons."""
    return [icon.public_id for icon in icons]


def test_the_same_drawing_is_distinguished_from_similar_ones(
    indexed_icons: dict[str, Icon], others: dict[str, Icon]
) -> None:
    related = related_to(indexed_icons["home"], 9)
    assert ids(related.same_drawing) == ["other:house", "other:red"]
    assert set(ids(related.similar)) == {f"shapes:{name}" for name in SHAPES if name != "home"} | {"other:x"}
    assert len(related_to(indexed_icons["home"], 3).similar) == 1


def test_variants_come_first_and_then_the_same_subject(
    indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon]
) -> None:
    bodies = {"triangle-filled": SHAPES["square"], "triangle-2": SHAPES["cross"], "warning-triangle": SHAPES["ring"]}
    icons = [make_icon(name, body) for name, body in bodies.items()]
    icons.append(make_icon("triangle-bold", SHAPES["triangle"], hidden=True))
    indexing.index_icons([icon.pk for icon in icons])
    similar = [icon.name for icon in related_to(indexed_icons["triangle"], 9).similar]
    assert set(similar[:2]) == {"triangle-filled", "triangle-2"}
    assert similar[2] == "warning-triangle"
    assert set(similar[3:]) == set(SHAPES) - {"triangle"}
    assert {icon.name for icon in related_to(icons[0], 3).similar[:2]} == {"triangle-2", "triangle"}


def test_an_icon_that_is_not_indexed_has_none(make_icon: Callable[..., Icon]) -> None:
    assert related_to(make_icon("ring"), 9) == RelatedIcons()


def test_the_sets_that_have_most_of_some_icons(indexed_icons: dict[str, Icon], others: dict[str, Icon]) -> None:
    def holding(icons: list[Icon], limit: int) -> list[tuple[str, int]]:
        return [(icon_set.prefix, count) for icon_set, count in sets_holding(icons, limit)]

    icons = [indexed_icons["triangle"], others["house"], others["x"]]
    assert holding(icons, 5) == [("shapes", 3), ("other", 2)]
    assert holding(icons, 1) == [("shapes", 3)]
    assert holding([], 5) == []
    assert [prefix for prefix, _ in holding([others["x"]], 5)] == ["other", "shapes"]


def test_a_set_that_was_deleted_or_renamed_is_not_shown_as_it_was(others: dict[str, Icon]) -> None:
    icons = [others["house"], others["x"]]
    assert [str(icon_set) for icon_set, _ in tags.sets_holding(icons)] == ["Other (other)", "Shapes (shapes)"]
    IconSet.objects.filter(prefix="other").update(title="Another")
    IconSet.objects.get(prefix="shapes").delete()
    assert [(str(icon_set), count) for icon_set, count in tags.sets_holding(icons)] == [("Another (other)", 2)]
