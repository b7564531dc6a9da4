"""A set as the server knows it, without its drawings: names, aliases, categories, and what is known of it as a whole.

It is made of the rows of the database as they are now. What was kept of the set's Iconify JSON says how aliases are
made, how things are ordered and grouped, wherever the rows do not say otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from iconify.info import info_of
from iconify.keywords import Keywords
from iconify.listing import Listing
from icons.importing.iconify_json import ALIAS_DEPTH
from icons.importing.kept_fields import SIZES, drawing_mark
from icons.models import Icon, IconifySource, IconSet

Json = dict[str, Any]
Version = tuple[int, int]  # changes whenever the set does


@dataclass
class ServedSet:
    """An icon set: `ids` has the database's id of each icon by name, in the set's order."""

    pk: int
    prefix: str
    version: Version
    last_modified: int  # seconds since 1970
    info: Json | None
    sizes: dict[str, float]  # of all icons that do not say otherwise
    themes: dict[str, dict[str, str]]  # "prefixes" and "suffixes"
    ids: dict[str, int]
    hidden: frozenset[str]  # names of icons
    aliases: dict[str, Json]
    categories: dict[str, list[str]]
    chars: dict[str, str] | None  # None where the set says nothing of characters
    alias_ids: dict[str, int]  # of aliases that are icons in the database, since they are drawings of their own
    has_date: bool  # whether the set's Iconify JSON had a date
    listing: Listing = field(init=False)

    def __post_init__(self) -> None:
        """Work out which names are shown, and under which categories; sets info's total."""
        self.listing = Listing(self.ids, self.hidden, self.aliases, self.categories, self.chars or {})
        if self.info is not None:
            self.info["total"] = self.listing.total

    @cached_property
    def keywords(self) -> Keywords:
        """The words by which the set's visible icons are found."""
        return Keywords.of(self.listing, self.themes, [*self.ids, *self.aliases])

    @property
    def is_searched(self) -> bool:
        """Whether searches look at the set."""
        return self.info is not None and not self.info.get("hidden")

    @property
    def common(self) -> Json:
        """What a reply with icons says of the set."""
        sizes = {key: value for key, value in self.sizes.items() if value}
        return {"prefix": self.prefix, "lastModified": self.last_modified, **sizes}

    def char(self, name: str) -> str | None:
        """The name of the icon that has this character, which is no name itself."""
        return self.listing.chars.get(name)


def load(icon_set: IconSet, version: Version, changed_at: float) -> ServedSet:
    """The set with all that belongs to it, read from the database; `changed_at` is in seconds since 1970."""
    source = IconifySource.objects.filter(set=icon_set).first()
    kept = source.fields() if source else {}
    rows = list(icon_set.icons.values_list("name", "pk", "hidden", "category", "aliases"))
    ids = {name: pk for name, pk, *_rest in rows}
    names = _in_order(ids, kept.get("order", []))
    hidden = {name for name, _pk, is_hidden, *_rest in rows if is_hidden}
    aliases = _aliases(icon_set, kept, names, {name: others for name, *_rest, others in rows}, hidden)
    imported_at = source.imported_at.timestamp() if source else 0
    kept_date = kept.get("lastModified")
    return ServedSet(
        pk=icon_set.pk,
        prefix=icon_set.prefix,
        version=version,
        last_modified=kept_date if kept_date and changed_at <= imported_at else int(changed_at),
        info=info_of(icon_set, kept.get("info"), bool(source)),
        sizes={key: kept[key] for key in SIZES if key in kept},
        themes={key: kept[key] for key in ("prefixes", "suffixes") if kept.get(key)},
        ids={name: ids[name] for name in names if name not in aliases},
        hidden=frozenset(hidden - aliases.keys()),
        aliases=aliases,
        categories=_categories(kept, {name: category for name, _pk, _hidden, category, _others in rows}),
        chars=kept.get("chars"),
        alias_ids={name: ids[name] for name in aliases if name in ids},
        has_date=bool(kept_date),
    )


def _in_order(ids: Mapping[str, int], order: list[str]) -> list[str]:
    known = [name for name in order if name in ids]
    return [*known, *sorted(ids.keys() - set(known))]


def _aliases(
    icon_set: IconSet, kept: Json, names: list[str], others: Mapping[str, list[str]], hidden: set[str]
) -> dict[str, Json]:
    """The aliases as Iconify JSON had them, as far as they still hold, and the further other names of icons."""
    redrawn: dict[str, str] = kept.get("redrawn", {})
    written: dict[str, Json] = kept.get("aliases", {})
    base_of = {name: _base(name, written, redrawn, others) for name in written}
    wanted = {*redrawn, *(base for name in redrawn if (base := base_of.get(name)))}
    hashes = dict(icon_set.icons.filter(name__in=wanted).values_list("name", "svg_hash")) if redrawn else {}
    aliases: dict[str, Json] = {}
    for name, alias in written.items():
        base = base_of[name]
        if base is None:
            continue
        if name in redrawn:
            if name in hashes and redrawn[name] == drawing_mark(hashes[name], hashes[base]):
                aliases[name] = _with_visibility(alias, name in hidden, base in hidden)
        elif name not in others and name in others[base]:
            aliases[name] = alias
    # An alias of an alias that is gone, or that has become an icon of its own, would lead nowhere or elsewhere.
    while strayed := [name for name, alias in aliases.items() if alias["parent"] not in (base_of[name], *aliases)]:
        for name in strayed:
            if name in redrawn:
                del aliases[name]
            else:
                aliases[name] = {**aliases[name], "parent": base_of[name]}
    for name in names:
        for other in others[name]:
            if other not in others and other not in aliases and name not in aliases:
                aliases[other] = {"parent": name}
    return aliases


def _base(
    name: str, written: Mapping[str, Json], redrawn: Mapping[str, str], icons: Mapping[str, list[str]]
) -> str | None:
    """The icon that an alias leads to, by way of others; None where it leads to none."""
    for _step in range(ALIAS_DEPTH):
        if name in icons and name not in redrawn:
            return name
        if name not in written:
            return None
        name = written[name]["parent"]
    return None


def _with_visibility(alias: Json, hidden: bool, parent_hidden: bool) -> Json:
    """The alias, which says whether it is hidden where somebody has changed that since."""
    return alias if bool(alias.get("hidden", parent_hidden)) == hidden else {**alias, "hidden": hidden}


def _categories(kept: Json, category_of: Mapping[str, str]) -> dict[str, list[str]]:
    """The names under each title; an icon whose category was changed since the import is under that one alone."""
    written: dict[str, list[str]] = kept.get("categories", {})
    first: dict[str, str] = {}
    for title, names in written.items():
        for name in names:
            first.setdefault(name, title)
    limit = Icon._meta.get_field("category").max_length
    moved = {
        name: title
        for name, title in category_of.items()
        if title != first.get(name, "")[:limit].strip() and title != first.get(name, "")[:limit]
    }
    categories = {title: [name for name in names if name not in moved] for title, names in written.items()}
    for name in sorted(moved):
        if moved[name]:
            categories.setdefault(moved[name], []).append(name)
    return categories
