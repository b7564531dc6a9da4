"""Iconify JSON: one object per icon set, as in the npm packages @iconify/json and @iconify-json/*.

The form is that of https://iconify.design/docs/types/iconify-json.html.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from icons.importing.guard import read_each
from icons.importing.packs import Pack, Rejected, SetInfo, SourceError, SourceIcon
from icons.names import is_name
from icons.svg.view_box import ViewBox, flip_and_turn

Json = dict[str, Any]

BOX = {"left": 0, "top": 0, "width": 16, "height": 16}  # Iconify's own defaults, in units of the view box
VISUAL = (*BOX, "rotate", "hFlip", "vFlip")  # an alias that changes one of these is a drawing of its own
ALIAS_DEPTH = 10  # aliases of aliases; a longer chain is taken for a loop


@dataclass(frozen=True, slots=True)
class Alias:
    """A further name of an icon; `icon` is its data, with all changes that aliases on the way make to the parent."""

    name: str
    parent: str
    icon: Json
    redrawn: bool  # turned, flipped or cut otherwise, so that it is an icon of its own


def is_iconify(data: object) -> bool:
    """Whether parsed JSON has the form of Iconify JSON, which is an object with a prefix and icons."""
    return isinstance(data, dict) and isinstance(data.get("icons"), dict) and isinstance(data.get("prefix"), str)


def read_file(path: Path) -> Pack:
    """The pack of one file. Raises SourceError."""
    return read_data(load_json(path), path)


def read_files(paths: Iterable[Path]) -> Iterator[Pack | Rejected]:
    """One pack per file; a file that cannot be read does not stop the others."""
    return read_each(paths, read_file, lambda path, reason: Rejected(path.name, reason))


def read_data(data: Any, path: Path) -> Pack:
    """The pack of parsed JSON; an `info.json` beside an `icons.json` belongs to it. Raises SourceError."""
    if not is_iconify(data):
        raise SourceError(_("%(file)s is not Iconify JSON: it has no prefix and no icons.") % {"file": path.name})
    info_path = path.with_name("info.json")
    if "info" not in data and path.name == "icons.json" and info_path.exists():
        data["info"] = load_json(info_path)
    return read_pack(data)


def load_json(path: Path) -> Any:
    """The parsed JSON of a file. Raises SourceError."""
    try:
        with open(path, "rb") as file:
            return json.load(file)
    except (ValueError, RecursionError):
        raise SourceError(_("%(file)s is not valid JSON.") % {"file": path.name}) from None
    except OSError as error:
        raise SourceError(_("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror}) from None


def read_pack(data: Json) -> Pack:
    """The pack of data that is_iconify. Raises SourceError."""
    prefix = data["prefix"]
    if not is_name(prefix):
        raise SourceError(
            _("The prefix %(prefix)r must consist of lower-case letters, digits and single hyphens.")
            % {"prefix": prefix}
        )
    return Pack(_info(data), _read_icons(data), len(data["icons"]))


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


def _read_icons(data: Json) -> Iterator[SourceIcon | Rejected]:
    """The icons, read one by one later.

    Aliases and categories are read at once, so that an error in them is an error of the file.
    """
    icons: Json = data["icons"]
    categories = _categories(data)
    other_names: dict[str, list[str]] = defaultdict(list)
    redrawn: Json = {}
    rejected: list[Rejected] = []
    for alias in _read_aliases(icons, _mapping(data.get("aliases"))):
        if isinstance(alias, Rejected):
            rejected.append(alias)
        elif alias.redrawn:
            redrawn[alias.name] = alias.icon
        else:
            other_names[alias.parent].append(alias.name)

    def read(entry: tuple[str, Any]) -> SourceIcon:
        name, icon = entry
        if not is_name(name):
            raise ValidationError(_("The name must consist of lower-case letters, digits and single hyphens."))
        try:
            svg = icon_svg(icon, data)
        except (TypeError, KeyError, ValueError, AttributeError, OverflowError):
            raise ValidationError(_("The icon needs a “body” that is text, and sizes that are numbers.")) from None
        category, *tags = categories.get(name) or [""]
        return SourceIcon(
            name=name,
            svg=svg,
            tags=tuple(tags),
            category=category,
            aliases=tuple(other_names.get(name, ())),
            hidden=bool(icon.get("hidden")),
        )

    entries = [*icons.items(), *redrawn.items()]
    return chain(read_each(entries, read, lambda entry, reason: Rejected(entry[0], reason)), rejected)


def _read_aliases(icons: Json, aliases: Json) -> Iterator[Alias | Rejected]:
    """What each alias stands for; aliases that are also names of icons are skipped, as the icons come first."""

    def read(name: str) -> Alias | None:
        if name in icons:
            return None
        parent, icon = _resolve(name, icons, aliases)
        redrawn = any(icon.get(key) != icons[parent].get(key) for key in VISUAL)
        return Alias(name, parent, icon, redrawn)

    return read_each(aliases, read, Rejected)


def _resolve(name: str, icons: Json, aliases: Json) -> tuple[str, Json]:
    """The icon behind an alias: (name of the parent icon, its data with all changes on the way).

    Raises ValidationError.
    """
    changes: list[Json] = []
    while name not in icons:
        alias = _mapping(aliases.get(name))
        if not isinstance(alias.get("parent"), str) or len(changes) >= ALIAS_DEPTH:
            raise ValidationError(_("The alias leads to no icon."))
        changes.append(alias)
        name = alias["parent"]
    if not isinstance(icons[name], dict):
        raise ValidationError(_("The alias leads to no icon."))
    icon = dict(icons[name])
    for alias in reversed(changes):
        icon = _merge(icon, alias)
    return name, icon


def _merge(icon: Json, alias: Json) -> Json:
    merged = {**icon, **{key: value for key, value in alias.items() if key != "parent"}}
    if icon.get("rotate") or alias.get("rotate"):
        merged["rotate"] = (_quarters(icon) + _quarters(alias)) % 4
    for flip in ("hFlip", "vFlip"):
        if icon.get(flip) or alias.get(flip):
            merged[flip] = bool(icon.get(flip)) != bool(alias.get(flip))
    return merged


def _quarters(data: Json) -> int:
    """The quarter turns, clockwise, of an icon or an alias. Raises ValidationError."""
    try:
        return int(data.get("rotate") or 0)
    except (TypeError, ValueError, OverflowError):
        raise ValidationError(_("Its “rotate” must be a whole number of quarter turns.")) from None


def icon_svg(icon: Json, defaults: Json) -> str:
    """One icon as an SVG document, flipped first, then turned, about the middle of its box.

    What the icon does not say of its box comes from `defaults`, then from Iconify's own. Raises ValidationError,
    TypeError, KeyError, ValueError, AttributeError or OverflowError for data of another form.
    """
    sizes = {**BOX, **{key: defaults[key] for key in BOX if key in defaults}}
    left, top, width, height = (float(icon.get(key, size)) for key, size in sizes.items())
    body = icon["body"]
    if not isinstance(body, str):
        raise TypeError("body")
    quarters, flips = _quarters(icon), (bool(icon.get("hFlip")), bool(icon.get("vFlip")))
    body, view_box = flip_and_turn(body, ViewBox(left, top, width, height), quarters, *flips)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{view_box.rounded()}">{body}</svg>'
    )


def _categories(data: Json) -> dict[str, list[str]]:
    """The titles of the categories that each icon is in, by its name."""
    categories: dict[str, list[str]] = defaultdict(list)
    for title, names in _mapping(data.get("categories")).items():
        for name in names if isinstance(names, list) else ():
            if isinstance(name, str):
                categories[name].append(title)
    return categories
