"""Filters of a search by picture: sets, licences, palette, styles and words."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Q

from icons.models import Icon, IconQuerySet, IconSet
from search.words.look_up import words_condition
from search.words.sql import Statement

VISIBLE = "NOT icon.hidden"


@dataclass(frozen=True)
class Condition:
    """A filter as SQL about the row `icon` of icons_icon. Its sets and words are already looked up."""

    sql: str
    params: dict[str, Any]

    @property
    def excludes_none(self) -> bool:
        """Whether every visible icon fits."""
        return self.sql in ("TRUE", VISIBLE)

    def fits_at_most(self, count: int) -> bool:
        """Whether no more than `count` icons fit."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM icons_icon icon WHERE {self.sql} LIMIT {count + 1}) fitting",
                self.params,
            )
            return bool(cursor.fetchone()[0] <= count)


@dataclass(frozen=True)
class Filter:
    """Which icons a search may return. An empty field excludes none."""

    sets: tuple[str, ...] = ()  # prefixes
    licences: tuple[str, ...] = ()  # names as `licences_in_use` returns them
    coloured: bool | None = None  # True: icons with colours of their own; False: icons without
    styles: tuple[str, ...] = ()  # values of search.styles.Style
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    text: str = ""  # an icon must fit all of these words, as in a search by words; no hidden icon does
    hidden: bool = True  # whether hidden icons fit too

    def resolve(self) -> Condition:
        """The filter as SQL. It looks up sets and words in the database, so call it once for each search."""
        conditions = [] if self.hidden else [VISIBLE]
        params: dict[str, Any] = {}
        if self.sets or self.licences:
            conditions.append("icon.set_id = ANY(%(set_ids)s)")
            params["set_ids"] = self.set_ids()
        if self.coloured is not None:
            conditions.append("icon.coloured = %(coloured)s")
            params["coloured"] = self.coloured
        if self.styles:
            conditions.append("icon.id IN (SELECT icon_id FROM search_iconstyle WHERE style = ANY(%(styles)s))")
            params["styles"] = list(self.styles)
        if self.tags:
            conditions.append("icon.tags && %(tags)s::varchar[]")
            params["tags"] = list(self.tags)
        if self.categories:
            conditions.append("icon.category = ANY(%(categories)s)")
            params["categories"] = list(self.categories)
        if self.text.strip():
            # A text of signs alone has no words, and no icon fits it.
            fits_words = words_condition(self.text) or Statement("FALSE")
            conditions.append(f"icon.id IN (SELECT icon_id FROM search_iconterms WHERE {fits_words.sql})")
            params |= fits_words.params
        return Condition(" AND ".join(conditions) or "TRUE", params)

    def resolve_for_words(self) -> Statement | None:
        """The filter without its text, as a condition about a row of search_iconterms; None if it excludes none."""
        condition = replace(self, text="", hidden=True).resolve()
        if condition.excludes_none:
            return None
        if self.coloured is None and not (self.styles or self.tags or self.categories):  # a row has the id of its set
            return Statement(condition.sql.replace("icon.set_id", "search_iconterms.set_id"), condition.params)
        return Statement(
            f"EXISTS (SELECT FROM icons_icon icon WHERE icon.id = search_iconterms.icon_id AND {condition.sql})",
            condition.params,
        )

    def icons(self) -> IconQuerySet:
        """The icons that pass all filters but the text, for a list in an order of its own."""
        icons = Icon.objects.all() if self.hidden else Icon.objects.visible()
        if self.sets or self.licences:
            icons = icons.filter(set__in=self.set_ids())
        if self.coloured is not None:
            icons = icons.filter(coloured=self.coloured)
        if self.styles:
            icons = icons.filter(drawn_in__style__in=self.styles)
        if self.tags:
            icons = icons.filter(tags__overlap=self.tags)
        if self.categories:
            icons = icons.filter(category__in=self.categories)
        return icons

    def set_ids(self) -> list[int]:
        """The ids of the sets that pass the filters of sets and licences."""
        sets = IconSet.objects.all()
        if self.sets:
            sets = sets.filter(prefix__in=self.sets)
        if self.licences:
            sets = sets.filter(Q(licence_spdx__in=self.licences) | Q(licence_spdx="", licence__in=self.licences))
        return list(sets.values_list("pk", flat=True))


ALL = Filter()  # excludes none
LISTED = Filter(hidden=False)  # excludes hidden icons alone


def licences_in_use() -> list[str]:
    """The licences of all sets in alphabetical order: the SPDX id if a set has one, else the licence's title."""
    sets = IconSet.objects.only("licence_spdx", "licence").order_by()
    return sorted({icon_set.licence_id for icon_set in sets} - {""}, key=str.casefold)
