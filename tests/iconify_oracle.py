"""Iconify's own server, @iconify/api, on a folder of sets: what ours is compared with.

`make iconify-server` installs it. Where it cannot be started, the tests that need it are skipped with a reason, which
fails a run of continuous integration (ICONIFY_ORACLE=required).
"""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings

from icons.models import Icon, IconifySource, IconSet

FOLDER = Path(settings.BASE_DIR) / "var" / "iconify-server"
MODULES = FOLDER / "node_modules"
NODE = shutil.which("node")
PREFIXES = ("catppuccin", "fa", "fa6-solid", "jam", "octicon")
START_SECONDS = 60


def require_oracle() -> None:
    """Skip the test, or fail it where continuous integration asks for it, unless the server can be started."""
    if NODE and (MODULES / "@iconify" / "api").is_dir():
        return
    reason = "Iconify's own server is not installed, so ours is NOT compared with it: run make iconify-server."
    if os.environ.get("ICONIFY_ORACLE") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


def whole_set(prefix: str) -> dict[str, Any]:
    """The Iconify JSON of a set, with what its package has in files beside it."""
    folder = MODULES / "@iconify-json" / prefix
    data: dict[str, Any] = json.loads((folder / "icons.json").read_text())
    data["info"] = json.loads((folder / "info.json").read_text())
    data |= json.loads((folder / "metadata.json").read_text())
    if (folder / "chars.json").exists():
        data["chars"] = json.loads((folder / "chars.json").read_text())
    return data


@contextmanager
def oracle(folder: Path, sets: list[dict[str, Any]]) -> Iterator[str]:
    """The address of the server while it runs on these sets; its files are put into the folder."""
    (folder / "icons").mkdir(parents=True)
    for data in sets:
        (folder / "icons" / f"{data['prefix']}.json").write_text(json.dumps(data))
    with folder_oracle(folder) as address:
        yield address


@contextmanager
def folder_oracle(folder: Path) -> Iterator[str]:
    """The address of the server while it runs in this folder, which has the sets in its folder `icons`."""
    shutil.copy(MODULES / "@iconify" / "api" / "package.json", folder)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    options = {"ICONIFY_SOURCE": "none", "HOST": "127.0.0.1", "PORT": str(port), "ENABLE_VERSION": "true"}
    process = subprocess.Popen(
        [str(NODE), str(MODULES / "@iconify" / "api" / "lib" / "index.js")],
        cwd=folder,
        env={**os.environ, **options, "STATUS_REGION": "Iconsite"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/last-modified")
        yield address
    finally:
        process.kill()
        process.wait()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urlopen(address, timeout=START_SECONDS) as answer:
                answer.read()
            return
        except (URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def with_turned_icon(icon: Icon) -> IconSet:
    """The icon's set, which gets an icon `turned` that its Iconify JSON called an alias of this one."""
    turned = Icon.objects.create(set=icon.set, name="turned", svg=icon.svg)
    marks = {"turned": turned.svg_hash[:12] + icon.svg_hash[:12]}
    text = json.dumps({"aliases": {"turned": {"parent": icon.name, "rotate": 1}}, "redrawn": marks})
    IconifySource.objects.create(set=icon.set, text=text, imported_at=turned.updated_at)
    return icon.set
