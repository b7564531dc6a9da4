"""Cleaned icons are written to the database, a batch at a time, with how they were drawn before."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q

from icons.models import DRAWING, EarlierDrawing, Icon, IconSet, index_anew
from icons.signals import icons_changed

METADATA = ("name_en", "name_zh", "file_name", "tags", "category", "aliases", "hidden")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """How many icons of a batch were new to the database, differed from it, and were in it already."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


def write_icons(icon_set: IconSet, icons: Mapping[str, Icon], earlier: Mapping[str, Sequence[str]]) -> Written:
    """Write the icons, by name, that are new to the set or differ from what it has, and send icons_changed.

    `earlier` has SVGs of their earlier drawings, the oldest first. What a new drawing replaces becomes one of them.
    """
    stored = {icon.name: icon for icon in icon_set.icons.filter(name__in=icons).defer("svg", "view_box")}
    redrawn, reworded = [], []
    for name in sorted(icons):
        new, old = icons[name], stored.get(name)
        if old is None or old.svg_hash != new.svg_hash or old.hidden != new.hidden:
            redrawn.append(new)
        elif any(getattr(old, field) != getattr(new, field) for field in METADATA):
            reworded.append(new)
    touched = {*(icon.name for icon in redrawn + reworded), *(earlier.keys() & icons.keys())}
    # Whoever locks stored icons does so in this order, before new ones are written: two imports of a set must not wait
    # for each other.
    locked = icon_set.icons.select_for_update(no_key=True, of=("self",)).filter(name__in=touched).order_by("pk")
    before = {icon.name: icon for icon in locked.only("name", *DRAWING)}
    rows = Icon.objects.bulk_create(
        sorted(redrawn + reworded, key=lambda icon: icon.name),  # one order for all writers avoids deadlocks
        update_conflicts=True,
        unique_fields=["set", "name"],
        update_fields=[*DRAWING, *METADATA, "updated_at"],
    )
    names = {icon.name for icon in redrawn}
    pks = [icon.pk for icon in rows if icon.name in names]
    for name in before.keys() - {icon.name for icon in rows}:
        icons[name].pk = before[name].pk
    there = [icon for icon in icons.values() if icon.pk]
    known = [drawing for icon in there for drawing in _cleaned(icon, earlier.get(icon.name, ()))]
    replaced = [_as_earlier(new, before[new.name]) for new in redrawn if new.name in before]
    index_anew(EarlierDrawing.objects.keep(replaced, known) - set(pks))
    if rows:
        icons_changed.send(Icon, pks=[icon.pk for icon in rows], redrawn=pks)
    added = sum(icon.name not in stored for icon in rows)
    return Written(added, changed=len(rows) - added, unchanged=len(icons) - len(rows))


def write_earlier(icon_set: IconSet, icons: Mapping[str, Icon]) -> Written:
    """Keep the drawings of these icons, by name, as earlier ones of the set's icons of these names or other names.

    Icons that the set no longer has come in hidden: their screens are found, but they are not listed. A drawing that
    looks as its icon does, or did, leaves the icon unchanged.
    """
    present = icon_set.icons.filter(Q(name__in=icons) | Q(aliases__overlap=list(icons)))
    names: dict[str, Icon] = {}
    for icon in present:
        names |= {alias: icon for alias in icon.aliases if alias not in names} | {icon.name: icon}
    gone = {name: icon for name, icon in icons.items() if name not in names}
    kept = EarlierDrawing.objects.keep([_as_earlier(names[name], icons[name]) for name in sorted(icons.keys() - gone)])
    index_anew(kept)
    for icon in gone.values():
        icon.hidden = True
    added = write_icons(icon_set, gone, {}).added if gone else 0
    return Written(added, len(kept), len(icons) - added - len(kept))


def _as_earlier(icon: Icon, drawn: Icon) -> EarlierDrawing:
    earlier = EarlierDrawing(icon=icon)
    earlier.take(drawn)
    return earlier


def _cleaned(icon: Icon, svgs: Iterable[str]) -> Iterable[EarlierDrawing]:
    for svg in svgs:
        earlier = EarlierDrawing(icon=icon)
        try:
            earlier.redraw(svg)
        except ValidationError as error:
            log.warning("An earlier drawing of %s is left out: %s", icon.name, " ".join(error.messages))
        else:
            yield earlier
