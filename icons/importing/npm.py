"""An npm package with Iconify JSON: @iconify-json/NAME, or @iconify/json with all sets."""

import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from icons.importing import iconify_json
from icons.importing.packs import Pack, Rejected, SourceError

PACKAGE = re.compile(r"(@[a-z0-9._-]+/)?[a-z0-9][a-z0-9._-]*(@[a-zA-Z0-9._-]+)?\Z")
ALL_OF_ICONIFY = "@iconify/json@2.2.535"  # what training and benchmark are repeated with
TIMEOUT = 600  # seconds


def read_package(package: str) -> Iterator[Pack | Rejected]:
    """Download the package with the npm client; nothing of it is run. Raises SourceError."""
    with tempfile.TemporaryDirectory() as folder:
        yield from read_unpacked(unpack(package, Path(folder)), package)


def unpack(package: str, folder: Path) -> Path:
    """The folder of the package's files, which is made in this one. Raises SourceError."""
    if not PACKAGE.match(package):
        raise SourceError(f"{package!r} is not the name of an npm package.")
    npm = shutil.which("npm")
    if not npm:
        raise SourceError("npm is not installed: install Node.js, or download the package and import its folder.")
    done = subprocess.run(
        [npm, "pack", "--ignore-scripts", "--silent", package],
        cwd=folder, capture_output=True, text=True, timeout=TIMEOUT, check=False,
    )  # fmt: skip
    archives = list(folder.glob("*.tgz"))
    if done.returncode or not archives:
        raise SourceError(f"npm cannot get {package}: {done.stderr.strip()[-300:] or 'no such package'}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def read_unpacked(folder: Path, title: str) -> Iterator[Pack | Rejected]:
    paths = [path for path in (folder / "icons.json",) if path.exists()] or sorted((folder / "json").glob("*.json"))
    if not paths:
        raise SourceError(f"{title} holds no Iconify JSON (no icons.json, no json folder).")
    yield from iconify_json.read_files(paths)
