"""What a bag is downloaded as: opened again, and used as somebody would."""

import io
import json
import random
import re
import shutil
import subprocess
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from bags.downloads import tracing
from bags.downloads.archives import Files, tarred, zipped
from bags.downloads.download import Download, long_names, short_names
from bags.downloads.fonts import font_zip, trace_glyphs
from bags.downloads.formats import DOWNLOAD_FORMATS
from bags.downloads.licence_texts import licences
from bags.downloads.packages import iconify_json, identifiers, npm_package
from bags.downloads.pngs import png_zip
from bags.downloads.svgs import sprite, svg_zip
from bags.models import Bag
from icons.exporting.look import Look
from icons.importing.iconify_json import read_file
from icons.importing.importer import run_import
from icons.models import Icon, IconSet, ImportRun
from icons.rendering import RenderError, render
from tests.conftest import SHAPES, svg_of

GRADIENT = '<linearGradient id="a"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient>'
GRADED = f'<defs>{GRADIENT}</defs><path fill="url(#a)" d="M4 4h16v16H4z"/>'
BLURRED = '<filter id="f"><feGaussianBlur stdDeviation="1"/></filter><path filter="url(#f)" d="M2 2h20v20H2z"/>'
# Lines that cross each other so often that the outline takes minutes: 600 took two and a half seconds, these over 150.
RANDOM = random.Random(1)
TANGLED = "M0 0" + "".join(f"L{RANDOM.uniform(0, 24):.2f} {RANDOM.uniform(0, 24):.2f}" for _ in range(5000)) + "z"


# What the downloads that draw no picture spend their time on, (module, function).
SLOW_FUNCTIONS = [("svgs", "icon_svg_text"), ("packages", "icon_svg_text"), ("packages", "iconify_icon")]


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def two_sets(icons: dict[str, Icon]) -> list[Icon]:
    """`shapes:home`, `shapes:ring`, and `other:home`, from a set with an author and a source."""
    other_set = IconSet.objects.create(
        prefix="other", title="Other", licence="ISC", licence_spdx="ISC", author="Ada", source="https://icons.example/"
    )
    graded = Icon.objects.create(set=other_set, name="home", svg=svg_of(GRADED))
    return [icons["home"], icons["ring"], graded]


@pytest.mark.parametrize("file_format", DOWNLOAD_FORMATS)
def test_a_download_is_a_file_that_is_the_same_every_time(
    client: Client, two_sets: list[Icon], file_format: str
) -> None:
    bag = Bag.objects.create(name="My Toolbar")
    bag.add([icon.pk for icon in two_sets])
    first, second = (client.get(f"/bags/{bag.key}/{file_format}") for _ in range(2))
    assert first.status_code == 200 and first.content == second.content
    assert first["Content-Disposition"].startswith('attachment; filename="my-toolbar')
    assert first["X-Robots-Tag"] == "noindex, nofollow" and first["X-Content-Type-Options"] == "nosniff"


def test_an_empty_bag_and_an_unknown_form_are_refused_with_a_sentence(client: Client, db: None) -> None:
    bag = Bag.objects.create()
    reply = client.get(f"/bags/{bag.key}/svg.zip")
    assert reply.status_code == 400 and b"This bag is empty." in reply.content
    assert client.get(f"/bags/{bag.key}/nope.zip").status_code == 404


@pytest.mark.parametrize(
    "query", ["size=0", "size=1025", "size=NaN", "size=9e99", "size=x", "colour=red;}", "colour=%23ff", "colour=%00"]
)
def test_a_look_that_cannot_be_is_refused_with_a_sentence(client: Client, icons: dict[str, Icon], query: str) -> None:
    bag = Bag.objects.create()
    bag.add([icons["home"].pk])
    assert client.get(f"/bags/{bag.key}/png.zip?{query}").status_code == 400
    assert client.get(f"/bags/{bag.key}/png.zip?size=16&colour=%23f00").status_code == 200


