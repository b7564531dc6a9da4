"""What leaves the site comes back the same: export, import into an empty site, export again."""

import json
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from bags.models import Bag
from iconify.exporting import js_escaped
from iconify.management.commands.export_icons import chosen
from icons.importing.legacy_json import js_unescape
from icons.models import Icon, IconSet
from search.models import IconTerms
from tests.conftest import SHAPES
from tests.iconify_oracle import MODULES, NODE, PREFIXES, require_oracle, whole_set
from tests.test_iconify import SET, import_set

MakeIcon = Callable[..., Icon]


def export(folder: Path, *arguments: str) -> dict[str, bytes]:
    """The files that manage.py export_icons writes, by name."""
    call_command("export_icons", *arguments, output=folder, stdout=StringIO())
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def come_back(tmp_path: Path, file_format: str, *options: str) -> dict[str, bytes]:
    """Export everything, import it into an empty site, export it again, and return what was the same both times."""
    first = export(tmp_path / "first", "--format", file_format)
    IconSet.objects.all().delete()
    for name in first:
        call_command("import_icons", str(tmp_path / "first" / name), *options, stdout=StringIO(), stderr=StringIO())
    assert export(tmp_path / "second", "--format", file_format) == first
    return first


@pytest.fixture
def own(db: None, tmp_path: Path) -> IconSet:
    """SET, imported."""
    import_set(tmp_path)
    return IconSet.objects.get(prefix="own")


def test_iconify_json_is_what_was_imported(own: IconSet, tmp_path: Path) -> None:
    files = come_back(tmp_path, "iconify")
    assert list(files) == ["own.json"]
    assert json.loads(files["own.json"]) == {**SET, "info": {**SET["info"], "total": 4}}


def test_five_sets_of_iconify_come_back(db: None, tmp_path: Path) -> None:
    require_oracle()
    sets = {prefix: whole_set(prefix) for prefix in PREFIXES}
    for data in sets.values():
        import_set(tmp_path, data)
    files = come_back(tmp_path, "iconify")
    for prefix, data in sets.items():
        exported = json.loads(files[f"{prefix}.json"])
        for icons in (exported["icons"], data["icons"]):
            for icon in icons.values():
                del icon["body"]
        assert exported == {**data, "info": {**data["info"], "total": exported["info"]["total"]}}
        assert list(exported["icons"]) == list(data["icons"])


def test_sizes_of_many_digits_come_back(db: None, tmp_path: Path) -> None:
    icons = {"wide": {"body": SHAPES["ring"], "width": 1227.825, "height": 1000}, "plain": {"body": SHAPES["ring"]}}
    import_set(tmp_path, {"prefix": "own", "width": 24, "height": 24.0625, "icons": icons})
    data = json.loads(come_back(tmp_path, "iconify")["own.json"])
    assert (data["icons"]["wide"]["width"], data["height"]) == (1227.825, 24.0625)
    assert set(data["icons"]["plain"]) == {"body"}


def test_a_set_of_files_comes_back_as_iconify_json(make_icon: MakeIcon, tmp_path: Path) -> None:
    make_icon("home", aliases=["house"], category="Places")
    make_icon("10", hidden=True)
    make_icon("ring", category="A/b")
    data = json.loads(come_back(tmp_path, "iconify")["shapes.json"])
    assert data["aliases"] == {"house": {"parent": "home"}} and data["icons"]["10"]["hidden"]
    assert data["categories"] == {"Places": ["home"], "A/b": ["ring"]}


def test_svg_files_come_back(make_icon: MakeIcon, tmp_path: Path) -> None:
    for name, category in (("home", "Places"), ("ring", ""), ("cross", "a/b")):
        make_icon(name, category=category)
    files = come_back(tmp_path, "svg", "--prefix", "shapes")
    with zipfile.ZipFile(BytesIO(files["shapes.zip"])) as archive:
        assert archive.namelist() == ["a-b/cross.svg", "Places/home.svg", "ring.svg"]
        assert archive.read("ring.svg").decode() == Icon.objects.get(name="ring").svg


def test_the_old_systems_json_comes_back(make_icon: MakeIcon, tmp_path: Path) -> None:
    make_icon("shou-ye", name_zh="首页", name_en="Home", file_name="首页.svg")
    make_icon("wode", name_zh="我的", file_name="我的.svg")
    make_icon("ring", file_name="other.svg")
    make_icon("cross")
    files = come_back(tmp_path, "source", "--prefix", "shapes")
    entries = json.loads(files["source.json"])["data"]["icons"]
    assert [entry["o_name"] for entry in entries] == ["cross.svg", "ring.svg", "shou-ye.svg", "我的.svg"]
    assert set(entries[0]) == {"key", "name", "c_name", "e_name", "o_name", "source_code"}
    assert entries[2]["source_code"].startswith("%3Csvg%20xmlns%3D%22http%3A//") and entries[2]["c_name"] == "首页"


@pytest.mark.parametrize("text", ["", "<a b='图😀'/>", "%41", "\x00\xff\u0100", "+ /@*_-."])
def test_escape_is_undone(text: str) -> None:
    assert js_unescape(js_escaped(text)) == text


