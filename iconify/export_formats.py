"""The forms in which sets and selections of icons leave the site: which files each one makes."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import IO

from iconify.archives import Files, write_tar, write_zip, zip_entry
from iconify.exporting import ICONS_AT_ONCE, Selection, iconify_json, json_text, source_json, svg_files
from iconify.npm_package import npm_files

FORMATS = ("iconify", "svg", "source", "npm")  # Iconify JSON, a zip of SVG files, the old system's JSON, npm packages
MEDIA_TYPES = {"json": "application/json", "tgz": "application/gzip", "zip": "application/zip"}
Progress = Callable[[int], object]  # is told how many icons more are written


def exported(selections: Sequence[Selection], file_format: str, version: str = "") -> Iterator[tuple[str, bytes]]:
    """The names and the contents of the files in one of FORMATS; `version` is that of npm packages."""
    if file_format in ("iconify", "npm"):
        for selection in selections:
            buffer = BytesIO()
            _write(selection, file_format, version, buffer)
            yield file_name([selection], file_format), buffer.getvalue()
    else:
        buffer = BytesIO()
        write_exported(selections, file_format, buffer)
        yield file_name(selections, file_format), buffer.getvalue()


def write_exported(
    selections: Sequence[Selection],
    file_format: str,
    output: IO[bytes],
    version: str = "",
    progress: Progress = lambda count: None,
) -> None:
    """Write one file with all that is exported. Several files become a zip.

    Raises IconSet.DoesNotExist where a set has just been deleted.
    """
    if file_format == "svg":
        write_zip(_counted(svg_files(selections), progress), output)
    elif file_format == "source":
        output.write(source_json(selections).encode())
    elif len(selections) == 1:
        _write(selections[0], file_format, version, output)
    else:
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            for selection in selections:
                buffer = BytesIO()
                _write(selection, file_format, version, buffer)
                archive.writestr(zip_entry(file_name([selection], file_format)), buffer.getvalue())
                progress(selection.icon_set.icons.count() if selection.pks is None else len(selection.pks))


def file_name(selections: Sequence[Selection], file_format: str) -> str:
    """The name of the one file with all that is exported."""
    if file_format == "source":
        return "source.json"
    prefix = selections[0].icon_set.prefix if len(selections) == 1 else ""
    if file_format == "svg":
        return f"{prefix or 'icons'}.zip"
    if not prefix:
        return f"icons-{file_format}.zip"
    return f"{prefix}.json" if file_format == "iconify" else f"iconify-json-{prefix}.tgz"


def _write(selection: Selection, file_format: str, version: str, output: IO[bytes]) -> None:
    if file_format == "iconify":
        output.write(json_text(iconify_json(selection)).encode())
    else:
        write_tar(npm_files(selection, version), output)


def _counted(files: Files, progress: Progress) -> Files:
    for count, file in enumerate(files, 1):
        yield file
        if count % ICONS_AT_ONCE == 0:
            progress(ICONS_AT_ONCE)
