"""A folder or a zip of .svg files; the sub-folder is the category."""

import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icons.importing.guard import read_each
from icons.importing.packs import Pack, Rejected, SetInfo, SourceError, SourceIcon
from icons.names import UniqueNames

UNREADABLE = gettext_lazy("The file cannot be read (%(why)s).")


class SVGFile(NamedTuple):
    """A file of the source: its path there, and the name and category that its icon gets."""

    path: str
    name: str
    category: str


def read_folder(folder: Path, info: SetInfo) -> Pack:
    """The pack of all .svg files in and below the folder; links to folders are not followed. Raises SourceError."""
    unreadable: list[Rejected] = []
    paths = sorted(_svg_paths(folder, unreadable), key=lambda path: path.split("/"))
    if not paths and not unreadable:
        raise SourceError(_("There are no .svg files and no Iconify JSON files in %(folder)s.") % {"folder": folder})
    icons = _read_icons(paths, lambda path: _first_bytes(folder / path))
    return Pack(info, chain(unreadable, icons), len(unreadable) + len(paths), complete=not unreadable)


def read_zip(path: Path, info: SetInfo) -> Pack:
    """The pack of all .svg files in a zip. Raises SourceError.

    Nothing is unpacked: entries are read one by one, each up to the size that an SVG may have.
    """
    archive = open_zip(path)
    entries = (entry for entry in archive.infolist() if not entry.is_dir())  # a folder may be called x.svg
    names = sorted(entry.filename for entry in entries if _is_svg(PurePosixPath(entry.filename).name))
    if not names:
        raise SourceError(_("There are no .svg files in %(file)s.") % {"file": path.name})

    def read(name: str) -> bytes:
        with archive.open(name) as file:
            return file.read(settings.SVG_MAX_BYTES + 1)

    return Pack(info, _read_icons(names, read), len(names))


def open_zip(path: Path) -> zipfile.ZipFile:
    """The zip, opened for reading. Raises SourceError."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise SourceError(
            _("%(file)s cannot be read as a zip file: %(why)s.") % {"file": path.name, "why": error}
        ) from None


def _svg_paths(folder: Path, unreadable: list[Rejected]) -> Iterator[str]:
    """Paths of .svg files from the folder, with slashes; folders that cannot be listed are added to `unreadable`."""

    def note(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise error
        name = Path(error.filename).relative_to(folder).as_posix()
        unreadable.append(Rejected(name, _("The folder cannot be read (%(why)s).") % {"why": error.strerror}))

    for parent, _folders, files in os.walk(folder, onerror=note):
        for file in files:
            if _is_svg(file) and os.path.isfile(os.path.join(parent, file)):
                yield (Path(parent) / file).relative_to(folder).as_posix()


def _is_svg(name: str) -> bool:
    return name.lower().endswith(".svg") and not name.startswith(".")  # ._x.svg: macOS' resource forks


def _first_bytes(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(settings.SVG_MAX_BYTES + 1)


def _read_icons(paths: list[str], read_bytes: Callable[[str], bytes]) -> Iterator[SourceIcon | Rejected]:
    def read(file: SVGFile) -> SourceIcon:
        path = PurePosixPath(file.path)
        return SourceIcon(
            name=file.name,
            svg=read_bytes(file.path),
            name_zh="" if path.stem.isascii() else path.stem[:200],
            file_name=path.name[:255],
            category=file.category[:200],
        )

    def reject(file: SVGFile, reason: str) -> Rejected:
        return Rejected(file.path, reason, icon=file.name)

    return read_each(_svg_files(paths), read, reject, UNREADABLE)


def _svg_files(paths: list[str]) -> Iterable[SVGFile]:
    """The files with their names, which do not change when one of them cannot be read."""
    unique = UniqueNames()
    depth = _common_depth(paths)
    for path in paths:
        file = PurePosixPath(path)
        folders = file.parent.parts[depth:]
        yield SVGFile(
            path,
            name=unique.pick(file.stem, file.parent.name),
            category="/".join(folder for folder in folders if folder != "/"),  # a zip may hold absolute paths
        )


def _common_depth(paths: list[str]) -> int:
    """How many folders hold everything: a zip of one folder has no category for it."""
    depth = 0
    for folders in zip(*(PurePosixPath(path).parent.parts for path in paths), strict=False):
        if len(set(folders)) > 1:
            break
        depth += 1
    return depth
