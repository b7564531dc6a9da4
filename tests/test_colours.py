"""Which icons have colours of their own, and which take the colour that somebody asks for."""

import random
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from bags.downloads.download import Download
from bags.downloads.fonts import trace_glyphs
from icons.exporting.code import css
from icons.exporting.look import PLAIN, Look
from icons.exporting.svg_text import icon_svg_text
from icons.models import Icon
from icons.svg import clean_svg
from icons.svg.colours import Colour, parse_colour
from icons.svg.markup import parse
from icons.svg.paints import Palette
from search.filters import Filter
from tests.conftest import icon_of, svg_of


def is_coloured(body: str) -> bool:
    return clean_svg(svg_of(body)).coloured


def is_pale(body: str) -> bool:
    return clean_svg(svg_of(body)).pale


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
        "context-fill",
        "hsl(120, 2%, 300%)",
        "",
    ],
)
def test_black_grey_and_white_are_no_colours_of_their_own(colour: str) -> None:
    assert not is_coloured(f'<path fill="{colour}" d="M0 0h9v9z"/>')
    assert not is_coloured(f'<path style="stroke: {colour}; opacity: 1" d="M0 0h9v9z"/>')


@pytest.mark.parametrize(
    "colour",
    ["red", "#f00", "#FF0000", "#00f8", "rgb(0, 90, 0)", "hsl(120 50% 50%)", "gold", "oklch(60% .2 30)", "#303050"],
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
        f'<mask id="a"><path d="M0 0h9z"/></mask><path mask="url(#a)" fill="{colour}" d="M0 0h9z"/>',
    ):
        assert is_coloured(body), body


@pytest.mark.parametrize(
    "colour", ["oklch(60% .2 30)", "color-mix(in srgb, red, blue)", "var(--a)", "(" * 5000, "x" * 500]
)
def test_a_colour_that_cannot_be_read_counts_as_one(colour: str) -> None:
    assert Palette(parse(f'<svg viewBox="0 0 9 9"><path fill="{colour}"/></svg>')).has_hue


@pytest.mark.parametrize(
    "body",
    [
        '<path d="M0 0h9z"/>',
        '<path id="fill" d="M0 0h9z" fill-rule="evenodd" stroke-width="2" color-interpolation="sRGB"/>',
        '<path d="M0 0h9z"><animate fill="freeze" attributeName="d" values="M0 0;M9 9" dur="1s"/></path>',
        '<path d="M0 0h9z"><animate attributeName="fill" values="#000;#fff" fill="remove" dur="1s"/></path>',
        '<mask id="a"><path fill="red" d="M0 0h9z"/></mask><path mask="url(#a)" d="M0 0h9z"/>',
        '<clipPath id="a"><path fill="red" d="M0 0h9z"/></clipPath><path clip-path="url(#a)" d="M0 0h9z"/>',
    ],
)
def test_other_attributes_are_not_taken_for_colours(body: str) -> None:
    assert not is_coloured(body)


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
    assert is_pale(body)


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
    assert not is_pale(body)


def test_a_pale_icon_has_a_ground_of_its_own_on_every_page(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("snow", '<path fill="#fff" d="M0 0h9z"/>')
    make_icon("ring")
    assert client.get("/sets/shapes/").content.decode().count('<li class="tile pale"') == 1
    assert 'class="drawing pale"' in client.get("/icons/shapes/snow/").content.decode()
    assert 'class="drawing"' in client.get("/icons/shapes/ring/").content.decode()


# --- reading colours ---


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("hsl(120, 200%, 25%)", Colour(0, 0.75, 0)),
        ("rgb(300%, 0%, 0%)", Colour(1, 0, 0)),
        ("rgb(-300, 0, 300)", Colour(0, 0, 1)),
        ("rgb(0 0 0 / 500%)", Colour(0, 0, 0, 1)),
        ("currentColor", Colour(0, 0, 0)),
        ("color(srgb 2 -1 .5)", Colour(1, 0, 0.5)),
        ("color()", None),
        ("rgb()", None),
        ("color(display-p3 0 0 1)", Colour(0, 0, 1)),
        ("", None),
    ],
)
def test_a_colour_out_of_range_is_clipped(text: str, colour: Colour | None) -> None:
    assert parse_colour(text) == colour
    assert is_coloured(f'<path fill="{text}" d="M0 0h9z"/>') == bool(colour and colour.has_hue)
    assert not is_pale(f'<path fill="{text}" d="M0 0h9z"/><path d="M0 0h9z"/>')


def test_no_spelling_of_a_colour_raises() -> None:
    rnd = random.Random(1)
    functions = ["rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color", "var", "calc"]
    arguments = ["0", "-1e38", "1e38", "9" * 60, "50%", "none", "srgb", "20deg", "1turn", "/", ",", "x", "(", "#f", ""]
    for _ in range(3000):
        text = f"{rnd.choice(functions)}({' '.join(rnd.choices(arguments, k=rnd.randrange(7)))})"
        colour = parse_colour(text)
        assert colour is None or (all(0 <= channel <= 1 for channel in colour) and 0 <= colour.luminance < 1.001), text


