"""Iconify JSON: one object per icon set, as in the npm packages @iconify/json and @iconify-json/*.

The form is that of https://iconify.design/docs/types/iconify-json.html.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from icons.importing.guard import read_each
from icons.importing.iconify_fields import Fields, Json, read_categories, read_info
from icons.importing.kept_fields import fields_to_keep
from icons.importing.packs import Pack, Rejected, SourceError, SourceIcon
from icons.names import is_name
from icons.svg.view_box import ViewBox, flip_and_turn

VIEW_BOX = {"left": 0, "top": 0, "width": 16, "height": 16}  # Iconify's own defaults, in units of the view box
VISUAL = (*VIEW_BOX, "rotate", "hFlip", "vFlip")  # an alias that changes one of these is a drawing of its own
BESIDE = ("info", "metadata", "chars")  # files of JSON that a package @iconify-json/NAME has beside its icons.json
METADATA = ("categories", "prefixes", "suffixes")  # fields of the second of them
ALIAS_DEPTH = 100  # aliases of aliases; a longer chain is taken for a loop


@dataclass(frozen=True, slots=True)
class Alias:
    """A further name of an icon; `icon` is its data, with all changes that aliases on the way make to the parent."""

    name: str
    parent: str
    icon: Json
    redrawn: bool  # turned, flipped or cut otherwise, so that it is an icon of its own


_comment = re.compile(r'("(?:[^"\\]|\\.)*+")|//[^\n]*+|/\*.*?(?:\*/|\Z)', re.DOTALL)


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
    """The pack of parsed JSON; what a package keeps beside its `icons.json` belongs to it. Raises SourceError.

    A file beside it that cannot be read is rejected, and the icons come in without it.
    """
    if not is_iconify(data):
        raise SourceError(_("%(file)s is not Iconify JSON: it has no prefix and no icons.") % {"file": path.name})
    rejected = []
    for name in BESIDE if path.name == "icons.json" else ():
        beside = path.with_name(f"{name}.json")
        if name in data or not beside.exists():
            continue
        try:
            fields = load_json(beside)
        except SourceError as error:
            rejected.append(Rejected(beside.name, str(error)))
        else:
            # metadata.json has several fields of the set, each other file the field that it is named after.
            several = name == "metadata" and isinstance(fields, dict)
            data.update({key: fields[key] for key in METADATA if key in fields} if several else {name: fields})
    return read_pack(data, rejected)


def load_json(path: Path) -> Any:
    """The parsed JSON of a file, which may have comments as JavaScript has them. Raises SourceError."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        try:
            return json.loads(data)
        except ValueError:
            text = data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
            return json.loads(_comment.sub(lambda match: match[1] or " ", text))
    except (ValueError, RecursionError):
        raise SourceError(_("%(file)s is not valid JSON.") % {"file": path.name}) from None
    except OSError as error:
        raise SourceError(_("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror}) from None


def read_pack(data: Json, rejected: Iterable[Rejected] = ()) -> Pack:
    """The pack of data that is_iconify; what was `rejected` before is added to its icons. Raises SourceError."""
    prefix = data["prefix"]
    if not is_name(prefix):
        raise SourceError(
            _("The prefix %(prefix)r must consist of lower-case letters, digits and single hyphens.")
            % {"prefix": prefix}
        )
    fields = Fields([*rejected])
    info, categories = read_info(data, fields), read_categories(data, fields)
    aliases = fields.get(data, "aliases", dict)
    icons, expected, redrawn = _read_icons(data, aliases or {}, categories)
    complete = aliases is not None or not data.get("aliases")  # else the names of redrawn aliases are unknown
    expected += len(fields.rejected)
    return Pack(info, chain(icons, fields.rejected), expected, complete, iconify=fields_to_keep(data, redrawn))


def _read_icons(
    data: Json, aliases: Json, categories: dict[str, list[str]]
) -> tuple[Iterator[SourceIcon | Rejected], int, dict[str, str]]:
    """The icons, read one by one later, how many there are, and the parents of aliases that are drawings of their own.

    The aliases are read at once.
    """
    icons: Json = data["icons"]
    other_names: dict[str, list[str]] = defaultdict(list)
    redrawn: Json = {}
    parents: dict[str, str] = {}
    rejected: list[Rejected] = []
    for alias in _read_aliases(icons, aliases):
        if isinstance(alias, Rejected):
            rejected.append(alias)
        elif alias.redrawn:
            redrawn[alias.name] = alias.icon
            parents[alias.name] = alias.parent
        else:
            other_names[alias.parent].append(alias.name)

    def read(entry: tuple[str, Any]) -> SourceIcon:
        name, icon = entry
        _check_name(name)
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
    read_later = read_each(entries, read, lambda entry, reason: Rejected(entry[0], reason))
    return chain(read_later, rejected), len(entries) + len(rejected), parents


def _check_name(name: str) -> None:
    """Raises ValidationError."""
    if not is_name(name):
        raise ValidationError(_("The name must consist of lower-case letters, digits and single hyphens."))


def _read_aliases(icons: Json, aliases: Json) -> Iterator[Alias | Rejected]:
    """What each alias stands for; aliases that are also names of icons are skipped, as the icons come first."""

    def read(name: str) -> Alias | None:
        if name in icons:
            return None
        _check_name(name)
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
        alias = aliases.get(name)
        if not isinstance(alias, dict) or not isinstance(alias.get("parent"), str) or len(changes) >= ALIAS_DEPTH:
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


def icon_view_box(icon: Json, defaults: Json) -> ViewBox:
    """The view box of an icon before it is flipped and turned.

    What the icon does not say of it comes from `defaults`, which is the data of its set, then from Iconify's own
    defaults. Raises TypeError, ValueError, AttributeError or OverflowError for data of another form.
    """
    sizes: dict[str, float] = {key: defaults.get(key, number) for key, number in VIEW_BOX.items()}
    return ViewBox(*(float(icon.get(key, size)) for key, size in sizes.items()))


def icon_svg(icon: Json, defaults: Json) -> str:
    """One icon as an SVG document, flipped first, then turned, about the middle of its view box.

    `defaults` is the data of its set. Raises ValidationError, TypeError, KeyError, ValueError, AttributeError or
    OverflowError for data of another form.
    """
    view_box = icon_view_box(icon, defaults)
    body = icon["body"]
    if not isinstance(body, str):
        raise TypeError("body")
    quarters, flips = _quarters(icon), (bool(icon.get("hFlip")), bool(icon.get("vFlip")))
    body, view_box = flip_and_turn(body, view_box, quarters, *flips)
    if quarters % 2:  # a box that is turned about its middle is the sum of fractions
        view_box = view_box.rounded()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{view_box}">{body}</svg>'
    )
