"""Icons on their way through a real queue and a real worker, and what is left when that worker is killed."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from bags.models import Bag
from icons.importing.importer import run_import
from icons.importing.packs import Pack, SetInfo, SourceIcon
from icons.models import Icon, IconSet, ImportRun
from icons.tasks import MAX_SILENCE
from iconsite import celery_app
from search.models import IconVector
from search.progress import pending_icons
from tests.conftest import SHAPES, Worker, png_of, svg_of, upload, wait_until

MODEL = "vgg16-icons-2"


def nothing_waits() -> bool:
    """Whether all icons are indexed or failed."""
    return not pending_icons(MODEL).exists()


def test_what_is_imported_is_found(worker: Worker, client: Client, tmp_path: Path) -> None:
    source = tmp_path / "shapes.json"
    icons = {name: {"body": body} for name, body in SHAPES.items()}
    source.write_text(json.dumps({"prefix": "shapes", "icons": icons, "width": 24, "height": 24}))
    call_command("import_icons", str(source))
    wait_until(nothing_waits)
    reply = client.post("/api/v1/search/image/", {"image": upload(png_of(svg_of(SHAPES["home"])))}).json()
    assert reply["results"][0]["icon"] == "shapes:home"

    icon = Icon.objects.get(name="home")
    icon.svg = svg_of('<path d="M2 2h20v4H2z"/>')
    icon.save()
    wait_until(nothing_waits)
    assert IconVector.objects.get(icon=icon).svg_hash == icon.svg_hash


def test_a_worker_killed_in_the_middle_loses_nothing(worker: Worker, capfd: pytest.CaptureFixture[str]) -> None:
    icons = [SourceIcon(f"n{i}", svg_of(f'<path d="M{i % 20} 2h4v{1 + i // 20}H1z"/>')) for i in range(300)]
    run = ImportRun.objects.create(source="test")
    run.claim()
    run_import(run, [Pack(SetInfo("many", "Many"), icons)])
    wait_until(IconVector.objects.exists)
    worker.kill()
    waiting = pending_icons(MODEL).count()
    assert 0 < waiting < 300
    worker.start()
    call_command("index_icons", wait=True)
    assert f"{waiting} icons to index." in capfd.readouterr().out
    assert IconVector.objects.filter(vector__isnull=False).count() == 300


def test_an_upload_in_the_admin_is_imported_by_the_worker(worker: Worker, admin_client: Client, tmp_path: Path) -> None:
    data = json.dumps({"prefix": "up", "icons": {"ring": {"body": SHAPES["ring"]}}}).encode()
    admin_client.post("/admin/icons/importrun/add/", {"file": upload(data, "up.json")})
    wait_until(lambda: ImportRun.objects.get().finished)
    assert ImportRun.objects.get().status == "done"
    wait_until(nothing_waits)


def test_a_restarted_worker_finds_what_the_queue_lost(worker: Worker) -> None:
    worker.kill()
    run = ImportRun.objects.create(source="test")
    run.claim()
    run_import(run, [Pack(SetInfo("shapes"), [SourceIcon("ring", svg_of(SHAPES["ring"]))])])
    celery_app.control.purge()  # as a Redis without its disk would
    worker.start()
    wait_until(nothing_waits)


@pytest.mark.parametrize("task", ["search.tasks.index_icons", "bags.tasks.make_download", "icons.tasks.import_upload"])
def test_a_worker_of_an_older_version_loses_nothing(
    worker: Worker, client: Client, admin_client: Client, settings: LazySettings, tmp_path: Path, task: str
) -> None:
    worker.stop()
    worker.start(unknown_task=task, log=tmp_path / "log")
    data = json.dumps({"prefix": "up", "icons": {"ring": {"body": SHAPES["ring"]}}}).encode()
    admin_client.post("/admin/icons/importrun/add/", {"file": upload(data, "up.json")})
    settings.BAG_IMMEDIATE_SECONDS = 0
    bag = Bag.objects.create()
    bag.add([Icon.objects.create(set=IconSet.objects.create(prefix="own"), name="home", svg=svg_of(SHAPES["home"])).pk])
    download = client.get(f"/bags/{bag.key}/svg.zip").json()["address"]
    sentence = f"This worker is of another version of the site, and does not know {task}: restart it."
    wait_until(lambda: sentence in (tmp_path / "log").read_text())
    worker.stop()
    # A message may take a while to reach a worker, so that an import has to have been silent before it is taken up.
    ImportRun.objects.update(updated_at=timezone.now() - 2 * MAX_SILENCE)
    worker.start()
    wait_until(lambda: ImportRun.objects.get().status == "done" and Icon.objects.count() == 2)
    wait_until(nothing_waits)
    wait_until(lambda: client.get(download).json()["status"] == "ready")
