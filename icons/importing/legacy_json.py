"""The old system's `source.json`: {"data": {"icons": [{key, name, c_name, e_name, o_name, source_code}]}}."""

import re
import reprlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from icons.importing.guard import read_each
from icons.importing.packs import Pack, Rejected, SetInfo, SourceError, SourceIcon
from icons.names import UniqueNames, stem, to_name

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


def read_pack(entries: list[Any], info: SetInfo) -> Pack:
    """The pack of a list that find_icons returned."""
    names = UniqueNames()

    def read(entry: Any) -> SourceIcon | None:
        if not isinstance(entry, dict) or "source_code" not in entry:
            raise ValidationError(_("The entry needs a “source_code” that is text."))
        source = entry["source_code"]
        if not source:  # the old crawler met such entries, and skipped them
            return None
        if not isinstance(source, str):
            raise ValidationError(_("The entry needs a “source_code” that is text."))
        return SourceIcon(
            name=names.pick(*_names(entry)),
            svg=source if source.lstrip("\ufeff \t\r\n").startswith("<") else js_unescape(source),
            name_en=_text(entry.get("e_name"))[:200],
            name_zh=_text(entry.get("c_name"))[:200],
            file_name=_text(entry.get("o_name"))[:255],
        )

    return Pack(info, read_each(entries, read, _rejected), len(entries))


def _rejected(entry: Any, reason: str) -> Rejected:
    names = list(_names(entry)) if isinstance(entry, dict) else []
    shown = next(filter(None, names), "?") if isinstance(entry, dict) else reprlib.repr(entry)
    return Rejected(shown, reason, icon=next(filter(None, map(to_name, names)), ""))


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int)) else ""


def _names(entry: dict[str, Any]) -> Iterable[str]:
    return stem(_text(entry.get("o_name"))), *(_text(entry.get(key)) for key in ("e_name", "name", "key"))