# --- one rule for all who ask ---

GREYS = [
    "black",
    "#000",
    "#000000ff",
    "#212529",
    "#18181b",
    "gray",
    "DimGrey",
    "white",
    "rgb(0 0 0)",
    "rgb(0% 0% 0%)",
    "rgb(33, 37, 41)",
    "hsl(0 0% 10%)",
    "hsl(210, 11%, 15%)",
    "hwb(0 20% 80%)",
    "currentColor",
    "CURRENTCOLOR",
]
HUES = [
    "#1f2937",
    "navy",
    "rgb(0 0 60)",
    "hsl(120, 200%, 25%)",
    "rgb(300%, 0%, 0%)",
    "oklch(60% .2 30)",
    "color(display-p3 1 0 0)",
]
BODIES = [
    '<path fill="{}" d="M2 2h9v9H2z"/>',
    '<path fill="none" stroke="{}" stroke-width="2" d="M2 2h9v9H2z"/>',
    '<path style="fill: {}" d="M2 2h9v9H2z"/>',
    '<g fill="{}"><path d="M2 2h9v9H2z"/><circle cx="15" cy="15" r="3"/></g>',
]


def takes_red_on_the_page(client: Client, icon: Icon) -> bool:
    return 'name="colour"' in client.get(f"{icon.get_absolute_url()}?colour=red").content.decode()


def is_red_in_the_file(client: Client, icon: Icon) -> bool:
    svg = client.get(f"/icons/shapes/{icon.name}.svg?colour=red").content.decode()
    paints = {text for text in re.findall(r'(?:fill|stroke)="([^"]*)"', svg) if text not in ("none", "#f000")}
    return bool(paints) and all(paint == "red" or paint.startswith("rgba(255, 0, 0, ") for paint in paints)


def takes_the_colour_of_text_in_css(client: Client, icon: Icon) -> bool:
    rule = css(icon, PLAIN, "")
    return "mask: url(" in rule and "background: url(" not in rule


def is_a_whole_letter_of_a_font(client: Client, icon: Icon) -> bool:
    glyphs, notes = trace_glyphs(Download([icon]))
    return icon in glyphs and not notes


def is_of_one_colour_in_the_api(client: Client, icon: Icon) -> bool:
    return not client.get(f"/api/v1/icons/shapes:{icon.name}/").json()["coloured"]


def is_of_one_colour_in_the_search(client: Client, icon: Icon) -> bool:
    condition = Filter(coloured=False).resolve()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM icons_icon icon WHERE {condition.sql}", condition.params)
        return (icon.pk,) in cursor.fetchall()


CONSUMERS = [
    takes_red_on_the_page,
    is_red_in_the_file,
    takes_the_colour_of_text_in_css,
    is_of_one_colour_in_the_api,
    is_of_one_colour_in_the_search,
]
FONT = is_a_whole_letter_of_a_font  # starts a process for each icon, so not all bodies are asked


@pytest.mark.parametrize("text", [*GREYS, *HUES])
def test_a_grey_is_no_colour_anywhere_and_a_hue_is_one_everywhere(
    client: Client, make_icon: Callable[..., Icon], text: str
) -> None:
    for number, body in enumerate(BODIES):
        icon = make_icon(f"i{number}", body.format(text))
        consumers = [*CONSUMERS, FONT] if number == 0 else CONSUMERS
        answers = {consumer.__name__: consumer(client, icon) for consumer in consumers}
        assert answers == dict.fromkeys(answers, text in GREYS), body


@pytest.mark.parametrize(
    "body",
    [
        '<path fill="#212529" d="M2 2h9v9H2z"/><path fill="rgb(33 37 41)" d="M12 12h9v9z"/>',
        '<path fill="black" d="M2 2h9v9H2z"/><path stroke="rgb(0 0 0)" fill="#000f" d="M12 12h9v9z"/>',
        '<path fill="#000" d="M2 2h9v9H2z"/><path d="M12 12h9v9z"/>',
        '<path fill="currentColor" d="M2 2h9v9H2z"/><path fill="CurrentColor" d="M12 12h9v9z"/>',
    ],
)
def test_one_grey_in_several_spellings_is_one_colour(client: Client, make_icon: Callable[..., Icon], body: str) -> None:
    icon = make_icon("ring", body)
    answers = {consumer.__name__: consumer(client, icon) for consumer in [*CONSUMERS, FONT]}
    assert answers == dict.fromkeys(answers, True)


