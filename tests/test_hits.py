"""What an answer shows of twins and of hidden icons: in the API, on the page, and for the old system's clients."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from icons.importing.importer import save_set
from icons.importing.packs import SetInfo
from icons.models import Icon, IconSet
from icons.replacements import replacements
from search import indexing
from search.related_icons import related_to
from tests.conftest import SHAPES, png_of, svg_of, upload

RING = png_of(svg_of(SHAPES["ring"]))


def results(client: Client, **fields: Any) -> list[dict[str, Any]]:
    """The API's results for a picture of the ring."""
    found: list[dict[str, Any]] = client.post("/api/v1/search/image/", {"image": upload(RING), **fields}).json()[
        "results"
    ]
    return found


@pytest.fixture
def twins(indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon]) -> None:
    """The ring in two public sets beside that of the own set `shapes`, and hidden in `feather`."""
    lucide, feather = (IconSet.objects.create(prefix=prefix, title=prefix.title()) for prefix in ("lucide", "feather"))
    icons = [
        make_icon("circle", SHAPES["ring"], set=feather),
        make_icon("circle", SHAPES["ring"], set=lucide),
        make_icon("ios-circle", SHAPES["ring"], set=feather, hidden=True),
    ]
    assert indexing.index_icons([icon.pk for icon in icons]) == []


def test_what_looks_the_same_is_one_result_of_the_api(client: Client, twins: None) -> None:
    first, *others = results(client)
    assert first["icon"] == "shapes:ring" and not first["earlier"]
    twins_of_it = [(twin["icon"], twin["set"], twin["earlier"]) for twin in first["twins"]]
    assert twins_of_it == [
        ("lucide:circle", "lucide", False),
        ("feather:circle", "feather", False),
        ("feather:ios-circle", "feather", True),
    ]
    assert len(others) == len(SHAPES) - 1 and len(results(client, limit=2)) == 2


def test_an_operator_chooses_which_set_comes_first(client: Client, twins: None) -> None:
    IconSet.objects.filter(prefix="shapes").update(usage=0)
    assert results(client)[0]["icon"] == "lucide:circle"
    IconSet.objects.filter(prefix="feather").update(usage=10**12)
    assert results(client)[0]["icon"] == "feather:circle"


def test_a_hidden_icon_is_shown_with_the_one_that_replaced_it(client: Client, twins: None) -> None:
    hidden = Icon.objects.get(name="ios-circle")
    hidden.svg = svg_of('<g transform="rotate(45 12 12)"><path d="M3 10h18v4H3zM10 3h4v18h-4z"/></g>')
    hidden.save()
    indexing.index_icons([hidden.pk])
    reply = client.post("/api/v1/search/image/", {"image": upload(png_of(hidden.svg))}).json()
    assert reply["results"][0]["icon"] == "feather:ios-circle" and reply["results"][0]["earlier"]
    assert reply["results"][0]["replaced_by"] == "feather:circle"
    page = client.post("/", {"image": upload(png_of(hidden.svg)), "draft": "1"}).content.decode()
    assert 'Earlier drawing of <a href="/icons/feather/circle/">feather:circle</a>' in page
    Icon.objects.filter(name="circle").delete()
    page = client.post("/", {"image": upload(png_of(hidden.svg)), "draft": "1"}).content.decode()
    assert "No longer in the set" in page


def test_hidden_icons_are_found_by_picture_alone(client: Client, twins: None) -> None:
    assert "ios-circle" not in client.get("/icons/", {"q": "ios circle"}).content.decode()
    assert [hit["icon"] for hit in results(client, words="ios")] == []
    related = related_to(Icon.objects.get(name="ring"), 20)
    assert "ios-circle" not in [icon.name for icon in related.same_drawing + related.similar]
    Icon.objects.filter(name="ios-circle").update(hidden=False)
    (first, second, *_) = results(client)
    assert "feather:ios-circle" in [second["icon"], *(twin["icon"] for twin in first["twins"])]


def test_the_page_shows_twins_on_one_card(client: Client, twins: None) -> None:
    page = client.post("/", {"image": upload(RING), "draft": "1"}).content.decode()
    assert "3 more look the same" in page and page.count('data-icon="') == len(SHAPES)
    assert page.index('data-twin="lucide:circle"') < page.index('data-twin="feather:circle"')


def test_the_old_clients_get_twins_after_their_icon(client: Client, twins: None) -> None:
    data = client.post("/upload", {"the_file": upload(RING)}).json()["data"]
    names = [entry["fileName"] for entry in data]
    assert names[:4] == ["ring.jpeg", "circle.jpeg", "circle.jpeg", "ios-circle.jpeg"]
    assert len(data) == len(SHAPES) + 3
    assert [entry["score"] for entry in data] == sorted((entry["score"] for entry in data), reverse=True)


@pytest.mark.parametrize(
    ("hidden", "visible", "aliases", "right"),
    [
        ("ios-add", "add", [], True),
        ("md-add-2", "add", [], True),
        ("alert", "alert-24", [], True),
        ("align-left", "text-align-start", ["align-left"], True),
        ("droplet-filled-2", "droplet-filled", [], True),
        ("file-audio", "file", [], False),
        ("star", "start", [], False),
    ],
)
def test_what_replaced_a_hidden_icon_is_told_by_its_name(
    make_icon: Callable[..., Icon], hidden: str, visible: str, aliases: list[str], right: bool
) -> None:
    old, new = make_icon(hidden, hidden=True), make_icon(visible, aliases=aliases)
    make_icon(visible, set=IconSet.objects.create(prefix="other", title="Other"))
    assert replacements([old, new]) == ({old.pk: new} if right else {})


def test_a_public_set_that_nobody_knows_is_no_own_set(db: None) -> None:
    assert save_set(SetInfo("acme")).usage_or_known is None
    assert save_set(SetInfo("newest", public=True)).usage_or_known == 0
    assert save_set(SetInfo("lucide", public=True)).usage is None
