"""What Iconify calls the `info` of a set: its title, author, licence and the like."""

from typing import Any

from icons.models import IconSet
from icons.texts import storable

Json = dict[str, Any]
UNKNOWN = "Unknown"  # Iconify's clients want a title of the licence and a name of the author


def info_of(icon_set: IconSet, kept: Json | None, was_imported: bool) -> Json | None:
    """The info of the set: as its Iconify JSON has it, but with what somebody has changed here since.

    None where its Iconify JSON had none, and nothing more is known: Iconify lists no such sets.
    """
    if kept is None and was_imported and not _is_described(icon_set):
        return None
    info = dict(kept or {})
    _set(info, "name", icon_set.title if kept is None or icon_set.title != icon_set.prefix else "", 200)
    _set(info, "version", icon_set.version, 50)
    for key, fields in (("author", {"name": icon_set.author}), ("license", _licence(icon_set))):
        owner = _object(info, key)
        for name, now in fields.items():
            _set(owner, name, now, 100 if name == "spdx" else 200)
        if kept is None and key == "author" and icon_set.source:
            owner["url"] = icon_set.source
        if kept is None:
            owner.setdefault(
                "title" if key == "license" else "name", icon_set.licence_spdx * (key == "license") or UNKNOWN
            )
        if owner:
            info[key] = owner
    if kept is None or icon_set.palette != bool(info.get("palette")):
        info["palette"] = icon_set.palette
    return info


def _licence(icon_set: IconSet) -> dict[str, str]:
    return {"title": icon_set.licence, "spdx": icon_set.licence_spdx}


def _is_described(icon_set: IconSet) -> bool:
    texts = (icon_set.licence, icon_set.licence_spdx, icon_set.author, icon_set.source, icon_set.version)
    return icon_set.title != icon_set.prefix or icon_set.palette or any(texts)


def _object(info: Json, key: str) -> Json:
    value = info.get(key)
    return dict(value) if isinstance(value, dict) else {}


def _set(owner: Json, key: str, now: str, length: int) -> None:
    """Put the present value in, unless the field says the same already, at more length perhaps."""
    was = owner.get(key)
    if isinstance(was, str) and storable(was, length) == now:
        return
    if now:
        owner[key] = now
    elif isinstance(was, str) and key != "name":
        del owner[key]
