"""Sources that are bombs, deep, huge or wrong: what they hold is named, and the rest comes in."""

import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from icons.batches import batched_by_weight
from icons.importing import zip_files
from icons.importing.importer import run_import
from icons.importing.packs import Pack, SetInfo, SourceError, SourceIcon
from icons.importing.sources import Options, open_source
from icons.models import Icon, IconSet, ImportRun
from icons.names import UniqueNames
from tests.conftest import SHAPES, svg_of

pytestmark = pytest.mark.django_db

RING = svg_of(SHAPES["ring"])


def imported(path: Path) -> ImportRun:
    run = ImportRun.objects.create(source=path.name)
    run.claim()
    run_import(run, open_source(str(path), Options(prefix="hostile")))
    run.refresh_from_db()
    return run


def zipped(path: Path, entries: dict[str, bytes | str], **changes: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for field, value in changes.items():
                setattr(info, field, value)
            archive.writestr(info, data)
    return path


def test_an_svg_in_a_zip_is_read_up_to_its_limit_alone(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {"bomb.svg": b" " * 200_000_000, "ring.svg": RING})
    tracemalloc.start()
    run = imported(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (run.status, run.added, run.rejected) == (ImportRun.Status.DONE, 1, 1)
    assert "larger than 1,000,000 bytes" in run.problems.get().reason and most < 30_000_000


def test_many_large_icons_are_not_held_at_once(tmp_path: Path) -> None:
    large = svg_of(SHAPES["ring"] + " " * 900_000)
    path = zipped(tmp_path / "large.zip", {f"icon{number}.svg": large for number in range(60)})
    tracemalloc.start()
    assert imported(path).added == 60
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 40_000_000


def test_a_batch_ends_with_what_makes_it_heavy() -> None:
    assert list(batched_by_weight([1, 1, 1, 5, 1], 3, int, 4)) == [[1, 1, 1], [5], [1]]
    assert list(batched_by_weight([1, 9, 1], 3, int, 4)) == [[1, 9], [1]]


@pytest.mark.parametrize(
    "name",
    [
        "/etc/ring.svg",
        "../../ring.svg",
        "C:\\ring.svg",
        "a/../../b/ring.svg",
        "//host/ring.svg",
        "ring.svg/../ring.svg",
    ],
)
def test_a_name_in_a_zip_leads_nowhere(tmp_path: Path, name: str) -> None:
    run = imported(zipped(tmp_path / "names.zip", {name: RING, "folder/home.svg": RING}))
    assert (run.added, run.rejected) == (2, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["names.zip"]


def test_a_link_in_a_zip_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(RING)
    run = imported(zipped(tmp_path / "link.zip", {"link.svg": str(secret)}, external_attr=0o120777 << 16))
    assert (run.added, run.rejected) == (0, 1)


def test_a_zip_in_a_zip_is_not_opened(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"ring.svg": RING}).read_bytes()
    run = imported(zipped(tmp_path / "outer.zip", {"inner.zip": inner, "inner.svg": inner, "home.svg": RING}))
    assert (run.added, run.rejected) == (1, 1)


def test_naming_does_not_take_longer_and_longer() -> None:
    calls = 0

    class Counting(set[str]):
        def __contains__(self, name: object) -> bool:
            nonlocal calls
            calls += 1
            return super().__contains__(name)

    names = UniqueNames(taken=Counting())
    assert [names.pick("24px") for _ in range(1000)][-1] == "24px-1000" and calls < 3000


def iconify(**icon: Any) -> dict[str, Any]:
    return {"prefix": "hostile", "icons": {"ring": {"body": SHAPES["ring"]}, "odd": {"body": SHAPES["ring"], **icon}}}


def each(field: str, *values: Any) -> list[dict[str, Any]]:
    """An icon with each of these values in a field."""
    return [{field: value} for value in values]


@pytest.mark.parametrize(
    "icon",
    [
        *each("rotate", "text", float("inf"), float("nan"), 10**400, [], {}, "1e999", True),
        *each("width", "text", float("inf"), float("nan"), 10**400, -1, 0, None, [1]),
        *each("body", None, 5, [], "<g>" * 5000, "\ud800", "\x00", "]]>", "<", "&bomb;", "<svg"),
        *({"body": f'<path fill="{colour}" d="M0 0h9v9"/>'} for colour in ("rgb(-1,0,0)", "hsl(120,200%,25%)")),
        *each("hidden", "text", [1], float("nan")),
        {"parent": "odd"},
    ],
    ids=str,
)
def test_whatever_one_icon_holds_the_others_come_in(tmp_path: Path, icon: dict[str, Any]) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(iconify(**icon)))
    run = imported(path)
    assert run.status == ImportRun.Status.DONE and run.added + run.rejected == 2
    assert Icon.objects.filter(name="ring").exists()
    assert "Traceback" not in " ".join(run.problems.values_list("reason", flat=True))


@pytest.mark.parametrize("names", [["\ud800"], ["a" * 10_000], ["../x"], ["A B"], ["\x00"], [""], ["a\nb"]], ids=repr)
@pytest.mark.parametrize("where", ["icons", "aliases", "categories"])
def test_whatever_a_name_holds_the_others_come_in(tmp_path: Path, names: list[str], where: str) -> None:
    data = iconify()
    if where == "icons":
        data["icons"] |= dict.fromkeys(names, {"body": SHAPES["ring"]})
    else:
        data[where] = {name: {"parent": "ring"} if where == "aliases" else ["ring"] for name in names}
    path = tmp_path / "names.json"
    path.write_text(json.dumps(data))
    run = imported(path)
    assert run.status == ImportRun.Status.DONE and run.added == 2


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "1" * 100_000,
        "NaN",
        '{"prefix": "a", "icons": NaN}',
        '{"prefix": NaN, "icons": {}}',
        '{"prefix": "' + "a" * 10_000 + '", "icons": {}}',
        '{"prefix": "a", "icons": [' + "{}," * 1000 + "{}]}",
        '"' + "\\ud800" * 100 + '"',
        "\x00",
        "",
    ],
    ids=lambda text: text[:20],
)
def test_json_that_is_no_set_of_icons_fails_with_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.json"
    path.write_text(text, errors="surrogatepass")
    run = imported(path)
    assert run.status == ImportRun.Status.FAILED and run.reason.endswith((".", ")"))


