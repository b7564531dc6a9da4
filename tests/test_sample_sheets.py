"""Sheets of samples: many icons in one file."""

import re
from collections.abc import Callable
from html import unescape

import numpy as np
import pytest
from django.test import Client

from icons.models import Icon, IconSet
from icons.rendering import render
from tests.conftest import svg_of


@pytest.fixture
def sets(db: None) -> list[IconSet]:
    """Thirty sets of two icons."""
    sets = [IconSet.objects.create(prefix=f"s{number:02}", title=f"Set {number}") for number in range(30)]
    for number, icon_set in enumerate(sets):
        for name, size in (("home", number + 1), ("user", 2)):
            Icon.objects.create(set=icon_set, name=name, svg=svg_of(f'<path d="M0 0h{size}v24H0z"/>'))
    return sets


def rows(page: str) -> list[str]:
    """The addresses of the samples of a page."""
    return [unescape(address) for address in re.findall(r'src="(/samples/[^"]+)"', page)]


def test_a_list_of_sets_asks_for_few_files(client: Client, sets: list[IconSet]) -> None:
    addresses = rows(client.get("/sets/").content.decode())
    assert len(addresses) == 30 and len({address.partition("#")[0] for address in addresses}) == 2
    filtered = rows(client.get("/sets/?q=s28").content.decode())
    assert filtered == [addresses[28]] or filtered[0] in addresses  # what the browser has already


def test_a_row_of_a_sheet_shows_the_icons_of_its_set(client: Client, sets: list[IconSet]) -> None:
    page = client.get("/sets/?q=s28").content.decode()
    (address,) = rows(page)
    reply = client.get(address.partition("#")[0])
    assert reply["Content-Type"] == "image/svg+xml" and "immutable" in reply["Cache-Control"]
    assert "sandbox" in reply["Content-Security-Policy"]
    sheet, row = reply.content.decode(), address.partition("#")[2]
    view = re.search(rf'<view id="{row}" viewBox="([^"]+)"', sheet)
    assert view and f'viewBox="{view[1]}"' and 'width="76" height="32"' in page
    drawn = render(sheet.replace("<svg ", f'<svg viewBox="{view[1]}" ', 1), 76)
    ink = np.asarray(drawn)[..., 3] > 127
    assert ink[38].sum() == pytest.approx(32 + 2 * 32 / 24, abs=2)  # the whole width of one icon, a 12th of the other


def test_another_version_of_a_sheet_is_asked_for_each_time(client: Client, sets: list[IconSet]) -> None:
    reply = client.get("/samples/0.svg?v=old")
    assert "no-cache" in reply["Cache-Control"]
    assert client.get("/samples/0.svg", headers={"If-None-Match": reply["ETag"]}).status_code == 304
    (address, *_) = rows(client.get("/sets/").content.decode())
    Icon.objects.get(set=sets[0], name="user").delete()
    assert rows(client.get("/sets/").content.decode())[0] != address
    for missing in ("/samples/9.svg", "/samples/x.svg", "/samples/99999.svg"):
        assert client.get(missing).status_code == 404


def test_icons_of_a_sheet_have_ids_of_their_own(client: Client, make_icon: Callable[..., Icon]) -> None:
    gradient = '<linearGradient id="a"><stop stop-color="{}"/></linearGradient><path fill="url(#a)" d="M0 0h9v9z"/>'
    make_icon("home", gradient.format("red"))
    make_icon("user", gradient.format("lime"))
    ids = re.findall(r' id="([^"]+)"', client.get("/samples/0.svg").content.decode())
    assert len(ids) == len(set(ids)) == 3 and "shapes" in ids


@pytest.mark.parametrize(
    ("fills", "ground"),
    [
        (("#000", "#000"), "drawing "),
        (("#fff", "#fff"), "drawing pale"),
        (("#000", "#fff"), "drawing coloured"),
        (("#f00", "#000"), "drawing coloured"),
    ],
)
def test_a_row_stands_on_what_its_icons_can_be_seen_on(
    client: Client, make_icon: Callable[..., Icon], fills: tuple[str, str], ground: str
) -> None:
    for name, fill in zip(("home", "user"), fills, strict=True):
        make_icon(name, f'<path fill="{fill}" d="M0 0h9v9z"/>')
    assert f'class="{ground}"' in client.get("/sets/").content.decode()
    patches = client.get("/samples/0.svg").content.decode().count("<rect")
    assert patches == (1 if fills == ("#000", "#fff") else 0)


def test_a_page_from_before_a_change_shows_the_rows_of_its_sets(client: Client, sets: list[IconSet]) -> None:
    (address,) = rows(client.get("/sets/?q=s05").content.decode())
    sets[3].delete()
    sheet = client.get(address.partition("#")[0])
    assert '<view id="s05"' in sheet.content.decode() and "no-cache" in sheet["Cache-Control"]
