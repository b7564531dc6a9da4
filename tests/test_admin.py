"""The admin: icons, the state of the index, and imports."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import LazySettings
from django.contrib.admin.sites import site
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.db.models import Model
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from icons import tasks as import_tasks
from icons.models import Icon, IconSet, ImportProblem, ImportRun
from search import tasks
from search.models import IconVector, Outcome
from search.progress import pending_icons
from tests.conftest import SHAPES, store_outcomes, svg_of

MODEL = "vgg16-icons-2"


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids that were put on the queue."""
    sent: list[int] = []
    monkeypatch.setattr(tasks.index_icons, "apply_async", lambda args, queue: sent.extend(args[0]))
    return sent


def act(client: Client, url: str, action: str, *selected: Model) -> Any:
    """The page after an action of the list at this address on the selected objects."""
    return client.post(url, {"action": action, "_selected_action": [row.pk for row in selected]}, follow=True)


ICONS = "/admin/icons/icon/"


def test_the_list_shows_pictures_and_the_state_of_the_index(
    admin_client: Client, indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon]
) -> None:
    failed = make_icon("broken", SHAPES["ring"])
    store_outcomes([Outcome(failed.pk, failed.svg_hash, error="It crashed.")])
    make_icon("late", SHAPES["ring"])
    page = admin_client.get(ICONS).content.decode()
    for text in (
        "/icons/shapes/ring.svg",
        "shapes:ring",
        "indexed",
        "failed: It crashed.",
        "waiting",
    ):
        assert text in page


@pytest.mark.parametrize(("value", "names"), [("yes", ["cross"]), ("no", ["home"]), ("failed", ["ring"])])
def test_icons_are_filtered_by_the_state_of_the_index(
    admin_client: Client, make_icon: Callable[..., Icon], value: str, names: list[str]
) -> None:
    for name in ("cross", "home", "ring"):
        make_icon(name)
    cross, ring = Icon.objects.get(name="cross"), Icon.objects.get(name="ring")
    outcomes = [
        Outcome(ring.pk, ring.svg_hash, error="No."),
        Outcome(cross.pk, cross.svg_hash, [(np.zeros(256, np.float32), b"")]),
    ]
    store_outcomes(outcomes)
    page = admin_client.get(ICONS, {"indexed": value})
    assert [icon.name for icon in page.context["cl"].result_list] == names


def test_icons_are_searched_by_name_and_by_public_id(admin_client: Client, icons: dict[str, Icon]) -> None:
    for text in ("rin", "shapes:ri"):
        page = admin_client.get(ICONS, {"q": text})
        assert [icon.name for icon in page.context["cl"].result_list] == ["ring"]


