"""An icon in another colour, size, stroke or turn."""

from collections.abc import Callable

import numpy as np
import pytest

from icons.exporting.credit import credit_line
from icons.exporting.look import Look
from icons.exporting.svg_text import icon_svg_text, iconify_icon, stroke_width
from icons.importing.iconify_json import icon_svg
from icons.models import Icon
from icons.rendering import render
from icons.svg import clean_svg
from tests.conftest import icon_of

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"'


def svg(body: str, attributes: str = "", view_box: str = "0 0 24 24") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box}"{attributes}>{body}</svg>'


@pytest.mark.parametrize(
    ("body", "red"),
    [
        ('<path fill="currentColor" d="M1 1h2"/>', '><path fill="#f00" d="M1 1h2"/>'),
        ('<path d="M1 1h2"/>', ' fill="#f00"><path d="M1 1h2"/>'),
        ('<path fill="#333" d="M1 1h2"/>', '><path fill="#f00" d="M1 1h2"/>'),
        ('<path fill="#00f" d="M1 1h2"/>', '><path fill="#00f" d="M1 1h2"/>'),
        ('<path fill="#333" d="M1 1h2"/><path fill="#fff" d="M2 1h2"/>', None),
        ('<path fill="#00f" d="M1 1h2"/><path d="M2 1h2"/>', None),
        (
            '<path fill="currentColor" d="M1 1h2"/><path fill="#fff" d="M2 1h2"/>',
            '><path fill="#f00" d="M1 1h2"/><path fill="#fff" d="M2 1h2"/>',
        ),
        ('<line stroke="currentColor" x2="9"/>', '><line stroke="#f00" x2="9"/>'),
        (
            '<mask id="a"><path fill="#fff" d="M1 1h2"/></mask><path mask="url(#a)" d="M2 1h2"/>',
            ' fill="#f00"><mask id="shapes-ring-1" fill="black"><path fill="#fff" d="M1 1h2"/></mask>'
            '<path mask="url(#shapes-ring-1)" d="M2 1h2"/>',
        ),
    ],
)
def test_a_colour_takes_the_place_of_the_current_one_only(body: str, red: str | None) -> None:
    expected = f"{HEAD}{red or '>' + body}</svg>"
    assert icon_svg_text(icon_of(svg(body)), Look(colour="#f00")) == expected


@pytest.mark.parametrize("paint", ["rgb" + "(" * 20_000, "(" * 90, "var(--x)", "é"])
def test_a_paint_that_nobody_can_read_is_none(paint: str) -> None:
    icon = icon_of(svg(f'<path fill="{paint}" d="M1 1h2"/>'))
    assert icon.svg == icon_of(svg('<path d="M1 1h2"/>')).svg


def test_without_a_wish_the_icon_is_as_it_is() -> None:
    for attributes in ("", ' fill="none" stroke="currentColor" stroke-width="2"'):
        icon = icon_of(svg('<path d="M1 1h2"/>', attributes))
        assert icon_svg_text(icon) == icon.svg


def test_a_size_is_that_of_the_longer_side() -> None:
    icon = icon_of(svg('<path d="M1 1h2"/>', view_box="0 0 48 24"))
    assert ' width="96" height="48" viewBox="0 0 48 24"' in icon_svg_text(icon, Look(size=96))
    assert ' width="48" height="96" viewBox="12 -12 24 48"' in icon_svg_text(icon, Look(size=96, rotate=1))


def test_strokes_are_scaled_so_that_the_widest_is_as_asked() -> None:
    icon = icon_of(svg('<path stroke-width="1.5" d="M1 1h2"/><path d="M2 1h2"/>', ' stroke="red" stroke-width="3"'))
    assert stroke_width(icon) == 3
    wider = icon_svg_text(icon, Look(stroke=1))
    assert 'stroke-width="1"><path stroke-width="0.5" d="M1 1h2"/><path d="M2 1h2"/>' in wider
    assert stroke_width(icon_of(svg('<path stroke="red" d="M1 1h2"/>'))) == 1
    assert 'stroke-width="4"' in icon_svg_text(icon_of(svg('<path stroke="red" d="M1 1h2"/>')), Look(stroke=4))
    filled = icon_of(svg('<path stroke-width="3" stroke="none" d="M1 1h2"/>'))
    assert stroke_width(filled) is None and icon_svg_text(filled, Look(stroke=1)) == filled.svg


