"""Tools that use icons when a site is built or designed, against our server: UnoCSS, plugins of Tailwind, editors."""

import json
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from urllib.request import urlopen

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from icons.models import Icon, IconSet
from tests.conftest import SHAPES, svg_of
from tests.iconify_oracle import MODULES, NODE, require_oracle, with_turned_icon

pytestmark = pytest.mark.django_db(transaction=True)
CLASSES = ("home", "house", "turned")


@pytest.fixture
def path(make_icon: Callable[..., Icon]) -> str:
    """What the icon `home` draws; the set `shapes` has it, another name of it, and one that is it turned."""
    require_oracle()
    home = make_icon("home", aliases=["house"])
    with_turned_icon(home)
    return home.svg.partition(' d="')[2].partition('"')[0]


def made(script: str, argument: str) -> Any:
    """What a script of tests/iconify_server prints."""
    command = [str(NODE), script, argument]
    process = subprocess.run(command, cwd=MODULES.parent, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def test_unocss_makes_classes_of_icons(live_server: LiveServer, path: str) -> None:
    # As a CDN, UnoCSS asks for sets that it knows of alone.
    mdi = IconSet.objects.create(prefix="mdi", title="Known")
    for name in ("home", "turned"):
        Icon.objects.create(set=mdi, name=name, svg=svg_of(SHAPES["home"]), aliases=["house"] * (name == "home"))
    result = made("unocss.mjs", live_server.url)
    assert list(result) == ["cdn", "set", "svg"]
    for way, (css, matched) in {way: each.values() for way, each in result.items()}.items():
        prefix = "mdi" if way == "cdn" else "shapes"
        assert matched == [f"i-{prefix}:{name}" for name in CLASSES], way
        assert path in unquote(css)  # once for all classes that look the same
        assert ("rotate(90 12 12)" in unquote(css)) == (way != "cdn"), way


def test_plugins_of_tailwind_make_classes_of_icons(live_server: LiveServer, path: str, tmp_path: Path) -> None:
    file = tmp_path / "shapes.json"
    with urlopen(f"{live_server.url}/iconify/@iconify-json/shapes/icons.json") as answer:
        file.write_bytes(answer.read())
    result = made("tailwind.mjs", str(file))
    assert list(result) == ["four", "three"]
    for css in map(unquote, result.values()):
        assert [f"icon-\\[shapes--{name}\\]" in css for name in CLASSES] == [True] * 3
        assert css.count(path) >= len(CLASSES) and "rotate(90 12 12)" in css


def test_a_whole_set_is_what_its_package_has(live_server: LiveServer, path: str) -> None:
    with urlopen(f"{live_server.url}/iconify/@iconify-json/shapes/icons.json") as answer:
        data = json.loads(answer.read())
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert set(data) == {"prefix", "icons", "aliases"} and set(data["icons"]) == {"home"}
    assert data["aliases"] == {"turned": {"parent": "home", "rotate": 1}, "house": {"parent": "home"}}


def test_an_editor_finds_whole_sets(client: Client, make_icon: Callable[..., Icon], tmp_path: Path) -> None:
    make_icon("home", aliases=["house"])
    answer = client.get("/iconify/@iconify-json/shapes.json")
    call_command("export_icons", "shapes", output=tmp_path, stdout=StringIO())
    assert answer.json() == json.loads((tmp_path / "shapes.json").read_text())
    assert answer.json()["info"]["name"] == "Shapes"
    for path in ("none.json", "none/icons.json", "shapes/info.json"):
        assert client.get(f"/iconify/@iconify-json/{path}").status_code == 404


def test_an_icon_finder_learns_where_the_api_is(client: Client, make_icon: Callable[..., Icon]) -> None:
    """The requests of @iconify/search-core 1.2.0, which the plugin for Figma is made with, in its order."""
    make_icon("home")
    provider = client.get("/provider").json()
    assert provider == client.get("/iconify/provider").json()
    assert provider["provider"] == "iconsite" and provider["api"] == "http://testserver/iconify"
    api = provider["api"].removeprefix("http://testserver")
    assert client.get(f"{api}/collections", {"hidden": "true"}).json()["shapes"]["name"] == "Shapes"
    query = "prefix=shapes&info=true&chars=true&aliases=true&hidden=true"
    collection = client.get(f"{api}/collection?{query}").json()
    assert (collection["prefix"], collection["uncategorized"]) == ("shapes", ["home"])
    found = client.get(f"{api}/search?query=home&limit=64").json()
    assert found["icons"] == ["shapes:home"] and found["request"]["query"] == "home"
    assert "home" in client.get(f"{api}/shapes.json?icons=home").json()["icons"]
