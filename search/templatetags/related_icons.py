"""How the pages of icons and bags show what `search` knows of their icons."""

from collections.abc import Iterable

from django import template
from django.core.cache import cache

from icons.models import Icon, IconSet
from search import related_icons

register = template.Library()

SHOWN = 36  # icons like another
SETS_SHOWN = 5
REMEMBERED_FOR = 600  # seconds


@register.simple_tag
def like(icon: Icon) -> related_icons.Alike:
    return related_icons.like(icon, SHOWN)


@register.simple_tag
def sets_holding(icons: Iterable[Icon]) -> list[tuple[IconSet, int]]:
    icons = list(icons)[: related_icons.MOST_ASKED]
    key = f"sets-holding-{hash(tuple(icon.pk for icon in icons))}"
    found: list[tuple[IconSet, int]] = cache.get_or_set(
        key, lambda: related_icons.sets_holding(icons, SETS_SHOWN), REMEMBERED_FOR
    )
    return found


@register.filter
def at_most(count: int) -> int:
    """Of so many icons, how many are looked for."""
    return min(count, related_icons.MOST_ASKED)
