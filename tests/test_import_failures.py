"""Whatever an entry, an icon, a file or a source holds, the others come in, and it is named with its reason."""

import json
import os
import shutil
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from icons.importing import graphql, iconify_json, npm
from icons.importing.guard import MAX_TRACEBACKS, read_each
from icons.importing.importer import run_import
from icons.importing.packs import Pack, Rejected, SetInfo, SourceError, SourceIcon
from icons.importing.sources import Options, open_source
from icons.models import Icon, ImportRun
from tests.conftest import SHAPES, svg_of

pytestmark = pytest.mark.django_db

RING = svg_of(SHAPES["ring"])


def imported(source: object, prune: bool = False, **options: Any) -> ImportRun:
    run = ImportRun.objects.create(source=str(source)[:500])
    run.claim()
    run_import(run, open_source(str(source), Options(**options)), prune)
    run.refresh_from_db()
    return run


def problems(run: ImportRun) -> dict[str, str]:
    return dict(run.problems.values_list("icon", "reason"))


def names() -> list[str]:
    return sorted(Icon.objects.values_list("name", flat=True))


# --- the guard itself ---


@pytest.mark.parametrize("error", [TypeError("x"), MemoryError(), RecursionError(), OSError(5, "I/O"), StopIteration()])
def test_whatever_an_entry_raises_rejects_that_entry_alone(error: Exception) -> None:
    def read(entry: int) -> int:
        if entry == 2:
            raise error
        return entry

    first, rejected, last = read_each([1, 2, 3], read, lambda entry, reason: Rejected(str(entry), reason))
    assert (first, last) == (1, 3)
    assert isinstance(rejected, Rejected) and rejected.name == "2" and type(error).__name__ in rejected.reason


def test_foreseen_errors_keep_their_sentence_and_leave_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    def read(entry: str) -> None:
        raise ValidationError("It is crooked.") if entry == "a" else SourceError("It is gone.")

    assert list(read_each("ab", read, Rejected)) == [Rejected("a", "It is crooked."), Rejected("b", "It is gone.")]
    assert caplog.records == []


def test_tracebacks_of_unforeseen_errors_are_logged_up_to_a_number(caplog: pytest.LogCaptureFixture) -> None:
    def read(entry: str) -> None:
        raise ZeroDivisionError

    assert len(list(read_each("a" * 50, read, Rejected))) == 50
    assert len(caplog.records) == MAX_TRACEBACKS and caplog.records[0].exc_info


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_who_stops_the_program_is_obeyed(stop: type[BaseException]) -> None:
    def read(entry: str) -> None:
        raise stop

    with pytest.raises(stop):
        list(read_each("a", read, Rejected))


# --- drawings ---


@pytest.mark.parametrize(
    "colour",
    ["hsl(120, 200%, 25%)", "rgb(300%, 0%, 0%)", "rgb(-1 -1 -1)", "lab(9999% 1e9 1e9)", "color(srgb 1e300 0 0)"],
)
def test_a_colour_out_of_range_does_no_harm(tmp_path: Path, colour: str) -> None:
    (tmp_path / "a.svg").write_text(svg_of(f'<path fill="{colour}" d="M2 2h9v9z"/>'))
    (tmp_path / "b.svg").write_text(RING)
    run = imported(tmp_path, prefix="x")
    assert run.status == "done" and "b" in names() and run.added + run.rejected == 2


@pytest.mark.parametrize("function", ["clean_without_faint", "hash_svg"])
@pytest.mark.parametrize("error", [TypeError("'<' not supported"), RecursionError("too deep"), MemoryError()])
def test_a_drawing_that_trips_the_cleaner_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, error: Exception
) -> None:
    from icons.models import drawing as module

    real = getattr(module, function)

    def trip(source: Any) -> Any:
        if b"M9" in (source if isinstance(source, bytes) else source.encode()):
            raise error
        return real(source)

    monkeypatch.setattr(module, function, trip)
    (tmp_path / "bad.svg").write_text(svg_of('<path d="M9 2h9v9z"/>'))
    (tmp_path / "ring.svg").write_text(RING)
    run = imported(tmp_path, prefix="x")
    assert (run.status, names()) == ("done", ["ring"])
    assert problems(run)["x:bad"].startswith(f"The SVG cannot be read ({type(error).__name__}")


