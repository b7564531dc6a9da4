"""Sets and selections of icons in forms that other programs read, and that this site imports again.

The same icons give the same bytes, at any time; what is exported, imported into an empty site and exported again is
the same, too.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from iconify.archives import Files
from iconify.bodies import entry_of
from iconify.js import as_data
from iconify.served_set import ServedSet
from iconify.sets import served_set
from icons.batches import batched
from icons.models import Icon, IconSet
from icons.names import stem, to_name

Json = dict[str, Any]
ICONS_AT_ONCE = 1000  # read from the database


class Selection(NamedTuple):
    """A set, and the ids in the database of those of its icons that are wanted; None for all of them."""

    icon_set: IconSet
    pks: frozenset[int] | None = None


def iconify_json(selection: Selection) -> Json:
    """The icons as Iconify JSON, with all that is known of them, as packages of Iconify have it.

    Raises IconSet.DoesNotExist where the set has just been deleted.
    """
    served = served_set(selection.icon_set.prefix)
    if served is None:
        raise IconSet.DoesNotExist(selection.icon_set.prefix)
    wanted = {name for name, pk in served.ids.items() if selection.pks is None or pk in selection.pks}
    aliases = _aliases(served, wanted, selection)
    entries: Json = {}
    for names in batched(_with_parents(served, wanted, aliases), ICONS_AT_ONCE):
        icons = Icon.objects.filter(pk__in=[served.ids[name] for name in names])
        drawings = {pk: drawing for pk, *drawing in icons.values_list("pk", "svg", "svg_hash")}
        entries |= {
            name: entry_of(served, name, *drawings[pk]) for name in names if (pk := served.ids[name]) in drawings
        }
    data: Json = {"prefix": served.prefix}
    if served.info is not None:
        data["info"] = _info(served, selection)
    if served.has_date:
        data["lastModified"] = served.last_modified
    data["icons"] = entries
    if aliases:
        data["aliases"] = aliases
    known = entries.keys() | aliases.keys()
    categories = {title: [name for name in names if name in known] for title, names in served.categories.items()}
    if categories := {title: names for title, names in categories.items() if names}:
        data["categories"] = categories
    data |= served.themes
    if served.chars is not None:
        data["chars"] = {char: name for char, name in served.chars.items() if name in known}
    return data | served.sizes


def _aliases(served: ServedSet, wanted: set[str], selection: Selection) -> Json:
    """The aliases that show one of the wanted icons, or that are wanted icons themselves."""
    if selection.pks is None:
        return served.aliases
    names = {name for name, pk in served.alias_ids.items() if pk in selection.pks}
    bases = {name: _chain(served, name)[-1] for name in served.aliases}
    chosen = {name for name, base in bases.items() if base in wanted and name not in served.alias_ids} | names
    chosen |= {link for name in names for link in _chain(served, name)}
    return {name: alias for name, alias in served.aliases.items() if name in chosen}


def _with_parents(served: ServedSet, wanted: set[str], aliases: Json) -> Iterator[str]:
    needed = wanted | {_chain(served, name)[-1] for name in aliases}
    return (name for name in served.ids if name in needed)


def _chain(served: ServedSet, name: str) -> list[str]:
    """The name, and what it stands for, step by step, down to an icon."""
    chain = [name]
    while chain[-1] in served.aliases:
        chain.append(served.aliases[chain[-1]]["parent"])
    return chain


def _info(served: ServedSet, selection: Selection) -> Json:
    info = dict(served.info or {})
    return info | {"total": served.listing.total if selection.pks is None else len(selection.pks)}


def json_text(data: Json) -> str:
    """Iconify JSON as the files of its packages are written."""
    return json.dumps(data, ensure_ascii=False, indent="\t").encode(errors="backslashreplace").decode() + "\n"


def svg_files(selections: Sequence[Selection]) -> Files:
    """A file CATEGORY/NAME.svg of each icon, as it is stored, in a folder for each set where there are several."""
    for icon in icons_of(selections):
        folder = f"{icon.set.prefix}/" if len(selections) > 1 else ""
        yield f"{folder}{folder_of(icon.category)}{icon.name}.svg", icon.svg


def folder_of(category: str) -> str:
    """The folder of a category, with a slash after it; nothing where there is none."""
    name = category.replace("/", "-").replace("\\", "-").strip(". ")
    return f"{name}/" if name else ""


def source_json(selections: Sequence[Selection]) -> str:
    """The old system's `source.json`; `source_code` is written as JavaScript's escape() does."""
    entries = [
        {
            "key": icon.public_id,
            "name": icon.name,
            "c_name": icon.name_zh,
            "e_name": icon.name_en,
            "o_name": _file_name(icon),
            "source_code": js_escaped(icon.svg),
        }
        for icon in icons_of(selections)
    ]
    return as_data({"data": {"icons": entries}})


def _file_name(icon: Icon) -> str:
    """The icon's file name, or one made of its name where an import would make another name of it."""
    texts = (stem(icon.file_name), icon.name_en, icon.name)
    first = min(filter(None, texts), key=lambda text: not text.isascii())  # as icons.importing.legacy_json chooses
    return icon.file_name if icon.file_name and to_name(first) == icon.name else f"{icon.name}.svg"


def js_escaped(text: str) -> str:
    """The text as JavaScript's escape() writes it (ECMA-262, annex B.2.1), which works on UTF-16.

    >>> js_escaped("<a b='图'/>"), js_escaped("😀")
    ('%3Ca%20b%3D%27%u56FE%27/%3E', '%uD83D%uDE00')
    """
    units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
    plain = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@*_+-./")
    return "".join(chr(unit) if unit in plain else f"%{unit:02X}" if unit < 256 else f"%u{unit:04X}" for unit in units)


def icons_of(selections: Sequence[Selection]) -> Iterator[Icon]:
    """The icons with their sets, by set and name."""
    for icon_set, wanted in selections:
        rows = icon_set.icons.values_list("name", "pk")
        pks = [pk for _name, pk in sorted(rows) if wanted is None or pk in wanted]
        for batch in batched(pks, ICONS_AT_ONCE):
            icons = Icon.objects.in_bulk(batch)
            for pk in batch:
                if pk in icons:
                    icons[pk].set = icon_set
                    yield icons[pk]
