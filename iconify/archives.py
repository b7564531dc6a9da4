"""Several files in one, a zip or a tar: the same contents give the same bytes, at any time and on any machine."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable
from typing import IO

Files = Iterable[tuple[str, str]]  # paths with texts
EPOCH = (1980, 1, 1, 0, 0, 0)  # year to second; the earliest time that a zip can hold
READABLE_BY_ALL = 0o644  # a file's permissions
MADE_ON_UNIX = 3  # a zip's code for the system whose permissions its files have


def write_zip(files: Files, output: IO[bytes]) -> None:
    """Write a zip of the files."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files:
            archive.writestr(zip_entry(path), text)


def zip_entry(path: str) -> zipfile.ZipInfo:
    """How a zip describes a file that all may read."""
    entry = zipfile.ZipInfo(path, EPOCH)
    entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, MADE_ON_UNIX
    entry.external_attr = READABLE_BY_ALL << 16
    return entry


def write_tar(files: Files, output: IO[bytes]) -> None:
    """Write a tar of the files, compressed with gzip, as npm takes it."""
    with (
        gzip.GzipFile("", "wb", fileobj=output, mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, text in files:
            data = text.encode()
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(data), READABLE_BY_ALL
            archive.addfile(entry, io.BytesIO(data))
