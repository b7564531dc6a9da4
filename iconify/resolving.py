"""From names that a client asks for to icons: by way of aliases and characters, with all that aliases change."""

from collections.abc import Sequence
from typing import Any

from iconify.bodies import icon_entry, icon_texts
from iconify.js import as_data
from iconify.served_set import ServedSet

Json = dict[str, Any]
FLIPS = ("hFlip", "vFlip")


def merged(parent: Json, child: Json) -> Json:
    """The child with what it has of its parent; turns add up, and a flip undoes another."""
    result = {key: value for key, value in {**parent, **child}.items() if key not in (*FLIPS, "rotate", "parent")}
    result |= {flip: True for flip in FLIPS if bool(parent.get(flip)) != bool(child.get(flip))}
    if turns := (parent.get("rotate", 0) + child.get("rotate", 0)) % 4:
        result["rotate"] = turns
    return result


def whole_icon(served: ServedSet, name: str) -> Json | None:
    """All that is known of the icon of this name or character, with the sizes of its set; None where there is none."""
    name = name if served.listing.entry(name) else served.char(name) or name
    changes: Json = {}
    while name in served.aliases:
        changes = merged(served.aliases[name], changes)
        name = served.aliases[name]["parent"]
    entry = icon_entry(served, name) if name in served.ids else None
    if entry is None:
        return None
    sizes = {key: value for key, value in served.sizes.items() if value}
    return merged(sizes, merged(entry, changes))


def icons_reply(served: ServedSet, names: Sequence[str]) -> tuple[Json, str]:
    """The reply with these icons: what it says beside them, and the JSON of the field `icons`."""
    aliases: dict[str, Json] = {}
    wanted: dict[str, None] = {}
    for name in names:
        if name not in served.ids and name not in served.aliases:
            char = served.char(name)
            if char is None:
                continue
            aliases[name] = {"parent": char}
            name = char
        while name in served.aliases:
            aliases[name] = served.aliases[name]
            name = served.aliases[name]["parent"]
        wanted[name] = None
    texts = icon_texts(served, wanted) if wanted else {}
    if not wanted:
        missing = list(names)
    else:
        missing = [*(name for name in wanted if name not in texts)]
        missing += [name for name in names if name not in texts and name not in aliases]
        missing = list(dict.fromkeys(missing))
    reply: Json = {**served.common, "aliases": aliases}
    if missing:
        reply["not_found"] = missing
    fields = ",".join([f"{as_data(name)}:{texts[name]}" for name in wanted if name in texts])
    return reply, f"{{{fields}}}"
