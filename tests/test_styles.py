"""Outline, filled or duotone: by name, else by drawing."""

from collections.abc import Callable

import pytest

from icons.models import Icon
from icons.rendering import render
from icons.signals import icons_changed
from search import indexing, tasks
from search.matching.signature import signature
from search.models import IconStyle
from search.styles import style_of
from search.vision.renditions import icon_renditions
from tests.conftest import SHAPES, svg_of


def drawn(body: str) -> bytes:
    return signature(icon_renditions(render(svg_of(body), 48))[0])


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("home-outline", "outline"),
        ("outline-home", "outline"),
        ("home-linear-bold", "outline"),
        ("home-filled-20", "filled"),
        ("twotone-home", "duotone"),
        ("line", None),  # the icon of a line
        ("home", None),
    ],
)
def test_the_name_tells_the_style(name: str, style: str | None) -> None:
    assert style_of(name, b"") == style


@pytest.mark.parametrize(
    ("body", "style"),
    [
        (SHAPES["square"], "filled"),
        (SHAPES["home"], "filled"),
        (SHAPES["ring"], "outline"),
        ('<path fill="none" stroke="#000" stroke-width="2" d="M4 4 20 20M20 4 4 20"/>', "outline"),
        ('<path d="M2 2h20v20H2z"/>', "filled"),
        ('<path opacity=".3" d="M4 4h16v16H4z"/><path fill="none" stroke="#000" stroke-width="2" d="M4 4h16v16H4z"/>',
         "duotone"),
        ('<path opacity=".4" d="M2 2h10v20H2z"/><path d="M12 2h10v20H12z"/>', "duotone"),
    ],
)  # fmt: skip
def test_else_the_drawing_does(body: str, style: str) -> None:
    assert style_of("home", drawn(body)) == style


def test_styles_are_found_out_when_icons_are_indexed_and_by_a_sweep(indexed_icons: dict[str, Icon]) -> None:
    known = dict(IconStyle.objects.values_list("icon__name", "style"))
    assert known == {"square": "filled", "triangle": "filled", "home": "filled", "ring": "outline", "cross": "filled"}
    IconStyle.objects.filter(icon__name__in=["ring", "home"]).delete()
    assert tasks.sweep_styles() == 2 and tasks.sweep_styles() == 0
    assert dict(IconStyle.objects.values_list("icon__name", "style")) == known


def styles() -> dict[str, str]:
    return dict(IconStyle.objects.values_list("icon__name", "style"))


@pytest.fixture
def indexed_ring(drawings_model: str, make_icon: Callable[..., Icon]) -> Icon:
    ring = make_icon("ring")
    indexing.index_icons([ring.pk])
    assert styles() == {"ring": "outline"}
    return ring


def test_a_renamed_icon_has_the_style_of_its_new_name(indexed_ring: Icon) -> None:
    indexed_ring.name = "ring-filled"
    indexed_ring.save()
    assert styles() == {"ring-filled": "filled"}
    indexed_ring.name = "ring-2"  # tells no style, so that its drawing does
    indexed_ring.save()
    assert styles() == {"ring-2": "outline"}


def test_renaming_in_bulk_changes_styles_too(indexed_ring: Icon) -> None:
    Icon.objects.update(name="twotone-ring")
    icons_changed.send(Icon, pks=[indexed_ring.pk], redrawn=[])
    assert styles() == {"twotone-ring": "duotone"}


def test_an_icon_gets_no_style_before_it_is_indexed(drawings_model: str, make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("ring-filled")
    icon.save()
    assert styles() == {}
    indexing.index_icons([icon.pk])
    assert styles() == {"ring-filled": "filled"}
