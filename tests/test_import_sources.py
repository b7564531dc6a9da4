"""From each kind of source to icons."""

import json
import os
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from icons.importing.iconify_json import load_json, read_pack
from icons.importing.legacy_json import js_unescape
from icons.importing.packs import Pack, Rejected, SourceError, SourceIcon
from icons.importing.sources import Options, open_source
from icons.svg import clean_svg
from tests.conftest import SHAPES, svg_of


def read(source: object, **options: Any) -> tuple[Pack, list[SourceIcon | Rejected]]:
    (pack,) = open_source(str(source), Options(**options))
    assert isinstance(pack, Pack)
    return pack, list(pack.icons)


def iconify(**data: Any) -> dict[str, SourceIcon | Rejected]:
    return {item.name: item for item in read_pack({"prefix": "x", "icons": {}, **data}).icons}


def accepted(item: SourceIcon | Rejected) -> SourceIcon:
    assert isinstance(item, SourceIcon), item
    return item


def svg(item: SourceIcon | Rejected) -> str:
    return str(accepted(item).svg)


# --- Iconify JSON ---


def test_iconify_sizes_fall_back_to_the_set_and_then_to_16() -> None:
    icons = {"a": {"body": "<g/>"}, "b": {"body": "<g/>", "width": 10, "left": -1}}
    items = iconify(icons=icons, height=24)
    assert 'viewBox="0 0 16 24"' in svg(items["a"])
    assert 'viewBox="-1 0 10 24"' in svg(items["b"])


def test_iconify_info_categories_and_hidden_icons_are_read() -> None:
    data = {
        "prefix": "x",
        "icons": {"a": {"body": "<g/>"}, "b": {"body": "<g/>", "hidden": True}},
        "info": {
            "name": "The X",
            "license": {"title": "MIT", "spdx": "MIT"},
            "author": {"name": "N", "url": "https://x.example"},
            "palette": True,
            "version": "1.2",
        },
        "categories": {"Arrows": ["a"], "Signs": ["a", "b"]},
    }
    pack = read_pack(data)
    info = pack.info
    assert (info.title, info.licence_spdx, info.author, info.source) == (
        "The X",
        "MIT",
        "N",
        "https://x.example",
    )
    assert (info.palette, info.version, pack.expected) == (True, "1.2", 2)
    first, second = map(accepted, pack.icons)
    assert (first.category, first.tags, first.hidden) == ("Arrows", ("Signs",), False)
    assert (second.category, second.hidden) == ("Signs", True)


def test_a_plain_alias_is_another_name_and_a_turned_one_another_drawing() -> None:
    aliases = {
        "other": {"parent": "a"},
        "other-still": {"parent": "other"},
        "turned": {"parent": "a", "rotate": 1},
        "turned-back": {"parent": "turned", "rotate": 3},
        "flipped": {"parent": "a", "hFlip": True},
        "lost": {"parent": "nothing"},
        "loop": {"parent": "loop"},
    }
    items = iconify(icons={"a": {"body": "<g/>"}}, aliases=aliases, width=20, height=10)
    assert accepted(items["a"]).aliases == ("other", "other-still")
    assert '<g transform="rotate(90 10 5)"><g/></g>' in svg(items["turned"])
    assert 'viewBox="5 -5 10 20"' in svg(items["turned"])
    assert '<g transform="translate(20 0) scale(-1 1)"><g/></g>' in svg(items["flipped"])
    assert isinstance(items["lost"], Rejected) and isinstance(items["loop"], Rejected)


@pytest.mark.parametrize("icon", [{}, {"body": 1}, {"body": "<g/>", "width": "wide"}, None, "text", []])
def test_an_icon_of_another_form_is_rejected_by_name(icon: object) -> None:
    assert isinstance(iconify(icons={"a": icon})["a"], Rejected)


