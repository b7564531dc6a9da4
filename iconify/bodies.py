"""The drawings of icons as Iconify JSON has them, of which a web process keeps those that were asked for last."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any

from django.conf import settings

from iconify.js import as_data
from iconify.served_set import ServedSet, Version
from icons.exporting.svg_text import iconify_drawing
from icons.importing.iconify_json import VIEW_BOX
from icons.models import Icon

Json = dict[str, Any]
Texts = dict[str, str]  # JSON of icons by their names
Row = tuple[int, str, str]  # an icon's id in the database, its drawing, and the hash of that

# JSON of an icon by its id in the database, with the version of its set.
_texts: OrderedDict[int, tuple[Version, str]] = OrderedDict()
_lock = Lock()
_chars = 0


def icon_texts(served: ServedSet, names: Iterable[str]) -> Texts:
    """The JSON of each icon of these names, by name; icons that have just been deleted are left out."""
    texts, missing = kept_texts(served, names)
    if missing:
        rows = Icon.objects.filter(pk__in=missing).values_list("pk", "svg", "svg_hash")
        texts |= new_texts(served, missing, rows)
    return texts


def kept_texts(served: ServedSet, names: Iterable[str]) -> tuple[Texts, dict[int, str]]:
    """What is kept of the JSON of these icons, and the names of the others by their ids in the database."""
    texts: Texts = {}
    missing: dict[int, str] = {}
    with _lock:
        for name in names:
            pk = served.ids[name]
            kept = _texts.get(pk)
            if kept and kept[0] == served.version:
                _texts.move_to_end(pk)
                texts[name] = kept[1]
            else:
                missing[pk] = name
    return texts, missing


def new_texts(served: ServedSet, names: Mapping[int, str], rows: Iterable[Row]) -> Texts:
    """The JSON of icons by name, which is kept from now on; `names` has the names by the ids of the rows."""
    texts: Texts = {}
    for pk, svg, svg_hash in rows:
        name = names[pk]
        texts[name] = as_data(entry_of(served, name, svg, svg_hash))
        _keep(pk, served.version, texts[name])
    return texts


def entry_of(served: ServedSet, name: str, svg: str, svg_hash: str) -> Json:
    """The icon's `body`, its sizes where they are not those of the set, and `hidden` where it is."""
    drawing = iconify_drawing(svg, svg_hash)
    entry: Json = {"body": drawing["body"]}
    for key, default in VIEW_BOX.items():
        size = drawing.get(key, 0)
        if size != served.sizes.get(key, default):
            entry[key] = size
    if name in served.hidden:
        entry["hidden"] = True
    return entry


def _keep(pk: int, version: Version, text: str) -> None:
    global _chars
    with _lock:
        before = _texts.pop(pk, None)
        _chars += len(text) - (len(before[1]) if before else 0)
        _texts[pk] = version, text
        while _chars > settings.ICONIFY_BODIES_MAX_CHARS and _texts:
            _chars -= len(_texts.popitem(last=False)[1][1])
