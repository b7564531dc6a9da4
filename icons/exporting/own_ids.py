"""Ids that no other icon has: on a page with several icons, equal ids would mix their gradients up."""

import re
from xml.etree.ElementTree import Element

_reference = re.compile(r"(?<=url\(#)[^\s'\"()\\<>]+(?=\))")
_timed_by = re.compile(r"[^\s;+]+(?=\.[a-zA-Z])")  # an id in the times of an animation, as in begin="other.end+1s"


def give_own_ids(root: Element, prefix: str) -> None:
    """Number the ids of a drawing behind a prefix, `prefix-1`, and what refers to them, in place."""
    old_ids = dict.fromkeys(element.attrib["id"] for element in root.iter() if "id" in element.attrib)
    ids = {old: f"{prefix}-{number}" for number, old in enumerate(old_ids, 1)}
    if not ids:
        return
    for element in root.iter():
        for name, value in element.attrib.items():
            element.set(name, ids[value] if name == "id" else _with_ids(name, value, ids))


def _with_ids(name: str, value: str, ids: dict[str, str]) -> str:
    """The value of an attribute, with the ids that it refers to renamed."""
    if name == "href":
        return "#" + ids.get(value[1:], value[1:])
    reference = _timed_by if name in ("begin", "end") else _reference
    return reference.sub(lambda match: ids.get(match[0], match[0]), value)
