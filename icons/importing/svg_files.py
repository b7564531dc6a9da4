"""A folder or a zip of .svg files; the sub-folder is the category."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _

from icons.importing.packs import Drawing, Pack, Rejected, SetInfo, SourceError
from icons.names import UniqueNames


def read_folder(folder: Path, info: SetInfo) -> Pack:
    paths = sorted(path for path in folder.rglob("*") if _is_svg(path.name) and path.is_file())
    if not paths:
        raise SourceError(f"There are no .svg files and no Iconify JSON files in {folder}.")
    names = [path.relative_to(folder).as_posix() for path in paths]
    return Pack(info, _drawings(names, lambda name: _first_bytes(folder / name)), len(names))


def read_zip(path: Path, info: SetInfo) -> Pack:
    """Nothing is unpacked: entries are read one by one, each up to the size that an SVG may have."""
    archive = open_zip(path)
    names = sorted(name for name in archive.namelist() if _is_svg(PurePosixPath(name).name))
    if not names:
        raise SourceError(_("There are no .svg files in %(file)s.") % {"file": path.name})

    def read(name: str) -> bytes:
        with archive.open(name) as file:
            return file.read(settings.SVG_MAX_BYTES + 1)

    return Pack(info, _drawings(names, read), len(names))


def open_zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise SourceError(
            _("%(file)s cannot be read as a zip file: %(why)s.") % {"file": path.name, "why": error}
        ) from None


def _is_svg(name: str) -> bool:
    return name.lower().endswith(".svg") and not name.startswith(".")  # ._x.svg: macOS' resource forks


def _first_bytes(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(settings.SVG_MAX_BYTES + 1)


def _drawings(names: list[str], read: Callable[[str], bytes]) -> Iterator[Drawing | Rejected]:
    unique = UniqueNames()
    top = _common_folder(names)
    for name in names:
        path = PurePosixPath(name)
        try:
            svg = read(name)
        # A zip may be damaged, encrypted, or use a method that Python lacks, in one entry alone.
        except (
            OSError,
            RuntimeError,
            NotImplementedError,
            zipfile.BadZipFile,
            EOFError,
            ValueError,
        ) as error:
            yield Rejected(name, _("The file cannot be read (%(why)s).") % {"why": error})
            continue
        category = path.parent.relative_to(top).as_posix()
        yield Drawing(
            name=unique.pick(path.stem, path.parent.name),
            svg=svg,
            name_zh="" if path.stem.isascii() else path.stem[:200],
            file_name=path.name[:255],
            category="" if category == "." else category[:200],
        )


def _common_folder(names: list[str]) -> PurePosixPath:
    """The folder that holds everything: a zip of one folder has no category for it."""
    parents = [PurePosixPath(name).parent.parts for name in names]
    common = []
    for parts in zip(*parents, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return PurePosixPath(*common)
