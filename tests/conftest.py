"""What tests share: pictures made in memory, icons in the database, and a real worker."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import LazySettings, settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone, translation
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from icons.models import Icon, IconSet
from icons.rendering import render
from iconsite import celery_app
from search import indexing
from search.matching.embedding import INNER_PRODUCTS, MODELS, by_inner_product, readings_model
from search.models import IconVector, Outcome

SHAPES = {  # what is inside the <svg> of an icon of 24 × 24, by the name of the icon
    "square": '<path d="M4 4h16v16H4z"/>',
    "triangle": '<path d="M12 3 22 21H2z"/>',
    "ring": '<circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" stroke-width="3"/>',
    "cross": '<path stroke="currentColor" stroke-width="3" d="M4 4 20 20M20 4 4 20"/>',
    "home": '<path d="M3 12 12 3l9 9h-3v9h-5v-6h-2v6H6v-9z"/>',
}


def svg_of(body: str) -> str:
    """An SVG of 24 × 24 with these elements in it."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{body}</svg>'


def icon_of(svg: str, **set_fields: Any) -> Icon:
    """An icon that is not in the database, called shapes:ring unless the fields of its set say otherwise."""
    icon = Icon(set=IconSet(**{"prefix": "shapes", "title": "Shapes", **set_fields}), name="ring")
    icon.redraw(svg)
    return icon


def png_of(svg: str, side: int = 48, colour: str = "white") -> bytes:
    """PNG of an icon of `side` px with a margin of 6 px around it, on a background of this colour."""
    picture = Image.new("RGB", (side + 12, side + 12), colour)
    drawing = render(svg, side)
    picture.paste(drawing, (6, 6), drawing)
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def labelled(name: str) -> Image.Image:
    """A picture of one of the SHAPES with the label “Read all messages” beside it."""
    picture = Image.new("RGB", (260, 48), "#f4f5f7")
    icon = render(svg_of(SHAPES[name]), 24)
    picture.paste(icon, (12, 12), icon)
    ImageDraw.Draw(picture).text((48, 14), "Read all messages", fill="black", font=ImageFont.load_default(18))
    return picture


def upload(data: bytes, name: str = "shot.png") -> SimpleUploadedFile:
    """A file as a form or the API gets it."""
    return SimpleUploadedFile(name, data)


def store_outcomes(outcomes: list[Outcome], model: str = "vgg16-icons-2") -> int:
    """Write the outcomes of indexing into the index, as a worker does; the number that was written."""
    return IconVector.objects.store(model, outcomes, timezone.now())


@pytest.fixture(autouse=True)
def _test_settings(settings: LazySettings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.LIMIT_RATE = settings.LIMIT_SIGN_INS = 0
    settings.WHITENOISE_AUTOREFRESH = True  # Static files are not collected for tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()  # It holds which model answers.
    translation.deactivate()  # The language of the last page that a test asks for stays active.


@pytest.fixture
def icon_set(db: None) -> IconSet:
    """The set `shapes`, which has no icons yet."""
    return IconSet.objects.create(prefix="shapes", title="Shapes", licence="MIT License", licence_spdx="MIT")


@pytest.fixture
def make_icon(icon_set: IconSet) -> Callable[..., Icon]:
    """Creates an icon of the set `shapes` by its name, what it draws, and other fields.

    Without a `body` it draws the one of SHAPES that has its name, or else the ring.
    """

    def create(name: str, body: str = "", **fields: Any) -> Icon:
        svg = svg_of(body or SHAPES.get(name, SHAPES["ring"]))
        return Icon.objects.create(**{"set": icon_set, "name": name, "svg": svg, **fields})

    return create


@pytest.fixture
def icons(make_icon: Callable[..., Icon]) -> dict[str, Icon]:
    """The icons of SHAPES by name, in the database and not indexed."""
    return {name: make_icon(name) for name in SHAPES}


@pytest.fixture
def indexed_icons(icons: dict[str, Icon]) -> dict[str, Icon]:
    """The icons of SHAPES by name, indexed with the real network."""
    assert indexing.index_icons([icon.pk for icon in icons.values()]) == []
    return icons


def grey_cells(views: NDArray[np.uint8]) -> NDArray[np.float32]:
    """An embedding without a network: the ink of (n, 48, 48, 3) drawings in 16 × 16 cells, as (n, 256) of length 1."""
    ink = 255 - views.mean(axis=3, dtype=np.float32)
    vectors = ink.reshape(len(views), 16, 3, 16, 3).mean(axis=(2, 4)).reshape(len(views), 256)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def drawings_model(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> str:
    """The id of the active model, which is replaced by one that takes several drawings of a picture and no network."""
    model = readings_model("vgg16-icons-2", 48, grey_cells, INNER_PRODUCTS, by_inner_product)
    monkeypatch.setitem(MODELS, model.id, model)
    settings.EMBEDDING_MODEL = model.id
    return model.id


OLD_WORKER = """
import sys
from iconsite import celery_app
celery_app.finalize()
celery_app.loader.import_default_modules()
del celery_app.tasks[sys.argv.pop(1)]
celery_app.worker_main(sys.argv[1:])
"""


class Worker:
    """A real Celery worker on the test database."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.model = settings.EMBEDDING_MODEL

    def start(self, unknown_task: str = "", log: Path | None = None) -> None:
        """Start the program; it gets ready in some seconds.

        With an `unknown_task` it is like a worker of a version that did not have it yet. `log` is for what it says.
        """
        base, _, options = os.environ["DATABASE_URL"].partition("?")
        url = f"{base.rpartition('/')[0]}/{connection.settings_dict['NAME']}?{options}"
        command = [sys.executable, "-m", "celery", "-A", "iconsite", "worker", "--concurrency", "1"]
        if unknown_task:
            command = [sys.executable, "-c", OLD_WORKER, unknown_task, "worker", "--concurrency", "1"]
        output = open(log, "wb") if log else subprocess.DEVNULL  # noqa: SIM115  (the program has it, and ends it)
        self.process = subprocess.Popen(
            command,
            env={
                **os.environ,
                "DATABASE_URL": url,
                "INDEX_BATCH": "8",
                "WEBHOOK_NETWORKS": "127.0.0.0/8",
                "EMBEDDING_MODEL": self.model,
                "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            },
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )

    def kill(self) -> None:
        """End the program as `kill -9` does, or the kernel when memory runs out."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End the program in order, within 60 seconds."""
        assert self.process
        self.process.terminate()
        self.process.wait(60)


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Worker]:
    """A worker that runs, on an empty queue."""
    celery_app.control.purge()
    worker = Worker()
    worker.start()
    yield worker
    worker.stop()


def wait_until(condition: Callable[[], bool], seconds: float = 90) -> None:
    """Wait until the condition holds. The time limit ends a test that is stuck; it does not measure a slow one."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen."
        time.sleep(0.1)
