"""Exports by the API: small ones at once, large ones by the worker, and who may have which."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from api.models import Scope
from bags.models import Bag
from iconify import tasks
from iconify.models import Export
from icons.models import Icon, IconSet
from iconsite import limits, middleware
from search.models import IconTerms
from tests.conftest import Worker, wait_until
from tests.test_api_writing import API, Program

MakeIcon = Callable[..., Icon]


@pytest.fixture
def ring(make_icon: MakeIcon) -> Icon:
    """The icon `ring` of the set `shapes`, beside `home`, and a set `other` with one icon."""
    other = IconSet.objects.create(prefix="other", title="Other")
    make_icon("home")
    ring = make_icon("ring")
    Icon.objects.create(set=other, name="dot", svg=ring.svg)
    return ring


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> list[int]:
    """The primary keys of exports that were queued, which no worker takes; all exports count as large."""
    settings.BAG_IMMEDIATE_SECONDS = 0
    pks: list[int] = []
    monkeypatch.setattr(tasks.make_export, "delay", pks.append)
    return pks


def ask(client: Client, data: Any, **headers: str) -> Any:
    """The answer to a request for an export."""
    return client.post(f"{API}exports/", json.dumps(data), content_type="application/json", headers=headers)


def exported(client: Client, data: Any) -> tuple[Any, bytes]:
    """The file of a small export, and its answer's headers."""
    answer = ask(client, data)
    assert answer.status_code == 201, answer.content
    assert client.get(answer["Location"]).json() == answer.json()
    file = client.get(answer.json()["file"])
    return file, file.getvalue()


@pytest.mark.parametrize(
    ("file_format", "name", "media_type"),
    [
        ("iconify", "shapes.json", "application/json"),
        ("svg", "shapes.zip", "application/zip"),
        ("source", "source.json", "application/json"),
        ("npm", "iconify-json-shapes.tgz", "application/gzip"),
    ],
)
def test_a_set_is_what_the_command_writes(
    client: Client, ring: Icon, tmp_path: Path, file_format: str, name: str, media_type: str
) -> None:
    file, contents = exported(client, {"sets": ["shapes"], "format": file_format})
    assert (file["Content-Type"], file["Content-Disposition"]) == (media_type, f'attachment; filename="{name}"')
    call_command("export_icons", "shapes", format=file_format, output=tmp_path)
    assert contents == (tmp_path / name).read_bytes()


@pytest.mark.parametrize(("file_format", "files"), [("iconify", 2), ("svg", 3), ("npm", 2)])
def test_several_sets_are_a_zip(client: Client, ring: Icon, file_format: str, files: int) -> None:
    file, contents = exported(client, {"sets": ["other", "shapes"], "format": file_format})
    assert file["Content-Type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(contents)) as archive:
        assert archive.testzip() is None and len(archive.namelist()) == files
    assert exported(client, {"sets": ["other", "shapes"], "format": file_format})[1] == contents


def test_a_bag_and_a_query(client: Client, ring: Icon) -> None:
    bag = Bag.objects.create()
    bag.add([ring.pk])
    IconTerms.objects.store([ring.pk])
    for data in ({"bag": bag.key}, {"query": "ring"}):
        _file, contents = exported(client, data)
        assert list(json.loads(contents)["icons"]) == ["ring"]


def test_a_version_of_a_package(client: Client, ring: Icon) -> None:
    _file, contents = exported(client, {"sets": ["other"], "format": "npm", "package_version": "3.2.1"})
    assert contents != exported(client, {"sets": ["other"], "format": "npm"})[1]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, ""),
        ({"sets": ["shapes"], "query": "ring"}, ""),
        ({"sets": []}, "sets"),
        ({"sets": ["none"]}, "sets"),
        ({"bag": "none"}, "bag"),
        ({"query": "zzzz"}, "query"),
        ({"sets": ["shapes"], "format": "gif"}, "format"),
        ({"sets": ["shapes"], "format": "npm", "package_version": "x"}, "package_version"),
        ({"sets": "shapes\x00"}, "sets"),
        ({"bag": "a\x00"}, "bag"),
    ],
)
def test_what_is_wrong_is_said(client: Client, ring: Icon, data: Any, field: str) -> None:
    answer = ask(client, data)
    assert answer.status_code == 400 and field in answer.json()["errors"]
    assert not Export.objects.exists()


