"""Files in one file: the same contents give the same bytes, at any time and on any machine."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Sequence

from icons.models import Icon, IconSet

Files = dict[str, bytes | str]  # contents by path
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first that a zip can tell
LICENCES = "LICENSES.txt"
LEFT_OUT = "LEFT-OUT.txt"


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, contents in files.items():
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, contents)
    return buffer.getvalue()


def tarred(files: Files) -> bytes:
    """A tar file, compressed with gzip, as npm takes them."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile("", "wb", fileobj=buffer, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, contents in files.items():
            data = contents.encode() if isinstance(contents, str) else contents
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(data), 0o644
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def licences(icons: Sequence[Icon]) -> str:
    """Whose the icons are: a paragraph a set, with its licence, author, source, and the names."""
    names: dict[IconSet, list[str]] = {}
    for icon in icons:
        names.setdefault(icon.set, []).append(icon.name)
    return "\n".join(_paragraph(of, those) for of, those in names.items())


def _paragraph(of: IconSet, names: Sequence[str]) -> str:
    lines = [f"{of.title} ({of.prefix})", f"Licence: {of.licence_label or 'unknown'}"]
    lines += [f"Author: {of.author}"] if of.author else []
    lines += [f"Source: {of.source}"] if of.source else []
    return "\n".join([*lines, f"Icons: {', '.join(names)}", ""])


def left_out(reasons: dict[Icon, str]) -> Files:
    """A file that names the icons that are missing or changed, and why; none where there are none."""
    return {LEFT_OUT: "".join(f"{icon.public_id}: {why}\n" for icon, why in reasons.items())} if reasons else {}