def test_names_and_reasons_that_the_database_cannot_hold_are_made_fit(tmp_path: Path) -> None:
    icons = {"a\x00b": {"body": SHAPES["ring"]}, "\ud800": {}, "n" * 400: {}, "ring": {"body": SHAPES["ring"]}}
    (tmp_path / "x.json").write_text(json.dumps({"prefix": "x", "icons": icons}))
    run = imported(tmp_path / "x.json")
    assert (run.status, names(), run.rejected) == ("done", ["ring"], 3)
    assert {"x:ab", "x:?"} < set(problems(run))


# --- Iconify JSON ---

WRONG: list[Any] = [None, True, -1, 1.5, float("nan"), float("inf"), 10**400, "x", "\x00", [], [[1]], {}, {"a": {}}]
KEYS = [
    *("prefix", "info", "aliases", "categories", "icons", "left", "top", "width", "height", "lastModified"),
    *(f"info.{key}" for key in ("name", "license", "author", "palette", "version", "license.title", "author.url")),
    *("categories.Signs", "icons.bad", "aliases.turned", "aliases.other"),
    *(f"icons.bad.{key}" for key in ("body", "left", "top", "width", "height", "rotate", "hFlip", "vFlip", "hidden")),
    *(f"aliases.turned.{key}" for key in ("parent", "rotate", "hFlip", "width", "body", "hidden")),
]


def iconify_data(prefix: str) -> dict[str, Any]:
    return {
        "prefix": prefix,
        "icons": {"bad": {"body": SHAPES["ring"], "rotate": 1}, "good": {"body": SHAPES["home"]}},
        "aliases": {"turned": {"parent": "bad", "rotate": 1}, "other": {"parent": "bad"}},
        "categories": {"Signs": ["bad", "good"]},
        "info": {"name": "X", "license": {"title": "MIT"}, "author": {"name": "N", "url": "u"}, "palette": False},
        "width": 24,
        "height": 24,
    }


@pytest.mark.parametrize("key", KEYS)
def test_wrong_types_anywhere_in_iconify_json_reject_what_they_are_in(tmp_path: Path, key: str) -> None:
    *way, last = key.split(".")
    for number, value in enumerate(WRONG):
        data = iconify_data(f"w{number}")
        inner = data
        for step in way:
            inner = inner[step]
        inner[last] = value
        (tmp_path / f"w{number}.json").write_text(json.dumps(data))
    (tmp_path / "zz.json").write_text(json.dumps(iconify_data("zz")))
    run = imported(tmp_path)
    assert (run.status, run.reason) == ("done", "")
    assert set(Icon.objects.filter(set__prefix="zz").values_list("name", flat=True)) == {"bad", "good", "turned"}
    if "." in key and not key.startswith("info"):  # what is wrong with one icon leaves the others of its set
        assert Icon.objects.filter(name="good").count() == len(WRONG) + 1
    assert all(problems(run).values())


def test_an_icon_that_is_no_object_takes_only_its_aliases_along(tmp_path: Path) -> None:
    data = iconify_data("x")
    data["icons"]["bad"] = "text"
    (tmp_path / "x.json").write_text(json.dumps(data))
    run = imported(tmp_path / "x.json")
    assert (run.status, names()) == ("done", ["good"])
    assert problems(run) == {
        "x:bad": "The icon needs a “body” that is text, and sizes that are numbers.",
        "x:turned": "The alias leads to no icon.",
        "x:other": "The alias leads to no icon.",
    }


