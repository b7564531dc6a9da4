"""Downloads that take long: made by a worker, told of meanwhile, private to who asked, and deleted in time."""

import os
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueError

from bags import preparing, tasks
from bags.downloads.download import Download
from bags.downloads.formats import DOWNLOAD_FORMATS
from bags.downloads.tracing import outlines
from bags.models import Bag, PreparedDownload
from icons.exporting.look import Look
from icons.models import Icon
from icons.prepared_files import MAX_ATTEMPTS, UNKNOWN_FOR
from iconsite import celery_app, limits, middleware
from tests.conftest import Worker, wait_until

PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def bag(icons: dict[str, Icon], settings: LazySettings) -> Bag:
    """A bag of all SHAPES, one at a stroke width of its own; each download of it counts as one that takes long."""
    settings.BAG_IMMEDIATE_SECONDS = 0
    bag = Bag.objects.create(name="My bag")
    bag.add([icon.pk for icon in icons.values()], {icons["ring"].pk: 1.25})
    return bag


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The primary keys of downloads that were queued, which no worker takes."""
    pks: list[int] = []
    monkeypatch.setattr(tasks.make_download, "delay", pks.append)
    return pks


def ask(client: Client, bag: Bag, file_format: str = "font.zip", **headers: str) -> Any:
    return client.get(f"/bags/{bag.key}/{file_format}", headers=headers)


def test_what_is_small_is_answered_at_once_and_what_is_large_is_not(
    make_icon: Callable[..., Icon], settings: LazySettings
) -> None:
    icon = make_icon("ring")

    def take_long(file_format: str, count: int, size: int | None = None) -> bool:
        return preparing.takes_long(file_format, Download([icon] * count, look=Look(size=size)))

    assert not take_long("font.zip", 50) and take_long("font.zip", 100)
    assert not take_long("png.zip", 1000) and take_long("png.zip", 200, 1024)
    assert not any(take_long(name, 2000) for name in DOWNLOAD_FORMATS if name not in ("font.zip", "png.zip"))
    settings.BAG_MAX_ICONS_FONT = 99
    with pytest.raises(ValidationError, match="A font holds at most 99 icons"):
        take_long("font.zip", 100)


def test_a_program_is_told_where_to_ask_and_fetches_the_file(client: Client, bag: Bag, queued: list[int]) -> None:
    accepted = ask(client, bag)
    prepared = PreparedDownload.objects.get()
    address = f"http://testserver/downloads/{prepared.key}/"
    assert accepted.status_code == 202 and queued == [prepared.pk]
    assert accepted["Location"] == f"/downloads/{prepared.key}/" and accepted["Retry-After"] == "2"
    assert accepted.json() == {"status": "queued", "done": 0, "total": 5, "address": address}
    assert client.get(f"{address}file").status_code == 404
    tasks.make_download(prepared.pk)
    told = client.get(address)
    assert told.json() == {"status": "ready", "done": 5, "total": 5, "address": address, "file": f"{address}file"}
    assert "Retry-After" not in told and "private" in told["Cache-Control"]
    file = client.get(told.json()["file"])
    assert file["Content-Disposition"] == 'attachment; filename="my-bag-font.zip"'
    assert file["Content-Type"] == "application/zip" and "private" in file["Cache-Control"]
    with zipfile.ZipFile(BytesIO(file.getvalue())) as archive:
        assert archive.testzip() is None and "my-bag.woff2" in archive.namelist()


@pytest.mark.parametrize("file_format", DOWNLOAD_FORMATS)
def test_a_worker_makes_the_same_file_as_the_web_server(
    client: Client, bag: Bag, queued: list[int], settings: LazySettings, file_format: str
) -> None:
    ask(client, bag, f"{file_format}?size=40&colour=red&colours=1")
    prepared = PreparedDownload.objects.get()
    tasks.make_download(prepared.pk)
    prepared.refresh_from_db()
    settings.BAG_IMMEDIATE_SECONDS = 99
    at_once = ask(client, bag, f"{file_format}?size=40&colour=red&colours=1")
    assert at_once.status_code == 200 and prepared.path.read_bytes() == at_once.content
    assert prepared.size == len(at_once.content)


def test_a_person_goes_on_to_a_page_that_loads_itself_anew(client: Client, bag: Bag, queued: list[int]) -> None:
    reply = ask(client, bag, **PERSON)
    prepared = PreparedDownload.objects.get()
    assert reply.status_code == 302 and reply["Location"] == prepared.get_absolute_url()
    page = client.get(reply["Location"], headers=PERSON).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page and "The file will be made in a moment." in page
    prepared.change(status="running", done=3)
    page = client.get(reply["Location"], headers=PERSON).content.decode()
    assert "The file is being made." in page and "3 of 5 icons" in page and 'max="5" value="3"' in page
    tasks.make_download(prepared.pk)
    page = client.get(reply["Location"], headers=PERSON).content.decode()
    assert "refresh" not in page and "The file is ready." in page and f'{prepared.get_file_url()}"' in page


def test_a_visitor_has_one_download_made_at_a_time(client: Client, bag: Bag, queued: list[int]) -> None:
    first = ask(client, bag, **PERSON)
    assert ask(client, bag, **PERSON)["Location"] == first["Location"]  # the same again is the same download
    refused = ask(client, bag, "png.zip", **PERSON)
    sentence = "Your download before this one is still being made. Wait for it."
    assert refused.status_code == 429 and sentence in refused.content.decode() and refused["Retry-After"]
    told = ask(client, bag, "png.zip")
    assert told.status_code == 429 and told.json()["detail"] == sentence
    assert told.json()["address"].endswith(first["Location"])
    assert ask(Client(), bag, "png.zip").status_code == 202  # somebody else
    assert len(queued) == 2
    tasks.make_download(queued[0])
    assert ask(client, bag, "png.zip").status_code == 202
    assert ask(client, bag, **PERSON)["Location"] == first["Location"]  # it is still there


def test_a_bag_that_has_changed_is_another_download(client: Client, bag: Bag, queued: list[int]) -> None:
    first = ask(client, bag, **PERSON)["Location"]
    tasks.make_download(queued[0])
    icon = bag.in_order().first()
    assert icon
    icon.redraw(icon.svg.replace("4", "5"))
    icon.save()
    assert ask(client, bag, **PERSON)["Location"] != first


def test_a_download_is_seen_by_nobody_else(client: Client, bag: Bag, queued: list[int]) -> None:
    address = ask(client, bag, **PERSON)["Location"]
    tasks.make_download(queued[0])
    for path in (address, f"{address}file"):
        assert client.get(path).status_code == 200
        other = Client().get(path)
        assert other.status_code == 404 and "There is no such download." in other.content.decode()


def test_of_all_visitors_downloads_only_some_wait(
    client: Client, bag: Bag, queued: list[int], settings: LazySettings
) -> None:
    settings.LIMIT_WAITING_DOWNLOADS = 1
    assert ask(client, bag).status_code == 202
    for accept in ("text/html", "*/*"):
        refused = ask(Client(), bag, Accept=accept)
        assert refused.status_code == 503 and refused["Retry-After"] == "60"
        assert "Downloads of others are still being made." in refused.content.decode()


def test_an_address_may_ask_for_so_many_seconds_of_a_worker(
    bag: Bag, queued: list[int], settings: LazySettings
) -> None:
    settings.LIMIT_RATE, settings.LIMIT_DOWNLOAD_BURST = 0.01, 2
    limits._silent_until = 0.0
    request = RequestFactory().get("/")
    limits.take(middleware.downloads_of(request), -9)  # it is full, whatever other tests took
    statuses = [ask(Client(), bag).status_code for _ in range(3)]  # each costs 1.15 s
    assert statuses == [202, 202, 429]
    refused = ask(Client(), bag, **PERSON)
    assert "many large downloads" in refused.content.decode() and int(refused["Retry-After"]) > 9
    limits.take(middleware.downloads_of(request), -9)


def test_a_download_that_fails_says_why_in_the_visitors_language(
    client: Client, bag: Bag, queued: list[int], settings: LazySettings
) -> None:
    settings.BAG_PREPARE_SECONDS = 0
    address = ask(client, bag, **PERSON, **{"Accept-Language": "zh-CN"})["Location"]
    tasks.make_download(queued[0])
    told = client.get(address).json()
    assert told["status"] == "failed" and told["detail"] == "此下载耗时过长。请减少图标，或缩小尺寸。"
    page = client.get(address, headers=PERSON).content.decode()
    assert told["detail"] in page and "refresh" not in page
    assert ask(client, bag, **PERSON, **{"Accept-Language": "zh-CN"})["Location"] != address  # it may be tried again


def test_a_full_disk_is_told(client: Client, bag: Bag, queued: list[int]) -> None:
    address = ask(client, bag, **PERSON)["Location"]
    PreparedDownload.folder().parent.mkdir(parents=True, exist_ok=True)
    PreparedDownload.folder().write_text("no folder")  # root may write anywhere, also where a folder is read-only
    tasks.make_download(queued[0])
    assert "disk is full or read-only" in client.get(address).json()["detail"]


def test_a_download_that_ends_each_worker_is_given_up(client: Client, bag: Bag, queued: list[int]) -> None:
    address = ask(client, bag, **PERSON)["Location"]
    PreparedDownload.objects.update(status="running", attempts=MAX_ATTEMPTS)
    tasks.make_download(queued[0])
    assert "could not be made" in client.get(address).json()["detail"]


def test_it_is_made_once_whoever_gets_the_message(
    client: Client, bag: Bag, queued: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client, bag)
    for _ in range(2):
        tasks.make_download(queued[0])
        monkeypatch.setattr(preparing, "_download_of", None)  # it would fail
    tasks.make_download(0)  # it has been deleted
    assert PreparedDownload.objects.get().status == "ready"


def test_icons_and_bags_may_be_deleted_meanwhile(client: Client, bag: Bag, queued: list[int]) -> None:
    address = ask(client, bag, "svg.zip", **PERSON)["Location"]
    Icon.objects.filter(name="ring").delete()
    bag.delete()
    tasks.make_download(queued[0])
    with zipfile.ZipFile(BytesIO(client.get(f"{address}file").getvalue())) as archive:
        assert "shapes/home.svg" in archive.namelist() and "shapes/ring.svg" not in archive.namelist()
    assert "Back to the bag" not in client.get(address, headers=PERSON).content.decode()


def test_the_progress_is_written_while_it_is_made(
    client: Client, bag: Bag, queued: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client, bag)
    written: list[dict[str, object]] = []
    change = PreparedDownload.change

    def noting(prepared: PreparedDownload, **fields: object) -> None:
        written.append(fields)
        if set(fields) != {"done"}:  # the thread's own connection does not see the rows of a test
            change(prepared, **fields)

    monkeypatch.setattr(PreparedDownload, "change", noting)
    monkeypatch.setattr(preparing, "REPORT_INTERVAL", 0.01)
    tasks.make_download(queued[0])
    reported = [fields["done"] for fields in written if set(fields) == {"done"}]
    assert reported[0] == 0 and reported == sorted(reported, key=str)


def test_each_traced_icon_is_told_of() -> None:
    counts: list[int] = []
    outlines(
        ['<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>'] * 3,
        time.monotonic() + 60,
        counts.append,
    )
    assert counts == [1, 1, 1]


def test_files_are_deleted_in_time(client: Client, bag: Bag, queued: list[int], settings: LazySettings) -> None:
    kept = {}
    for file_format in ("svg.zip", "sprite.svg", "icons.json"):
        kept[file_format] = ask(client, bag, file_format, **PERSON)["Location"]
        tasks.make_download(queued[-1])
    first, second, third = PreparedDownload.objects.order_by("pk")
    PreparedDownload.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(hours=7))
    assert client.get(kept["svg.zip"]).status_code == 404  # also before it is deleted
    settings.BAG_FILES_MAX_BYTES = third.size
    young, old = PreparedDownload.folder() / "young.draft", PreparedDownload.folder() / "old.draft"
    for file in (young, old):
        file.touch()
    os.utime(old, (0, time.time() - UNKNOWN_FOR - 9))
    assert tasks.delete_old_downloads() == 2
    assert sorted(PreparedDownload.folder().iterdir()) == sorted([third.path, young])
    assert [client.get(address).status_code for address in kept.values()] == [404, 404, 200]
    third.path.unlink()
    assert client.get(f"{kept['icons.json']}file").status_code == 404
    assert ask(client, bag, "icons.json", **PERSON)["Location"] != kept["icons.json"]  # it is made again


def test_a_queue_out_of_reach_makes_it_later(client: Client, bag: Bag, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(pk: int) -> None:
        raise QueueError("refused")

    with monkeypatch.context() as patch:
        patch.setattr(tasks.make_download, "delay", fail)
        assert ask(client, bag).status_code == 202
    celery_app.control.purge()
    again: list[int] = []
    monkeypatch.setattr(tasks.make_download, "delay", again.append)
    tasks.resume_downloads()
    monkeypatch.setattr(tasks, "messages_waiting", lambda queue: 1)
    tasks.resume_downloads()  # a message waits that may be its own
    assert again == [PreparedDownload.objects.get().pk]


def test_a_worker_that_is_killed_leaves_its_download_to_the_next(
    worker: Worker, client: Client, bag: Bag, make_icon: Callable[..., Icon]
) -> None:
    more = [make_icon(f"n{number}", f'<path d="M2 2h{number % 20 + 1}v{number // 20 + 2}z"/>') for number in range(300)]
    bag.add([icon.pk for icon in more])
    address = ask(client, bag, "png.zip?size=1024", **PERSON)["Location"]
    wait_until(lambda: client.get(address).json()["status"] == "running")
    worker.kill()
    assert client.get(address).json()["status"] == "running"
    worker.start()
    wait_until(lambda: client.get(address).json()["status"] == "ready", 240)
    assert PreparedDownload.objects.get().attempts == 2
    with zipfile.ZipFile(BytesIO(client.get(f"{address}file").getvalue())) as archive:
        assert archive.testzip() is None and len(archive.namelist()) == 306
