"""An npm package with Iconify JSON: @iconify-json/NAME, or @iconify/json with all sets."""

import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from icons.importing import iconify_json
from icons.importing.guard import reading
from icons.importing.packs import Pack, Rejected, SourceError

PACKAGE = re.compile(r"(@[a-z0-9._-]+/)?[a-z0-9][a-z0-9._-]*(@[a-zA-Z0-9._-]+)?\Z")
ALL_OF_ICONIFY = "@iconify/json@2.2.535"  # what training and benchmark are repeated with
TIMEOUT = 600  # seconds that a download may take


def read_package(package: str) -> Iterator[Pack | Rejected]:
    """Download the package with the npm client; nothing of it is run. Raises SourceError."""
    with tempfile.TemporaryDirectory() as folder:
        yield from read_unpacked(unpack(package, Path(folder)), package)


def unpack(package: str, folder: Path) -> Path:
    """The folder of the package's files, which is made in this one. Raises SourceError."""
    if not PACKAGE.match(package):
        raise SourceError(_("%(package)r is not the name of an npm package.") % {"package": package})
    npm = shutil.which("npm")
    if not npm:
        raise SourceError(_("npm is not installed: install Node.js, or download the package and import its folder."))
    with reading(package):
        archive_path = _download(npm, package, folder)
        with tarfile.open(archive_path) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


def _download(npm: str, package: str, folder: Path) -> Path:
    try:
        process = subprocess.run(
            [npm, "pack", "--ignore-scripts", "--silent", package],
            cwd=folder, capture_output=True, text=True, errors="replace", timeout=TIMEOUT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise SourceError(
            _("npm could not download %(package)s within %(seconds)s seconds.")
            % {"package": package, "seconds": TIMEOUT}
        ) from None
    archives = list(folder.glob("*.tgz"))
    if process.returncode or not archives:
        why = process.stderr.strip()[-300:] or _("no such package")
        raise SourceError(_("npm could not download %(package)s: %(why)s") % {"package": package, "why": why})
    return archives[0]


def read_unpacked(folder: Path, title: str) -> Iterator[Pack | Rejected]:
    """The packs of a package's files; `title` is what errors call the package. Raises SourceError."""
    paths = [path for path in (folder / "icons.json",) if path.exists()] or sorted((folder / "json").glob("*.json"))
    if not paths:
        raise SourceError(
            _("%(package)s contains no Iconify JSON: it has neither icons.json nor a folder json.") % {"package": title}
        )
    for pack in iconify_json.read_files(paths):
        yield pack if isinstance(pack, Rejected) else replace(pack, info=replace(pack.info, public=True))
