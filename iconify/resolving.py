"""From names that a client asks for to icons: by way of aliases and characters, with all that aliases change."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from iconify.bodies import Texts
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


def base_of(served: ServedSet, name: str) -> tuple[str | None, Json]:
    """The icon that a name or character leads to, and what aliases on the way change of it; None where it is none."""
    name = name if served.listing.entry(name) else served.char(name) or name
    changes: Json = {}
    while name in served.aliases:
        changes = merged(served.aliases[name], changes)
        name = served.aliases[name]["parent"]
    return (name if name in served.ids else None), changes


def bases_of(served: ServedSet, names: Iterable[str]) -> dict[str, None]:
    """The icons that these names and characters lead to, each once."""
    return {base: None for name in names if (base := base_of(served, name)[0]) is not None}


def whole_icon(served: ServedSet, name: str, texts: Texts) -> Json | None:
    """All that is known of the icon of this name or character, with the sizes of its set; None where there is none.

    `texts` has the JSON of the icon that the name leads to.
    """
    base, changes = base_of(served, name)
    text = texts.get(base) if base else None
    if text is None:
        return None
    sizes = {key: value for key, value in served.sizes.items() if value}
    return merged(sizes, merged(json.loads(text), changes))


def with_aliases(served: ServedSet, names: Iterable[str]) -> tuple[dict[str, None], dict[str, Json]]:
    """The icons that a reply with these names needs, each once, and the aliases and characters that lead to them."""
    wanted: dict[str, None] = {}
    aliases: dict[str, Json] = {}
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
    return wanted, aliases


def icons_reply(served: ServedSet, names: Sequence[str], texts: Texts) -> tuple[Json, str]:
    """The reply with these icons: what it says beside them, and the JSON of the field `icons`.

    `texts` has the JSON of the icons of with_aliases().
    """
    wanted, aliases = with_aliases(served, names)
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
