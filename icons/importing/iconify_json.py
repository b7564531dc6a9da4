"""Iconify JSON: one object a set, as in the npm packages @iconify/json and @iconify-json/*.

The form is that of https://iconify.design/docs/types/iconify-json.html.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from django.utils.translation import gettext as _

from icons.importing.packs import Drawing, Pack, Rejected, SetInfo, SourceError
from icons.names import is_name
from icons.svg.view_box import ViewBox, flip_and_turn

Json = dict[str, Any]

BOX = {"left": 0, "top": 0, "width": 16, "height": 16}
VISUAL = (*BOX, "rotate", "hFlip", "vFlip")
ALIAS_DEPTH = 10


def is_iconify(data: object) -> bool:
    return isinstance(data, dict) and isinstance(data.get("icons"), dict) and isinstance(data.get("prefix"), str)


def read_file(path: Path) -> Pack:
    """The pack of one file. Raises SourceError."""
    return read_data(load_json(path), path)


def read_files(paths: Iterable[Path]) -> Iterator[Pack | Rejected]:
    """A pack a file; a file that cannot be read does not stop the others."""
    for path in paths:
        try:
            yield read_file(path)
        except SourceError as error:
            yield Rejected(path.name, str(error))


def read_data(data: Any, path: Path) -> Pack:
    """The pack of parsed JSON; an `info.json` beside an `icons.json` belongs to it. Raises SourceError."""
    if not is_iconify(data):
        raise SourceError(_("%(file)s is not Iconify JSON: it has no prefix and no icons.") % {"file": path.name})
    beside = path.with_name("info.json")
    if "info" not in data and path.name == "icons.json" and beside.exists():
        data["info"] = load_json(beside)
    return read_pack(data)


def load_json(path: Path) -> Any:
    try:
        with open(path, "rb") as file:
            return json.load(file)
    except (ValueError, RecursionError):
        raise SourceError(_("%(file)s is not valid JSON.") % {"file": path.name}) from None
    except OSError as error:
        raise SourceError(_("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror}) from None


def read_pack(data: Json) -> Pack:
    prefix = data["prefix"]
    if not is_name(prefix):
        raise SourceError(
            _("The prefix %(prefix)r is not lower-case letters, digits and single hyphens.") % {"prefix": prefix}
        )
    return Pack(_info(data), _drawings(data), len(data["icons"]))


def _mapping(value: object) -> Json:
    return cast(Json, value) if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _info(data: Json) -> SetInfo:
    info = _mapping(data.get("info"))
    licence, author = _mapping(info.get("license")), _mapping(info.get("author"))
    return SetInfo(
        prefix=data["prefix"],
        title=_text(info.get("name")) or data["prefix"],
        licence=_text(licence.get("title")),
        licence_spdx=_text(licence.get("spdx")),
        author=_text(author.get("name")),
        source=_text(author.get("url")) or _text(licence.get("url")),
        version=_text(info.get("version")),
        palette=bool(info["palette"]) if "palette" in info else None,
    )


def _drawings(data: Json) -> Iterator[Drawing | Rejected]:
    icons, aliases = data["icons"], _mapping(data.get("aliases"))
    other_names, transformed = _sort_aliases(icons, aliases)
    categories = _categories(data)
    for name, icon in (*icons.items(), *transformed.items()):
        if not is_name(name):
            yield Rejected(name, _("The name is not lower-case letters, digits and single hyphens."))
            continue
        try:
            svg = icon_svg(icon, data)
        except (TypeError, KeyError, ValueError, AttributeError):
            yield Rejected(name, _("The icon has no text “body”, or its sizes are not numbers."))
            continue
        first, *others = categories.get(name) or [""]
        yield Drawing(
            name=name,
            svg=svg,
            tags=tuple(others),
            category=first,
            aliases=tuple(other_names.get(name, ())),
            hidden=bool(icon.get("hidden")),
        )
    for name in aliases:
        if name not in icons and name not in transformed and _resolve(name, icons, aliases) is None:
            yield Rejected(name, _("The alias leads to no icon."))


def _sort_aliases(icons: Json, aliases: Json) -> tuple[dict[str, list[str]], Json]:
    """Split aliases into other names of an icon, and drawings of their own (turned, flipped, cut otherwise)."""
    other_names: dict[str, list[str]] = defaultdict(list)
    transformed: Json = {}
    for name in aliases:
        resolved = None if name in icons else _resolve(name, icons, aliases)
        if resolved is None:
            continue
        parent, icon = resolved
        if all(icon.get(key) == icons[parent].get(key) for key in VISUAL):
            other_names[parent].append(name)
        else:
            transformed[name] = icon
    return other_names, transformed


def _resolve(name: str, icons: Json, aliases: Json) -> tuple[str, Json] | None:
    """The icon behind an alias: (name of the parent icon, its data with all changes on the way), or None."""
    changes: list[Json] = []
    while name not in icons:
        alias = _mapping(aliases.get(name))
        if not isinstance(alias.get("parent"), str) or len(changes) >= ALIAS_DEPTH:
            return None
        changes.append(alias)
        name = alias["parent"]
    icon = dict(_mapping(icons[name]))
    for alias in reversed(changes):
        icon = _merge(icon, alias)
    return name, icon


def _merge(icon: Json, alias: Json) -> Json:
    merged = {**icon, **{key: value for key, value in alias.items() if key != "parent"}}
    if icon.get("rotate") or alias.get("rotate"):
        merged["rotate"] = (icon.get("rotate", 0) + alias.get("rotate", 0)) % 4
    for flip in ("hFlip", "vFlip"):
        if icon.get(flip) or alias.get(flip):
            merged[flip] = bool(icon.get(flip)) != bool(alias.get(flip))
    return merged


def icon_svg(icon: Json, defaults: Json) -> str:
    """One icon as an SVG document, flipped first, then turned, about the middle of its box."""
    left, top, width, height = (float(icon.get(key, defaults.get(key, value))) for key, value in BOX.items())
    body = icon["body"]
    if not isinstance(body, str):
        raise TypeError("body")
    quarters, flips = int(icon.get("rotate") or 0), (bool(icon.get("hFlip")), bool(icon.get("vFlip")))
    body, box = flip_and_turn(body, ViewBox(left, top, width, height), quarters, *flips)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{box.rounded()}">{body}</svg>'
    )


def _categories(data: Json) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for title, names in _mapping(data.get("categories")).items():
        for name in names if isinstance(names, list) else ():
            if isinstance(name, str):
                found[name].append(title)
    return found
