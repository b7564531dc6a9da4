"""How icons were drawn before: imports keep it, searches find by it, and the icon's page shows it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from icons import shapes
from icons.cleaning_anew import clean_anew
from icons.importing import earlier
from icons.importing.importer import run_import
from icons.importing.packs import Pack, SetInfo, SourceIcon
from icons.models import EarlierDrawing, Icon, IconSet, ImportRun, drawn_as_before
from icons.svg import FORM, clean_svg
from search import indexing
from search.models import EARLIER, IconVector
from search.progress import pending_icons
from search.related_icons import related_to
from tests.conftest import SHAPES, png_of, svg_of, upload

MODEL = "vgg16-icons-2"
HOUSE, RING = svg_of(SHAPES["home"]), svg_of(SHAPES["ring"])

pytestmark = pytest.mark.django_db


def run(icons: Iterable[SourceIcon], prefix: str = "shapes", **how: Any) -> ImportRun:
    run = ImportRun.objects.create(source="test")
    run.claim()
    run_import(run, [Pack(SetInfo(prefix, prefix.title()), icons)], **how)
    run.refresh_from_db()
    return run


def before(name: str = "thing") -> list[str]:
    """The SVGs of the icon's earlier drawings, the oldest first."""
    return list(EarlierDrawing.objects.filter(icon__name=name).order_by("number").values_list("svg", flat=True))


def cleaned(*svgs: str) -> list[str]:
    return [clean_svg(svg).svg for svg in svgs]


def pending() -> list[str]:
    return list(pending_icons(MODEL).order_by("name").values_list("name", flat=True))


def index(*names: str) -> None:
    assert indexing.index_icons(list(Icon.objects.filter(name__in=names).values_list("pk", flat=True))) == []


@pytest.fixture
def redrawn(indexed_icons: dict[str, Icon]) -> Icon:
    """The icon `thing`, a house today and a ring before, in a set beside the one that has a ring; indexed."""
    run([SourceIcon("thing", RING)], "other")
    run([SourceIcon("thing", HOUSE)], "other")
    index("thing")
    return Icon.objects.get(name="thing")


def results(client: Client, svg: str, **fields: Any) -> list[dict[str, Any]]:
    answer = client.post("/api/v1/search/image/", {"image": upload(png_of(svg)), **fields})
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_an_import_keeps_the_drawing_that_it_replaces() -> None:
    run([SourceIcon("thing", RING)])
    run([SourceIcon("thing", svg_of(SHAPES["ring"] + "<title>Ring</title>"))])
    assert before() == []  # written otherwise, drawn as before
    run([SourceIcon("thing", svg_of(SHAPES["ring"].replace('r="8"', 'r="8.01"')))])
    assert before() == []  # hardly different
    run([SourceIcon("thing", HOUSE)])
    assert [round(float(svg.partition(' r="')[2].partition('"')[0])) for svg in before()] == [8]
    run([SourceIcon("thing", RING)])
    assert len(before()) == 2 and Icon.objects.get().svg == cleaned(RING)[0]
    run([SourceIcon("thing", HOUSE)])
    assert len(before()) == 2  # what it had is not kept twice


def test_a_filled_square_looks_like_another() -> None:
    run([SourceIcon("thing", svg_of(SHAPES["square"]))])
    run([SourceIcon("thing", svg_of('<rect x="2" y="2" width="20" height="20"/>'))])
    assert before() == []
    run([SourceIcon("thing", HOUSE)])
    assert len(before()) == 1


def test_white_on_a_filled_ground_is_seen() -> None:
    dark = '<path d="M2 2h20v20H2z"/>'
    run([SourceIcon("thing", svg_of(f'{dark}<path fill="#fff" d="M6 6h12v4H6z"/>'))])
    run([SourceIcon("thing", svg_of(f'{dark}<path fill="#fff" d="M6 14h4v4H6z"/>'))])
    assert len(before()) == 1
    run([SourceIcon("pale", svg_of('<path fill="#fff" d="M6 6h12v4H6z"/>'))])
    run([SourceIcon("pale", svg_of('<circle fill="#fff" cx="12" cy="12" r="6"/>'))])
    assert len(before("pale")) == 1


