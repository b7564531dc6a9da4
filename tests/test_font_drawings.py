"""Glyphs keep the drawing: masks, markers and hidden parts as outlines, and what becomes of several colours."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from django.test import Client
from PIL import Image, ImageDraw, ImageFont

from bags.downloads.download import Download
from bags.downloads.fonts import font_zip, to_glyph, trace_glyphs
from bags.downloads.tracing import Segments
from bags.models import Bag
from icons.models import Icon
from icons.rendering import render
from icons.svg.view_box import ViewBox
from tests.test_bag_downloads import letter, overlap, unzipped

DRAWINGS = {
    "lengths": '<rect width="100%" height="50%"/><circle cx="50%" cy="75%" r="20%"/>',
    "class": "<style>.a{fill:none;stroke:#231f20;stroke-width:2px}</style><circle class='a' cx='12' cy='12' r='9'/>",
    "odd dashes": '<path d="M2 12h20" stroke="#000" stroke-width="2" stroke-dasharray="5,3,2"/>',
    "miter-clip": '<path d="M3 20L12 3l9 17" fill="none" stroke="#000" stroke-width="3" stroke-linejoin="miter-clip"/>',
    "unused mask": '<mask id="m"><path d="M0 0h9v9z"/></mask><circle cx="12" cy="12" r="8"/>',
    "hidden": '<g visibility="hidden"><rect width="20" height="20"/></g><circle cx="12" cy="12" r="6"/>',
    "symbol": '<symbol id="s" viewBox="0 0 2 2"><path d="M0 0h2v2z"/></symbol><use href="#s" width="18" height="18"/>',
    "mask": '<mask id="m"><rect width="24" height="24" fill="white"/><circle cx="12" cy="12" r="5"/></mask>'
    '<g mask="url(#m)"><rect x="2" y="2" width="20" height="20" rx="4"/></g>',
    "alpha mask": '<mask id="m" mask-type="alpha"><rect width="24" height="12"/></mask>'
    '<circle cx="12" cy="12" r="9" mask="url(#m)"/>',
    "turned mask": '<mask id="m"><rect width="24" height="12" fill="#fff"/></mask>'
    '<circle cx="12" cy="12" r="9" transform="rotate(45 12 12)" mask="url(#m)"/>',
    "mask in a mask": '<mask id="n"><rect width="12" height="24" fill="#fff"/></mask>'
    '<mask id="m"><rect width="24" height="12" fill="#fff" mask="url(#n)"/></mask>'
    '<circle cx="12" cy="12" r="9" mask="url(#m)"/>',
    "region of a mask": '<mask id="m" maskUnits="userSpaceOnUse" x="4" y="4" width="9" height="12"><path fill="#fff" '
    'd="M0 0h24v24H0z"/></mask><g transform="translate(3 2)" mask="url(#m)"><circle cx="9" cy="9" r="8"/></g>',
    "region by the box": '<mask id="m" x="0" y="25%" width="50%" height="50%"><path fill="#fff" '
    'd="M0 0h24v24H0z"/></mask><circle cx="12" cy="12" r="8" stroke="#000" stroke-width="4" mask="url(#m)"/>',
    "usual region": '<mask id="m"><path fill="#fff" d="M0 0h24v24H0z"/></mask>'
    '<rect x="8" y="8" width="8" height="8" stroke="#000" stroke-width="6" mask="url(#m)"/>',
    "inside stroke": '<mask id="p" fill="white"><rect x="3" y="3" width="18" height="18" rx="2"/></mask>'
    '<rect x="3" y="3" width="18" height="18" rx="2" stroke="black" stroke-width="4" fill="none" mask="url(#p)"/>',
    "marker": '<marker id="m" viewBox="0 0 10 10" refX="5" refY="5" markerWidth="4" markerHeight="4" orient="auto">'
    '<path d="M0 0L10 5 0 10z"/></marker><g fill="none" stroke="#000" stroke-width="2">'
    '<path d="M3 4C3 12 8 12 14 12" marker-end="url(#m)"/></g>',
    "markers": '<marker id="m" markerWidth="4" markerHeight="4" refX="2" refY="2" orient="auto-start-reverse">'
    '<path d="M0 0L4 2 0 4z"/></marker><polyline points="4,18 12,6 20,18" fill="none" stroke="#000" '
    'style="marker:url(#m)"/>',
    "hairlines": '<path d="M2 12h20M12 2v20" stroke="#000" stroke-width=".3"/>',
    "odd points": '<polygon points="2,2 20,2 20,20 5"/>',
    "gradient": '<linearGradient id="g"><stop stop-color="#000"/></linearGradient><circle cx="9" cy="9" r="9" '
    'fill="url(#g)"/>',
}


def test_an_outline_that_its_icon_leaves_open_is_closed_in_the_font() -> None:
    triangle: Segments = [("MOVE", [(2, 2)]), ("LINE", [(20, 2)]), ("LINE", [(20, 20)])]
    view_box = ViewBox.parse("0 0 24 24")
    closed: tuple[str, list[tuple[float, float]]] = ("CLOSE", [])
    for left_open in (triangle, [*triangle, *triangle, closed]):
        glyph = to_glyph(left_open, view_box)
        whole = [segment for part in range(len(left_open) // 3) for segment in (*triangle, closed)]
        assert glyph == to_glyph(whole, view_box) and glyph.numberOfContours == len(left_open) // 3


def test_glyphs_keep_the_drawing(make_icon: Callable[..., Icon]) -> None:
    icons = {name: make_icon(f"n{number}", body) for number, (name, body) in enumerate(DRAWINGS.items())}
    files = unzipped(font_zip(Download(list(icons.values()))))
    overlaps = {
        name: overlap(letter(files, 0xE000 + number), np.asarray(render(icon.svg, 240))[..., 3] / 255)
        for number, (name, icon) in enumerate(icons.items())
    }
    assert {name: value for name, value in overlaps.items() if value < 0.93} == {}


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ('<rect width="24" height="24" fill="#06c"/><path fill="#fff" d="M8 8h8v8H8z"/>', "no colours of its own."),
        ('<rect width="24" height="24" fill="#d00"/><path fill="#ff0" d="M8 8h8v8H8z"/>', "what is #ffff00 in it"),
        ('<circle cx="12" cy="12" r="9" fill="#fc0"/><circle cx="9" cy="9" r="2"/>', "what is black in it"),
        ('<path opacity=".2" d="M2 2h20v20H2z"/><path d="M8 8h8v8H8z"/>', "Its fainter shade is left out."),
        ('<path fill="#d00" d="M2 2h8v8H2z"/><path fill="#06c" d="M12 12h8v8h-8z"/>', "no colours of its own."),
    ],
)
def test_what_several_colours_lose_is_told(make_icon: Callable[..., Icon], body: str, note: str) -> None:
    icon = make_icon("icon", body)
    traced, notes = trace_glyphs(Download([icon]))
    assert icon in traced and note in notes[icon]
    assert ("vanishes" in notes[icon]) == ("what is" in note)


def test_a_letter_of_two_shades_shows_the_stronger(make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("two", '<path opacity=".2" d="M2 2h20v20H2z"/><path d="M8 8h8v8H8z"/>')
    glyph = letter(unzipped(font_zip(Download([icon]))), 0xE000)
    assert glyph[120, 120] == 1 and glyph[40, 40] == 0


def test_a_filter_is_named_as_the_reason(make_icon: Callable[..., Icon]) -> None:
    body = '<filter id="f"><feGaussianBlur stdDeviation="1"/></filter><path d="M2 2h9v9z" filter="url(#f)"/>'
    icon = make_icon("icon", body)
    assert "a blur or a shadow" in trace_glyphs(Download([icon]))[1][icon]


def test_colour_glyphs_keep_the_colours(make_icon: Callable[..., Icon]) -> None:
    body = (
        '<rect width="24" height="24" fill="#d00"/><path fill="#ff0" d="M8 8h8v8H8z"/>'
        '<path fill="currentColor" d="M0 0h4v4H0z"/>'
    )
    icons = [make_icon("two", body), make_icon("ring")]
    files = unzipped(font_zip(Download(icons, colour_glyphs=True)))
    assert "LEFT-OUT.txt" not in files
    font = ImageFont.truetype(io.BytesIO(files["icons.ttf"]), 240, layout_engine=ImageFont.Layout.BASIC)
    picture = Image.new("RGBA", (240, 240), "white")
    ImageDraw.Draw(picture).text((0, 0), "\ue000", font=font, fill="#00f", anchor="la", embedded_color=True)
    assert [picture.getpixel(at) for at in ((120, 120), (60, 120), (20, 20))] == [
        (255, 255, 0, 255),
        (221, 0, 0, 255),
        (0, 0, 255, 255),
    ]
    assert letter(files, 0xE001).max() == 1


def test_a_visitor_sees_what_a_font_would_lose_before_it_is_made(
    client: Client, make_icon: Callable[..., Icon]
) -> None:
    bag = Bag.objects.create(name="Mine")
    two = make_icon("two", '<rect width="24" height="24" fill="#d00"/><path fill="#ff0" d="M8 8h8v8H8z"/>')
    bag.add([make_icon("ring").pk])
    page = client.get(f"/bags/{bag.key}/font/").content.decode()
    assert "Every icon of this bag can be told in one colour." in page
    blurred = make_icon("blurred", '<filter id="f"/><path d="M2 2h9v9z" filter="url(#f)"/>')
    bag.add([two.pk, blurred.pk])
    assert f"/bags/{bag.key}/font/" in client.get(f"/bags/{bag.key}/").content.decode()
    page = client.get(f"/bags/{bag.key}/font/").content.decode()
    assert "shapes:two" in page and "shapes:ring" not in page
    assert "what is #ffff00 in it vanishes" in page and "data:image/svg+xml,%3Csvg" in page
    assert '<rect width="14" height="14" rx="3" fill="#ffff00"/>' in page
    assert "It is left out. It has a filter" in page and "no letter" in page
    files = unzipped(client.get(f"/bags/{bag.key}/font.zip?colours=on").content)
    assert "shapes:two" not in files["LEFT-OUT.txt"].decode() and b"COLR" in files["mine.ttf"][:400]
