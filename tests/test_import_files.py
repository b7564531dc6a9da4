"""Folders, zips and files as people have them: what is taken, and ids that never move to another drawing."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from icons.importing.importer import run_import
from icons.importing.packs import Pack, Rejected, SourceError, SourceIcon
from icons.importing.sources import Options, open_source
from icons.models import Icon, ImportRun
from tests.conftest import SHAPES, svg_of

RING, HOME, CROSS = (svg_of(SHAPES[name]) for name in ("ring", "home", "cross"))


def folder_of(path: Path, *files: str, text: str = RING) -> Path:
    for file in files:
        (path / file).parent.mkdir(parents=True, exist_ok=True)
        (path / file).write_text(text, encoding="utf-8")
    return path


def zip_of(path: Path, *names: str) -> Path:
    """A zip of icons."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, RING)
    return path


def icons_of(source: Path, prefix: str = "") -> dict[str, SourceIcon]:
    """The icons of all packs of a source, by name."""
    packs = [pack for pack in open_source(str(source), Options(prefix=prefix)) if isinstance(pack, Pack)]
    return {icon.name: icon for pack in packs for icon in pack.icons if isinstance(icon, SourceIcon)}


def refusal(source: Path) -> str:
    with pytest.raises(SourceError) as caught:
        for pack in open_source(str(source), Options()):
            assert isinstance(pack, Rejected)
            raise SourceError(pack.reason)
    assert str(caught.value).endswith(".")
    return str(caught.value)


def imported(source: Path, prefix: str = "x") -> ImportRun:
    run = ImportRun.objects.create(source="x")
    run.claim()
    run_import(run, open_source(str(source), Options(prefix=prefix)))
    run.refresh_from_db()
    return run


def ids(prefix: str = "x") -> dict[str, str]:
    """The names of the set's icons, by the files that they came from."""
    rows = Icon.objects.filter(set__prefix=prefix).values_list("category", "file_name", "name")
    return {f"{category}/{file}".lstrip("/"): name for category, file, name in rows}


# --- What is looked at ---


def test_a_repository_with_json_beside_its_icons_gives_its_icons(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "repo", "icons/bell.svg", "icons/home.svg")
    folder_of(folder, "package.json", "tsconfig.json", "icons/bell.json", "icons/home.json", text="{}")
    assert set(icons_of(folder)) == {"bell", "home"}
    assert set(icons_of(folder / "icons")) == {"bell", "home"}


def test_what_belongs_to_others_is_passed_over(tmp_path: Path) -> None:
    files = ("a/bell.svg", ".git/x.svg", "node_modules/p/dep.svg", "a/.hidden/y.svg", "__MACOSX/a/._bell.svg")
    assert set(icons_of(folder_of(tmp_path / "f", *files))) == {"bell"}
    assert set(icons_of(zip_of(tmp_path / "f.zip", *files, "a/.DS_Store"))) == {"bell"}


def test_a_single_file_and_compressed_ones_are_taken(tmp_path: Path) -> None:
    (tmp_path / "bell.svg").write_text(RING)
    (tmp_path / "home.svgz").write_bytes(gzip.compress(HOME.encode()))
    assert set(icons_of(tmp_path / "bell.svg")) == {"bell"}
    assert set(icons_of(tmp_path / "home.svgz")) == {"home"}
    assert set(icons_of(tmp_path)) == {"bell", "home"}