def test_the_latest_few_are_kept() -> None:
    bars = [svg_of(f'<path d="M4 4h16v2H4zM4 {6 + place}h16v2H4z"/>') for place in range(12)]
    for svg in bars:
        run([SourceIcon("thing", svg)])
    kept = [int(svg.rpartition("M4 ")[2].partition("h")[0]) for svg in before()]
    assert kept == [16 - place for place in range(shapes.MOST)][::-1]


def test_an_earlier_release_brings_in_drawings_and_changes_nothing_else() -> None:
    run([SourceIcon("thing", HOUSE, aliases=("stuff",), tags=("new",)), SourceIcon("ring", RING)])
    assert pending() == ["ring", "thing"]
    index("thing", "ring")
    triangle, cross = svg_of(SHAPES["triangle"]), svg_of(SHAPES["cross"])
    items = [SourceIcon("stuff", triangle, tags=("old",)), SourceIcon("ring", RING), SourceIcon("gone", cross)]
    result = run(items, earlier=True)
    assert (result.added, result.changed, result.unchanged, result.status) == (1, 1, 1, "done")
    assert before() == cleaned(triangle) and before("ring") == []
    thing, gone = Icon.objects.get(name="thing"), Icon.objects.get(name="gone")
    assert thing.tags == ["new"] and thing.svg == cleaned(HOUSE)[0] and gone.hidden
    assert pending() == ["gone", "thing"]
    assert run(items, earlier=True).unchanged == 3


def test_an_earlier_release_wants_the_set_first(tmp_path: Path) -> None:
    result = run([SourceIcon("thing", RING)], earlier=True)
    assert result.status == "failed"
    assert result.reason == "There is no set shapes: import its present release before an earlier one."
    assert not IconSet.objects.exists()