def test_other_iconify_data_of_another_form_is_named_and_the_icons_come_in() -> None:
    reasons = {
        "aliases": "The field must be an object.",
        "categories.Arrows": "The field must be a list of names of icons.",
        "categories.Signs": "The field must be a list of names of icons.",
        "info.license": "The field must be an object.",
        "info.name": "The field must be text.",
        "info.palette": "The field must be true or false.",
    }
    icons = {"a": {"body": "<g/>"}}
    info = {"name": 5, "license": "MIT", "palette": "yes", "author": {"name": "N"}}
    data = {"prefix": "x", "icons": icons, "aliases": ["b"], "categories": {"Arrows": "a", "Signs": [1, "a"]}}
    pack = read_pack({**data, "info": info})
    first, *rejected = pack.icons
    assert (accepted(first).name, accepted(first).category, pack.info.author) == ("a", "Signs", "N")
    assert {item.name: item.reason for item in rejected if isinstance(item, Rejected)} == reasons
    assert not pack.complete  # an alias that is an icon of its own may be among those that cannot be read
    assert set(iconify(icons=icons, categories="x", info="?")) == {"a", "categories", "info"}
    assert list(iconify(icons=icons, aliases=[], categories=[], info=None)) == ["a"]


def test_an_alias_whose_name_is_not_valid_is_rejected_by_name() -> None:
    items = iconify(icons={"a": {"body": "<g/>"}}, aliases={"Not this": {"parent": "a"}, "b": {"parent": "a"}})
    assert accepted(items["a"]).aliases == ("b",)
    assert items["Not this"] == Rejected(
        "Not this", "The name must consist of lower-case letters, digits and single hyphens."
    )


def test_a_folder_of_iconify_files_is_read_past_a_bad_one(tmp_path: Path) -> None:
    for prefix in ("aa", "bb"):
        (tmp_path / f"{prefix}.json").write_text(json.dumps({"prefix": prefix, "icons": {"i": {"body": "<g/>"}}}))
    (tmp_path / "ab.json").write_text("{")
    packs = list(open_source(str(tmp_path), Options()))
    assert [pack.name if isinstance(pack, Rejected) else pack.info.prefix for pack in packs] == [
        "aa",
        "ab.json",
        "bb",
    ]


def test_an_npm_folder_has_its_info_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "icons.json").write_text(json.dumps({"prefix": "x", "icons": {"i": {"body": "<g/>"}}}))
    (tmp_path / "info.json").write_text(json.dumps({"name": "The X"}))
    pack, items = read(tmp_path)
    assert pack.info.title == "The X" and len(items) == 1


@pytest.mark.parametrize(
    ("text", "rejected"),
    [
        ("{", Rejected("info.json", "info.json is not valid JSON.")),
        ("[1]", Rejected("info", "The field must be an object.")),
    ],
)
def test_a_damaged_info_file_is_named_and_the_icons_come_in(tmp_path: Path, text: str, rejected: Rejected) -> None:
    (tmp_path / "icons.json").write_text(json.dumps({"prefix": "x", "icons": {"i": {"body": "<g/>"}}}))
    (tmp_path / "info.json").write_text(text)
    pack, (icon, problem) = read(tmp_path)
    assert (pack.info.title, accepted(icon).name, problem) == ("x", "i", rejected)


# --- the old system's source.json ---


def js_escape(text: str) -> str:
    units = [int.from_bytes(text.encode("utf-16-le")[i : i + 2], "little") for i in range(0, 2 * len(text), 2)]
    plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@*_+-./"
    return "".join(chr(u) if chr(u) in plain else f"%{u:02X}" if u < 256 else f"%u{u:04X}" for u in units)


def seed_file(path: Path, *icons: object) -> Path:
    path.write_text(json.dumps({"data": {"icons": icons}}))
    return path


def seed_icon(o_name: str, source: str, **fields: str) -> dict[str, str]:
    return {
        "key": "k",
        "name": "n",
        "c_name": "",
        "e_name": "",
        "o_name": o_name,
        "source_code": source,
        **fields,
    }


def test_the_seed_decodes_what_javascript_escaped() -> None:
    text = '<svg viewBox="0 0 1 1"><title>图标 50% é</title></svg>'
    assert js_escape(text).startswith("%3Csvg%20") and "%u56FE" in js_escape(text)
    assert js_unescape(js_escape(text)) == text
    assert js_unescape("%uD83D%uDE00") == "😀"
    assert js_unescape("100% %zz %u12") == "100% %zz %u12"