def test_a_large_export_is_told_of_until_its_file_is_there(client: Client, ring: Icon, queued: list[int]) -> None:
    answer = ask(client, {"sets": ["shapes"]})
    told = answer.json()
    assert answer.status_code == 202 and answer["Retry-After"] == "2" and queued == [Export.objects.get().pk]
    assert (told["status"], told["done"], told["total"], told["file"]) == ("queued", 0, 2, None)
    assert client.get(f"{told['url']}file/").json()["code"] == "not_found"
    tasks.make_export(queued[0])
    told = client.get(told["url"]).json()
    assert told["status"] == "ready" and told["finished"] and told["done"] == 2
    file = client.get(told["file"])
    assert len(file.getvalue()) == told["size"] and "private" in file["Cache-Control"]


def test_the_same_again_is_the_same_until_icons_change(client: Client, ring: Icon, queued: list[int]) -> None:
    first = ask(client, {"sets": ["shapes"]}).json()["id"]
    assert ask(client, {"sets": ["shapes"]}).json()["id"] == first
    refused = ask(client, {"sets": ["other"]})
    assert refused.status_code == 429 and refused["Retry-After"] == "2" and refused.json()["code"] == "busy"
    tasks.make_export(queued[0])
    assert ask(client, {"sets": ["shapes"]}).json()["id"] == first and len(queued) == 1
    Icon.objects.filter(pk=ring.pk).update(name="circle")
    assert ask(client, {"sets": ["shapes"]}).json()["id"] != first and len(queued) == 2


def test_too_many_that_wait(client: Client, ring: Icon, queued: list[int], settings: LazySettings) -> None:
    settings.LIMIT_WAITING_DOWNLOADS = 1
    ask(client, {"sets": ["shapes"]})
    Export.objects.update(asked_by="somebody else")
    refused = ask(client, {"sets": ["other"]})
    assert refused.status_code == 503 and refused["Retry-After"] == "60"


def test_a_set_that_is_deleted_before_the_worker_comes_to_it(client: Client, ring: Icon, queued: list[int]) -> None:
    address = ask(client, {"sets": ["shapes"]}).json()["url"]
    IconSet.objects.filter(prefix="shapes").delete()
    tasks.make_export(queued[0])
    told = client.get(address).json()
    assert (told["status"], told["reason"]) == ("failed", "The set shapes has just been deleted.")


def test_what_a_worker_left_is_taken_up(
    client: Client, ring: Icon, queued: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client, {"sets": ["shapes"]})
    monkeypatch.setattr(tasks, "messages_waiting", lambda queue: 0)
    tasks.resume_exports()
    assert queued == [Export.objects.get().pk] * 2
    monkeypatch.setattr(tasks, "messages_waiting", lambda queue: 1)
    tasks.resume_exports()
    assert len(queued) == 2


def test_old_files_are_deleted(client: Client, ring: Icon, settings: LazySettings) -> None:
    file = ask(client, {"sets": ["shapes"]}).json()["file"]
    path = Export.objects.get().path
    assert path.exists() and tasks.delete_old_exports() == 0
    Export.objects.update(created_at=timezone.now() - timedelta(hours=settings.BAG_FILE_HOURS + 1))
    assert client.get(file).status_code == 404
    assert tasks.delete_old_exports() == 1 and not path.exists()


def test_a_closed_site_exports_for_those_who_may_read(ring: Icon, client: Client, settings: LazySettings) -> None:
    settings.API_ANONYMOUS = {"read": False, "search": False}
    assert ask(client, {"sets": ["shapes"]}).status_code == 401
    stranger, reader = Program([Scope.WRITE], ()), Program([Scope.READ], ())
    assert stranger.ask("POST", "exports/", {"sets": ["shapes"]}).json()["code"] == "missing_scope"
    made = reader.ask("POST", "exports/", {"sets": ["shapes"]}).json()
    assert made["status"] == "ready" and client.get(made["file"]).status_code == 401
    assert reader.ask("GET", made["file"].partition(API)[2]).status_code == 200


def test_large_exports_are_paid_for(client: Client, ring: Icon, queued: list[int], settings: LazySettings) -> None:
    settings.LIMIT_RATE, settings.LIMIT_DOWNLOAD_BURST = 0.001, 1
    limits.take([limits.Bucket("downloads:127.0.0.1", 0.001, 1)], 2)
    refused = ask(client, {"sets": ["shapes"]})
    assert refused.status_code == 429 and not Export.objects.exists()
    assert "api-exports" in middleware.DOWNLOADS


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_it(worker: Worker, client: Client, ring: Icon, settings: LazySettings) -> None:
    settings.BAG_IMMEDIATE_SECONDS = 0
    address = ask(client, {"sets": ["shapes", "other"], "format": "svg"}).json()["url"]
    wait_until(lambda: client.get(address).json()["finished"])
    with zipfile.ZipFile(BytesIO(client.get(client.get(address).json()["file"]).getvalue())) as archive:
        assert sorted(archive.namelist()) == ["other/dot.svg", "shapes/home.svg", "shapes/ring.svg"]