def test_the_command_takes_an_earlier_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for release, body in (("old", SHAPES["ring"]), ("new", SHAPES["home"])):
        data = {"prefix": "shapes", "width": 24, "height": 24, "icons": {"thing": {"body": body}}}
        (tmp_path / f"{release}.json").write_text(json.dumps(data))
    call_command("import_icons", str(tmp_path / "new.json"))
    call_command("import_icons", "--earlier", str(tmp_path / "old.json"))
    assert before() == cleaned(RING)
    assert "0 added, 1 changed, 0 unchanged" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--earlier deletes nothing: leave out --prune."):
        call_command("import_icons", "--earlier", "--prune", str(tmp_path / "old.json"))


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The drawings that come along: one of `shapes:thing`, which was 48 wide, and one that no cleaner takes."""
    ring = {"body": f'<g transform="scale(2)">{SHAPES["ring"]}</g>', "width": 48, "height": 48}
    path = tmp_path / "earlier.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("shapes.json", json.dumps({"earlier": {"thing": [ring, {"body": "<text>A</text>"}]}}))
    monkeypatch.setattr(earlier, "KNOWN", path)
    earlier.known_prefixes.cache_clear()
    yield
    earlier.known_prefixes.cache_clear()


@pytest.mark.usefixtures("known")
def test_drawings_of_public_sets_come_along(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = {"prefix": "shapes", "width": 24, "height": 24, "icons": {"thing": {"body": SHAPES["home"]}}}
    (tmp_path / "shapes.json").write_text(json.dumps(data))
    call_command("import_icons", str(tmp_path / "shapes.json"))
    assert ['viewBox="0 0 48 48"' in svg for svg in before()] == [True]
    assert "An earlier drawing of thing is left out" in caplog.text
    index("thing")
    call_command("import_icons", str(tmp_path / "shapes.json"))
    assert len(before()) == 1 and pending() == []


@pytest.mark.usefixtures("known")
def test_a_folder_of_files_is_no_public_set() -> None:
    run([SourceIcon("thing", HOUSE)])
    assert before() == []


def test_the_drawings_that_come_along_can_be_read() -> None:
    mdi, unknown = earlier.known_earlier("mdi"), earlier.known_earlier("no-such-set")
    assert len(mdi) > 100 and unknown == {}
    assert all(clean_svg(svg) for svgs in list(mdi.values())[::20] for svg in svgs)


def test_a_search_finds_the_icon_by_how_it_was_drawn(client: Client, redrawn: Icon) -> None:
    ring, *others = results(client, RING)
    assert ring["icon"] == "shapes:ring" and not ring["earlier"]  # the icon that is drawn so today
    assert [(twin["icon"], twin["earlier"]) for twin in ring["twins"]] == [("other:thing", False)]
    assert "other:thing" not in [result["icon"] for result in others]
    Icon.objects.filter(name="ring").delete()
    before_it, *_ = results(client, RING)
    version = EarlierDrawing.objects.get().svg_version
    assert (before_it["icon"], before_it["earlier"], "replaced_by" in before_it) == ("other:thing", True, False)
    assert before_it["svg"] == f"http://testserver/icons/other/thing.svg?v={version}"
    assert before_it["url"] == f"http://testserver/icons/other/thing/?v={version}"
    today, *_ = results(client, HOUSE)
    assert (today["icon"], today["earlier"]) == ("shapes:home", False)


def test_the_page_of_results_says_so(client: Client, redrawn: Icon) -> None:
    Icon.objects.filter(name="ring").delete()
    page = client.post("/", {"image": upload(png_of(RING))}, follow=True).content.decode()
    assert "Earlier drawing" in page and 'href="/icons/other/thing/"' in page


def test_similar_icons_are_like_the_present_drawing(redrawn: Icon) -> None:
    related = related_to(redrawn, 10)
    assert [str(icon) for icon in related.same_drawing] == ["shapes:home"]


def test_the_address_of_an_earlier_drawing_is_of_it_for_ever(client: Client, redrawn: Icon) -> None:
    drawing = EarlierDrawing.objects.get()
    response = client.get(drawing.svg_url)
    assert response.content.decode() == drawing.svg and "immutable" in response["Cache-Control"]
    assert client.get(redrawn.svg_url).content.decode() == redrawn.svg
    unknown = client.get("/icons/other/thing.svg?v=0123456789ab")
    assert unknown.content.decode() == redrawn.svg and "immutable" not in unknown["Cache-Control"]
    assert client.get("/icons/other/thing.svg?v=%25%00").content.decode() == redrawn.svg
    assert client.get(f"/icons/other/thing.svg?v={drawing.svg_version[:6]}").content.decode() == redrawn.svg
    before_png, png = (client.get(f"/icons/other/thing.png?size=32{v}") for v in (f"&v={drawing.svg_version}", ""))
    assert before_png.content != png.content and before_png.status_code == 200


def test_the_icon_s_page_shows_its_earlier_drawings(client: Client, redrawn: Icon) -> None:
    drawing = EarlierDrawing.objects.get()
    page = client.get("/icons/other/thing/").content.decode()
    assert drawing.svg_url in page and "Earlier drawings" in page and "This is an earlier drawing" not in page
    shown = client.get(drawing.get_absolute_url()).content.decode()
    assert "This is an earlier drawing of the icon." in shown
    assert f'<input type="hidden" name="v" value="{drawing.svg_version}">' in shown
    assert "r=&quot;8&quot;" in shown  # the code to be copied
    assert client.get(f"{drawing.get_absolute_url()}&code=svg").json()["text"].count('r="8"') == 1
    assert "Earlier drawings" not in client.get("/icons/shapes/ring/").content.decode()


def test_each_drawing_has_rows_of_its_own_in_the_index(redrawn: Icon) -> None:
    def rows() -> Sequence[int]:
        return list(IconVector.objects.filter(icon=redrawn).order_by("rendition").values_list("rendition", flat=True))

    assert rows() == [0, EARLIER]
    EarlierDrawing.objects.get().delete()
    assert pending() == ["thing"]
    index("thing")
    assert rows() == [0]


def test_what_was_kept_while_an_icon_was_indexed_is_not_lost(
    icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    embed = indexing.embed_icons

    def embed_meanwhile(*args: Any) -> Any:
        run([SourceIcon("ring", HOUSE)], earlier=True)
        return embed(*args)

    monkeypatch.setattr(indexing, "embed_icons", embed_meanwhile)
    index("ring")
    assert "ring" in pending()
    monkeypatch.setattr(indexing, "embed_icons", embed)
    index("ring")
    assert "ring" not in pending()


def test_an_earlier_drawing_that_cannot_be_drawn_is_passed_over(redrawn: Icon) -> None:
    EarlierDrawing.objects.update(svg=svg_of(""), svg_hash="0" * 64)
    IconVector.objects.mark_stale([redrawn.pk])
    index("thing")
    assert list(IconVector.objects.filter(icon=redrawn).values_list("rendition", "error")) == [(0, "")]


def test_earlier_drawings_are_cleaned_anew(redrawn: Icon) -> None:
    EarlierDrawing.objects.update(svg=svg_of('<path style="fill:red" d="M4 4h9v9H4z"/>'), form=0)
    assert clean_anew(10) == 1
    drawing = EarlierDrawing.objects.get()
    assert drawing.form == FORM and 'fill="red"' in drawing.svg and pending() == ["thing"]
    assert clean_anew(10) == 0


def test_the_admin_shows_and_deletes_them(admin_client: Client, redrawn: Icon, admin_user: User) -> None:
    drawing = EarlierDrawing.objects.get()
    address = f"/admin/icons/icon/{redrawn.pk}/change/"
    page = admin_client.get(address)
    assert drawing.svg_url in page.content.decode()
    form = page.context["adminform"].form
    data = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    data |= {"tags": "", "aliases": "", "set": redrawn.set_id, "earlier_drawings-TOTAL_FORMS": 1}
    data |= {"earlier_drawings-INITIAL_FORMS": 1, "earlier_drawings-0-id": drawing.pk}
    data |= {"earlier_drawings-0-icon": redrawn.pk, "earlier_drawings-0-DELETE": "on"}
    data.pop("hidden", None)
    assert admin_client.post(address, data).status_code == 302
    assert not EarlierDrawing.objects.exists() and pending() == ["thing"]


def test_the_admin_imports_an_earlier_release(admin_client: Client, icons: dict[str, Icon]) -> None:
    data = json.dumps({"prefix": "shapes", "width": 24, "height": 24, "icons": {"ring": {"body": SHAPES["home"]}}})
    file = upload(data.encode(), "old.json")
    refused = admin_client.post("/admin/icons/importrun/add/", {"file": file, "earlier": "on", "prune": "on"})
    assert "An earlier release deletes nothing: choose one of the two." in refused.content.decode()
    file = upload(data.encode(), "old.json")
    assert admin_client.post("/admin/icons/importrun/add/", {"file": file, "earlier": "on"}).status_code == 302
    assert ImportRun.objects.get().options["earlier"] is True


def test_an_icon_takes_over_its_earlier_drawing(make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("thing", SHAPES["home"])
    drawing = EarlierDrawing(icon=icon)
    drawing.redraw(RING)
    EarlierDrawing.objects.keep([drawing])
    assert drawn_as_before(Icon.objects.get(), drawing.svg_version).svg == drawing.svg
    assert drawn_as_before(Icon.objects.get(), "").svg == icon.svg
