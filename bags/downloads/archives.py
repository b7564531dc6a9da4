"""Several files in one, a zip or a tar: the same contents give the same bytes, at any time and on any machine."""

import gzip
import io
import tarfile
import zipfile

from bags.downloads.download import Download

Files = dict[str, bytes | str]  # contents by path
EPOCH = (1980, 1, 1, 0, 0, 0)  # year to second; the earliest time that a zip can hold
READABLE_BY_ALL = 0o644  # a file's permissions
MADE_ON_UNIX = 3  # a zip's code for the system whose permissions its files have


def zipped(download: Download, files: Files) -> bytes:
    """A zip of the files. Raises ValidationError at the download's deadline."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, contents in download.in_time(files.items()):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, MADE_ON_UNIX
            entry.external_attr = READABLE_BY_ALL << 16
            archive.writestr(entry, contents)
    return buffer.getvalue()


def tarred(download: Download, files: Files) -> bytes:
    """A tar of the files, compressed with gzip, as npm takes it. Raises ValidationError at the download's deadline."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile("", "wb", fileobj=buffer, mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, contents in download.in_time(files.items()):
            data = contents.encode() if isinstance(contents, str) else contents
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(data), READABLE_BY_ALL
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