def test_a_package_is_installed_and_loaded(own: IconSet, tmp_path: Path) -> None:
    require_oracle()
    files = export(tmp_path / "npm", "own", "--format", "npm", "--package-version", "2.0.1")
    assert export(tmp_path / "npm", "own", "--format", "npm", "--package-version", "2.0.1") == files
    (tmp_path / "package.json").write_text('{"private": true}')
    archive = str(tmp_path / "npm" / "iconify-json-own.tgz")
    subprocess.run(
        ["npm", "install", "--offline", "--no-audit", "--no-fund", "--silent", archive], cwd=tmp_path, check=True
    )
    (tmp_path / "node_modules" / "@iconify").symlink_to(MODULES / "@iconify")
    script = """
        import { createRequire } from "node:module";
        import { pathToFileURL } from "node:url";
        import { icons, info, metadata, chars } from "@iconify-json/own";
        const require = createRequire(import.meta.url);
        const { getIconData } = require(process.argv[2] + "/utils");
        const { quicklyValidateIconSet } = require(process.argv[2] + "/utils");
        const same = require("@iconify-json/own").icons;
        console.log(JSON.stringify({
            valid: quicklyValidateIconSet(icons) !== null, same: JSON.stringify(same) === JSON.stringify(icons),
            icon: getIconData(icons, "e"), info, metadata, chars,
            version: require("@iconify-json/own/package.json").version,
        }));
    """
    (tmp_path / "load.mjs").write_text(script)
    command = [str(NODE), str(tmp_path / "load.mjs"), str(MODULES / "@iconify")]
    process = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    loaded: dict[str, Any] = json.loads(process.stdout)
    assert loaded["valid"] and loaded["same"] and loaded["version"] == "2.0.1"
    assert loaded["icon"] == {
        **{"body": SET["icons"]["b"]["body"], "width": 24, "height": 24, "hFlip": True, "rotate": 1}
    }
    assert loaded["info"]["name"] == "Own" and loaded["chars"] == SET["chars"]
    assert loaded["metadata"] == {"categories": SET["categories"], "suffixes": SET["suffixes"]}


def test_a_package_comes_back(own: IconSet, tmp_path: Path) -> None:
    first = export(tmp_path / "first", "--format", "npm")
    whole = export(tmp_path / "whole")
    with tarfile.open(fileobj=BytesIO(first["iconify-json-own.tgz"])) as archive:
        archive.extractall(tmp_path, filter="data")
    IconSet.objects.all().delete()
    call_command("import_icons", str(tmp_path / "package" / "icons.json"), stdout=StringIO())
    assert export(tmp_path / "second", "--format", "npm") == first
    assert json.loads(export(tmp_path / "again")["own.json"]) == {
        **json.loads(whole["own.json"]),
        "info": {"prefix": "own", **json.loads(whole["own.json"])["info"]},
    }


def test_a_bag_and_a_query_are_exported(make_icon: MakeIcon, own: IconSet, tmp_path: Path) -> None:
    ring, turned = make_icon("ring", aliases=["circle"]), own.icons.get(name="e")
    make_icon("home")
    bag = Bag.objects.create()
    bag.add([ring.pk, turned.pk])
    files = export(tmp_path / "bag", "--bag", bag.key)
    shapes, others = (json.loads(files[name]) for name in ("shapes.json", "own.json"))
    assert (set(shapes["icons"]), shapes["aliases"]) == ({"ring"}, {"circle": {"parent": "ring"}})
    # An icon that is another one, flipped and turned, comes with those that it is made of.
    assert (set(others["icons"]), set(others["aliases"])) == ({"b"}, {"c", "d", "e"})
    assert others["info"]["total"] == 1
    IconTerms.objects.store([ring.pk])
    assert list(export(tmp_path / "query", "--query", "ring")) == ["shapes.json"]


def test_what_cannot_be_exported(own: IconSet, tmp_path: Path) -> None:
    impossible: list[tuple[list[str], str | None, str | None]]
    impossible = [(["x"], None, None), ([], "x", None), ([], None, "x"), (["own"], None, "x"), ([], "x", "y")]
    for prefixes, key, words in impossible:
        with pytest.raises(CommandError):
            chosen(prefixes, key, words)
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="cannot be written"):
        export(tmp_path / "file", "own")
    IconSet.objects.all().delete()
    with pytest.raises(CommandError, match="no icon sets"):
        chosen([], None, None)


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("export_iconify", "icons-iconify.zip"),
        ("export_svg", "icons.zip"),
        ("export_source", "source.json"),
        ("export_npm", "icons-npm.zip"),
    ],
)
def test_the_admin_exports_sets(
    admin_client: Client, own: IconSet, make_icon: MakeIcon, monkeypatch: pytest.MonkeyPatch, action: str, name: str
) -> None:
    make_icon("ring")
    data = {"action": action, "_selected_action": list(IconSet.objects.values_list("pk", flat=True))}
    response = admin_client.post(reverse("admin:icons_iconset_changelist"), data)
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    contents = response.getvalue()
    if name.endswith(".zip"):
        with zipfile.ZipFile(BytesIO(contents)) as archive:
            assert archive.testzip() is None and len(archive.namelist()) in (2, 6)
    monkeypatch.setattr("iconify.admin.MOST_ICONS", 2)
    response = admin_client.post(reverse("admin:icons_iconset_changelist"), data, follow=True)
    assert "manage.py export_icons" in response.content.decode()


def test_a_set_that_is_deleted_meanwhile_is_named(
    admin_client: Client, own: IconSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iconify.exporting.served_set", lambda prefix: None)
    data = {"action": "export_npm", "_selected_action": [own.pk]}
    response = admin_client.post(reverse("admin:icons_iconset_changelist"), data, follow=True)
    assert "The set own has just been deleted." in response.content.decode()
    with pytest.raises(CommandError, match="own has just been deleted"):
        export(tmp_path / "files", "own")
