"""SVG files: a folder or a zip of them, whose sub-folders are the categories, or a single file."""

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icons.importing.guard import read_each
from icons.importing.naming import Named, names_of
from icons.importing.packs import File, Pack, Rejected, SetInfo, SourceError, SourceIcon
from icons.importing.sprites import symbols_of
from icons.names import is_chinese

UNREADABLE = gettext_lazy("The file cannot be read (%(why)s).")
ENDINGS = (".svg", ".svgz")
PASSED_OVER = frozenset({"node_modules", "__MACOSX"})  # folders that hold other people's files, or none


class SVGFile(NamedTuple):
    """A file of the source: its path there, and the name and category that its icon gets."""

    path: str
    name: str
    category: str

    @property
    def file(self) -> File:
        """The file as the database has it."""
        return self.category[:200], PurePosixPath(self.path).name[:255]


def read_folder(folder: Path, info: SetInfo) -> Pack:
    """The pack of all SVG files in and below the folder; links to folders are not followed. Raises SourceError."""
    unreadable: list[Rejected] = []
    paths = list(svg_paths(folder, unreadable))
    if not paths and not unreadable:
        raise SourceError(_("There are no .svg files and no Iconify JSON files in %(folder)s.") % {"folder": folder})
    pack = pack_of(paths, lambda path: first_bytes(folder / path), info)
    count = len(unreadable) + len(paths)
    return Pack(info, chain(unreadable, pack.icons), count, complete=not unreadable, files=pack.files)


def read_file(path: Path, info: SetInfo, name: str) -> Pack:
    """The pack of a single SVG file, which the person calls by this name."""
    return pack_of([name], lambda _name: first_bytes(path), info)


def pack_of(paths: Sequence[str], read_bytes: Callable[[str], bytes], info: SetInfo) -> Pack:
    """The pack of these files, which are read one by one; paths have slashes."""
    files = _svg_files(sorted(paths, key=lambda path: path.split("/")))
    return Pack(info, _read_icons(files, read_bytes), len(files), files=frozenset(file.file for file in files))


def svg_paths(folder: Path, unreadable: list[Rejected]) -> Iterator[str]:
    """Paths of SVG files from the folder, with slashes; folders that cannot be listed are added to `unreadable`."""

    def note(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise error
        name = Path(error.filename).relative_to(folder).as_posix()
        unreadable.append(Rejected(name, _("The folder cannot be read (%(why)s).") % {"why": error.strerror}))

    for parent, folders, files in os.walk(folder, onerror=note):
        folders[:] = filter(is_looked_into, folders)
        for file in files:
            if is_svg(file) and os.path.isfile(os.path.join(parent, file)):
                yield (Path(parent) / file).relative_to(folder).as_posix()


def is_looked_into(folder: str) -> bool:
    """Whether icons are looked for in a folder of this name."""
    return folder not in PASSED_OVER and (not folder.startswith(".") or folder in (".", ".."))


def is_svg(name: str) -> bool:
    """Whether a file of this name holds an icon; ._x.svg is what macOS keeps beside x.svg."""
    return name.lower().endswith(ENDINGS) and not name.startswith(".")


def first_bytes(path: Path) -> bytes:
    """The file, up to a little more than an SVG may have."""
    with open(path, "rb") as file:
        return file.read(settings.SVG_MAX_BYTES + 1)


def _read_icons(files: Sequence[SVGFile], read_bytes: Callable[[str], bytes]) -> Iterator[SourceIcon | Rejected]:
    def read(file: SVGFile) -> list[SourceIcon]:
        path = PurePosixPath(file.path)
        icon = SourceIcon(
            name=file.name,
            svg=read_bytes(file.path),
            name_zh=path.stem[:200] if is_chinese(path.stem) else "",
            file_name=file.file[1],
            category=file.file[0],
        )
        return symbols_of(icon) or [icon]

    def reject(file: SVGFile, reason: str) -> Rejected:
        return Rejected(file.path, reason, icon=file.name, file=file.file)

    for result in read_each(files, read, reject, UNREADABLE):
        yield from [result] if isinstance(result, Rejected) else result


def _svg_files(paths: Sequence[str]) -> list[SVGFile]:
    depth = _common_depth(paths)
    sources = []
    for path in paths:
        file = PurePosixPath(path)
        folders = tuple(folder for folder in file.parent.parts[depth:] if folder != "/")  # a zip may hold such a path
        sources.append(Named(path, (file.stem, file.parent.name), folders))
    names = names_of(sources)
    return [SVGFile(source.path, name, "/".join(source.folders)) for source, name in zip(sources, names, strict=True)]


def _common_depth(paths: Sequence[str]) -> int:
    """How many folders hold everything: a zip of one folder has no category for it."""
    depth = 0
    for folders in zip(*(PurePosixPath(path).parent.parts for path in paths), strict=False):
        if len(set(folders)) > 1:
            break
        depth += 1
    return depth
