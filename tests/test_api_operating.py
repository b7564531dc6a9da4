"""Imports, indexing and the switch of the model by the API."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from api.models import Scope
from icons.models import Icon, ImportRun
from icons.tasks import IN_BACKGROUND, MAX_SILENCE, import_upload, resume_imports
from search import tasks
from search.model_choice import ModelChoice, active_model
from search.models import IconVector
from search.progress import pending_icons
from tests.conftest import SHAPES, Worker, upload, wait_until
from tests.test_api_writing import API, Program

PERMISSIONS = ("view_importrun", "add_importrun", "change_importrun", "change_icon", "view_iconvector")


@pytest.fixture
def operator(db: None) -> Program:
    """A program that may import, index, and switch the model."""
    return Program([Scope.IMPORT, Scope.OPERATE], (*PERMISSIONS, "change_modelchoice"))


def send(program: Program, name: str, data: bytes, **fields: Any) -> Any:
    """The answer to an upload."""
    headers = {"Authorization": f"Bearer {program.secret}", "Idempotency-Key": "once"}
    return program.client.post(f"{API}imports/", {"file": upload(data, name), **fields}, headers=headers)


@pytest.mark.django_db(transaction=True)
def test_a_file_is_imported_by_the_worker_and_found(worker: Worker, client: Client) -> None:
    operator = Program([Scope.IMPORT, Scope.OPERATE], PERMISSIONS)
    pack = {"prefix": "up", "icons": {"ring": {"body": SHAPES["ring"]}, "bad": {"body": "<path"}}}
    started = send(operator, "up.json", json.dumps(pack).encode(), title="Uploaded")
    assert started.status_code == 202 and started.json()["status"] == "queued"
    assert send(operator, "up.json", json.dumps(pack).encode(), title="Uploaded").json()["id"] == started.json()["id"]
    address = started["Location"].removeprefix(f"http://testserver{API}")
    wait_until(lambda: operator.ask("GET", address).json()["finished"])
    run = operator.ask("GET", address).json()
    assert (run["status"], run["added"], run["rejected"]) == ("done", 1, 1)
    assert run["problems"][0]["icon"] == "up:bad" and run["problems"][0]["reason"]
    assert client.get(f"{API}sets/up/").json()["title"] == "Uploaded"
    listed = operator.ask("GET", "imports/").json()["results"]
    assert [each["id"] for each in listed] == [run["id"]]
    assert operator.ask("POST", f"{address}stop/").status_code == 409
    wait_until(lambda: operator.ask("GET", "index/").json()["pending"] == 0)
    assert operator.ask("GET", "index/").json()["sets"][0]["indexed"] == 1


def test_an_import_is_stopped(operator: Program) -> None:
    run = ImportRun.objects.create(source="x.json")
    reply = operator.ask("POST", f"imports/{run.pk}/stop/")
    assert reply.json()["status"] == "stopped" and operator.owner.username in reply.json()["reason"]
    assert operator.ask("POST", f"imports/{run.pk}/stop/").json()["code"] == "ended"
    assert operator.ask("GET", "imports/999999/").status_code == 404
    assert operator.ask("GET", f"imports/{10**30}/").status_code == 404


def fake_npm(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An npm that has one package, as a program in PATH."""
    package = folder / "package"
    package.mkdir()
    (package / "package.json").write_text("{}")
    (package / "icons.json").write_text(json.dumps({"prefix": "fake", "icons": {"ring": {"body": SHAPES["ring"]}}}))
    npm = folder / "npm"
    npm.write_text(f'#!/bin/sh\ntar -czf fake-1.0.tgz -C "{folder}" package\n')
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_a_package_is_imported_in_the_background(
    operator: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    fake_npm(tmp_path, monkeypatch)
    monkeypatch.setattr("icons.tasks.import_upload.delay", import_upload)  # at once, in place of a worker
    with django_capture_on_commit_callbacks(execute=True):
        started = operator.ask("POST", "imports/", {"package": "@iconify-json/fake", "licence_spdx": "MIT"})
    assert started.status_code == 202 and started.json()["source"] == "npm:@iconify-json/fake"
    run = operator.ask("GET", f"imports/{started.json()['id']}/").json()
    assert (run["status"], run["added"]) == ("done", 1), run["reason"]
    assert Icon.objects.get().set.licence_spdx == "MIT"


def test_a_background_import_whose_worker_died_is_taken_up_again(
    operator: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_npm(tmp_path, monkeypatch)
    monkeypatch.setattr("icons.tasks.import_upload.delay", import_upload)
    run = ImportRun.objects.create(source="npm:@iconify-json/fake", options={IN_BACKGROUND: True}, attempts=1)
    of_terminal = ImportRun.objects.create(source="npm:@iconify-json/fake")
    past = run.updated_at - 2 * MAX_SILENCE
    ImportRun.objects.update(updated_at=past, status=ImportRun.Status.RUNNING)
    resume_imports()
    run.refresh_from_db()
    of_terminal.refresh_from_db()
    assert (run.status, of_terminal.status) == ("done", "failed")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "package"),
        ({"package": "-x"}, "package"),
        ({"package": "a b"}, "package"),
        ({"package": "a", "prefix": []}, "prefix"),
    ],
)
def test_a_wrong_package_is_refused(operator: Program, data: dict[str, Any], field: str) -> None:
    reply = operator.ask("POST", "imports/", data)
    assert reply.status_code == 400 and field in reply.json()["errors"] and not ImportRun.objects.exists()


