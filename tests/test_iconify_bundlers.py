"""Tools that make style sheets of icons when a site is built, against our server: UnoCSS, and plugins of Tailwind."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from urllib.request import urlopen

import pytest
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
