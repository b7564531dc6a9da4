"""Filtering within a set: by category, by the variant that names tell, and by pieces of words."""

from collections import Counter
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import CharField, Count, F, Func, Max, Q, Value

from icons.models import IconQuerySet, IconSet
from icons.variants import Variants, find_variants

MAX_WORDS = 8  # words of a text filter; further words are ignored
CACHE_SECONDS = 300  # seconds for which the facets of a set are kept


@dataclass(frozen=True)
class Facets:
    """What the icons of a set can be filtered by: its categories, with how many icons each has, and its variants."""

    total: int  # visible icons of the set
    categories: dict[str, int]
    variants: Variants


def facets_of(icon_set: IconSet) -> Facets:
    """The facets of a set's visible icons; reads the names of all, or takes the facets from the cache."""
    visible = icon_set.icons.visible()
    # The key changes with the icons, since each process has a cache of its own, which no signal of another one clears.
    state = visible.aggregate(total=Count("pk"), changed=Max("updated_at"))
    key = f"facets:{icon_set.pk}:{state['changed'] and state['changed'].timestamp()}:{state['total']}"
    facets: Facets | None = cache.get(key)
    if facets is None:
        rows = list(visible.values_list("name", "category"))
        categories = Counter(category for _, category in rows if category)
        facets = Facets(state["total"], dict(sorted(categories.items())), find_variants([name for name, _ in rows]))
        cache.set(key, facets, CACHE_SECONDS)
    return facets


def filter_by_facets(icons: IconQuerySet, facets: Facets, category: str, variant: str) -> IconQuerySet:
    """The icons of a category and of a variant, where these are not ""; no icons where the set has no such facet."""
    if category:
        icons = icons.filter(category=category) if category in facets.categories else icons.none()
    if variant and variant not in facets.variants.counts:
        return icons.none()
    if variant:
        of_variant, of_longer_variants = facets.variants.patterns(variant)
        icons = icons.filter(name__regex=of_variant) if of_variant else icons
        icons = icons.exclude(name__regex=of_longer_variants)
    return icons


def filter_by_text(icons: IconQuerySet, text: str) -> IconQuerySet:
    """The icons whose name, other names, tags, category, or English or Chinese name contain all words of a text."""
    icons = icons.alias(joined_aliases=_joined("aliases"), joined_tags=_joined("tags"))
    for word in text.split()[:MAX_WORDS]:
        lower = word.lower()
        in_names = Q(name__contains=lower) | Q(joined_aliases__contains=lower)
        in_labels = Q(category__icontains=word) | Q(joined_tags__icontains=word)
        icons = icons.filter(in_names | in_labels | Q(name_en__icontains=word) | Q(name_zh__contains=word))
    return icons


def _joined(field: str) -> Func:
    """The texts of an array field as one, between line breaks, which no word holds."""
    return Func(F(field), Value("\n"), function="array_to_string", output_field=CharField())