@pytest.mark.parametrize("paint", ["none", "NONE", "Transparent", "#f000", "rgba(0,0,0,0)", "rgb(0 0 0 / 0%)"])
def test_what_paints_nothing_is_no_stroke(paint: str) -> None:
    assert stroke_width(icon_of(svg(f'<path stroke="{paint}" d="M1 1h2"/>'))) is None


def test_ids_are_the_icons_own() -> None:
    icon = icon_of(
        svg(
            '<linearGradient id="a"><stop stop-color="red"/></linearGradient><g id="tabler"/>'
            '<path fill="url(#a)" d="M1 1h2"/><use href="#tabler"/>'
            '<path d="M1 1"><animate id="b" attributeName="opacity" begin="0;b.end+1s" to="1"/></path>'
        )
    )
    assert icon_svg_text(icon).partition(">")[2] == (
        '<linearGradient id="shapes-ring-1"><stop stop-color="red"/></linearGradient><g id="shapes-ring-2"/>'
        '<path fill="url(#shapes-ring-1)" d="M1 1h2"/><use href="#shapes-ring-2"/>'
        '<path d="M1 1"><animate id="shapes-ring-3" attributeName="opacity" begin="0;shapes-ring-3.end+1s" to="1"/>'
        "</path></svg>"
    )


ROUND_TRIPS = [
    svg('<path d="M4 4h16v6H4z"/>'),
    svg('<path d="M4 4h16v6L4 20"/>', ' fill="none" stroke="currentColor" stroke-width="2"'),
    svg('<path d="M-4 4h16v6z"/>', ' fill="#345"', view_box="-4 2 24 12"),
    svg(
        '<clipPath id="a"><path d="M4 4h9v9H4z"/></clipPath><path d="M0 0h24L0 24z"/>',
        ' clip-path="url(#a)" opacity=".5"',
    ),
]


@pytest.mark.parametrize("raw", ROUND_TRIPS)
def test_iconify_json_draws_the_same(raw: str) -> None:
    icon = icon_of(raw)
    data = iconify_icon(icon)
    again = clean_svg(icon_svg(data, {}))
    assert again.view_box == icon.view_box
    assert np.array_equal(np.asarray(render(again.svg, 48)), np.asarray(render(icon.svg, 48)))


def test_iconify_json_is_short_where_it_can_be() -> None:
    assert iconify_icon(icon_of(svg('<path d="M1 1h2"/>'))) == {
        "body": '<path d="M1 1h2"/>',
        "width": 24,
        "height": 24,
    }
    assert iconify_icon(icon_of(svg('<path d="M1 1h2"/>', ' fill="none"', view_box="-1 2.5 16 16.5"))) == {
        "body": '<g fill="none"><path d="M1 1h2"/></g>',
        "width": 16,
        "height": 16.5,
        "left": -1,
        "top": 2.5,
    }


@pytest.mark.parametrize("raw", ROUND_TRIPS)
@pytest.mark.parametrize("look", [Look(rotate=1), Look(rotate=2), Look(rotate=3, flip_x=True), Look(flip_y=True)])
def test_an_icon_is_flipped_then_turned_clockwise(raw: str, look: Look) -> None:
    icon = icon_of(raw)
    pixels = np.asarray(render(icon.svg, 48)).astype(int)
    pixels = pixels[:, ::-1] if look.flip_x else pixels
    pixels = pixels[::-1] if look.flip_y else pixels
    pixels = np.rot90(pixels, -look.rotate)
    after = np.asarray(render(icon_svg_text(icon, look), 48)).astype(int)
    assert np.abs(after - pixels).mean() < 1


def test_a_credit_says_what_is_known() -> None:
    raw = svg('<path d="M1 1h2"/>')
    full = {"author": "Paweł Kuna", "licence": "MIT License", "licence_spdx": "MIT", "source": "https://example.org"}
    line = "shapes:ring from Shapes by Paweł Kuna, MIT License (MIT), https://example.org"
    assert credit_line(icon_of(raw, **full)) == line
    assert credit_line(icon_of(raw)) == "shapes:ring from Shapes, licence unknown"
    assert credit_line(icon_of(raw, licence="MIT", licence_spdx="MIT")) == "shapes:ring from Shapes, MIT"
    assert credit_line(icon_of(raw, author="a\x01\n")) == "shapes:ring from Shapes by a  , licence unknown"
    assert icon_svg_text(icon_of(raw), credit="a---b--") == f'{HEAD}><!-- a- - -b- - --><path d="M1 1h2"/></svg>'


def test_an_icon_of_the_database_is_drawn_too(make_icon: Callable[..., Icon]) -> None:
    assert 'stroke="#f00"' in icon_svg_text(make_icon("ring"), Look(colour="#f00"))
