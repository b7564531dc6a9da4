"""What a search by picture is narrowed down to: sets, licences, colours, styles, words."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from icons.models import IconSet
from search.words.look_up import words_condition


@dataclass(frozen=True)
class Filter:
    """Which icons may be found; what is empty excludes none."""

    sets: tuple[str, ...] = ()  # prefixes
    licences: tuple[str, ...] = ()  # as `licences_in_use` names them
    coloured: bool | None = None  # with colours of their own, or without
    styles: tuple[str, ...] = ()  # of search.styles.Style
    text: str = ""  # words that all fit, as in a search by words

    def condition(self) -> tuple[str, dict[str, Any]]:
        """SQL about the row `icon` of icons_icon, and its parameters."""
        parts, params = ["NOT icon.hidden"], {}
        if self.sets or self.licences:
            parts.append("icon.set_id = ANY(%(set_ids)s)")
            params["set_ids"] = self._set_ids()
        if self.coloured is not None:
            parts.append("icon.coloured = %(coloured)s")
            params["coloured"] = self.coloured
        if self.styles:
            parts.append("icon.id IN (SELECT icon_id FROM search_iconstyle WHERE style = ANY(%(styles)s))")
            params["styles"] = list(self.styles)
        if self.text.strip():  # signs alone are no words, and fit nothing
            fits, of_words = words_condition(self.text) or ("FALSE", {})
            parts.append(f"icon.id IN (SELECT icon_id FROM search_iconterms WHERE {fits})")
            params |= of_words
        return " AND ".join(parts), params

    def _set_ids(self) -> list[int]:
        sets = IconSet.objects.all()
        if self.sets:
            sets = sets.filter(prefix__in=self.sets)
        if self.licences:
            sets = sets.filter(Q(licence_spdx__in=self.licences) | Q(licence_spdx="", licence__in=self.licences))
        return list(sets.values_list("pk", flat=True))

    def lets_through_at_most(self, most: int) -> bool:
        """Whether no more than `most` icons may be found."""
        condition, params = self.condition()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM icons_icon icon WHERE {condition} LIMIT {most + 1}) few",
                params,
            )
            return bool(cursor.fetchone()[0] <= most)


ALL = Filter()


def licences_in_use() -> list[str]:
    """The licences of all sets, by SPDX id where there is one, else by title."""
    pairs = IconSet.objects.values_list("licence_spdx", "licence").distinct()
    return sorted({spdx or title for spdx, title in pairs} - {""}, key=str.casefold)
