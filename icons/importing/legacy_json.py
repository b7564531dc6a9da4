"""The old system's `source.json`: {"data": {"icons": [{key, name, c_name, e_name, o_name, source_code}]}}."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from icons.importing.packs import Drawing, Pack, SetInfo, SourceError, UniqueNames, guarded
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
        lists = [fields.get("icons"), *fields.values()]
        for value in lists:
            if isinstance(value, list):
                return value
    raise SourceError(_('The JSON has no list of icons. It must look like {"data": {"icons": [...]}}.'))


def read_pack(icons: list[Any], info: SetInfo) -> Pack:
    names = UniqueNames()

    def read(item: Any) -> Drawing | None:
        source = item["source_code"]
        if not source:  # the old crawler met such entries, and skipped them
            return None
        file_name = _text(item.get("o_name"))
        return Drawing(
            name=names.pick(*_names(item)),
            svg=source if source.lstrip("\ufeff \t\r\n").startswith("<") else js_unescape(source),
            name_en=_text(item.get("e_name"))[:200],
            name_zh=_text(item.get("c_name"))[:200],
            file_name=file_name[:255],
        )

    return Pack(info, guarded(icons, read, _name_of), len(icons))


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int)) else ""


def _names(item: Any) -> Iterable[str]:
    return stem(_text(item.get("o_name"))), *(_text(item.get(key)) for key in ("e_name", "name", "key"))


def _name_of(item: Any) -> str:
    return next(filter(None, _names(item)), "?") if isinstance(item, dict) else repr(item)[:80]