@pytest.mark.parametrize(
    ("body", "recoloured"),
    [
        (
            '<path fill="#000" d="M2 2h9v9H2z"/><path fill="rgb(0 0 0 / .4)" d="M12 12h9v9z"/>',
            '<path fill="red" d="M2 2h9v9H2z"/><path fill="rgba(255, 0, 0, 0.4)" d="M12 12h9v9z"/>',
        ),
        ('<path fill="#0008" d="M2 2h9v9H2z"/>', '<path fill="rgba(255, 0, 0, 0.533)" d="M2 2h9v9H2z"/>'),
        (
            '<path d="M2 2h9v9z"/><path stroke="#0008" d="M3 3h9"/>',
            '<path stroke="rgba(255, 0, 0, 0.533)" d="M3 3h9"/>',
        ),
    ],
)
def test_a_translucent_grey_is_the_same_colour_and_stays_translucent(
    client: Client, make_icon: Callable[..., Icon], body: str, recoloured: str
) -> None:
    icon = make_icon("ring", body)
    answers = {consumer.__name__: consumer(client, icon) for consumer in CONSUMERS}
    assert answers == dict.fromkeys(answers, True)
    assert recoloured in icon_svg_text(icon, Look(colour="red"))


def test_a_translucent_colour_makes_what_is_translucent_fainter() -> None:
    svg = icon_svg_text(icon_of(svg_of('<path fill="#00000080" d="M0 0h9z"/>')), Look(colour="#ff000080"))
    assert 'fill="rgba(255, 0, 0, 0.252)"' in svg


@pytest.mark.parametrize(
    "body",
    [
        '<defs><path id="q" d="M2 2h9v9z"/></defs><use href="#q" fill="#222"/>',
        '<symbol id="q"><path d="M2 2h9v9z"/></symbol><g fill="#222"><use href="#q"/><use href="#q" x="9"/></g>',
        '<defs><path id="q" fill="#222" d="M2 2h9v9z"/></defs><use href="#q"/>',
        '<defs><g id="q"><path d="M2 2h9v9z"/></g></defs><use href="#q"/>',
        '<defs><g id="q"><path d="M2 2h9v9z"/></g><use id="r" href="#q"/></defs><use href="#r" fill="#222"/>',
    ],
)
def test_a_use_fills_what_it_shows(client: Client, make_icon: Callable[..., Icon], body: str) -> None:
    icon = make_icon("ring", body)
    answers = {consumer.__name__: consumer(client, icon) for consumer in CONSUMERS}
    assert answers == dict.fromkeys(answers, True)


@pytest.mark.parametrize(
    ("body", "takes_colour"),
    [
        ('<defs><path id="q" d="M2 2h9v9z"/></defs><use href="#q" fill="blue"/>', False),
        ('<defs><path id="q" d="M2 2h9v9z"/></defs><use href="#q" fill="#222"/><use href="#q" x="9"/>', True),
        ('<path id="q" d="M2 2h9v9z"/><use href="#q" fill="#222" x="9"/>', True),
        ('<defs><marker id="m"><path d="M2 2h9v9z"/></marker></defs><path fill="#222" d="M0 0h9z"/>', True),
    ],
)
def test_black_by_default_is_what_is_seen_so(body: str, takes_colour: bool) -> None:
    palette = Palette(parse(clean_svg(svg_of(body)).svg))
    assert palette.takes_colour == takes_colour and (palette.has_default or not takes_colour)


def test_what_is_transparent_is_no_second_colour(client: Client, make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("ring", '<path fill="#333" d="M2 2h9v9H2z"/><path fill="#f000" d="M0 0h24v24H0z"/>')
    answers = {consumer.__name__: consumer(client, icon) for consumer in CONSUMERS}
    assert answers == dict.fromkeys(answers, True)


def test_two_different_greys_are_kept(client: Client, make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("ring", '<path fill="#212529" d="M2 2h9v9H2z"/><path fill="#e9ecef" d="M12 12h9v9z"/>')
    assert not icon.coloured and not takes_red_on_the_page(client, icon)
    assert not takes_the_colour_of_text_in_css(client, icon)
    assert icon_svg_text(icon, Look(colour="red")) == icon.svg


@pytest.mark.parametrize(
    ("body", "recoloured"),
    [
        (
            '<path fill="url(#a) #212529" d="M0 0h9z"/>',
            '<path fill="red" d="M0 0h9z"/>',
        ),
        (
            '<path fill="#333" d="M0 0h9z"><animate attributeName="fill" values="#333;none;rgb(51 51 51)"/></path>',
            '<path fill="red" d="M0 0h9z"><animate attributeName="fill" values="red;none;red"/></path>',
        ),
        (
            '<path fill="#333" d="M0 0h9z"><set attributeName="fill" to="gold" begin="click"/></path>',
            '<path fill="#333" d="M0 0h9z"><set attributeName="fill" to="gold" begin="click"/></path>',
        ),
        (
            '<path fill="currentColor/**/" d="M0 0h9z"><set attributeName="d" to="currentColor"/></path>',
            '<path fill="red" d="M0 0h9z"><set attributeName="d" to="currentColor"/></path>',
        ),
    ],
)
def test_a_colour_reaches_fallbacks_and_animations(body: str, recoloured: str) -> None:
    assert recoloured in icon_svg_text(icon_of(svg_of(body)), Look(colour="red"))