# --- SVG and PNG ---


def test_svg_files_lie_in_a_folder_a_set_with_their_licences(two_sets: list[Icon]) -> None:
    files = unzipped(svg_zip(Download(two_sets, look=Look(colour="#ff0000", size=48))))
    assert list(files) == ["shapes/home.svg", "shapes/ring.svg", "other/home.svg", "LICENSES.txt"]
    ring = fromstring(files["shapes/ring.svg"])
    assert (ring.get("width"), ring.get("viewBox")) == ("48", "0 0 24 24")
    assert ring[0].get("stroke") == "#ff0000"
    assert files["LICENSES.txt"].decode() == (
        "Shapes (shapes)\nLicence: MIT License (MIT)\nIcons: home, ring\n\n"
        "Other (other)\nLicence: ISC\nAuthor: Ada\nSource: https://icons.example/\nIcons: home\n"
    )


def test_pictures_have_the_size_and_colour_wanted(two_sets: list[Icon]) -> None:
    files = unzipped(png_zip(Download(two_sets, look=Look(colour="#ff0000", size=40))))
    assert list(files) == ["shapes/home.png", "shapes/ring.png", "other/home.png", "LICENSES.txt"]
    picture = Image.open(io.BytesIO(files["shapes/home.png"]))
    assert picture.size == (40, 40) and picture.mode == "RGBA"
    pixels = np.asarray(picture)
    assert tuple(pixels[13, 20]) == (255, 0, 0, 255) and pixels[1, 1, 3] == 0


