"""What the pages of sets tell about the icons in them: how many, which ones as a sample, what kinds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from icons.models import Icon, IconQuerySet, IconSet
from icons.variants import Variants, variants

SAMPLE = 6  # icons that stand for a set in the list
# What most sets have a drawing of, those first that tell most of a set's manner.
MOTIFS = [
    *("home", "user", "search", "settings", "heart", "star", "bell", "camera", "calendar", "trash", "cloud"),
    *("lock", "mail", "sun", "gift", "rocket", "cat"),
]
MOST_WORDS = 8  # of what is looked for within a set; the rest is not looked at
KEPT = 300  # seconds for which what was found in a set's names is remembered

# A name that begins with a motif comes before the next one after it, and that before the set's first names.
_SAMPLES = """
SELECT sample.id, sample.set_id, sample.name, sample.svg_hash, sample.coloured, sample.pale
FROM unnest(%(sets)s::bigint[]) AS wanted (pk) CROSS JOIN LATERAL (
    SELECT * FROM (
        SELECT DISTINCT ON (name) * FROM (
            (SELECT near.*, motif.place + CASE WHEN starts_with(near.name, motif.text) THEN 0 ELSE 100 END AS rank
             FROM unnest(%(motifs)s::text[]) WITH ORDINALITY AS motif (text, place) CROSS JOIN LATERAL (
                SELECT id, set_id, name, svg_hash, coloured, pale FROM icons_icon
                WHERE set_id = wanted.pk AND NOT hidden AND name >= motif.text ORDER BY name LIMIT 1) AS near)
            UNION ALL
            (SELECT id, set_id, name, svg_hash, coloured, pale, 200 FROM icons_icon
             WHERE set_id = wanted.pk AND NOT hidden ORDER BY name LIMIT %(sample)s)
        ) AS found ORDER BY name, rank
    ) AS once ORDER BY rank, name LIMIT %(sample)s
) AS sample ORDER BY sample.set_id, sample.rank, sample.name
"""


@dataclass(frozen=True)
class Kinds:
    """The categories of a set, each with how many icons it has, and its styles."""

    categories: dict[str, int]
    variants: Variants


def counted_sets() -> list[IconSet]:
    """All sets by prefix, each with `total`, the number of its visible icons."""
    # One at a time: in this way each is read from an index alone, however the planner rates the whole.
    total = Icon.objects.visible().filter(set=OuterRef("pk")).order_by().values("set").values(total=Count("*"))
    return list(IconSet.objects.annotate(total=Coalesce(Subquery(total), 0)))


def add_samples(sets: Sequence[IconSet]) -> None:
    """Give each set `samples`, up to SAMPLE of its visible icons; one query."""
    by_pk = {icon_set.pk: icon_set for icon_set in sets}
    for icon_set in sets:
        icon_set.samples = []  # type: ignore[attr-defined]
    for icon in Icon.objects.raw(_SAMPLES, {"sets": list(by_pk), "motifs": MOTIFS, "sample": SAMPLE}):
        icon.set = by_pk[icon.set_id]
        icon.set.samples.append(icon)  # type: ignore[attr-defined]


def kinds(icon_set: IconSet, total: int) -> Kinds:
    """The kinds of a set's `total` visible icons; reads all their names, and remembers what it found."""
    key = f"kinds:{icon_set.pk}:{icon_set.updated_at.timestamp()}:{total}"
    found = cache.get(key)
    if found is None:
        rows = list(icon_set.icons.visible().values_list("name", "category"))
        categories = Counter(category for _, category in rows if category)
        found = Kinds(dict(sorted(categories.items())), variants([name for name, _ in rows]))
        cache.set(key, found, KEPT)
    return found


def of_kind(icons: IconQuerySet, found: Kinds, category: str, variant: str) -> IconQuerySet:
    """Those of a category and of a variant, where they are not ""; none of a kind that the set does not have."""
    if category:
        icons = icons.filter(category=category) if category in found.categories else icons.none()
    if variant and variant not in found.variants.counts:
        return icons.none()
    if variant:
        fits, misfits = found.variants.patterns(variant)
        icons = icons.filter(name__regex=fits) if fits else icons
        icons = icons.exclude(name__regex=misfits)
    return icons


def with_text(icons: IconQuerySet, text: str) -> IconQuerySet:
    """Those whose name, other names, tags or category contain all words of a text."""
    for word in text.split()[:MOST_WORDS]:
        within = Q(name__contains=word.lower()) | Q(category__icontains=word) | Q(tags__icontains=word)
        icons = icons.filter(within | Q(name_en__icontains=word) | Q(name_zh__contains=word))
    return icons
