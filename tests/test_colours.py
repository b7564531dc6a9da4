"""Which icons have a colour of their own."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from icons.models import Icon
from icons.svg import clean_svg
from icons.svg.colours import has_hue, is_pale
from tests.conftest import svg_of


def hue(body: str) -> bool:
    return has_hue(clean_svg(svg_of(body)).svg)


@pytest.mark.parametrize(
    "colour",
    [
        "none",
        "currentColor",
        "CURRENTCOLOR",
        "inherit",
        "transparent",
        "#000",
        "#fff",
        "#222b",
        "#80828480",
        "black",
        "DarkGray",
        "rgb(9, 9, 9)",
        "rgb(10% 10% 10% / 50%)",
        "rgba(0,0,0,.5)",
        "hsl(210, 2%, 40%)",
        "rgba(255, 0, 0, 0)",
        "rgb(none none none)",
        "currentColor/* of the text */",
        "url(#shade)",
        "url(#shade) #333",
        "",
    ],
)
def test_black_grey_and_white_are_no_colours_of_their_own(colour: str) -> None:
    assert not hue(f'<path fill="{colour}" d="M0 0h9v9z"/>')
    assert not hue(f'<path style="stroke: {colour}; opacity: 1" d="M0 0h9v9z"/>')


@pytest.mark.parametrize(
    "colour",
    ["red", "#f00", "#FF0000", "#00f8", "rgb(0, 90, 0)", "hsl(120 50% 50%)", "gold", "url(#shade) red", "#303050"],
)
def test_what_has_a_hue_is_coloured(colour: str) -> None:
    for body in (
        f'<path fill="{colour}" d="M0 0h9v9z"/>',
        f'<path stroke="{colour}" d="M0 0h9v9z"/>',
        f'<g color="{colour}"><path fill="currentColor" d="M0 0h9v9z"/></g>',
        f'<path style="opacity: 1; fill: {colour}" d="M0 0h9v9z"/>',
        f'<style>path {{ fill: {colour} }}</style><path d="M0 0h9v9z"/>',
        f'<linearGradient id="a"><stop stop-color="{colour}"/></linearGradient><path fill="url(#a)" d="M0 0h9z"/>',
        f'<filter id="a"><feFlood flood-color="{colour}"/></filter><path filter="url(#a)" d="M0 0h9z"/>',
        f'<path d="M0 0h9z"><animate attributeName="fill" values="#000;{colour};#000" dur="1s"/></path>',
        f'<path d="M0 0h9z"><set to="{colour}" attributeName="stroke"/></path>',
    ):
        assert hue(body), body


@pytest.mark.parametrize(
    "colour", ["oklch(60% .2 30)", "color-mix(in srgb, red, blue)", "var(--a)", "(" * 5000, "x" * 500]
)
def test_a_colour_that_cannot_be_read_counts_as_one(colour: str) -> None:
    assert has_hue(f'<svg><path fill="{colour}"/></svg>')


@pytest.mark.parametrize(
    "body",
    [
        '<path d="M0 0h9z"/>',
        '<path id="fill" d="M0 0h9z" fill-rule="evenodd" stroke-width="2" color-interpolation="sRGB"/>',
        '<path d="M0 0h9z"><animate fill="freeze" attributeName="d" values="M0 0;M9 9" dur="1s"/></path>',
        '<path d="M0 0h9z"><animate attributeName="fill" values="#000;#fff" fill="remove" dur="1s"/></path>',
    ],
)
def test_other_attributes_are_not_taken_for_colours(body: str) -> None:
    assert not hue(body)


def test_an_icon_knows_whether_it_is_coloured(client: Client, make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("ring")
    assert not icon.coloured
    icon.svg = svg_of('<path fill="gold" d="M0 0h9z"/>')
    icon.save()
    icon.refresh_from_db()
    assert icon.coloured
    assert client.get("/api/v1/icons/shapes:ring/").json()["coloured"] is True
    (listed,) = client.get("/api/v1/sets/shapes/icons/").json()["results"]
    assert listed["coloured"] is True


def test_icons_of_before_are_told_apart_once(make_icon: Callable[..., Icon], monkeypatch: pytest.MonkeyPatch) -> None:
    gold = '<path fill="gold" d="M0 0h9z"/>'
    for name, body in (("a", gold), ("b", ""), ("c", gold), ("d", ""), ("e", gold)):
        make_icon(name, body)
    Icon.objects.update(coloured=False)
    migration = import_module("icons.migrations.0003_tell_coloured_icons")
    monkeypatch.setattr(migration, "BATCH", 2)
    migration.tell_coloured(apps, None)
    assert set(Icon.objects.filter(coloured=True).values_list("name", flat=True)) == {"a", "c", "e"}


@pytest.mark.parametrize(
    "body",
    [
        '<path fill="#fff" d="M0 0h9z"/>',
        '<g fill="none" stroke="WHITE"><path d="M0 0h9z"/></g>',
        '<style>path { fill: #f5f5f5 }</style><path d="M0 0h9z"/>',
        '<linearGradient id="a"><stop stop-color="#fff"/></linearGradient><path fill="url(#a)" d="M0 0h9z"/>',
        '<path fill="#fffde7" d="M0 0h9z"/><path fill="#ffffff80" stroke="#0000" d="M0 0h9z"/>',
    ],
)
def test_what_is_white_alone_is_pale(body: str) -> None:
    assert is_pale(clean_svg(svg_of(body)).svg)


@pytest.mark.parametrize(
    "body",
    [
        '<path d="M0 0h9z"/>',
        '<path fill="#fff" d="M0 0h9z"/><path d="M0 0h9z"/>',
        '<path fill="#fff" d="M0 0h9z"/><path fill="currentColor" d="M0 0h9z"/>',
        '<path fill="#fff" stroke="#000" d="M0 0h9z"/>',
        '<path fill="#ccc" d="M0 0h9z"/>',
        '<path fill="red" d="M0 0h9z"/>',
        '<path fill="var(--a)" d="M0 0h9z"/>',
        '<mask id="a"><path fill="#fff" d="M0 0h9z"/></mask><path mask="url(#a)" d="M0 0h9z"/>',
    ],
)
def test_what_can_be_seen_on_white_is_not_pale(body: str) -> None:
    assert not is_pale(clean_svg(svg_of(body)).svg)


def test_a_pale_icon_has_a_ground_of_its_own_on_every_page(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("snow", '<path fill="#fff" d="M0 0h9z"/>')
    make_icon("ring")
    assert client.get("/sets/shapes/").content.decode().count('<li class="tile pale"') == 1
    assert client.get("/sets/").content.decode().count('class="drawing pale"') == 1
    assert 'class="drawing pale"' in client.get("/icons/shapes/snow/").content.decode()
    assert 'class="drawing"' in client.get("/icons/shapes/ring/").content.decode()


def test_pale_icons_of_before_are_told_apart_once(make_icon: Callable[..., Icon]) -> None:
    make_icon("snow", '<path fill="#fff" d="M0 0h9z"/>')
    make_icon("ring")
    Icon.objects.update(pale=False)
    import_module("icons.migrations.0007_tell_pale_icons").tell_pale(apps, None)
    assert [icon.name for icon in Icon.objects.filter(pale=True)] == ["snow"]