def test_a_zip_of_too_many_entries_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_files, "MAX_ENTRIES", 2)
    run = imported(zipped(tmp_path / "many.zip", dict.fromkeys("abc", RING)))
    assert (run.status, run.reason) == (ImportRun.Status.FAILED, "many.zip has more than 2 entries: divide it.")


@pytest.mark.parametrize("make", [lambda n: f"i{n}.svg", lambda n: f"{n}/24px.svg"], ids=["names", "folders"])
def test_entries_without_number_are_read_one_by_one(tmp_path: Path, make: Callable[[int], str]) -> None:
    path = zipped(tmp_path / "many.zip", {make(number): "" for number in range(3000)})
    run = imported(path)
    assert (run.added, run.rejected) == (0, 3000)


@pytest.mark.django_db(transaction=True)
def test_a_set_that_is_deleted_while_it_is_imported_is_named() -> None:
    def icons() -> Iterator[SourceIcon]:
        yield SourceIcon("ring", RING)
        IconSet.objects.filter(prefix="hostile").delete()

    run = ImportRun.objects.create(source="test")
    run.claim()
    run_import(run, [Pack(SetInfo("hostile", "Hostile"), icons())])
    run.refresh_from_db()
    assert (run.status, run.reason) == (ImportRun.Status.FAILED, "The set hostile has just been deleted.")
    assert not Icon.objects.exists()


def test_an_uploaded_file_is_named_as_its_sender_knows_it(tmp_path: Path) -> None:
    path = tmp_path / "import_x7.json"
    path.write_text("{")
    with pytest.raises(SourceError, match=r"^icons\.json is not valid JSON"):
        list(open_source(str(path), Options(file_name="icons.json")))
