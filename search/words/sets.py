"""The sets of the library as a search by words needs them."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from icons.models import IconSet
from search.words.tokens import split_words


@dataclass(frozen=True)
class Sets:
    """The ids of all sets. There are hundreds at most."""

    ids_by_prefix: dict[str, int]
    ids_by_word: dict[str, list[int]]  # by each word of their prefix and title
    by_popularity: list[int]  # the library's own first, then those that are used most


def all_sets() -> Sets:
    """The sets as they are now; one query."""
    sets = list(IconSet.objects.only("prefix", "title", "usage").order_by("pk"))
    ids_by_word: dict[str, list[int]] = defaultdict(list)
    for icon_set in sets:
        for word in _words(f"{icon_set.prefix} {icon_set.title}"):
            ids_by_word[word].append(icon_set.pk)
    usage = {icon_set.pk: icon_set.usage_or_known for icon_set in sets}
    by_popularity = sorted(usage, key=lambda pk: (usage[pk] is not None, -(usage[pk] or 0)))
    return Sets({icon_set.prefix: icon_set.pk for icon_set in sets}, dict(ids_by_word), by_popularity)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(split_words(text))