def test_a_page_of_many_icons_costs_a_fixed_number_of_queries(
    admin_client: Client, icon_set: IconSet, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    svg = svg_of(SHAPES["ring"])
    Icon.objects.bulk_create(Icon(set=icon_set, name=f"n{i}", svg=svg, svg_hash=str(i)) for i in range(150))
    with django_assert_max_num_queries(10) as captured:
        admin_client.get(ICONS)
    assert not [query["sql"] for query in captured if '"icons_icon"."svg"' in query["sql"]]


def test_a_filtered_list_is_counted_only_so_far(
    rf: RequestFactory, icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icons.pagination.COUNT_UP_TO", 3)
    assert site.get_model_admin(Icon).get_paginator(rf.get(ICONS), Icon.objects.filter(hidden=False), 2).count == 3


def test_selected_icons_are_indexed_anew(
    admin_client: Client, indexed_icons: dict[str, Icon], queued: list[int]
) -> None:
    reply = act(admin_client, ICONS, "reindex_selected", indexed_icons["ring"], indexed_icons["home"])
    assert sorted(queued) == sorted([indexed_icons["ring"].pk, indexed_icons["home"].pk])
    assert "2 icons will be indexed anew" in reply.content.decode()
    assert sorted(pending_icons(MODEL).values_list("name", flat=True)) == ["home", "ring"]
    assert IconVector.objects.filter(vector__isnull=False).count() == len(SHAPES)


def test_too_many_selected_icons_are_refused(
    admin_client: Client, indexed_icons: dict[str, Icon], queued: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.admin.SELECTED_AT_MOST", 1)
    reply = act(admin_client, ICONS, "reindex_selected", indexed_icons["ring"], indexed_icons["home"])
    assert "Re-index their sets instead" in reply.content.decode() and queued == []


def test_whole_sets_are_indexed_anew(admin_client: Client, indexed_icons: dict[str, Icon], queued: list[int]) -> None:
    act(admin_client, ICONS, "reindex_their_sets", indexed_icons["ring"])
    assert len(queued) == len(SHAPES)
    queued.clear()
    act(admin_client, "/admin/icons/iconset/", "reindex_sets", indexed_icons["ring"].set)
    assert len(queued) == len(SHAPES)


def test_everything_is_indexed_anew_whatever_is_selected(
    admin_client: Client, indexed_icons: dict[str, Icon], queued: list[int]
) -> None:
    reply = act(admin_client, ICONS, "reindex_everything")
    assert len(queued) == len(SHAPES)
    assert "5</td><td>0</td><td>0</td><td>5</td>" in reply.content.decode()  # total, indexed, failed, waiting


def test_re_indexing_needs_the_right_to_change(
    client: Client, django_user_model: Any, icons: dict[str, Icon], queued: list[int]
) -> None:
    viewer = django_user_model.objects.create_user("viewer", password="x", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_icon"))
    client.force_login(viewer)
    act(client, ICONS, "reindex_everything")
    act(client, ICONS, "reindex_selected", icons["ring"])
    assert queued == []


def test_an_icon_is_cleaned_when_it_is_saved(admin_client: Client, icon_set: IconSet, queued: list[int]) -> None:
    fields = {"set": icon_set.pk, "name": "ring", "tags": "round", "aliases": "", "category": ""}
    bad = admin_client.post(f"{ICONS}add/", {**fields, "svg": svg_of("<script>1</script>")})
    assert "script" in bad.context["adminform"].form.errors["__all__"][0]
    admin_client.post(f"{ICONS}add/", {**fields, "svg": svg_of(f'<g onclick="x()">{SHAPES["ring"]}</g>')})
    icon = Icon.objects.get()
    assert "onclick" not in icon.svg and icon.tags == ["round"]


def test_a_renamed_icon_keeps_its_addresses(admin_client: Client, make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("ring", aliases=["circle"])
    for name, aliases in (("hoop", "circle"), ("ring", "circle,ring")):
        fields = {"set": icon.set.pk, "name": name, "tags": "", "aliases": aliases, "category": "", "svg": icon.svg}
        assert admin_client.post(f"{ICONS}{icon.pk}/change/", fields).status_code == 302
        for earlier in {"ring", "hoop", "circle"} - {name}:
            reply = admin_client.get(f"/icons/shapes/{earlier}/")
            assert (reply.status_code, reply["Location"]) == (302, f"/icons/shapes/{name}/") or earlier == "hoop"
    icon.refresh_from_db()
    assert icon.aliases == ["circle", "hoop"]


def test_deleting_icons_deletes_their_vectors(admin_client: Client, indexed_icons: dict[str, Icon]) -> None:
    admin_client.post(
        ICONS, {"action": "delete_selected", "_selected_action": [indexed_icons["ring"].pk], "post": "yes"}
    )
    assert Icon.objects.count() == IconVector.objects.count() == len(SHAPES) - 1


def test_deleting_a_set_counts_its_icons_and_deletes_them(admin_client: Client, indexed_icons: dict[str, Icon]) -> None:
    icon_set = indexed_icons["ring"].set
    url = f"/admin/icons/iconset/{icon_set.pk}/delete/"
    page = admin_client.get(url).content.decode()
    assert "Shapes (shapes) with its 5 icons" in page and "shapes:ring" not in page
    admin_client.post(url, {"post": "yes"})
    assert not (IconSet.objects.exists() or Icon.objects.exists() or IconVector.objects.exists())


def test_the_progress_page_reloads_while_icons_wait(admin_client: Client, icons: dict[str, Icon]) -> None:
    page = admin_client.get("/admin/search/iconvector/progress/").content.decode()
    assert "Shapes (shapes)" in page and "data-auto-refresh" in page
    outcomes = [Outcome(icon.pk, icon.svg_hash, error="No.") for icon in icons.values()]
    store_outcomes(outcomes)
    page = admin_client.get("/admin/search/iconvector/progress/").content.decode()
    assert "data-auto-refresh" not in page and "indexed=failed" in page


def test_the_index_is_looked_at_but_not_edited(admin_client: Client, indexed_icons: dict[str, Icon]) -> None:
    assert "shapes:ring" in admin_client.get("/admin/search/iconvector/").content.decode()
    assert admin_client.get("/admin/search/iconvector/add/").status_code == 403


# --- imports ---

RUNS = "/admin/icons/importrun/"


def iconify_file(**icons: object) -> SimpleUploadedFile:
    """Iconify JSON with these icons, or with one that can be used and one that cannot."""
    data = {
        "prefix": "up",
        "icons": icons or {"ring": {"body": SHAPES["ring"]}, "bad": {"body": "<script>run()</script>"}},
    }
    return SimpleUploadedFile("My Icons.json", json.dumps(data).encode())


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the imports that were put on the queue."""
    runs: list[int] = []
    monkeypatch.setattr(import_tasks.import_upload, "delay", runs.append)
    return runs


@pytest.mark.django_db(transaction=True)
def test_an_uploaded_file_is_imported_by_the_worker(
    admin_client: Client, started: list[int], queued: list[int]
) -> None:
    reply = admin_client.post(f"{RUNS}add/", {"file": iconify_file(), "title": "Uploaded"}, follow=True)
    run = ImportRun.objects.get()
    assert reply.redirect_chain[-1][0] == f"{RUNS}{run.pk}/change/"
    assert "data-auto-refresh" in reply.content.decode()
    assert started == [run.pk] and run.status == "queued" and "My Icons" not in str(run.upload.name)
    import_tasks.import_upload(run.pk)
    run.refresh_from_db()
    assert (run.status, run.added, run.rejected) == ("done", 1, 1)
    assert IconSet.objects.get(prefix="up").title == "Uploaded"
    page = admin_client.get(f"{RUNS}{run.pk}/change/").content.decode()
    assert "up:bad" in page and "script" in page and "data-auto-refresh" not in page
    assert not run.upload
    assert "1 of 2" not in admin_client.get(RUNS).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broken", ["save_model", "log_addition"])
def test_an_upload_whose_import_is_not_saved_leaves_no_file(
    admin_client: Client, started: list[int], monkeypatch: pytest.MonkeyPatch, settings: LazySettings, broken: str
) -> None:
    def break_down(*args: object) -> None:
        raise OperationalError("no space left on device")

    monkeypatch.setattr(f"django.contrib.admin.ModelAdmin.{broken}", break_down)
    with pytest.raises(OperationalError):
        admin_client.post(f"{RUNS}add/", {"file": iconify_file()})
    assert not ImportRun.objects.exists() and started == []
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


@pytest.mark.django_db(transaction=True)
def test_an_upload_whose_import_is_saved_keeps_its_file_whatever_fails_then(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(pk: int) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(import_tasks.import_upload, "delay", break_down)
    with pytest.raises(RuntimeError):
        admin_client.post(f"{RUNS}add/", {"file": iconify_file()})
    run = ImportRun.objects.get()
    assert run.upload.storage.exists(str(run.upload.name))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "This field is required."),
        ({"file": SimpleUploadedFile("x.txt", b"x")}, "Choose a .svg, a .json or a .zip file."),
        ({"file": SimpleUploadedFile("x.zip", b"x" * 200)}, "The file is larger than 0 MB."),
        ({"file": SimpleUploadedFile("x.zip", b"x"), "prefix": "Not This"}, "Use lower-case letters"),
    ],
)
def test_a_bad_upload_is_refused_with_a_sentence(
    admin_client: Client, fields: dict[str, Any], sentence: str, settings: Any
) -> None:
    settings.IMPORT_UPLOAD_MAX_BYTES = 100
    assert sentence in admin_client.post(f"{RUNS}add/", fields).content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_broken_file_fails_with_a_reason(admin_client: Client, started: list[int]) -> None:
    admin_client.post(f"{RUNS}add/", {"file": SimpleUploadedFile("x.zip", b"no zip")})
    import_tasks.import_upload(started[0])
    assert "cannot be read as a zip file" in ImportRun.objects.get().reason


@pytest.mark.django_db(transaction=True)
def test_reasons_are_in_the_language_of_whoever_started_the_import(admin_client: Client, started: list[int]) -> None:
    icons = {"ring": {"body": "<text>A</text>"}, "Not this": {"body": ""}, "no-body": {}}
    file = json.dumps({"prefix": "x", "icons": icons, "aliases": {"lost": {"parent": "gone"}}}).encode()
    chinese = {"accept-language": "zh-CN"}
    admin_client.post(f"{RUNS}add/", {"file": SimpleUploadedFile("x.json", file)}, headers=chinese)
    admin_client.post(f"{RUNS}add/", {"file": SimpleUploadedFile("x.zip", b"no zip")}, headers=chinese)
    for pk in started:
        import_tasks.import_upload(pk)
    first, second = ImportRun.objects.order_by("pk")
    assert dict(first.problems.values_list("icon", "reason")) == {
        "x:ring": "SVG 包含文字“A”：请先将其转换为路径（Illustrator：文字 › 创建轮廓；Figma：拼合；"
        "Inkscape：路径 › 对象转成路径）。",
        "x:Not this": "名称只能由小写字母、数字和单个连字符组成。",
        "x:no-body": "图标须有文本形式的“body”，其尺寸须为数字。",
        "x:lost": "该别名没有对应的图标。",
    }
    assert "无法作为 zip 文件读取：" in second.reason


def test_an_import_does_not_go_beyond_its_total(admin_client: Client) -> None:
    """What is rejected on its own, as a file of a folder, was not among the icons that were expected."""
    run = ImportRun.objects.create(source="x", added=10, rejected=2, expected=10)
    for address in (RUNS, f"{RUNS}{run.pk}/change/"):
        page = admin_client.get(address).content.decode()
        assert "12 of 12" in page and 'value="12" max="12"' in page
    ImportRun.objects.filter(pk=run.pk).update(expected=None)
    assert "12 of ?" in admin_client.get(RUNS).content.decode()


def test_a_running_import_is_stopped(admin_client: Client) -> None:
    run = ImportRun.objects.create(source="x", status=ImportRun.Status.RUNNING)
    act(admin_client, RUNS, "stop", run)
    run.refresh_from_db()
    assert run.status == "stopped" and run.reason == "admin stopped this import. The icons imported so far are kept."


def test_only_the_first_problems_are_listed(admin_client: Client) -> None:
    run = ImportRun.objects.create(source="x", status=ImportRun.Status.DONE)
    ImportProblem.objects.bulk_create(ImportProblem(run=run, icon=f"p{i:04}", reason="Bad.") for i in range(300))
    page = admin_client.get(f"{RUNS}{run.pk}/change/").content.decode()
    assert "p0199" in page and "p0200" not in page


def test_an_import_whose_worker_died_is_taken_up_again(db: None, started: list[int]) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    fields = {"source": "x", "status": ImportRun.Status.RUNNING, "updated_at": long_ago}
    died = ImportRun.objects.create(upload="imports/x.json", attempts=1, **fields)
    hopeless = ImportRun.objects.create(upload="imports/y.json", attempts=3, **fields)
    command = ImportRun.objects.create(**fields)
    alive = ImportRun.objects.create(source="x", upload="imports/z.json", status=ImportRun.Status.RUNNING)
    import_tasks.resume_imports()
    states = {run.pk: run.status for run in ImportRun.objects.all()}
    assert states == {died.pk: "queued", hopeless.pk: "failed", command.pk: "failed", alive.pk: "running"}
    assert started == [died.pk]


def test_an_upload_that_was_stopped_is_not_imported(db: None) -> None:
    run = ImportRun.objects.create(source="x", status=ImportRun.Status.STOPPED)
    import_tasks.import_upload(run.pk)
    import_tasks.import_upload(run.pk + 1)
    run.refresh_from_db()
    assert run.status == "stopped"
