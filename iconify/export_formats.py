"""The forms in which sets and selections of icons leave the site: which files each one makes."""

import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import IO

from iconify.archives import write_tar, write_zip
from iconify.exporting import Selection, iconify_json, json_text, source_json, svg_files
from iconify.npm_package import npm_files

FORMATS = ("iconify", "svg", "source", "npm")  # Iconify JSON, a zip of SVG files, the old system's JSON, npm packages


def exported(selections: Sequence[Selection], file_format: str, version: str = "") -> Iterator[tuple[str, bytes]]:
    """The names and the contents of the files in one of FORMATS; `version` is that of npm packages."""
    if file_format == "iconify":
        for selection in selections:
            yield f"{selection.icon_set.prefix}.json", json_text(iconify_json(selection)).encode()
    elif file_format == "npm":
        for selection in selections:
            buffer = BytesIO()
            write_tar(npm_files(selection, version), buffer)
            yield f"iconify-json-{selection.icon_set.prefix}.tgz", buffer.getvalue()
    elif file_format == "svg":
        buffer = BytesIO()
        write_zip(svg_files(selections), buffer)
        yield f"{_name(selections)}.zip", buffer.getvalue()
    else:
        yield "source.json", source_json(selections).encode()


def write_exported(selections: Sequence[Selection], file_format: str, output: IO[bytes]) -> str:
    """Write one file with all that is exported; returns its name. Several files become a zip."""
    if file_format in ("svg", "source") or len(selections) == 1:
        [(name, contents)] = exported(selections, file_format)
        output.write(contents)
        return name
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in exported(selections, file_format):
            archive.writestr(name, contents)
    return f"icons-{file_format}.zip"


def _name(selections: Sequence[Selection]) -> str:
    return selections[0].icon_set.prefix if len(selections) == 1 else "icons"
