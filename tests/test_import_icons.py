"""The upsert that every source ends in, and the command in front of it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from icons.importing.importer import run_import
from icons.importing.packs import Pack, Rejected, SetInfo, SourceError, SourceIcon
from icons.models import Icon, IconSet, ImportRun
from icons.signals import icons_changed
from search.models import IconTerms
from tests.conftest import SHAPES, svg_of

INFO = SetInfo("shapes", "Shapes", licence="MIT License", licence_spdx="MIT", author="A. Uthor", palette=False)

pytestmark = pytest.mark.django_db


def source_icon(name: str, body: str = "", **fields: Any) -> SourceIcon:
    return SourceIcon(name, svg_of(body or SHAPES[name]), **fields)


def run(items: Iterable[SourceIcon | Rejected], prune: bool = False) -> ImportRun:
    run = ImportRun.objects.create(source="test")
    run.claim()
    run_import(run, [Pack(INFO, items)], prune)
    run.refresh_from_db()
    return run


def names() -> list[str]:
    return sorted(Icon.objects.values_list("name", flat=True))


@pytest.fixture
def changed() -> Iterable[list[str]]:
    """The names of the icons that the signal told of as drawn anew."""
    seen: list[str] = []

    def note(redrawn: list[int], **kwargs: object) -> None:
        seen.extend(Icon.objects.filter(pk__in=redrawn).order_by("name").values_list("name", flat=True))

    icons_changed.connect(note)
    yield seen
    icons_changed.disconnect(note)


def test_it_writes_sets_and_icons(changed: list[str]) -> None:
    fields: dict[str, Any] = {
        "name_en": "Ring",
        "name_zh": "圆环",
        "tags": ("round",),
        "category": "Basic",
        "aliases": ("o",),
    }
    result = run([source_icon("ring", **fields), source_icon("cross", hidden=True)])
    assert result.status == "done" and result.summary() == "2 added, 0 changed, 0 unchanged, 0 rejected, 0 pruned"
    icon_set = IconSet.objects.get()
    assert (icon_set.title, icon_set.licence_spdx, icon_set.author, icon_set.palette) == (
        "Shapes",
        "MIT",
        "A. Uthor",
        False,
    )
    ring = Icon.objects.get(name="ring")
    assert (ring.public_id, ring.name_zh, ring.tags, ring.category, ring.aliases) == (
        "shapes:ring",
        "圆环",
        ["round"],
        "Basic",
        ["o"],
    )
    assert ring.view_box == "0 0 24 24" and "<circle" in ring.svg and len(ring.svg_hash) == 64
    assert Icon.objects.get(name="cross").hidden
    assert changed == ["cross", "ring"]


def test_what_has_not_changed_is_skipped(changed: list[str]) -> None:
    run([source_icon("ring"), source_icon("cross")])
    before = Icon.objects.get(name="ring").updated_at
    changed.clear()
    result = run([source_icon("ring"), source_icon("cross", SHAPES["square"]), source_icon("home")])
    assert (result.added, result.changed, result.unchanged) == (1, 1, 1)
    assert Icon.objects.get(name="ring").updated_at == before
    assert changed == ["cross", "home"]


def test_new_words_for_an_icon_are_written_but_its_drawing_is_not_indexed_anew(changed: list[str]) -> None:
    run([source_icon("ring")])
    changed.clear()
    assert run([source_icon("ring", tags=("round",))]).changed == 1
    assert Icon.objects.get().tags == ["round"]
    assert changed == [] and "round" in IconTerms.objects.get().terms


def test_an_icon_that_shows_itself_again_is_news(changed: list[str]) -> None:
    run([source_icon("ring", hidden=True)])
    changed.clear()
    run([source_icon("ring")])
    assert changed == ["ring"]


def test_one_bad_icon_does_not_stop_the_rest() -> None:
    items: list[SourceIcon | Rejected] = [
        source_icon("ring"),
        source_icon("evil", "<script>1</script>"),
        Rejected("gone", "Not there."),
        source_icon("home"),
    ]
    result = run([*items, source_icon("Bad_Name", SHAPES["ring"])])
    assert (result.status, result.added, result.rejected) == ("done", 2, 3)
    problems = dict(result.problems.values_list("icon", "reason"))
    assert set(problems) == {"shapes:evil", "shapes:gone", "shapes:Bad_Name"}
    assert "script" in problems["shapes:evil"] and problems["shapes:gone"] == "Not there."


def test_icons_gone_from_the_source_stay_unless_pruned() -> None:
    run([source_icon("ring"), source_icon("cross")])
    run([source_icon("ring")])
    assert names() == ["cross", "ring"]
    result = run([source_icon("ring"), source_icon("home", "<script>1</script>")], prune=True)
    assert names() == ["ring"] and result.pruned == 1


def test_a_rejected_icon_keeps_what_was_imported_before() -> None:
    run([source_icon("ring")])
    run([source_icon("ring", "<script>1</script>")], prune=True)
    assert "<circle" in Icon.objects.get(name="ring").svg


def test_it_stops_when_somebody_asks_and_goes_on_later(settings: LazySettings) -> None:
    settings.IMPORT_BATCH = 1

    def items() -> Iterable[SourceIcon]:
        yield source_icon("ring")
        ImportRun.objects.update(status=ImportRun.Status.STOPPED)
        yield source_icon("cross")

    assert run(items()).status == "stopped"
    assert names() == ["ring"]
    again = run([source_icon("ring"), source_icon("cross")])
    assert (again.added, again.unchanged) == (1, 1)


def test_a_source_that_breaks_off_keeps_what_was_read(settings: LazySettings) -> None:
    settings.IMPORT_BATCH = 1

    def items() -> Iterable[SourceIcon]:
        yield source_icon("ring")
        raise SourceError("The file ends too early.")

    result = run(items())
    assert (result.status, result.reason, names()) == ("failed", "The file ends too early.", ["ring"])


def test_texts_that_the_database_cannot_hold_are_made_fit() -> None:
    result = run([source_icon("ring", name_en="a\x00b\ud800", tags=("x" * 200,), category="c" * 300)])
    assert result.added == 1
    icon = Icon.objects.get()
    assert (icon.name_en, len(icon.tags[0]), len(icon.category)) == ("ab?", 100, 200)


def test_a_run_is_worked_on_once() -> None:
    run = ImportRun.objects.create(source="test")
    assert run.claim()
    assert not ImportRun.objects.get().claim()


def test_not_all_problems_of_a_huge_bad_source_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImportRun, "PROBLEMS_KEPT", 3)
    result = run([Rejected(f"n{i}", "Bad.") for i in range(10)])
    assert (result.rejected, result.problems.count()) == (10, 3)


def test_saving_an_icon_cleans_it_and_tells(icon_set: IconSet, changed: list[str]) -> None:
    icon = Icon(set=icon_set, name="ring", svg=f'<svg viewBox="0 0 24 24" onload="x()">{SHAPES["ring"]}</svg>')
    icon.save()
    assert "onload" not in icon.svg and icon.svg_hash == Icon.objects.get().svg_hash
    assert changed == ["ring"]


def test_the_command_ends_with_one_line_of_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "shapes.json"
    source.write_text(json.dumps({"prefix": "shapes", "icons": {"ring": {"body": SHAPES["ring"]}, "bad": {}}}))
    call_command("import_icons", str(source))
    out, err = capsys.readouterr()
    assert out == f"{source}: done: 1 added, 0 changed, 0 unchanged, 1 rejected, 0 pruned\n"
    assert err == "Left out shapes:bad: The icon needs a “body” that is text, and sizes that are numbers.\n"
    assert ImportRun.objects.get().problems.count() == 1


def test_the_command_fails_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Not imported, or not completely: /no/where"):
        call_command("import_icons", "/no/where")
    assert ImportRun.objects.get().reason == "/no/where does not exist."
    source = tmp_path / "x.json"
    source.write_text("{")
    with pytest.raises(CommandError):
        call_command("import_icons", str(source))
    assert ImportRun.objects.latest("pk").reason == "x.json is not valid JSON."
    with pytest.raises(CommandError):
        call_command("import_icons", str(source), prefix="Not A Prefix")
    assert "must consist of lower-case letters" in ImportRun.objects.latest("pk").reason
