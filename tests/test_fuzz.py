"""Properties of what reads strangers' files, tried on inputs that hypothesis makes up: no error but the sentence.

The tests take a few examples each. `make fuzz` takes as many as there is time for, and says what fails and how to
repeat it.
"""

import json
import os
import random
import re
import subprocess
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from icons.exporting.code import CODE_FORMATS
from icons.exporting.look import Look
from icons.exporting.svg_text import icon_svg_text
from icons.importing.guard import read_each
from icons.importing.iconify_json import read_pack
from icons.importing.packs import Rejected, SourceError, SourceIcon
from icons.models import Icon, IconSet
from icons.svg import clean_svg
from icons.svg.allowed import ATTRIBUTES, ELEMENTS
from icons.svg.reading import SVG, read
from search.decoding import picture_in, to_be_kept
from search.vision.crops import WHOLE, parse_crop
from tests import coverage_fuzz

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))  # of each property
settings.register_profile(
    "iconsite",
    max_examples=EXAMPLES,
    deadline=None,  # tests do not time things
    derandomize="FUZZ_EXAMPLES" not in os.environ,  # the same examples in every run of the tests
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("iconsite")

SVG_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 24 24">'
RUNS = re.compile(r"<\s*(script|foreignobject|iframe|embed|object|handler|listener|set)\b|\son\w+\s*=", re.IGNORECASE)
LEADS_OUT = re.compile(
    r"""(href|src)\s*=\s*["'](?!#)|url\(\s*["']?(?!#)[^)\s]|javascript:|@import|data:""", re.IGNORECASE
)
OWN_IDS = re.compile(r"""\sid="[^"]*"|href="#[^"]*"|url\(#[^)]*\)""")  # they may be spelt as anything
PAYLOADS = [
    "<script>alert(1)</script>",
    '<path onload="alert(1)" d="M0 0h9v9"/>',
    '<a href="javascript:alert(1)"><path d="M0 0h9v9"/></a>',
    '<use href="https://evil.example/x.svg#a"/>',
    '<image href="file:///etc/passwd" width="9" height="9"/>',
    '<style>@import url("//evil.example/x.css"); path { fill: url(https://evil.example/#a) }</style>',
    '<path style="fill: url(javascript:alert(1)); background: url(//evil.example)" d="M0 0h9v9"/>',
    '<set attributeName="href" to="javascript:alert(1)"/>',
    '<animate attributeName="onload" values="alert(1)"/>',
    "<foreignObject><iframe src='javascript:alert(1)'/></foreignObject>",
    '<svg:script xmlns:svg="http://www.w3.org/2000/svg">alert(1)</svg:script>',
    '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='//evil.example/x.css'?>",
    '<use xlink:href="data:image/svg+xml;base64,PHN2Zy8+#a"/>',
    '<filter id="f"><feImage href="//evil.example/x.png"/></filter>',
]

words = st.sampled_from(sorted(ELEMENTS) + ["script", "foreignObject", "style", "image", "a", "switch", "text", "x:y"])
names = st.sampled_from(sorted(ATTRIBUTES) + ["onload", "onclick", "href", "xlink:href", "style", "class", "id", "src"])
numbers = st.floats(allow_nan=True).map(str) | st.integers(-(10**6), 10**6).map(str)
values = (
    numbers
    | st.text(max_size=30)
    | st.sampled_from(
        ["url(#a)", "#a", "url(//x.y/z)", "javascript:alert(1)", "red", "hsl(9,999%,9%)", "rgb(-1 0 0 / 9)", "none"]
        + ["currentColor", "M0 0h9v9z", "0 0 24 24", "translate(9 9) rotate(9)", "var(--a)", "calc(1px + 1em)"]
    )
)


def escaped(text: str) -> str:
    return "".join(f"&#{ord(sign)};" if sign in "<>&\"'" else sign for sign in text)


def element(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An element with attributes and a content."""

    def written(name: str, pairs: dict[str, str], inside: str) -> str:
        attributes = "".join([f' {key}="{escaped(value)}"' for key, value in pairs.items()])
        return f"<{name}{attributes}>{inside}</{name}>"

    return st.builds(written, words, st.dictionaries(names, values, max_size=5), content)


bodies = st.recursive(
    st.sampled_from([*PAYLOADS, '<path d="M0 0h9v9z"/>', '<circle r="9"/>', ""]) | st.text(max_size=20).map(escaped),
    lambda inner: element(st.lists(inner, max_size=4).map("".join)),
    max_leaves=20,
)
documents = bodies.map(lambda body: f"{SVG_HEAD}{body}</svg>")


def check_harmless(svg: str) -> None:
    """Nothing in it runs, and nothing leads elsewhere."""
    text = OWN_IDS.sub("", svg)
    assert not RUNS.search(text) and not LEADS_OUT.search(text), svg
    for element in fromstring(svg).iter():
        assert element.tag.removeprefix(f"{{{SVG}}}") in ELEMENTS, svg
        assert not any(name.rpartition("}")[2].lower().startswith("on") for name in element.attrib), svg


def check_clean(source: str | bytes) -> None:
    """Cleaning refuses with a sentence, or gives what neither runs nor leads out, and what it does not change again."""
    try:
        cleaned = clean_svg(source)
    except ValidationError as error:
        assert error.messages and all(error.messages)
        return
    check_harmless(cleaned.svg)
    assert clean_svg(cleaned.svg) == cleaned
    assert read(cleaned.svg).root is not None


@given(documents)
def test_an_svg_is_cleaned_or_refused(document: str) -> None:
    check_clean(document)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_anything_is_cleaned_or_refused(data: str | bytes) -> None:
    check_clean(data)


@given(st.sampled_from(PAYLOADS), st.sampled_from(PAYLOADS), st.randoms(use_true_random=False))
def test_a_mutated_payload_is_cleaned_or_refused(first: str, second: str, chance: random.Random) -> None:
    text = f'{SVG_HEAD}<path d="M0 0h9v9z"/>{first}{second}</svg>'
    for _ in range(chance.randrange(6)):
        begin = chance.randrange(len(text))
        end = min(len(text), begin + chance.randrange(8))
        text = (
            text[:begin]
            + chance.choice(["", text[begin:end] * 2, "\x00", "<", '"', "&#x6a;", " ", "\u2028"])
            + text[end:]
        )
    check_clean(text)


@given(documents, st.builds(Look, size=st.none() | st.integers(1, 999), rotate=st.integers(0, 3), flip_x=st.booleans()))
def test_what_is_cleaned_is_written_in_every_form(document: str, look: Look) -> None:
    icon = Icon(set=IconSet(prefix="shapes", title="Shapes"), name="ring")
    try:
        icon.redraw(document)
    except ValidationError:
        return
    exported = icon_svg_text(icon, look)
    check_harmless(exported)
    for code_format in CODE_FORMATS:
        assert code_format.write(icon, look, "")


def check_picture(data: bytes, keep: bool = False) -> None:
    """A file is read as a picture, or made one that is kept, or refused with a sentence."""
    try:
        if keep:
            kept, media_type, size = to_be_kept(data, lambda: None)
            assert kept and media_type.startswith("image/") and min(size) > 0
        else:
            picture = picture_in(data)
            assert picture.mode in ("RGB", "RGBA") and min(picture.size) > 0
    except ValidationError as error:
        assert all(error.messages)


def picture_files() -> list[bytes]:
    """Small pictures in all formats."""
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (24, 24, 3), np.uint8))
    files = []
    forms: list[tuple[Image.Image, str, dict[str, Any]]] = [
        *((noise, format, {}) for format in ("PNG", "JPEG", "WEBP", "GIF", "BMP")),
        (noise, "JPEG", {"progressive": True}),
        (noise.convert("P"), "PNG", {"interlace": 1}),
        (noise.convert("RGBA"), "WEBP", {"lossless": True}),
        (noise, "GIF", {"save_all": True, "append_images": [noise.rotate(90)]}),
    ]
    for picture, format, options in forms:
        buffer = BytesIO()
        picture.save(buffer, format, **options)
        files.append(buffer.getvalue())
    return files


FILES = picture_files()


@given(st.sampled_from(FILES), st.randoms(use_true_random=False), st.booleans())
def test_a_mutated_picture_is_read_or_refused(file: bytes, chance: random.Random, keep: bool) -> None:
    data = bytearray(file)
    for _ in range(chance.randrange(1, 9)):
        place = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place:]
            case 2:
                data[place:place] = data[place : place + chance.randrange(64)]
            case 3:
                data[place : place + 4] = chance.choice([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff"])
        if not data:
            break
    check_picture(bytes(data), keep)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
icon_fields = st.sampled_from(
    ["body", "width", "height", "left", "top", "rotate", "hFlip", "vFlip", "hidden", "parent"]
)
icons = st.dictionaries(icon_fields, json_values | bodies, max_size=6) | json_values
sets = st.fixed_dictionaries(
    {"prefix": st.just("a") | st.text(max_size=5), "icons": st.dictionaries(st.text(max_size=6), icons, max_size=4)},
    optional={
        "aliases": st.dictionaries(st.text(max_size=6), icons, max_size=3) | json_values,
        "info": json_values,
        "categories": json_values,
        "width": json_values,
    },
)


@given(sets)
def test_any_set_of_icons_is_read_entry_by_entry(data: dict[str, Any]) -> None:
    def clean(item: SourceIcon | Rejected) -> None:
        if isinstance(item, SourceIcon):
            clean_svg(item.svg)

    try:
        pack = read_pack(data)
    except SourceError:
        return
    items = list(pack.icons)
    assert len(items) >= len(data["icons"])
    list(read_each(items, clean, lambda item, reason: Rejected(item.name, reason)))
    json.dumps([item.reason for item in items if isinstance(item, Rejected)])


@given(st.text(max_size=40) | st.lists(numbers, min_size=4, max_size=4).map(",".join))
def test_a_crop_is_a_part_of_the_picture_or_refused(text: str) -> None:
    try:
        x, y, width, height = parse_crop(text)
    except ValueError:
        return
    assert (x, y, width, height) == WHOLE or min(x, y) >= 0 < min(width, height) and max(x + width, y + height) <= 1.001


def test_what_atheris_tries_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: Any) -> None:
    monkeypatch.setattr(coverage_fuzz, "FOLDER", tmp_path)
    for status in (0, 77):
        monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
        done: subprocess.CompletedProcess[bytes] = subprocess.CompletedProcess([], status)
        monkeypatch.setattr("subprocess.run", partial(lambda done, command, **options: done, done))
        assert coverage_fuzz.main() == (status > 0)
        assert ("An input failed (cleaner, upload, drawing, set)" in capfd.readouterr().err) == (status > 0)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert coverage_fuzz.main() == 0 and "atheris is not installed" in capfd.readouterr().out
    assert all(coverage_fuzz.seeds(target) for target in coverage_fuzz.TARGETS) and "onload" in coverage_fuzz.words()
