"""How the pages of icons and bags show which icons are related to theirs."""

from collections.abc import Iterable

from django import template
from django.core.cache import cache

from icons.models import Icon, IconSet
from search import related_icons as related

register = template.Library()

SHOWN = 36  # icons related to another
SETS_SHOWN = 5
REMEMBERED_FOR = 600  # seconds


@register.simple_tag
def related_icons(icon: Icon) -> related.RelatedIcons:
    """`{% related_icons icon as related %}`: `related.same_drawing` and `related.similar`, lists of icons."""
    return related.related_to(icon, SHOWN)


@register.simple_tag
def sets_holding(icons: Iterable[Icon]) -> list[tuple[IconSet, int]]:
    """`{% sets_holding icons as holding %}`: the sets that have most of these icons, and how many they have."""
    compared = list(icons)[: related.MOST_COMPARED]
    key = f"sets-holding-{hash(tuple(icon.pk for icon in compared))}"
    counts: list[tuple[int, int]] | None = cache.get(key)  # for each set its id, and how many it has
    if counts is None:
        counts = [(icon_set.pk, count) for icon_set, count in related.sets_holding(compared, SETS_SHOWN)]
        cache.set(key, counts, REMEMBERED_FOR)
    sets = IconSet.objects.in_bulk([pk for pk, _ in counts])  # as they are now: one may be renamed or deleted
    return [(sets[pk], count) for pk, count in counts if pk in sets]


@register.filter
def at_most(count: int) -> int:
    """`{{ icons|length|at_most }}`: how many of so many icons `sets_holding` compares."""
    return min(count, related.MOST_COMPARED)