def test_a_turn_that_is_text_is_named(tmp_path: Path) -> None:
    data = iconify_data("x")
    data["aliases"]["turned"]["rotate"] = "90deg"
    (tmp_path / "x.json").write_text(json.dumps(data))
    run = imported(tmp_path / "x.json")
    assert (run.status, names()) == ("done", ["bad", "good"])
    assert problems(run) == {"x:turned": "Its “rotate” must be a whole number of quarter turns."}


def test_a_file_that_breaks_in_a_way_nobody_foresaw_is_one_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trip(data: Mapping[str, Any], fields: object) -> SetInfo:
        if data["prefix"] == "bb":
            raise ZeroDivisionError("nobody foresaw this")
        return SetInfo(data["prefix"])

    monkeypatch.setattr(iconify_json, "read_info", trip)
    for prefix in ("aa", "bb", "cc"):
        (tmp_path / f"{prefix}.json").write_text(json.dumps(iconify_data(prefix)))
    run = imported(tmp_path)
    assert (run.status, run.added, run.rejected) == ("done", 6, 1)
    assert problems(run) == {
        "bb.json": "The entry does not have the expected form (ZeroDivisionError: nobody foresaw this)."
    }


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\ud800", '{"prefix": 1}', "1" * 5000, "NaN", '"x"'])
def test_json_that_cannot_be_read_is_one_rejected_of_a_folder_and_fails_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    (tmp_path / "good.json").write_text(json.dumps(iconify_data("good")))
    run = imported(tmp_path)
    assert (run.status, run.added, list(problems(run))) == ("done", 3, ["bad.json"])
    run = imported(tmp_path / "bad.json")
    assert run.status == "failed" and run.reason.endswith(".")


