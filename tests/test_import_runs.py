"""The states of an import, when several processes write to the same run: worker, second worker, and the admin."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone, translation

from icons import tasks
from icons.importing import importer
from icons.importing.importer import run_import
from icons.importing.packs import Pack, Rejected, SetInfo, SourceIcon
from icons.models import AttemptEnded, Icon, ImportProblem, ImportRun
from tests.conftest import SHAPES, svg_of

pytestmark = pytest.mark.django_db(transaction=True)

RUNS = "/admin/icons/importrun/"
RUNNING, STOPPED, DONE, FAILED, QUEUED = (
    ImportRun.Status.RUNNING,
    ImportRun.Status.STOPPED,
    ImportRun.Status.DONE,
    ImportRun.Status.FAILED,
    ImportRun.Status.QUEUED,
)
SILENCE = timedelta(minutes=15)


def source_icon(name: str) -> SourceIcon:
    return SourceIcon(name, svg_of(SHAPES[name]))


def new_run(text: str = "{}") -> ImportRun:
    """A queued run with an uploaded file."""
    run = ImportRun(source="x.json")
    run.upload.save("import.json", ContentFile(text.encode()), save=False)
    run.save()
    return run


def claimed_run(text: str = "{}") -> ImportRun:
    run = new_run(text)
    assert run.claim()
    return run


def fall_silent(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(updated_at=timezone.now() - timedelta(hours=1))


def row(run: ImportRun) -> ImportRun:
    return ImportRun.objects.get(pk=run.pk)


def uploads(settings: LazySettings) -> list[str]:
    return [path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the runs that were put on the queue."""
    pks: list[int] = []
    monkeypatch.setattr(tasks.import_upload, "delay", pks.append)
    return pks


def test_a_run_that_was_stopped_is_not_done_afterwards() -> None:
    run = claimed_run()
    run.record(added=3)
    assert row(run).stop("Enough.")
    with pytest.raises(AttemptEnded):
        run.record(added=1)
    assert not run.finish(DONE)
    assert (row(run).status, row(run).reason, row(run).added) == (STOPPED, "Enough.", 3)


def test_a_run_that_is_done_is_not_stopped_afterwards() -> None:
    run = claimed_run()
    seen_in_the_admin = row(run)
    assert run.finish(DONE)
    assert not seen_in_the_admin.stop("Enough.")
    assert (row(run).status, row(run).reason) == (DONE, "")


def test_counts_are_added_to_those_in_the_database() -> None:
    run = claimed_run()
    run.record(expected=4)
    run.record(added=2, rejected=1)
    run.record(added=1, expected=3)
    assert run.finish(DONE)
    assert (row(run).added, row(run).rejected, row(run).expected) == (3, 1, 7)


def test_a_deleted_run_does_not_come_back(settings: LazySettings) -> None:
    run = claimed_run()
    row(run).delete()
    assert not run.finish(FAILED, "It broke.")
    with pytest.raises(AttemptEnded):
        run.record(added=1)
    assert not (ImportRun.objects.exists() or uploads(settings))
    assert not run.claim() and not run.stop("Enough.")


def test_an_import_that_is_deleted_while_it_runs_writes_nothing_more(settings: LazySettings) -> None:
    settings.IMPORT_BATCH = 1
    run = claimed_run()

    def icons() -> Iterator[SourceIcon | Rejected]:
        yield source_icon("ring")
        row(run).delete()
        yield Rejected("bad", "It is bad.")
        yield source_icon("cross")

    run_import(run, [Pack(SetInfo("shapes"), icons())])
    assert list(Icon.objects.values_list("name", flat=True)) == ["ring"]
    assert not (ImportRun.objects.exists() or ImportProblem.objects.exists() or uploads(settings))


def test_a_run_that_is_done_loses_its_upload(settings: LazySettings) -> None:
    run = claimed_run()
    assert len(uploads(settings)) == 1
    run.finish(DONE)
    assert uploads(settings) == [] and not row(run).upload


def test_an_upload_goes_with_its_run_however_that_is_deleted(settings: LazySettings, admin_client: Client) -> None:
    new_run().delete()
    assert uploads(settings) == []
    new_run()
    ImportRun.objects.all().delete()
    assert uploads(settings) == []
    run = new_run()
    admin_client.post(f"{RUNS}{run.pk}/delete/", {"post": "yes"})
    assert not ImportRun.objects.exists() and uploads(settings) == []
    pks = [new_run().pk, new_run().pk]
    admin_client.post(RUNS, {"action": "delete_selected", "_selected_action": pks, "post": "yes"})
    assert not ImportRun.objects.exists() and uploads(settings) == []


