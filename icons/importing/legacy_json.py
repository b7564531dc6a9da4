"""The old system's `source.json`: {"data": {"icons": [{key, name, c_name, e_name, o_name, source_code}]}}."""

import re
import reprlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from icons.importing.guard import read_each
from icons.importing.packs import Pack, Rejected, SetInfo, SourceError, SourceIcon
from icons.names import UniqueNames, stem

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
    return Pack(info, read_each(_named_entries(entries), _read, _reject), len(entries))


def _named_entries(entries: list[Any]) -> Iterator[NamedEntry]:
    """The entries with their names, which do not change when one of them is skipped or cannot be read."""
    unique = UniqueNames()
    for entry in entries:
        yield NamedEntry(entry, unique.pick(*_names(entry)))


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
        file_name=_text(entry.get("o_name"))[:255],
    )


def _reject(named: NamedEntry, reason: str) -> Rejected:
    names = filter(None, _names(named.entry))
    shown = next(names, "?") if isinstance(named.entry, dict) else reprlib.repr(named.entry)
    return Rejected(shown, reason, icon=named.name)


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int)) else ""


def _names(entry: Any) -> Iterable[str]:
    """What the entry calls its icon, the best first; some may be empty."""
    if not isinstance(entry, dict):
        return ()
    return stem(_text(entry.get("o_name"))), *(_text(entry.get(key)) for key in ("e_name", "name", "key"))
