"""The old system's `source.json`: {"data": {"icons": [{key, name, c_name, e_name, o_name, source_code}]}}."""

import re
import reprlib
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from icons.importing.guard import read_each
from icons.importing.naming import Named, names_of
from icons.importing.packs import Pack, Rejected, SetInfo, SourceError, SourceIcon
from icons.names import stem

ESCAPE = re.compile(r"%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})")


def js_unescape(text: str) -> str:
    """Undo JavaScript's escape(): %XX and %uXXXX are UTF-16 code units (ECMA-262, annex B.2.1)."""
    plain = ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
    # Two %u halves of one character beyond the basic plane come out as surrogates: join them.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def find_icons(data: Any) -> list[Any]:
    """The list of icons in a reply: `data.icons`, or the first list in `data`. Raises SourceError."""
    fields = data.get("data") if isinstance(data, dict) else None
    if isinstance(fields, dict):
        for value in (fields.get("icons"), *fields.values()):
            if isinstance(value, list):
                return value
    raise SourceError(_('The JSON has no list of icons. It must look like {"data": {"icons": [...]}}.'))


class NamedEntry(NamedTuple):
    """An entry of the list, of whatever type, and the name that its icon gets."""

    entry: Any
    name: str


def read_pack(entries: list[Any], info: SetInfo) -> Pack:
    """The pack of a list that find_icons returned."""
    named = _named_entries(entries)
    counts = Counter(_file_name(entry) for entry in entries if isinstance(entry, dict))
    files = frozenset(("", file) for file, count in counts.items() if file and count == 1)
    return Pack(info, read_each(named, _read, _reject), len(entries), files=files)


def _named_entries(entries: list[Any]) -> list[NamedEntry]:
    """The entries with their names, which do not change when one of them is skipped or cannot be read.

    Where names clash, an entry is told apart by its key, if it has one of its own, or else by all that names it.
    """
    keys = Counter(_text(entry.get("key")) for entry in entries if isinstance(entry, dict))
    sources: list[Named] = []
    seen: Counter[str] = Counter()
    for entry in entries:
        texts = sorted(filter(None, _names(entry)), key=lambda text: not text.isascii())  # English ones first
        key = _text(entry.get("key")) if isinstance(entry, dict) else ""
        path = key if key and keys[key] == 1 else "|".join(texts)
        seen[path] += 1
        sources.append(Named(path if seen[path] == 1 else f"{path}#{seen[path]}", tuple(texts) or ("",)))
    return [NamedEntry(entry, name) for entry, name in zip(entries, names_of(sources), strict=True)]


def _read(named: NamedEntry) -> SourceIcon | None:
    entry = named.entry
    if not isinstance(entry, dict) or "source_code" not in entry:
        raise ValidationError(_("The entry needs a “source_code” that is text."))
    source = entry["source_code"]
    if not source:  # the old crawler met such entries, and skipped them
        return None
    if not isinstance(source, str):
        raise ValidationError(_("The entry needs a “source_code” that is text."))
    return SourceIcon(
        name=named.name,
        svg=source if source.lstrip("\ufeff \t\r\n").startswith("<") else js_unescape(source),
        name_en=_text(entry.get("e_name"))[:200],
        name_zh=_text(entry.get("c_name"))[:200],
        file_name=_file_name(entry),
    )


def _reject(named: NamedEntry, reason: str) -> Rejected:
    names = filter(None, _names(named.entry))
    shown = next(names, "?") if isinstance(named.entry, dict) else reprlib.repr(named.entry)
    file = _file_name(named.entry) if isinstance(named.entry, dict) else ""
    return Rejected(shown, reason, icon=named.name, file=("", file))


def _file_name(entry: dict[str, Any]) -> str:
    return _text(entry.get("o_name"))[:255]


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int)) else ""


def _names(entry: Any) -> Iterable[str]:
    """What the entry calls its icon, the best first; some may be empty."""
    if not isinstance(entry, dict):
        return ()
    return stem(_text(entry.get("o_name"))), *(_text(entry.get(key)) for key in ("e_name", "name", "key"))