def test_an_upload_stays_where_its_run_is_not_deleted_after_all(settings: LazySettings) -> None:
    with transaction.atomic():
        new_run().delete()
        transaction.set_rollback(True)
    assert len(uploads(settings)) == 1


def test_an_older_attempt_writes_nothing_more_once_its_run_is_taken_up_again(started: list[int]) -> None:
    older = claimed_run()
    older.record(added=5, rejected=1)
    older.keep_problems([("bad", "It is bad.")])
    fall_silent(older)
    tasks.resume_imports()
    assert started == [older.pk] and row(older).status == QUEUED
    with pytest.raises(AttemptEnded):  # before another worker takes it up
        older.record(added=1)
    newer = row(older)
    assert newer.claim()
    assert (newer.attempts, newer.added, newer.rejected, newer.problems.count()) == (2, 0, 0, 0)
    newer.record(added=2)
    with pytest.raises(AttemptEnded):  # and afterwards
        older.record(added=1)
    assert not older.finish(FAILED, "It broke.")
    assert (row(older).status, row(older).added, bool(row(older).upload)) == (RUNNING, 2, True)
    assert newer.finish(DONE)


def test_an_older_attempt_stops_at_its_next_batch(settings: LazySettings) -> None:
    settings.IMPORT_BATCH = 1
    older = claimed_run()

    def icons() -> Iterator[SourceIcon]:
        yield source_icon("ring")
        fall_silent(older)
        assert row(older).requeue(SILENCE) and row(older).claim()
        yield source_icon("cross")

    run_import(older, [Pack(SetInfo("shapes"), icons())])
    assert list(Icon.objects.values_list("name", flat=True)) == ["ring"]
    assert (row(older).status, row(older).attempts, row(older).added) == (RUNNING, 2, 0)


def test_an_attempt_that_has_ended_prunes_nothing() -> None:
    first = claimed_run()
    run_import(first, [Pack(SetInfo("shapes"), [source_icon("ring"), source_icon("cross")])])
    second = claimed_run()

    def icons() -> Iterator[SourceIcon]:
        yield source_icon("ring")

    def stop(pack: Pack, done: int) -> None:
        row(second).stop("Enough.")

    run_import(second, [Pack(SetInfo("shapes"), icons())], prune=True, progress=stop)
    assert (Icon.objects.count(), row(second).status, row(second).pruned) == (2, STOPPED, 0)


def test_a_run_may_be_deleted_in_the_middle_of_a_batch() -> None:
    run = claimed_run()

    def delete() -> int:
        try:
            return ImportRun.objects.all().delete_locked()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            run.record(rejected=1)
            deletion = pool.submit(delete)
            with pytest.raises(TimeoutError):  # it waits for the batch
                deletion.result(timeout=0.5)
            run.keep_problems([("bad", "It is bad.")])
        assert deletion.result(timeout=60) == 1
    assert not (ImportRun.objects.exists() or ImportProblem.objects.exists())


@pytest.mark.parametrize("take_up", [lambda run: run.requeue(SILENCE), lambda run: run.give_up(SILENCE, "It is dead.")])
def test_a_run_that_gave_a_sign_of_life_meanwhile_is_left_alone(take_up: Callable[[ImportRun], bool]) -> None:
    run = claimed_run()
    fall_silent(run)
    thought_dead = ImportRun.objects.silent(SILENCE).get()
    run.record(added=1)
    assert not take_up(thought_dead)
    run.finish(DONE)
    fall_silent(run)
    assert not take_up(thought_dead)
    assert row(run).status == DONE


def test_a_message_that_comes_twice_starts_one_attempt() -> None:
    run = new_run()
    twin = row(run)
    assert run.claim() and not twin.claim()
    assert row(run).attempts == 1


def test_a_run_is_given_up_after_three_attempts_in_the_language_of_who_started_it(
    started: list[int], settings: LazySettings
) -> None:
    run = new_run()
    ImportRun.objects.filter(pk=run.pk).update(attempts=3, options={"language": "zh-hans"})
    fall_silent(run)
    tasks.resume_imports()
    assert started == [] and uploads(settings) == []
    assert (row(run).status, row(run).reason) == (
        FAILED,
        "计算机或工作进程已停止。已导入的图标会保留。请重新开始导入。",
    )


