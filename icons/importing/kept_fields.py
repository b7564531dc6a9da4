"""What an import keeps of Iconify JSON that the models Icon and IconSet have no place for.

That is how aliases are made of their parents, the categories, the characters of a font, themes, all of `info`, and the
order of the icons. Fields of another type than Iconify's are left out.
"""

from collections.abc import Mapping
from typing import Any

from icons.names import is_name

Json = dict[str, Any]
SIZES = ("left", "top", "width", "height")  # in user units, of all icons that do not say otherwise
HASH_LENGTH = 12  # digits of a drawing's hash that are kept to tell whether it is still the one of the import


def fields_to_keep(data: Json, redrawn: Mapping[str, str]) -> Json:
    """The fields of Iconify JSON that are worth keeping; `redrawn` has the parents of aliases that are icons here."""
    kept: Json = {key: data[key] for key in SIZES if _is_number(data.get(key))}
    if _is_number(data.get("lastModified")):
        kept["lastModified"] = int(data["lastModified"])
    if isinstance(data.get("info"), dict):
        kept["info"] = data["info"]
    for key, read in (("aliases", _aliases), ("categories", _categories), ("chars", _texts)):
        if isinstance(data.get(key), dict):
            kept[key] = read(data[key])
    for key in ("prefixes", "suffixes"):
        if isinstance(data.get(key), dict):
            kept[key] = {name: title for name, title in data[key].items() if isinstance(title, str)}
    names = list(data["icons"])
    if names != sorted(names):
        kept["order"] = names
    return {**kept, "redrawn": dict(redrawn)}


def drawing_mark(svg_hash: str, parent_hash: str) -> str:
    """What changes when an alias that is an icon of its own, or its parent, is drawn anew."""
    return svg_hash[:HASH_LENGTH] + parent_hash[:HASH_LENGTH]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _aliases(aliases: Json) -> Json:
    types: dict[str, tuple[type, ...]] = {
        **{"parent": (str,), "rotate": (int,), "hFlip": (bool,), "vFlip": (bool,), "hidden": (bool,)},
        **dict.fromkeys(SIZES, (int, float)),
    }
    return {
        name: {key: value for key, value in alias.items() if key in types and isinstance(value, types[key])}
        for name, alias in aliases.items()
        if is_name(name) and isinstance(alias, dict) and isinstance(alias.get("parent"), str)
    }


def _categories(categories: Json) -> dict[str, list[str]]:
    return {
        title: [name for name in names if isinstance(name, str)]
        for title, names in categories.items()
        if isinstance(names, list)
    }


def _texts(chars: Json) -> dict[str, str]:
    return {char: name for char, name in chars.items() if isinstance(name, str) and is_name(char)}