def test_a_folder_of_files_none_of_which_can_be_read_fails(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text("{")
    run = imported(tmp_path)
    assert (run.status, run.reason) == ("failed", "None of the source's files can be read.")
    assert problems(run) == {name: f"{name} is not valid JSON." for name in ("a.json", "b.json")}


def test_a_file_of_a_folder_that_vanishes_is_named(tmp_path: Path) -> None:
    for prefix in ("aa", "bb", "cc"):
        (tmp_path / f"{prefix}.json").write_text(json.dumps(iconify_data(prefix)))
    packs = open_source(str(tmp_path), Options())
    first = next(packs)
    (tmp_path / "bb.json").unlink()
    (tmp_path / "cc.json").unlink()
    (tmp_path / "cc.json").mkdir()
    second, third = packs
    assert isinstance(first, Pack)
    assert isinstance(second, Rejected) and second.name == "bb.json" and "No such file" in second.reason
    assert isinstance(third, Rejected) and third.name == "cc.json" and "directory" in third.reason


# --- the old system's JSON ---


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("key", ["", "source_code", "o_name", "e_name", "c_name", "name", "key"])
def test_wrong_types_anywhere_in_the_old_json_reject_one_entry(tmp_path: Path, key: str, value: Any) -> None:
    entry = {"key": "k", "name": "n", "c_name": "", "e_name": "", "o_name": "bad.svg", "source_code": RING}
    good = {**entry, "o_name": "good.svg"}
    bad = {**entry, key: value} if key else value
    (tmp_path / "source.json").write_text(json.dumps({"data": {"icons": [bad, good]}}))
    run = imported(tmp_path / "source.json")
    assert run.status == "done" and "good" in names()
    assert all(problems(run).values())


@pytest.mark.parametrize("value", [*WRONG, {"icons": {}}, {"icons": None}])
def test_old_json_without_a_list_fails_with_a_sentence(tmp_path: Path, value: Any) -> None:
    (tmp_path / "source.json").write_text(json.dumps({"data": value}))
    run = imported(tmp_path / "source.json")
    assert (run.status, "no list of icons" in run.reason) == ("failed", True)


@pytest.mark.parametrize("source_code", [7, "", None])
def test_an_entry_that_cannot_be_read_any_more_keeps_its_icon(tmp_path: Path, source_code: object) -> None:
    first = {"o_name": "Old Home.svg", "source_code": RING}
    second = {"o_name": "Old Home.svg", "source_code": svg_of(SHAPES["cross"])}
    source = tmp_path / "source.json"
    source.write_text(json.dumps({"data": {"icons": [first, second]}}))
    imported(source)
    hashes = dict(Icon.objects.values_list("name", "svg_hash"))
    source.write_text(json.dumps({"data": {"icons": [{**first, "source_code": source_code}, second]}}))
    run = imported(source, prune=source_code == 7)
    assert dict(Icon.objects.values_list("name", "svg_hash")) == hashes and set(hashes) == {
        "old-home-68f00a",
        "old-home-dfcb97",
    }
    assert (run.changed, run.unchanged, run.pruned) == (0, 1, 0)
    reasons = {"source:Old Home": "The entry needs a “source_code” that is text."} if source_code == 7 else {}
    assert problems(run) == reasons


# --- zips ---

NOISE = bytes(range(256)) * 40


def zip_of(path: Path, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip of three icons; `bad.svg` is larger than the others, so that damage does not hit them."""
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("set/a/home.svg", svg_of(SHAPES["home"]))
        archive.writestr("set/bad/home.svg", RING.replace("<circle", f"<!--{NOISE.hex()}--><circle"))
        archive.writestr("set/c/home.svg", svg_of(SHAPES["cross"]))
    return path


def damage(path: Path, where: Callable[[bytearray, zipfile.ZipInfo], None]) -> None:
    """Change the bytes of the entry bad.svg."""
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("set/bad/home.svg")
    data = bytearray(path.read_bytes())
    where(data, entry)
    path.write_bytes(data)


def in_the_data(data: bytearray, entry: zipfile.ZipInfo) -> None:
    begin = entry.header_offset + 30 + len(entry.filename)
    data[begin : begin + entry.compress_size] = b"\xff" * entry.compress_size


def after_the_first_bytes(data: bytearray, entry: zipfile.ZipInfo) -> None:
    begin = entry.header_offset + 30 + len(entry.filename)
    data[begin + 20 : begin + entry.compress_size] = b"\xff" * (entry.compress_size - 20)


def in_the_header(data: bytearray, entry: zipfile.ZipInfo) -> None:
    data[entry.header_offset : entry.header_offset + 4] = b"XXXX"


def in_the_directory(offset: int, form: str, value: int) -> Callable[[bytearray, zipfile.ZipInfo], None]:
    def change(data: bytearray, entry: zipfile.ZipInfo) -> None:
        name = data.rindex(entry.filename.encode())
        struct.pack_into(form, data, name - 46 + offset, value)

    return change


DAMAGES = {
    "data": in_the_data,
    "later data": after_the_first_bytes,
    "local header": in_the_header,
    "encrypted": in_the_directory(8, "<H", 1),
    "patched": in_the_directory(8, "<H", 0x20),
    "strongly encrypted": in_the_directory(8, "<H", 0x40),
    "unknown method": in_the_directory(10, "<H", 97),
    "CRC": in_the_directory(16, "<I", 1),
    "compressed size": in_the_directory(20, "<I", 3),
    "offset": in_the_directory(42, "<I", 0x00FFFFFF),
}
METHODS = {
    "stored": zipfile.ZIP_STORED,
    "deflate": zipfile.ZIP_DEFLATED,
    "bzip2": zipfile.ZIP_BZIP2,
    "lzma": zipfile.ZIP_LZMA,
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_entry_of_a_zip_is_named_and_the_others_come_in(tmp_path: Path, method: str, kind: str) -> None:
    path = zip_of(tmp_path / "x.zip", METHODS[method])
    damage(path, DAMAGES[kind])
    run = imported(path)
    assert (run.status, run.added, run.rejected) == ("done", 2, 1)
    # The names of the others do not change because one cannot be read.
    assert dict(Icon.objects.values_list("name", "category")) == {"a-home": "a", "c-home": "c"}
    ((name, reason),) = problems(run).items()
    assert name in ("x:set/bad/home.svg", "x:bad-home") and reason.endswith(".")


def test_a_damaged_entry_keeps_the_icon_that_was_imported_before(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "x.zip")
    imported(path)
    damage(path, in_the_data)
    run = imported(path, prune=True)
    assert (names(), run.pruned, run.rejected) == (["a-home", "bad-home", "c-home"], 0, 1)


def test_absolute_paths_in_a_zip_do_no_harm(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("/etc/ring.svg", RING)
        archive.writestr("a//home.svg", RING)
        archive.writestr("./b/cross.svg", RING)
    run = imported(tmp_path / "x.zip")
    assert (run.status, run.rejected) == ("done", 0)
    assert dict(Icon.objects.values_list("name", "category")) == {"ring": "etc", "home": "a", "cross": "b"}


@pytest.mark.parametrize("cut", [0, 3, 10, 200])
def test_a_zip_that_is_cut_off_fails_with_a_sentence(tmp_path: Path, cut: int) -> None:
    path = zip_of(tmp_path / "x.zip")
    path.write_bytes(path.read_bytes()[:cut])
    run = imported(path)
    assert run.status == "failed" and run.reason.startswith("x.zip cannot be read as a zip file: ")


def test_a_zip_of_a_later_version_fails_with_a_sentence(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "x.zip")
    damage(path, in_the_directory(6, "<H", 255))
    run = imported(path)
    assert (run.status, run.reason) == ("failed", "x.zip cannot be read as a zip file: zip file version 25.5.")


# --- folders ---


def folder_of(path: Path, *files: str) -> Path:
    for file in files:
        (path / file).parent.mkdir(parents=True, exist_ok=True)
        (path / file).write_text(RING)
    return path


def test_a_file_that_vanishes_is_named_and_keeps_its_icon(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "x", "a/home.svg", "b/home.svg", "c/home.svg")
    imported(folder)
    (pack,) = open_source(str(folder), Options())
    (folder / "a/home.svg").unlink()
    (folder / "b/home.svg").unlink()
    (folder / "b/home.svg").mkdir()
    run = ImportRun.objects.create(source="x")
    run.claim()
    run_import(run, [pack], prune=True)
    assert names() == ["a-home", "b-home", "c-home"]
    reasons = problems(run)
    assert set(reasons) == {"x:a/home.svg", "x:b/home.svg"}
    assert reasons["x:a/home.svg"].startswith("The file cannot be read (FileNotFoundError: ")


def test_a_folder_that_vanishes_while_it_is_read_is_named_file_by_file(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "x", "a.svg", "b.svg")
    (pack,) = open_source(str(folder), Options())
    shutil.rmtree(folder)
    run = ImportRun.objects.create(source="x")
    run.claim()
    run_import(run, [pack], prune=True)
    run.refresh_from_db()
    assert (run.status, run.rejected) == ("failed", 2)


def test_a_folder_that_cannot_be_listed_is_named_and_nothing_is_pruned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path / "x", "a/ring.svg", "b/home.svg")
    imported(folder)
    real = os.scandir

    def refuse(path: Any) -> Any:
        if str(path) == str(folder / "b"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    run = imported(folder, prune=True)
    assert (run.status, names(), run.pruned) == ("done", ["home", "ring"], 0)
    assert problems(run) == {"x:b": "The folder cannot be read (Permission denied)."}


def test_a_source_folder_that_cannot_be_listed_fails_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path / "x", "ring.svg")

    def refuse(path: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    run = imported(folder)
    assert run.status == "failed" and "cannot be read" in run.reason and "Permission denied" in run.reason


@pytest.mark.parametrize("source", ["/no/where", "a\x00b", "/dev/null", "x" * 5000, "\udcff"])
def test_a_path_that_leads_nowhere_fails_with_a_sentence(source: str) -> None:
    run = ImportRun.objects.create(source="x")
    run.claim()
    run_import(run, open_source(source, Options()))
    run.refresh_from_db()
    assert run.status == "failed" and run.reason.endswith(".")


# --- npm ---


@pytest.fixture
def npm_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes an npm client of a shell script."""

    def install(script: str) -> None:
        client = tmp_path / "bin" / "npm"
        client.parent.mkdir(exist_ok=True)
        client.write_text(f"#!/bin/sh\n{script}\n")
        client.chmod(client.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{client.parent}{os.pathsep}{os.environ['PATH']}")

    return install


NPM_FAILURES = {
    "fails": ("echo E404 >&2; exit 1", "npm could not download x: E404"),
    "says nothing": ("exit 1", "npm could not download x: no such package"),
    "gets nothing": ("exit 0", "npm could not download x: no such package"),
    "writes noise": (r"printf '\377\376' >&2; exit 1", "npm could not download x: "),
    "hangs": ("exec sleep 60", "npm could not download x within 1 seconds."),
    "gets no archive": ("echo noise > x.tgz", "x cannot be read (ReadError"),
    "gets an empty archive": (": > x.tgz", "x cannot be read (ReadError"),
    "gets half an archive": ("cp ../half.tgz .", "x cannot be read (EOFError"),
    "gets a way out": ("cp ../evil.tgz .", "x cannot be read (OutsideDestinationError"),
    "gets another package": ("cp ../other.tgz .", "x contains no Iconify JSON"),
}


@pytest.mark.parametrize("kind", NPM_FAILURES)
def test_an_npm_package_that_cannot_be_had_fails_with_a_sentence(
    tmp_path: Path, npm_client: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    script, reason = NPM_FAILURES[kind]
    file = tmp_path / "file"
    file.write_bytes(os.urandom(5000))
    for archive, name in (("evil", "package/../../../evil"), ("other", "package/other.txt"), ("whole", "package/x")):
        with tarfile.open(tmp_path / f"{archive}.tgz", "w:gz") as tar:
            tar.add(file, name)
    half = (tmp_path / "whole.tgz").read_bytes()
    (tmp_path / "half.tgz").write_bytes(half[: len(half) // 2])
    npm_client(script.replace("../", f"{tmp_path}/"))
    monkeypatch.setattr(npm, "TIMEOUT", 1)
    run = imported("npm:x")
    assert run.status == "failed" and run.reason.startswith(reason)
    assert not (tmp_path.parent / "evil").exists()


def test_an_npm_client_that_cannot_be_run_fails_with_a_sentence(npm_client: Callable[[str], None]) -> None:
    npm_client("")
    Path(shutil.which("npm") or "").write_bytes(b"\x7fELF")
    run = imported("npm:x")
    assert run.status == "failed" and run.reason.startswith("x cannot be read (OSError: ")


# --- GraphQL ---


class BrokenLibrary(BaseHTTPRequestHandler):
    """An endpoint that replies what a test wants."""

    status, body = 200, b""
    hold = Event()

    def do_POST(self) -> None:
        if self.body == b"wait":
            self.hold.wait(30)
            return
        if self.body == b"trickle":
            self.trickle()
            return
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def trickle(self) -> None:
        """Send a header that never ends, byte by byte."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Endless: ")
        while not self.hold.wait(0.1):
            self.wfile.write(b"x")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def broken_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(graphql, "TIMEOUT", 1)
    BrokenLibrary.hold.clear()
    server = HTTPServer(("127.0.0.1", 0), BrokenLibrary)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/graphql"
    BrokenLibrary.hold.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *(
            (200, body)
            for body in (b"", b"<html>", b"\xff", b"[]", b"1", b"null", b'"x"', b"{}", b"wait", b"[" * 100_000)
        ),
        *((200, b'{"data": %s}' % value) for value in (b"null", b"[]", b"1", b'{"icons": null}', b'{"icons": {}}')),
        *((200, b'{"errors": %s}' % value) for value in (b"null", b"[]", b"1", b'[{"message": 1}]', b'["x"]')),
        *((status, b"{}") for status in (301, 401, 404, 500)),
    ],
)
def test_a_reply_that_is_no_answer_fails_with_a_sentence(broken_library: str, status: int, body: bytes) -> None:
    BrokenLibrary.status, BrokenLibrary.body = status, body
    run = imported(broken_library, graphql=True, prefix="x")
    assert run.status == "failed" and run.reason and "Traceback" not in run.reason


def test_a_reply_that_trickles_without_end_fails_with_a_sentence(
    broken_library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphql, "TOTAL_TIMEOUT", 2)
    BrokenLibrary.body = b"trickle"
    run = imported(broken_library, graphql=True, prefix="x")
    reason = f"{broken_library} did not send its whole reply within 2 seconds."
    assert (run.status, run.reason) == ("failed", reason)


def test_an_entry_of_a_reply_that_is_no_icon_is_named(broken_library: str) -> None:
    entries = [None, {"o_name": "bad.svg", "source_code": [1]}, {"o_name": "ring.svg", "source_code": RING}]
    BrokenLibrary.status, BrokenLibrary.body = 200, json.dumps({"data": {"icons": entries}}).encode()
    run = imported(broken_library, graphql=True, prefix="x")
    assert (run.status, names(), set(problems(run))) == ("done", ["ring"], {"x:None", "x:bad"})


@pytest.mark.parametrize("headers", [{"X-Name": "a\nb"}, {"X\nName": "a"}, {"X-Name": "图标"}])
def test_a_header_that_cannot_be_sent_fails_with_a_sentence(broken_library: str, headers: dict[str, str]) -> None:
    run = imported(broken_library, graphql=True, prefix="x", headers=headers)
    assert run.status == "failed" and run.reason


# --- languages ---


def test_reasons_are_in_the_language_of_the_import(
    tmp_path: Path, npm_client: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zip_of(tmp_path / "x.zip")
    damage(path, in_the_data)
    npm_client("exit 1")
    with translation.override("zh-hans"):
        assert problems(imported(path))["x:set/bad/home.svg"].startswith("无法读取该文件（")
        assert imported("npm:x").reason == "npm 无法下载 x：没有这个包"
        assert imported("npm:--x").reason == "'--x' 不是 npm 包的名称。"
        assert imported("ftp://x", graphql=True).reason == "ftp://x 不是 http 或 https 地址。"
        assert imported("http://127.0.0.1:9/", graphql=True, prefix="x").reason.startswith(
            "http://127.0.0.1:9/ 没有答复该查询："
        )
        assert imported("http://x", graphql=True, prefix="x", query="{").reason.startswith("GraphQL 查询无效：")
        assert imported(tmp_path / "none").reason == f"{tmp_path / 'none'} 不存在。"
        (tmp_path / "empty").mkdir()
        assert "中没有 .svg 文件" in imported(tmp_path / "empty").reason


def test_the_query_file_must_be_text(tmp_path: Path) -> None:
    (tmp_path / "query").write_bytes(b"\xff")
    with pytest.raises(SourceError, match="is not UTF-8 text"):
        graphql.read_query(f"@{tmp_path / 'query'}")
    with pytest.raises(SourceError, match="cannot be read"):
        graphql.read_query(f"@{tmp_path / 'none'}")


def test_a_source_icon_of_wrong_types_is_named() -> None:
    run = ImportRun.objects.create(source="x")
    run.claim()
    wrong: Any = SourceIcon("wrong", RING, name_en=3)  # type: ignore[arg-type]
    run_import(run, [Pack(SetInfo("x"), [wrong, SourceIcon("ring", RING)])])
    run.refresh_from_db()
    assert (run.status, names(), list(problems(run))) == ("done", ["ring"], ["x:wrong"])