def test_a_run_whose_worker_lives_is_left_alone_however_silent_it_is(started: list[int]) -> None:
    run = claimed_run()
    fall_silent(run)

    def work(begun: Event, done: Event) -> None:
        with row(run).worked_on() as is_mine:
            assert is_mine
            begun.set()
            done.wait(60)
        connection.close()

    begun, done = Event(), Event()
    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(work, begun, done)
        begun.wait(60)
        tasks.import_upload(run.pk)  # the message comes twice
        tasks.resume_imports()
        assert (row(run).status, started) == (RUNNING, [])
        done.set()
        worker.result()
    tasks.resume_imports()
    assert (row(run).status, started) == (QUEUED, [run.pk])


@pytest.mark.parametrize("waiting", [0, 1])
def test_a_message_that_was_lost_is_sent_again(
    started: list[int], monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    monkeypatch.setattr(tasks, "messages_waiting", lambda queue: waiting)
    run = new_run()
    tasks.resume_imports()
    assert started == []
    fall_silent(run)
    tasks.resume_imports()
    assert started == [run.pk] * (not waiting)


def test_an_upload_that_a_killed_worker_left_is_deleted_later(settings: LazySettings) -> None:
    run = claimed_run()
    ImportRun.objects.filter(pk=run.pk).update(status=DONE)
    unfinished = new_run()
    tasks.resume_imports()
    assert not row(run).upload and row(unfinished).upload and len(uploads(settings)) == 1


def test_the_admin_stops_what_still_runs_and_nothing_else(admin_client: Client, settings: LazySettings) -> None:
    running, done, chinese = claimed_run(), claimed_run(), claimed_run()
    done.finish(DONE)
    ImportRun.objects.filter(pk=chinese.pk).update(options={"language": "zh-hans"})
    chosen = {"action": "stop", "_selected_action": [running.pk, done.pk, chinese.pk]}
    page = admin_client.post(RUNS, chosen, follow=True).content.decode()
    assert "2 imports stopped." in page and uploads(settings) == []
    assert (row(running).status, row(running).reason) == (
        STOPPED,
        "admin stopped this import. The icons imported so far are kept.",
    )
    assert (row(done).status, row(done).reason) == (DONE, "")
    with translation.override("zh-hans"):
        expected = translation.gettext("%(person)s stopped this import. The icons imported so far are kept.") % {
            "person": "admin"
        }
    assert row(chinese).reason == expected != "admin stopped this import. The icons imported so far are kept."


def test_an_error_of_the_database_ends_the_import_and_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(icon_set: object, icons: object, earlier: object) -> None:
        raise OperationalError("no space left on device")

    monkeypatch.setattr(importer, "write_icons", break_down)
    run = claimed_run()
    with pytest.raises(OperationalError):
        run_import(run, [Pack(SetInfo("shapes"), [source_icon("ring")])])
    reason = (
        "The import was interrupted (OperationalError: no space left on device). The icons imported so far are kept."
    )
    assert (row(run).status, row(run).reason) == (FAILED, reason)


def test_ctrl_c_stops_the_command_and_its_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(raw: str | bytes) -> None:
        raise KeyboardInterrupt

    (tmp_path / "ring.svg").write_text(svg_of(SHAPES["ring"]))
    monkeypatch.setattr("icons.models.drawing.clean_without_faint", interrupt)
    for language in ("en", "zh-hans"):
        with (
            translation.override(language),
            pytest.raises(CommandError, match="Stopped. Icons imported so far are kept"),
        ):
            call_command("import_icons", str(tmp_path))
    assert list(ImportRun.objects.order_by("pk").values_list("status", "reason")) == [
        (STOPPED, "Ctrl-C stopped this import. The icons imported so far are kept."),
        (STOPPED, "此次导入已被 Ctrl-C 停止。已导入的图标会保留。"),
    ]


def test_the_command_says_that_its_run_was_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def delete_runs(run: ImportRun, *args: object) -> None:
        ImportRun.objects.all().delete()

    monkeypatch.setattr("icons.management.commands.import_icons.run_import", delete_runs)
    with pytest.raises(CommandError, match="Not imported, or not completely"):
        call_command("import_icons", str(tmp_path))
    assert "deleted in the admin while it ran" in capsys.readouterr().err
