"""A zip of SVG files or of Iconify JSON. Nothing is unpacked: entries are read one by one, up to a size."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from icons.importing import iconify_json
from icons.importing.packs import Pack, Rejected, SetInfo, SourceError
from icons.importing.svg_files import is_looked_into, is_svg, pack_of

MAX_ENTRIES = 200_000  # of a zip
ENCRYPTED = 0x1  # flags of an entry (APPNOTE.TXT, 4.4.4)
UTF_8 = 0x800
JSON_MAX_BYTES = 100_000_000  # of one JSON file in a zip; that of the largest icon set has 17 MB
# Legacy encodings of file names, by the languages whose Windows writes them, tried in this order after UTF-8.
ENCODINGS = {"gb18030": "GBK", "shift_jis": "Shift-JIS", "big5": "Big5", "euc_kr": "EUC-KR"}


def read_zip(path: Path, info: SetInfo) -> Iterator[Pack | Rejected]:
    """The packs in a zip: its SVG files, or else its files of Iconify JSON. Raises SourceError."""
    archive = open_zip(path)
    entries, encoding = named_entries([entry for entry in archive.infolist() if not entry.is_dir()])
    entries = {name: entry for name, entry in entries.items() if _is_looked_at(name)}
    note = _("The names of the files were read as %(encoding)s.") % {"encoding": encoding} if encoding else ""
    svgs = [name for name in entries if is_svg(PurePosixPath(name).name)]

    def read(name: str) -> bytes:
        if entries[name].flag_bits & ENCRYPTED:
            raise SourceError(_("The file is encrypted: unpack the zip, and import the folder."))
        with archive.open(entries[name]) as file:
            return file.read(settings.SVG_MAX_BYTES + 1)

    if svgs:
        pack = pack_of(svgs, read, info)
        yield Pack(info, pack.icons, len(svgs), files=pack.files, note=note)
        return
    any_json = False
    for name in sorted(name for name in entries if name.lower().endswith(".json")):
        pack_or_none = _json_pack(archive, entries[name], name)
        if pack_or_none is not None:
            any_json = True
            yield pack_or_none
    if not any_json:
        raise SourceError(_nothing(path.name, list(entries)))


def open_zip(path: Path) -> zipfile.ZipFile:
    """The zip, opened for reading. Raises SourceError, also where it has more than MAX_ENTRIES entries.

    Its list of entries is read as a whole, which takes some 600 bytes of memory an entry.
    """
    try:
        with open(path, "rb") as file:
            end: Any = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # it has no public name
        if end and end[zipfile._ECD_ENTRIES_TOTAL] > MAX_ENTRIES:  # type: ignore[attr-defined]
            raise SourceError(
                _("%(file)s has more than %(most)s entries: divide it.") % {"file": path.name, "most": MAX_ENTRIES}
            )
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise SourceError(
            _("%(file)s cannot be read as a zip file: %(why)s.") % {"file": path.name, "why": error}
        ) from None


def named_entries(entries: list[zipfile.ZipInfo]) -> tuple[dict[str, zipfile.ZipInfo], str]:
    """The entries by their paths, with slashes, and the encoding that was guessed for the paths, if any.

    A zip says whether a name is UTF-8; else it is in the encoding of the computer that wrote it, which is guessed from
    all names together. The reader of the standard library takes it for code page 437.
    """
    undeclared = [entry for entry in entries if not entry.flag_bits & UTF_8 and not entry.filename.isascii()]
    encoding, title = _guess(b"/".join(entry.orig_filename.encode("cp437", "replace") for entry in undeclared))
    paths = {}
    for entry in entries:
        name = entry.orig_filename
        if entry in undeclared and encoding:
            name = name.encode("cp437", "replace").decode(encoding, "replace")
        paths[name.partition("\x00")[0].replace("\\", "/")] = entry
    return paths, title


def _guess(data: bytes) -> tuple[str, str]:
    """The encoding that decodes the names, and what people call it; both empty where it is code page 437."""
    for encoding, title in ({"utf-8": "UTF-8"} | ENCODINGS).items() if data else ():
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_common(text, encoding):
            return encoding, title
    return "", ""


def _is_common(text: str, encoding: str) -> bool:
    """Whether all letters of a text are those that people use in names, in the language of the encoding."""
    letters = [letter for letter in text if not letter.isascii()]
    narrow = {"gb18030": "gb2312", "shift_jis": "shift_jis", "big5": "big5", "euc_kr": "euc_kr"}[encoding]
    try:
        "".join(letters).encode(narrow)
    except UnicodeEncodeError:
        return False
    return all(letter.isalnum() or letter in "·—…（）【】《》“”‘’、。，－～＿＆！" for letter in letters)


def _is_looked_at(name: str) -> bool:
    return all(map(is_looked_into, PurePosixPath(name).parent.parts))


def _json_pack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Pack | Rejected | None:
    """The pack of a JSON file, or why it cannot be read; None where it is no Iconify JSON."""
    with archive.open(entry) as file:
        data = file.read(JSON_MAX_BYTES + 1)
    try:
        parsed: Any = json.loads(data) if len(data) <= JSON_MAX_BYTES else None
    except (ValueError, RecursionError):
        return None
    if not iconify_json.is_iconify(parsed):
        return None
    try:
        return iconify_json.read_pack(parsed)
    except SourceError as error:
        return Rejected(name, str(error))


def _nothing(name: str, paths: list[str]) -> str:
    """Why a zip has no icons, in a sentence."""
    zips = [path for path in paths if path.lower().endswith(".zip")]
    if zips:
        return _("There are no .svg files in %(file)s, but another zip, %(inner)s: unpack that first.") % {
            "file": name,
            "inner": zips[0],
        }
    endings = sorted({PurePosixPath(path).suffix.lower() for path in paths if PurePosixPath(path).suffix})[:5]
    if endings:
        return _("There are no .svg files in %(file)s, only %(endings)s.") % {
            "file": name,
            "endings": ", ".join(endings),
        }
    return _("There are no .svg files in %(file)s.") % {"file": name}