def test_an_icon_that_cannot_be_drawn_is_left_out_and_named(
    two_sets: list[Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = [
        Image.new("RGBA", (8, 8)),
        RenderError("Drawing took longer than 10 seconds."),
        Image.new("RGBA", (8, 8)),
    ]
    monkeypatch.setattr("bags.downloads.pngs.render_many", lambda svgs, side, deadline: iter(pictures))
    files = unzipped(png_zip(Download(two_sets)))
    assert "shapes/ring.png" not in files and "shapes/home.png" in files
    assert files["LEFT-OUT.txt"] == b"shapes:ring: Drawing took longer than 10 seconds.\n"


@pytest.mark.parametrize("file_format", DOWNLOAD_FORMATS)
def test_no_download_takes_longer_than_it_may(
    client: Client, icons: dict[str, Icon], settings: LazySettings, file_format: str
) -> None:
    settings.BAG_SECONDS = 0
    bag = Bag.objects.create()
    bag.add([icons["home"].pk])
    reply = client.get(f"/bags/{bag.key}/{file_format}")
    assert reply.status_code == 400 and "This download takes too long" in reply.content.decode()


@pytest.mark.parametrize("make", [svg_zip, sprite, iconify_json, npm_package])
def test_a_download_is_given_up_while_its_icons_are_drawn(
    icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch, make: Callable[[Download], bytes]
) -> None:
    drawn_icons: list[Icon] = []

    def draw_slowly(icon: Icon, *arguments: object) -> Any:
        drawn_icons.append(icon)
        time.sleep(0.2)
        return {"body": ""} if make == iconify_json else svg_of("")

    for module, function in SLOW_FUNCTIONS:
        monkeypatch.setattr(f"bags.downloads.{module}.{function}", draw_slowly)
    with pytest.raises(ValidationError, match="takes too long"):
        make(Download(list(icons.values()) * 20, deadline=time.monotonic() + 0.5))
    assert 1 <= len(drawn_icons) <= 4


def test_a_download_is_given_up_while_its_archive_is_written() -> None:
    files: Files = {str(number): "contents" for number in range(3)}
    for write in (zipped, tarred):
        with pytest.raises(ValidationError, match="takes too long"):
            write(Download([], deadline=time.monotonic() - 1), files)
        assert write(Download([]), files)


def test_a_sprite_has_a_symbol_an_icon_with_ids_of_its_own(make_icon: Callable[..., Icon]) -> None:
    icons = [make_icon("home", GRADED), make_icon("home-1", GRADED), make_icon("ring")]
    text = sprite(Download(icons, "my-icons")).decode()
    root = fromstring(text)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert [symbol.get("id") for symbol in root] == ["shapes-home", "shapes-home-1", "shapes-ring"]
    assert len(ids) == len(set(ids)) == 5 and all(f"url(#{own})" in text for own in (ids[1], ids[3]))
    assert 'href="my-icons-sprite.svg#shapes-home"' in text and "MIT License" in text
    for icon, symbol in zip(icons, ("shapes-home", "shapes-home-1", "shapes-ring"), strict=True):
        use = f'<use href="#{symbol}" width="24" height="24"/></svg>'
        page = text.replace("</svg>\n", use).replace("<svg xmlns", '<svg viewBox="0 0 24 24" xmlns', 1)
        assert np.array_equal(np.asarray(render(page, 48)), np.asarray(render(icon.svg, 48)))


def test_a_comment_is_not_ended_by_a_name(make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("ring")
    icon.set.author = "A --> <script>B"
    assert len(fromstring(sprite(Download([icon])))) == 1


# --- the font ---


def letter(files: dict[str, bytes], code: int, side: int = 240) -> NDArray[np.float64]:
    """How the font's letter covers a square of `side` pixels, (side, side), 0 to 1."""
    font = ImageFont.truetype(io.BytesIO(files["icons.ttf"]), side)
    picture = Image.new("L", (side, side))
    ImageDraw.Draw(picture).text((0, 0), chr(code), font=font, fill=255, anchor="la")
    return np.asarray(picture) / 255


def overlap(letter: NDArray[np.float64], icon: NDArray[np.float64]) -> float:
    """What both cover, as a fraction of what either covers."""
    return float(np.minimum(letter, icon).sum() / np.maximum(letter, icon).sum())


def test_the_letters_of_the_font_look_as_the_icons(make_icon: Callable[..., Icon]) -> None:
    drawings = {
        **SHAPES,
        "even-odd": '<path fill-rule="evenodd" d="M2 2h20v20H2zM6 6h12v12H6z"/>',
        "turned": '<g transform="rotate(45 12 12)"><rect x="6" y="10" width="12" height="4" rx="2"/></g>',
        "used": '<defs><path id="p" d="M2 2h6v6H2z"/></defs><use href="#p"/><use href="#p" x="12" y="12"/>',
        "clipped": '<clipPath id="c"><path d="M0 0h12v24z"/></clipPath><path clip-path="url(#c)" d="M3 3h18v18H3z"/>',
        "dashed": '<path fill="none" stroke="#000" stroke-width="2" stroke-dasharray="4 2" d="M2 12h20"/>',
        "beyond": '<path d="M-9000000 8h18000000v8h-18000000z"/>',
        "apart": '<path d="M3 3h6v6H3z"/><path d="M21 3v6h-6V3z"/>',
    }
    icons = [make_icon(name, body) for name, body in drawings.items()]
    files = unzipped(font_zip(Download(icons)))
    assert "LEFT-OUT.txt" not in files
    codes = json.loads(files["codepoints.json"])
    assert list(codes) == [f"shapes-{name}" for name in drawings]
    assert list(codes.values()) == list(range(0xE000, 0xE000 + len(drawings)))
    for icon in icons:
        cover = np.asarray(render(icon.svg, 240))[..., 3] / 255
        assert overlap(letter(files, codes[f"shapes-{icon.name}"]), cover) > 0.95, icon


def test_an_icon_that_is_not_square_is_centred(make_icon: Callable[..., Icon]) -> None:
    flat = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="10 20 40 20"><path d="M10 20h40v20H10z"/></svg>'
    files = unzipped(font_zip(Download([make_icon("flat", svg=flat)])))
    rows = letter(files, 0xE000).mean(axis=1)
    assert rows[66:174].min() > 0.95 and rows[:58].max() == rows[182:].max() == 0


def test_the_font_comes_with_what_a_page_needs(two_sets: list[Icon]) -> None:
    files = unzipped(font_zip(Download(two_sets[:2], "my-icons")))
    names = ["my-icons.ttf", "my-icons.woff2", "my-icons.css", "demo.html", "codepoints.json", "LICENSES.txt"]
    assert list(files) == names
    css = files["my-icons.css"].decode()
    assert '.icon-shapes-home::before { content: "\\e000"; }' in css and 'url("my-icons.woff2")' in css
    assert 'class="icon-shapes-ring"' in files["demo.html"].decode()
    ttf, woff2 = (TTFont(io.BytesIO(files[f"my-icons.{ending}"])) for ending in ("ttf", "woff2"))
    assert woff2.flavor == "woff2" and ttf.getBestCmap() == woff2.getBestCmap() == {
        0xE000: "uniE000",
        0xE001: "uniE001",
    }
    assert ttf["head"].unitsPerEm == 1000 and ttf["name"].getDebugName(1) == "my-icons"


def test_no_class_of_the_fonts_style_sheet_begins_with_a_digit(make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("2nd", set=IconSet.objects.create(prefix="3d", title="3D"))
    files = unzipped(font_zip(Download([icon], "3d")))
    assert re.findall(r"\.([^ {}]+)::before { content", files["3d.css"].decode()) == ["icon-3d-2nd"]
    assert 'class="icon-3d-2nd"' in files["demo.html"].decode()


def test_what_a_font_cannot_show_is_named(make_icon: Callable[..., Icon]) -> None:
    icons = [
        make_icon("ring"),
        make_icon("blurred", BLURRED),
        make_icon("coloured", '<path fill="red" d="M2 2h20v20H2z"/><path fill="#fff" d="M8 8h8v8H8z"/>'),
        make_icon("red", '<path fill="red" d="M2 2h20v20H2z"/>'),
        make_icon("faint", '<path opacity=".3" d="M2 2h20v20H2z"/>'),
        make_icon("nothing", '<path fill="none" d="M2 2h20v20H2z"/>'),
    ]
    files = unzipped(font_zip(Download(icons)))
    notes = dict(line.split(": ", 1) for line in files["LEFT-OUT.txt"].decode().splitlines())
    assert list(json.loads(files["codepoints.json"])) == [
        "shapes-ring",
        "shapes-coloured",
        "shapes-red",
        "shapes-faint",
    ]
    assert notes["shapes:blurred"].startswith("It is left out. It has a filter")
    assert notes["shapes:nothing"] == "It is left out. It has no fill and no stroke."
    for name in ("coloured", "red", "faint"):
        assert notes[f"shapes:{name}"] == "It takes the colour of the text, since a font has no colours of its own."
    assert "shapes:ring" not in notes
    coloured = letter(files, 0xE001)
    assert coloured[40, 40] == 1 and coloured[120, 120] == 0  # its white is a hole
    with pytest.raises(ValidationError, match="None of these icons can be turned into a glyph of a font"):
        font_zip(Download(icons[1:2]))


@pytest.mark.parametrize(
    "white",
    ["#fff", "rgb(255 255 255)", "hsl(0 0% 100%)", "#ffffffff", "rgb(100%,100%,100%)", "#fefefe", "WHITE"],
)
def test_white_on_a_colour_is_a_hole_in_any_spelling(make_icon: Callable[..., Icon], white: str) -> None:
    icon = make_icon("ring", f'<path fill="#00f" d="M2 2h20v20H2z"/><path fill="{white}" d="M8 8h8v8H8z"/>')
    glyph = letter(unzipped(font_zip(Download([icon]))), 0xE000)
    assert glyph[40, 40] == 1 and glyph[120, 120] == 0


def test_what_is_transparent_is_no_part_of_a_glyph(make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("ring", '<path fill="#f000" d="M0 0h24v24H0z"/><path d="M8 8h8v8H8z"/>')
    glyphs, notes = trace_glyphs(Download([icon]))
    assert icon in glyphs and not notes


def test_a_translucent_colour_is_noted_as_an_opacity_is(make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("ring", '<path fill="#0008" d="M2 2h20v20H2z"/>')
    glyphs, notes = trace_glyphs(Download([icon]))
    assert icon in glyphs and notes[icon].startswith("It takes the colour of the text")


def test_a_drawing_that_ends_its_program_is_the_only_one_left_out(
    make_icon: Callable[..., Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "SECONDS", 2)
    icons = [make_icon("ring"), make_icon("tangled", f'<path d="{TANGLED}"/>'), make_icon("home"), make_icon("cross")]
    monkeypatch.setattr(tracing, "CHILDREN", 1)
    files = unzipped(font_zip(Download(icons)))
    assert list(json.loads(files["codepoints.json"])) == ["shapes-ring", "shapes-home", "shapes-cross"]
    assert b"shapes:tangled: It is left out. It cannot be turned into outlines within" in files["LEFT-OUT.txt"]


def test_a_font_takes_so_many_icons_and_no_more(client: Client, icons: dict[str, Icon], settings: LazySettings) -> None:
    settings.BAG_MAX_ICONS_FONT = 4
    bag = Bag.objects.create()
    bag.add([icon.pk for icon in icons.values()])
    reply = client.get(f"/bags/{bag.key}/font.zip")
    assert reply.status_code == 400 and "A font holds at most 4 icons, but this bag has 5." in reply.content.decode()
    assert (
        "This bag has too many icons for a font. Remove some first." in client.get(f"/bags/{bag.key}/").content.decode()
    )


def test_where_outlines_cannot_be_made_at_all_no_icon_is_blamed(
    icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "SECONDS", "many")
    with pytest.raises(RuntimeError, match="does not run"):
        font_zip(Download([icons["home"]]))


# --- names, Iconify JSON, and the package ---


def test_names_are_short_where_that_is_clear(make_icon: Callable[..., Icon]) -> None:
    a, a_b = (IconSet.objects.create(prefix=prefix) for prefix in ("a", "a-b"))
    icons = [make_icon("home")]
    pairs = ((a, "home"), (a, "b-c"), (a_b, "c"), (a_b, "a-b-c"))
    icons += [make_icon(name, set=icon_set) for icon_set, name in pairs]
    assert short_names(icons) == ["shapes-home", "a-home", "b-c", "c", "a-b-c"]
    assert long_names(icons) == ["shapes-home", "a-home", "a-b-c", "a-b-c-2", "a-b-a-b-c"]


def test_iconify_json_is_imported_again_as_it_was(two_sets: list[Icon], tmp_path: Path) -> None:
    lines = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 3 30 20" fill="none" stroke="#000"><path d="M0 9h20"/>'
    two_sets.append(Icon.objects.create(set=two_sets[0].set, name="lines", svg=f"{lines}</svg>"))
    path = tmp_path / "bag.json"
    path.write_bytes(iconify_json(Download(two_sets, "my-bag")))
    run = ImportRun.objects.create(source=path.name)
    assert run.claim()
    run_import(run, [read_file(path)])
    run.refresh_from_db()
    assert (run.status, run.added, run.rejected) == ("done", 4, 0)
    again = IconSet.objects.get(prefix="my-bag")
    assert (again.title, again.licence, again.author) == ("my-bag", "MIT License, ISC", "Ada")
    for name, icon in zip(("shapes-home", "ring", "other-home", "lines"), two_sets, strict=True):
        copy = again.icons.get(name=name)
        assert copy.view_box == icon.view_box
        assert np.array_equal(np.asarray(render(copy.svg, 64)), np.asarray(render(icon.svg, 64)))


def untarred(data: bytes) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        files = ((entry.name, archive.extractfile(entry)) for entry in archive)
        return {name: file.read().decode() for name, file in files if file}


def test_the_package_has_the_form_that_npm_knows(two_sets: list[Icon]) -> None:
    files = untarred(npm_package(Download(two_sets, "my-icons")))
    assert list(files) == [
        "package/package.json",
        "package/README.md",
        "package/LICENSES.txt",
        "package/index.js",
        "package/index.d.ts",
        "package/icons.json",
        "package/svg/shapes-home.svg",
        "package/svg/ring.svg",
        "package/svg/other-home.svg",
    ]
    manifest = json.loads(files["package/package.json"])
    assert (manifest["name"], manifest["version"], manifest["type"]) == ("my-icons", "1.0.0", "module")
    assert manifest["license"] == "SEE LICENSE IN LICENSES.txt"
    assert files["package/index.js"].startswith('export const shapesHome = "<svg xmlns=')
    assert '"other-home": otherHome' in files["package/index.js"]
    assert "export const ring: string;" in files["package/index.d.ts"]
    assert list(json.loads(files["package/icons.json"])["icons"]) == ["shapes-home", "ring", "other-home"]


def test_programs_import_the_package(two_sets: list[Icon], tmp_path: Path) -> None:
    """With Node, if this machine has it; the test above runs everywhere."""
    if not shutil.which("node"):
        return
    with tarfile.open(fileobj=io.BytesIO(npm_package(Download(two_sets, "my-icons"))), mode="r:gz") as archive:
        archive.extractall(tmp_path / "node_modules", filter="data")
    (tmp_path / "node_modules/package").rename(tmp_path / "node_modules/my-icons")
    program = 'import icons, { ring } from "my-icons"; console.log(JSON.stringify([ring, Object.keys(icons)]));'
    node = subprocess.run(
        ["node", "--input-type=module", "-e", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    ring, names = json.loads(node.stdout)
    assert ring == untarred(npm_package(Download(two_sets)))["package/svg/ring.svg"]
    assert names == ["shapes-home", "ring", "other-home"]


def test_every_name_becomes_one_that_javascript_takes() -> None:
    names = ["arrow-left", "3d", "delete", "home2", "home-2", "a1-b", "default"]
    expected = ["arrowLeft", "icon3d", "iconDelete", "home2", "home2_2", "a1B", "iconDefault"]
    assert identifiers(names) == expected


# --- in the language of whoever asks ---


def in_chinese(client: Client, icons: list[Icon], file_format: str) -> bytes:
    """A download of these icons by somebody who reads Chinese."""
    bag = Bag.objects.create()
    bag.add([icon.pk for icon in icons])
    reply = client.get(f"/bags/{bag.key}/{file_format}", headers={"accept-language": "zh-CN"})
    assert reply.status_code == 200
    return bytes(reply.content)


def english_words(text: str) -> list[str]:
    """The English words in prose, outside of code, elements, placeholders and names of files."""
    prose = re.sub(r"```.*?```|`[^`]*`|<code>.*?</code>|<style>.*?</style>|<[^>]*>|\S+\.\w+", "", text, flags=re.DOTALL)
    return re.findall(r"\b[a-zA-Z]{3,}\b", prose, re.ASCII)


def test_what_a_font_cannot_show_is_named_in_chinese(
    client: Client, make_icon: Callable[..., Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "SECONDS", 1)
    icons = [
        make_icon("ring"),
        make_icon("red", '<path fill="red" d="M2 2h20v20H2z"/>'),
        make_icon("nothing", '<path fill="none" d="M2 2h20v20H2z"/>'),
        make_icon("tangled", f'<path d="{TANGLED}"/>'),
    ]
    files = unzipped(in_chinese(client, icons, "font.zip"))
    assert files["LEFT-OUT.txt"].decode().splitlines() == [
        "shapes:red: 它采用文字的颜色，因为字体本身没有颜色。",
        "shapes:nothing: 已略去。它没有任何填充或描边。",
        "shapes:tangled: 已略去。它无法在 1 秒内转换为轮廓。",
    ]
    page = files["demo.html"].decode()
    assert '<html lang="zh-hans">' in page and "在网页的 head 中加载样式表：" in page
    assert set(english_words(page)) <= {"icons", "head"}


@pytest.mark.parametrize("problem", tracing.PROBLEMS)
def test_why_an_icon_has_no_outline_is_said_in_chinese(problem: str) -> None:
    with translation.override("zh-hans"):
        assert english_words(tracing.NoOutline(problem, "0").sentence()) == []


def test_an_icon_that_cannot_be_drawn_is_named_in_chinese(
    client: Client, icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "bags.downloads.pngs.icon_svg_text", lambda icon, look: "<svg" if icon.name == "ring" else icon.svg
    )
    files = unzipped(in_chinese(client, [icons["home"], icons["ring"]], "png.zip"))
    assert list(files) == ["shapes/home.png", "LEFT-OUT.txt", "LICENSES.txt"]
    assert files["LEFT-OUT.txt"].decode().startswith("shapes:ring: 绘图程序无法处理此图标：")


def test_a_download_that_takes_too_long_is_refused_in_chinese(
    client: Client, icons: dict[str, Icon], settings: LazySettings
) -> None:
    settings.BAG_SECONDS = 0
    bag = Bag.objects.create()
    bag.add([icons["home"].pk])
    for file_format in DOWNLOAD_FORMATS:
        reply = client.get(f"/bags/{bag.key}/{file_format}", headers={"accept-language": "zh-CN"})
        assert "此下载耗时过长。请减少图标，或缩小尺寸。" in reply.content.decode(), file_format
    with translation.override("zh-hans"), pytest.raises(ValidationError, match="此下载耗时过长"):
        tracing.outlines([icons["home"].svg], time.monotonic())  # in threads


def test_a_package_says_how_to_point_a_client_of_iconify_here(two_sets: list[Icon], settings: LazySettings) -> None:
    settings.SITE_URL = "https://icons.example.org"
    readme = untarred(npm_package(Download(two_sets, "my-icons")))["package/README.md"]
    assert 'addAPIProvider("iconsite", {"resources": ["https://icons.example.org"], "path": "/iconify/"});' in readme
    assert 'IconifyProviders = {"iconsite": {"resources": ["https://icons.example.org"], "path"' in readme
    assert f'icon="@iconsite:{two_sets[0].public_id}"' in readme


def test_a_package_is_explained_in_chinese(client: Client, two_sets: list[Icon]) -> None:
    files = untarred(in_chinese(client, two_sets, "package.tgz"))
    readme = files["package/README.md"]
    assert english_words(readme) == ["icons", "Iconify", "JSON", "Iconify", "Iconify"]
    assert (
        '// 所有图标：icons["shapes-home"]' in readme
        and "/** 每个图标的 SVG，以名称为键。 */" in files["package/index.js"]
    )
    assert json.loads(files["package/package.json"])["description"] == "Icons, as SVG and as Iconify JSON"


def test_a_sprite_is_explained_in_chinese_and_its_licences_are_not(client: Client, icons: dict[str, Icon]) -> None:
    text = in_chinese(client, [icons["home"]], "sprite.svg").decode()
    assert "在网页中显示图标：<svg" in text and "Licence: MIT License (MIT)" in text
    assert len(fromstring(text)) == 1


@pytest.mark.parametrize("file_format", ["svg.zip", "png.zip"])
def test_licences_are_in_english_whoever_asks(client: Client, two_sets: list[Icon], file_format: str) -> None:
    files = unzipped(in_chinese(client, two_sets, file_format))
    assert files["LICENSES.txt"].decode() == licences(two_sets)