def test_a_wrong_file_is_refused(operator: Program) -> None:
    reply = send(operator, "x.exe", b"x")
    assert reply.status_code == 400 and "file" in reply.json()["errors"] and not ImportRun.objects.exists()


def test_icons_and_sets_are_indexed_anew(
    operator: Program, indexed_icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.index_icons, "apply_async", lambda *args, **kwargs: None)
    assert operator.ask("POST", "index/", {"icons": ["shapes:ring", "shapes:home"]}).json() == {"queued": 2}
    assert set(pending_icons("vgg16-icons-2").values_list("name", flat=True)) == {"ring", "home"}
    assert operator.ask("POST", "index/", {"sets": ["shapes"]}).json() == {"queued": len(SHAPES)}
    assert operator.ask("GET", "index/").json()["pending"] == len(SHAPES)
    assert operator.ask("POST", "index/", {"all": True}).json() == {"queued": len(SHAPES)}
    for wrong in ({}, {"all": False}, {"sets": ["nope"]}, {"icons": ["shapes:nope"]}, {"icons": ["x"]}):
        assert operator.ask("POST", "index/", wrong).status_code == 400, wrong


@pytest.mark.parametrize(("address", "field"), [("index/model/", "model"), ("index/", "sets"), ("index/", "icons")])
def test_half_of_a_pair_is_no_name_and_the_answer_is_readable(operator: Program, address: str, field: str) -> None:
    value = "\ud800" if field == "model" else ["\ud800"]
    reply = operator.ask("POST", address, {field: value})
    assert reply.status_code == 400 and list(reply.json()["errors"])


def test_the_model_is_switched_while_the_site_runs(operator: Program, indexed_icons: dict[str, Icon]) -> None:
    assert active_model().id == "vgg16-icons-2"
    reply = operator.ask("POST", "index/model/", {"model": "vgg16-imagenet"})
    assert reply.status_code == 202
    assert (reply.json()["model"], reply.json()["answering"]) == ("vgg16-imagenet", "vgg16-icons-2")
    assert active_model().id == "vgg16-imagenet" and reply.json()["pending"] == len(SHAPES)
    assert operator.ask("POST", "index/model/", {"model": "no"}).status_code == 400
    ModelChoice.objects.update(model="gone")
    cache.clear()
    assert active_model().id == "vgg16-icons-2"
    assert IconVector.objects.filter(model="vgg16-icons-2").count() >= len(SHAPES)


@pytest.mark.parametrize(
    ("method", "address"),
    [("GET", "imports/"), ("POST", "imports/"), ("GET", "index/"), ("POST", "index/"), ("POST", "index/model/")],
)
def test_who_may_not_operate_learns_nothing(db: None, client: Client, method: str, address: str) -> None:
    assert client.generic(method, API + address, "{}", "application/json").status_code == 401
    assert Program([Scope.READ, Scope.WRITE], PERMISSIONS).ask(method, address, {}).status_code == 403
    assert Program([Scope.IMPORT, Scope.OPERATE], ()).ask(method, address, {}).status_code == 403
