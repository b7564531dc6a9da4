"""The drawings of icons as Iconify JSON has them, of which a web process keeps those that were asked for last."""

import json
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Any

from django.conf import settings

from iconify.js import as_data
from iconify.served_set import ServedSet, Version
from icons.exporting.svg_text import iconify_icon
from icons.importing.iconify_json import VIEW_BOX
from icons.models import Icon

Json = dict[str, Any]

# JSON of an icon by its id in the database, with the version of its set.
_texts: OrderedDict[int, tuple[Version, str]] = OrderedDict()
_lock = Lock()
_chars = 0


def icon_texts(served: ServedSet, names: Iterable[str]) -> dict[str, str]:
    """The JSON of each icon of these names, by name; icons that have just been deleted are left out."""
    texts: dict[str, str] = {}
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
    if missing:
        for icon in Icon.objects.filter(pk__in=missing).only("svg"):
            name = missing[icon.pk]
            texts[name] = as_data(entry_of(served, name, icon))
            _keep(icon.pk, served.version, texts[name])
    return texts


def icon_entry(served: ServedSet, name: str) -> Json | None:
    """What icon_texts has of one icon, parsed; None where it has just been deleted."""
    text = icon_texts(served, [name]).get(name)
    entry: Json | None = json.loads(text) if text else None
    return entry


def entry_of(served: ServedSet, name: str, icon: Icon) -> Json:
    """The icon's `body`, its sizes where they are not those of the set, and `hidden` where it is."""
    drawing = iconify_icon(icon)
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