def test_all_that_comes_of_a_source_is_expected() -> None:
    icons = {"a": {"body": "<path/>"}, "b": {"body": "<path/>"}}
    aliases = {"turned": {"parent": "a", "rotate": 1}, "same": {"parent": "a"}, "lost": {"parent": "gone"}}
    pack = read_pack({"prefix": "x", "icons": icons, "aliases": aliases})
    assert pack.expected == len(list(pack.icons)) == 4  # a, b, turned, and the alias that cannot be read


def test_the_seed_takes_escaped_and_plain_source_and_skips_empty_ones(tmp_path: Path) -> None:
    icons = [
        seed_icon("Home.svg", js_escape(svg_of(SHAPES["home"])), c_name="首页", e_name="home page"),
        seed_icon("圆环.svg", svg_of(SHAPES["ring"]), e_name="Ring"),
        seed_icon("empty.svg", ""),
        seed_icon("home.svg", svg_of(SHAPES["cross"])),
        "not an icon",
        {"o_name": "lacks.svg"},
    ]
    pack, items = read(seed_file(tmp_path / "source.json", *icons), prefix="company", title="Company")
    assert (pack.info.prefix, pack.info.title, pack.expected) == ("company", "Company", 6)
    home, ring, second_home = map(accepted, items[:3])
    bad = items[3:]
    assert (home.name, home.name_zh, home.name_en, home.file_name) == (
        "home-f66195",
        "首页",
        "home page",
        "Home.svg",
    )
    assert clean_svg(home.svg).view_box == "0 0 24 24"
    assert (ring.name, ring.file_name) == ("ring", "圆环.svg")
    assert second_home.name == "home"
    assert [type(item) for item in bad] == [Rejected, Rejected] and bad[1].name == "lacks"


def test_json_of_neither_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[1]")
    with pytest.raises(SourceError, match="no list of icons"):
        read(tmp_path / "x.json")


# --- folders and zips of .svg files ---


def test_a_folder_gives_categories_and_unique_names(tmp_path: Path) -> None:
    folder = tmp_path / "My Icons"
    for name in ("home.svg", "nav/Home.SVG", "nav/arrow left.svg", "图标.svg", ".hidden.svg", "note.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(svg_of(SHAPES["home"]))
    pack, items = read(folder, licence="Company", licence_spdx="LicenseRef-Company")
    assert (pack.info.prefix, pack.info.licence_spdx) == ("my-icons", "LicenseRef-Company")
    icons = {icon.name: (icon.category, icon.name_zh) for icon in map(accepted, items)}
    assert icons == {"home": ("", ""), "nav-home": ("nav", ""), "arrow-left": ("nav", ""), "tu-biao": ("", "图标")}


def test_a_zip_is_read_without_being_unpacked(tmp_path: Path, settings: Any) -> None:
    settings.SVG_MAX_BYTES = 2000
    with zipfile.ZipFile(tmp_path / "set.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("set/a/ring.svg", svg_of(SHAPES["ring"]))
        archive.writestr("set/../../etc/cross.svg", svg_of(SHAPES["cross"]))
        archive.writestr("set/b/bomb.svg", svg_of(" " * 10_000_000))
        archive.writestr("__MACOSX/._ring.svg", b"\x00")
        archive.mkdir("set/folder.svg")
    _, items = read(tmp_path / "set.zip")
    icons = {icon.name: icon for icon in map(accepted, items)}
    assert set(icons) == {"ring", "cross", "bomb"}
    assert len(icons["bomb"].svg) == 2001
    assert list(tmp_path.iterdir()) == [tmp_path / "set.zip"]


def test_what_is_no_zip_and_what_holds_no_icons_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK?")
    with pytest.raises(SourceError, match="cannot be read as a zip file"):
        read(tmp_path / "bad.zip")
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as archive:
        archive.writestr("x.txt", "x")
    with pytest.raises(SourceError, match="no .svg files"):
        read(tmp_path / "none.zip")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="no .svg files"):
        read(tmp_path / "empty")
    (tmp_path / "icon.txt").write_text("x")
    with pytest.raises(SourceError, match="neither a folder nor"):
        read(tmp_path / "icon.txt")


# --- GraphQL ---


class Library(BaseHTTPRequestHandler):
    """A company's icon library with a GraphQL endpoint."""

    reply: dict[str, Any] = {}
    seen: dict[str, Any] = {}

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).seen = {"query": body["query"], "headers": dict(self.headers)}
        data = json.dumps(self.reply).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def library() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Library)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/graphql"
    server.shutdown()
    server.server_close()