def test_iconify_json_in_a_zip_is_taken(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("mdi/icons.json", json.dumps({"prefix": "mdi", "icons": {"a": {"body": "<path/>"}}}))
        archive.writestr("mdi/package.json", "{}")
    [pack] = open_source(str(tmp_path / "x.zip"), Options())
    assert isinstance(pack, Pack) and pack.info.prefix == "mdi" and [icon.name for icon in pack.icons] == ["a"]


def test_a_zip_without_icons_says_what_is_in_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.png", "")
        archive.writestr("b.TXT", "")
    assert "only .png, .txt" in refusal(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr("inner.zip", "")
    assert "inner.zip" in refusal(tmp_path / "y.zip")


def test_a_sprite_gives_its_symbols(tmp_path: Path) -> None:
    symbols = (
        '<style>.a{fill:red}</style><defs><linearGradient id="g"><stop/></linearGradient>'
        '<symbol id="icon-home" viewBox="0 0 24 24"><path class="a" d="M1 1h9v9z"/></symbol></defs>'
        '<symbol id="icon-bell" viewBox="0 0 16 16"><path fill="url(#g)" d="M2 2h9v9z"/></symbol>'
    )
    (tmp_path / "sprite.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" fill="none">{symbols}</svg>')
    icons = {name: Icon(name=name) for name in ("icon-home", "icon-bell")}
    for name, source in icons_of(tmp_path / "sprite.svg").items():
        icons[name].redraw(source.svg)
    assert icons["icon-home"].view_box == "0 0 24 24" and 'd="M1 1h9v9z" fill="red"' in icons["icon-home"].svg
    assert 'fill="url(#g)"' in icons["icon-bell"].svg and 'viewBox="0 0 16 16" fill="none"' in icons["icon-bell"].svg


@pytest.mark.django_db
def test_an_import_that_brings_nothing_in_fails_with_a_reason(tmp_path: Path) -> None:
    run = imported(folder_of(tmp_path / "x", "a.svg", "b.svg", text="<html/>"))
    assert run.status == "failed" and "None of the 2 icons can be used. The first is x:a: The outermost" in run.reason
    run = imported(folder_of(tmp_path / "y", "a.svg", text="<html/>"))
    assert "The icon x:a cannot be used: The outermost" in run.reason
    (tmp_path / "e.json").write_text('{"prefix": "e", "icons": {}}')
    run = imported(tmp_path / "e.json")
    assert (run.status, run.reason) == ("failed", "The source has no icons.")


# --- JSON of other tools ---


def test_icomoon_is_imported(tmp_path: Path) -> None:
    icon = {"paths": ["M0 0h9", "M1 1h9"], "attrs": [{"fill": "#f00"}, {}], "width": 512}
    entry = {"icon": icon, "properties": {"name": "square, box", "code": 59648}}
    broken = {"properties": {"name": "broken"}}
    (tmp_path / "selection.json").write_text(
        json.dumps({"IcoMoonType": "selection", "height": 1024, "icons": [entry, broken]})
    )
    icons = icons_of(tmp_path / "selection.json", prefix="x")
    assert (
        icons["square"].svg == ('<svg viewBox="0 0 512 1024"><path fill="#f00" d="M0 0h9"/><path d="M1 1h9"/></svg>')
        and len(icons) == 1
    )


def test_fontello_is_imported_as_far_as_it_has_drawings(tmp_path: Path) -> None:
    glyphs = [
        {"css": "star", "src": "custom_icons", "svg": {"path": "M0 0h9", "width": 800}},
        {"css": "home", "src": "fontawesome"},
    ]
    (tmp_path / "config.json").write_text(json.dumps({"css_prefix_text": "i-", "glyphs": glyphs}))
    [pack] = open_source(str(tmp_path / "config.json"), Options(prefix="x"))
    assert isinstance(pack, Pack)
    star, home = pack.icons
    assert isinstance(star, SourceIcon) and 'viewBox="0 0 800 1000"' in str(star.svg)
    assert isinstance(home, Rejected) and "fontawesome" in home.reason


def test_iconfont_is_named_for_what_it_is(tmp_path: Path) -> None:
    glyphs = [{"icon_id": "1", "name": "首页", "font_class": "home", "unicode": "e600"}]
    (tmp_path / "iconfont.json").write_text(json.dumps({"css_prefix_text": "icon-", "glyphs": glyphs}))
    assert "iconfont.cn" in refusal(tmp_path / "iconfont.json")


@pytest.mark.parametrize(
    ("encoding", "data", "name"),
    [
        ("utf-8-sig", {"prefix": "bom", "icons": {"a": {"body": "<path/>"}}}, "bom"),
        ("utf-16", {"prefix": "u", "icons": {"a": {"body": "<path/>"}}}, "u"),
        ("utf-8", [{"prefix": "u", "icons": {"a": {"body": "<path/>"}}}], "u"),
        ("utf-8", {"icons": {"a": {"body": "<path/>"}}}, "file-name"),
        ("utf-8", {"prefix": "MyIcons", "icons": {"a": {"body": "<path/>"}}}, "my-icons"),
    ],
)
def test_iconify_json_is_taken_in_any_frame(tmp_path: Path, encoding: str, data: object, name: str) -> None:
    (tmp_path / "file-name.json").write_text(json.dumps(data), encoding=encoding)
    [pack] = open_source(str(tmp_path / "file-name.json"), Options())
    assert isinstance(pack, Pack) and pack.info.prefix == name and len(list(pack.icons)) == 1


# --- Names ---


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (("图标/首页.svg", "图标/删除.svg"), ["shan-chu", "shou-ye"]),
        (("😀.svg", "🎉 party.svg"), ["grinning", "tada-party"]),
        (("set/Alpha.svg", "set/alpha.svg", "set/ALPHA.SVG"), ["alpha", "alpha-57da7f", "alpha-9c950c"]),
        (("a/home/m/24px.svg", "a/delete/m/24px.svg"), ["delete-24px", "home-24px"]),
        (("20/solid/x.svg", "24/solid/x.svg", "24/outline/x.svg"), ["20-solid-x", "24-outline-x", "24-solid-x"]),
        (("icons\\nav\\left.svg", "icons\\nav\\right.svg"), ["left", "right"]),
        ((f"{'a' * 230}1.svg", f"{'a' * 230}2.svg"), [f"{'a' * 193}-437503", f"{'a' * 193}-465f67"]),
    ],
)
def test_a_name_is_made_of_the_file_s(tmp_path: Path, files: Iterable[str], names: list[str]) -> None:
    assert sorted(icons_of(zip_of(tmp_path / "x.zip", *files))) == names


def test_chinese_names_are_kept_and_others_are_not_taken_for_chinese(tmp_path: Path) -> None:
    icons = icons_of(folder_of(tmp_path, "首页.svg", "Größe.svg", "ホーム.svg"))
    assert {name: icon.name_zh for name, icon in icons.items()} == {"shou-ye": "首页", "grosse": "", "homu": ""}


@pytest.mark.django_db
def test_a_file_more_leaves_every_other_id_alone(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "x", "b/home.svg", "Alpha.svg", "b/图标.svg")
    imported(folder)
    before: Mapping[str, str] = ids()
    assert before == {"b/home.svg": "home", "Alpha.svg": "alpha", "b/图标.svg": "tu-biao"}
    folder_of(folder, "a/home.svg", "alpha.svg", "a/土标.svg", text=CROSS)
    run = imported(folder)
    assert (run.status, run.added, run.changed) == ("done", 3, 0)
    after = ids()
    assert before.items() <= after.items() and after["a/home.svg"] == "a-home"
    assert len(set(after.values())) == 6


@pytest.mark.django_db
def test_a_file_that_was_moved_keeps_its_id(tmp_path: Path) -> None:
    imported(folder_of(tmp_path / "one", "old/home.svg", "old/ring.svg", "x.svg"))
    run = imported(folder_of(tmp_path / "two", "new/home.svg", "new/ring.svg", "x.svg"))
    assert (run.added, ids()["new/home.svg"]) == (0, "home")


# --- Names of files in a zip ---


def raw_zip(path: Path, *names: bytes) -> Path:
    """A zip whose file names are these bytes, without the flag that says UTF-8."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(chr(ord("A") + number) * len(name), RING)
    data = buffer.getvalue()
    for number, name in enumerate(names):
        data = data.replace(bytes([ord("A") + number]) * len(name), name)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("encoding", "texts", "title"),
    [
        ("gbk", ("图标/首页.svg", "图标/删除按钮.svg"), "GBK"),
        ("utf-8", ("图标/首页.svg", "图标/设置.svg"), "UTF-8"),
        ("shift_jis", ("アイコン/ホーム.svg", "アイコン/設定.svg"), "Shift-JIS"),
        ("cp437", ("Größe/für.svg",), ""),
    ],
)
def test_names_are_read_in_the_encoding_of_whoever_wrote_them(
    tmp_path: Path, encoding: str, texts: tuple[str, ...], title: str
) -> None:
    path = raw_zip(tmp_path / "x.zip", *(text.encode(encoding) for text in texts))
    [pack] = open_source(str(path), Options())
    assert isinstance(pack, Pack)
    files = {icon.file_name for icon in pack.icons if isinstance(icon, SourceIcon)}
    assert files == {text.rpartition("/")[2] for text in texts}
    assert title in pack.note and bool(title) == bool(pack.note)


@pytest.mark.django_db
def test_the_import_says_which_encoding_was_taken(tmp_path: Path) -> None:
    run = imported(raw_zip(tmp_path / "x.zip", "首页.svg".encode("gbk")))
    assert (run.status, run.reason) == ("done", "The names of the files were read as GBK.")
