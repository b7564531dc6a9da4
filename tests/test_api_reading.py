"""Reading sets and icons by the API: lists and their filters, pages, files and code, ETags, what is related."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils.html import escape
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from icons.models import Icon, IconSet
from search import indexing
from tests.conftest import SHAPES

API = "/api/v1/"


def ids(client: Client, address: str) -> list[str]:
    """The ids of the icons on a page."""
    return [icon["icon"] for icon in client.get(f"{API}{address}").json()["results"]]


def test_a_set_says_how_many_icons_it_has(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring")
    make_icon("cross", hidden=True)
    reply = client.get(f"{API}sets/shapes/").json()
    assert (reply["prefix"], reply["licence_spdx"], reply["icons"]) == ("shapes", "MIT", 1)
    missing = client.get(f"{API}sets/nope/")
    assert missing.status_code == 404 and missing["Content-Type"] == "application/problem+json"
    assert missing.json() == {
        "type": "about:blank",
        "title": "There is nothing here",
        "status": 404,
        "detail": "There is no icon set “nope”.",
        "code": "not_found",
    }


def test_icons_are_listed_by_every_filter(client: Client, make_icon: Callable[..., Icon]) -> None:
    other = IconSet.objects.create(prefix="other", title="Other", licence_spdx="CC0-1.0")
    make_icon("ring", tags=["round", "shape"])
    make_icon("home-outline", tags=["house"], category="Places")
    make_icon("red", '<path fill="red" d="M4 4h16v16H4z"/>', set=other, tags=["round"], category="Colours")
    make_icon("cross", hidden=True)
    indexing.index_icons(list(Icon.objects.values_list("pk", flat=True)))
    assert ids(client, "icons/") == ["shapes:ring", "shapes:home-outline", "other:red"]
    assert ids(client, "icons/?set=other") == ids(client, "icons/?licence=CC0-1.0") == ["other:red"]
    assert ids(client, "icons/?palette=colour") == ["other:red"]
    assert ids(client, "icons/?style=outline") == ["shapes:ring", "shapes:home-outline"]
    assert ids(client, "icons/?tag=round&tag=house&category=Places") == ["shapes:home-outline"]
    assert ids(client, "icons/?tag=round") == ["shapes:ring", "other:red"]
    first = client.get(f"{API}icons/?set=shapes").json()["results"][0]
    assert first["licence"] == "MIT" and first["size"] == [24, 24] and first["svg_url"].startswith("/icons/shapes/")


def test_lists_have_the_sources_where_they_are_asked_for(
    client: Client, make_icon: Callable[..., Icon], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    icons = [make_icon(name) for name in ("ring", "ring-2")]
    for address in ("icons/?", "sets/shapes/icons/?", "icons/?q=ring&"):
        plain = client.get(f"{API}{address}").json()["results"]
        assert len(plain) == 2 and all("svg" not in icon for icon in plain)
        results = client.get(f"{API}{address}svg=1").json()["results"]
        assert {icon["svg"] for icon in results} == {icon.svg for icon in icons}
    with django_assert_num_queries(1):
        client.get(f"{API}icons/?svg=1")


def test_words_bring_the_sites_own_order(client: Client, make_icon: Callable[..., Icon]) -> None:
    for name in ("arrow-left-circle", "arrow", "arrow-left", "ring"):
        make_icon(name, tags=["pointer"] if name == "arrow-left" else [])
    site = [icon["icon"] for icon in client.get(f"{API}search/words/?q=arrow").json()["results"]]
    assert ids(client, "icons/?q=arrow") == site == ["shapes:arrow", "shapes:arrow-left", "shapes:arrow-left-circle"]
    page = client.get(f"{API}icons/?q=arrow&limit=2").json()
    assert page["total"] == 3 and page["previous"] is None
    second = client.get(page["next"]).json()
    assert [icon["icon"] for icon in second["results"]] == site[2:] and second["next"] is None
    assert client.get(second["previous"]).json()["results"] == page["results"]
    assert ids(client, "icons/?q=arrow&tag=pointer") == ["shapes:arrow-left"]
    assert client.get(f"{API}search/words/?q=arrow&tag=pointer").json()["total"] == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=x", "limit"),
        ("limit=%C2%B2", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=cD1hYmM=", "cursor"),
        ("cursor=cD0lMDA=", "cursor"),
        ("cursor=cD0xMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ=", "cursor"),
        ("q=ring&cursor=ZnJvbT0tMQ==", "cursor"),
        ("q=ring&cursor=%FF", "cursor"),
        ("set=nope", "set"),
        ("palette=red", "palette"),
    ],
)
def test_a_wrong_parameter_is_a_400_that_names_it(
    client: Client, icons: dict[str, Icon], query: str, field: str
) -> None:
    reply = client.get(f"{API}icons/?{query}")
    assert reply.status_code == 400 and list(reply.json()["errors"]) == [field]
    assert reply.json()["detail"] == reply.json()["errors"][field][0]


def test_pages_are_stable_while_icons_are_added(client: Client, make_icon: Callable[..., Icon]) -> None:
    for number in range(5):
        make_icon(f"m{number}")
    for address in ("icons/", "sets/shapes/icons/"):
        page = client.get(f"{API}{address}?limit=2").json()
        seen = [icon["name"] for icon in page["results"]]
        make_icon(f"a-{address.partition('/')[0]}")
        while page["next"]:
            page = client.get(page["next"]).json()
            seen += [icon["name"] for icon in page["results"]]
        assert [name for name in seen if name.startswith("m")] == [f"m{number}" for number in range(5)]
        assert len(seen) == len(set(seen))


def test_a_page_asks_the_database_a_fixed_number_of_times(
    client: Client, icons: dict[str, Icon], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        client.get(f"{API}icons/")


@pytest.mark.parametrize("address", ["sets/", "sets/shapes/", "sets/shapes/icons/", "icons/", "icons/shapes:ring/"])
def test_what_has_not_changed_is_a_304(client: Client, make_icon: Callable[..., Icon], address: str) -> None:
    icon = make_icon("ring")
    first = client.get(f"{API}{address}")
    assert first["Cache-Control"] == "public, no-cache" and "Cookie" not in first["Vary"]
    again = client.get(f"{API}{address}", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content and again["Cache-Control"] == first["Cache-Control"]
    IconSet.objects.update(title="New title", licence="New licence", licence_spdx="")
    icon.hidden = True
    icon.save()
    assert client.get(f"{API}{address}", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_readers_who_must_be_known_are_kept_apart_by_caches(
    client: Client, icons: dict[str, Icon], settings: LazySettings, admin_user: Any
) -> None:
    settings.API_ANONYMOUS = {"read": False, "search": True}
    refused = client.get(f"{API}sets/")
    assert refused.status_code == 401 and refused["WWW-Authenticate"] == "Bearer"
    assert client.get(f"{API}search/words/?q=ring").status_code == 200
    client.force_login(admin_user)
    for address in ("sets/", "icons/shapes:ring/?form=svg"):
        reply = client.get(f"{API}{address}")
        assert reply.status_code == 200 and reply["Cache-Control"] == "private, no-cache"
        assert {"Authorization", "Cookie"} <= set(reply["Vary"].split(", "))


@pytest.mark.parametrize("form", ["svg", "jsx", "vue", "svelte", "css", "data", "iconify", "id", "django"])
def test_every_form_of_the_page_is_there(client: Client, make_icon: Callable[..., Icon], form: str) -> None:
    make_icon("ring")
    reply = client.get(f"{API}icons/shapes:ring/?form={form}&size=32&colour=f00")
    page = client.get("/icons/shapes/ring/?size=32&colour=f00").content.decode()
    assert reply.status_code == 200
    kind = "image/svg+xml" if form == "svg" else "text/plain; charset=utf-8"
    assert reply["Content-Type"] == kind and reply["Access-Control-Allow-Origin"] == "*"
    assert escape(reply.content.decode().strip()) in page
    same = client.get(
        f"{API}icons/shapes:ring/?form={form}&size=32&colour=f00", headers={"If-None-Match": reply["ETag"]}
    )
    assert same.status_code == 304


def test_forms_that_are_pictures(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring")
    for form, name in (("png", "PNG"), ("webp", "WEBP"), ("ico", "ICO")):
        picture = Image.open(BytesIO(client.get(f"{API}icons/shapes:ring/?form={form}&size=32").content))
        assert picture.format == name and max(picture.size) == (256 if form == "ico" else 32)


def test_a_versioned_drawing_is_immutable(client: Client, make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("ring")
    address = f"{API}icons/shapes:ring/?form=svg&v="
    assert "immutable" in client.get(address + icon.svg_version)["Cache-Control"]
    assert client.get(address + "other")["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(("query", "status", "field"), [("form=x", 400, "form"), ("form=png&size=0", 400, "size")])
def test_forms_that_there_are_not(
    client: Client, make_icon: Callable[..., Icon], query: str, status: int, field: str
) -> None:
    make_icon("ring")
    reply = client.get(f"{API}icons/shapes:ring/?{query}")
    assert reply.status_code == status and (not field or field in reply.json()["errors"])


def test_an_image_element_gets_a_picture_though_it_accepts_nothing_else(
    client: Client, make_icon: Callable[..., Icon]
) -> None:
    make_icon("ring")
    reply = client.get(f"{API}icons/shapes:ring/?form=svg", headers={"Accept": "image/svg+xml"})
    assert reply.status_code == 200
    assert client.get(f"{API}sets/", headers={"Accept": "text/html"})["Content-Type"] == "application/json"


def test_related_icons_and_the_sets_that_hold_them(
    client: Client, indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon]
) -> None:
    other = IconSet.objects.create(prefix="other", title="Other")
    twins = [make_icon(name, SHAPES[name], set=other) for name in ("ring", "home")]
    indexing.index_icons([icon.pk for icon in twins])
    related = client.get(f"{API}icons/shapes:ring/related/?limit=3").json()
    assert [icon["icon"] for icon in related["same_drawing"]] == ["other:ring"]
    assert len(related["similar"]) == 2
    query = "&".join(f"icon=shapes:{name}" for name in ("ring", "home", "cross"))
    sets = client.get(f"{API}icons/sets/?{query}").json()["sets"]
    assert sets == [{"prefix": "shapes", "icons": 3, "of": 3}, {"prefix": "other", "icons": 2, "of": 3}]
    for wrong in ("", "icon=x", "icon=shapes:nope"):
        assert client.get(f"{API}icons/sets/?{wrong}").status_code == 400


def test_errors_are_in_the_readers_language(client: Client, icons: dict[str, Icon]) -> None:
    chinese = {"Accept-Language": "zh-CN"}
    reply = client.get(f"{API}icons/?limit=0", headers=chinese).json()
    assert reply["code"] == "invalid" and reply["title"] == "请求有误" and "1 到 1000" in reply["detail"]
    assert client.get(f"{API}nowhere/", headers=chinese).json()["status"] == 404