def test_graphql_sends_the_old_query_and_a_token_from_the_environment(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICONSITE_GRAPHQL_TOKEN", "s3cret")
    Library.reply = {"data": {"icons": [seed_icon("ring.svg", js_escape(svg_of(SHAPES["ring"])))]}}
    pack, items = read(library, graphql=True, prefix="company", headers={"X-Team": "design"})
    assert (pack.info.prefix, [item.name for item in items]) == ("company", ["ring"])
    assert Library.seen["query"].split() == [
        "{",
        "icons",
        "{",
        "key",
        "name",
        "c_name",
        "e_name",
        "o_name",
        "source_code",
        "}",
        "}",
    ]
    assert Library.seen["headers"]["Authorization"] == "Bearer s3cret"
    assert Library.seen["headers"]["X-Team"] == "design"


def test_graphql_takes_another_query(library: str) -> None:
    Library.reply = {"data": {"glyphs": [seed_icon("ring.svg", svg_of(SHAPES["ring"]))]}}
    _, items = read(library, graphql=True, prefix="c", query="{ glyphs { o_name source_code } }")
    assert len(items) == 1 and "glyphs" in Library.seen["query"]


def test_graphql_errors_are_reported_in_a_sentence(library: str) -> None:
    Library.reply = {"errors": [{"message": "Not allowed"}]}
    with pytest.raises(SourceError, match="Not allowed"):
        read(library, graphql=True, prefix="c")
    with pytest.raises(SourceError, match="query is not valid"):
        read(library, graphql=True, prefix="c", query="{ icons {")
    with pytest.raises(SourceError, match="does not answer"):
        read("http://127.0.0.1:9/graphql", graphql=True, prefix="c")
    with pytest.raises(SourceError, match="not an http or https address"):
        read("file:///etc/passwd", graphql=True, prefix="c")


# --- npm ---


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An npm client that hands out one package."""
    package = tmp_path / "package.tgz"
    with tarfile.open(package, "w:gz") as archive:
        for name, data in {
            "package/icons.json": {"prefix": "x", "icons": {"ring": {"body": SHAPES["ring"]}}},
            "package/info.json": {"name": "The X"},
        }.items():
            entry = tarfile.TarInfo(name)
            text = json.dumps(data).encode()
            entry.size = len(text)
            archive.addfile(entry, BytesIO(text))
    client = tmp_path / "bin" / "npm"
    client.parent.mkdir()
    client.write_text(
        f"""#!/bin/sh
echo "$@" > {tmp_path}/called
case "$*" in *missing*) echo E404 >&2; exit 1;; esac
cp {package} .
"""
    )
    client.chmod(client.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{client.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def test_an_npm_package_is_fetched_and_none_of_its_scripts_run(npm: Path) -> None:
    pack, items = read("npm:@iconify-json/x")
    assert (pack.info.title, [item.name for item in items]) == ("The X", ["ring"])
    assert (npm / "called").read_text() == "pack --ignore-scripts --silent @iconify-json/x\n"


def test_npm_errors_are_reported_in_a_sentence(npm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match="npm could not download @iconify-json/missing: E404"):
        read("npm:@iconify-json/missing")
    with pytest.raises(SourceError, match="not the name of an npm package"):
        read("npm:--registry=http://evil")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceError, match="npm is not installed"):
        read("npm:@iconify-json/x")


@pytest.mark.parametrize("start", ["// ours\n", "/* ours */ ", "\ufeff// ours\n"])
def test_json_may_have_comments(tmp_path: Path, start: str) -> None:
    path = tmp_path / "ours.json"
    path.write_text(start + '{"prefix": "a", /* a // b */ "source": "https://x/*y*/"} // end')
    assert load_json(path) == {"prefix": "a", "source": "https://x/*y*/"}
    path.write_text('{"a": /* 1}')
    with pytest.raises(SourceError, match="not valid JSON"):
        load_json(path)
