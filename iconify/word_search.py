"""The search of Iconify's API: names whose words are those of the query, whole ones first, then shorter names.

It finds what @iconify/api 3.2.0 finds, in its order; the website's own search is another one, in search.words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from iconify.keywords import without_theme
from iconify.search_query import SHORTEST_PART, NotAQuery, Search, SearchQuery, query_of
from iconify.served_set import ServedSet
from iconify.styles import MIXED, styles_of


@dataclass
class Matches:
    """Names found so far, by whether only a part of a word fits, and by length, in the order of finding them."""

    limit: int
    names: dict[tuple[bool, int], list[str]] = field(default_factory=dict)
    seen: dict[str, set[int]] = field(default_factory=dict)  # numbers of entries, by their set's prefix
    count: int = 0

    @property
    def is_full(self) -> bool:
        """Whether there are as many as were asked for."""
        return self.count >= self.limit

    def best_first(self) -> list[str]:
        """All names, the best first."""
        return [name for key in sorted(self.names) for name in self.names[key]]


class Vocabulary:
    """All words of the sets that are searched."""

    def __init__(self, sets: Sequence[ServedSet]) -> None:
        """The sets are in the order in which what they have is found."""
        self.sets = sets
        self.words = sorted(
            {word for each in sets for word in each.keywords.by_word}, key=lambda word: (len(word), word)
        )
        self.known = frozenset(self.words)
        self.longer = lru_cache(1000)(self._longer)

    def _longer(self, part: str, ends_too: bool) -> list[str]:
        """The words that begin with the part, and then those that end with it; shorter ones first."""
        if len(part) < SHORTEST_PART:
            return []
        longer = [word for word in self.words if len(word) > len(part)]
        begin = [word for word in longer if word.startswith(part)]
        if not ends_too:
            return begin
        return begin + [word for word in longer if word.endswith(part) and not word.startswith(part)]


_vocabulary = Vocabulary([])
_lock = Lock()


def vocabulary_of(sets: Sequence[ServedSet]) -> Vocabulary:
    """The vocabulary of these sets, made anew only where one of them has changed."""
    global _vocabulary
    searched = [each for each in sets if each.is_searched]
    with _lock:
        if [id(each) for each in searched] != [id(each) for each in _vocabulary.sets]:
            _vocabulary = Vocabulary(searched)
        return _vocabulary


def find(
    text: str, vocabulary: Vocabulary, limit: int, *, soft: bool = False, partial: bool = True,
    prefixes: Sequence[str] | None = None, category: str = "",
) -> list[str]:  # fmt: skip
    """The ids `prefix:name` that fit the text, best first, `limit` of them or, where it is `soft`, some more."""
    try:
        query = query_of(text, partial)
    except NotAQuery:
        return []
    searches = [search for search in query.searches if vocabulary.known.issuperset(search.words)]
    sets = _filtered(vocabulary.sets, query, prefixes, category) if searches else []
    matches = Matches(limit)
    for search in searches:
        if not search.part or search.part in vocabulary.known:
            _run(search, search.part, False, sets, query.style, matches)
    if not matches.is_full:
        _find_parts(searches, vocabulary, sets, query.style, matches)
    names = matches.best_first()
    return names if soft else names[:limit]


def _find_parts(
    searches: Sequence[Search], vocabulary: Vocabulary, sets: Sequence[ServedSet], style: str, matches: Matches
) -> None:
    for search in searches:
        for word in vocabulary.longer(search.part, True) if search.part else ():
            _run(search, word, True, sets, style, matches)
        if search.part and matches.is_full:
            return


def _filtered(
    sets: Sequence[ServedSet], query: SearchQuery, prefixes: Sequence[str] | None, category: str
) -> list[ServedSet]:
    chosen = [each for each in sets if prefixes is None or _has_prefix(each, prefixes)]
    if query.palette is not None:
        chosen = [each for each in chosen if (each.info or {}).get("palette") is query.palette]
    if category:
        chosen = [each for each in chosen if (each.info or {}).get("category") == category]
    if query.style:
        chosen = [each for each in chosen if styles_of(each).style in (query.style, MIXED)]
    return chosen


def _has_prefix(served: ServedSet, prefixes: Sequence[str]) -> bool:
    """Whether it is one of the prefixes, or begins with one that ends in a hyphen, by whole words."""
    parts = served.prefix.split("-")
    return served.prefix in prefixes or any("-".join(parts[:n]) + "-" in prefixes for n in range(1, len(parts)))


def _run(search: Search, part: str, is_part: bool, sets: Sequence[ServedSet], style: str, matches: Matches) -> None:
    words = [*search.words, part] if part else search.words
    texts = [*search.texts, *words]
    for served in sets:
        if search.prefixes is not None and not _has_prefix(served, search.prefixes):
            continue
        keywords = served.keywords
        if not all(word in keywords.by_word for word in words):
            continue
        first, *rest = (keywords.by_word[word] for word in words)
        others = [frozenset(numbers) for numbers in rest]
        seen = matches.seen.setdefault(served.prefix, set())
        for number in first:
            if number in seen or not all(number in numbers for numbers in others):
                continue
            if style and styles_of(served).style == MIXED and styles_of(served).of_entry(number) != style:
                continue
            name, length = _named(served, number, texts)
            if name:
                seen.add(number)
                matches.names.setdefault((is_part, length), []).append(f"{served.prefix}:{name}")
                matches.count += 1
                if is_part and matches.is_full:
                    return


def _named(served: ServedSet, number: int, texts: Sequence[str]) -> tuple[str, int]:
    """The entry's first name that contains all texts, and how long it counts; an empty one where there is none.

    As with the original, what an earlier name counts stays where a later one has no theme.
    """
    keywords, length = served.keywords, 0
    for index, name in enumerate(keywords.entries[number].names):
        for text in texts:
            if text not in name:
                break
            if not index:
                length = keywords.lengths[number] or len(name)
            else:
                length = without_theme(name, keywords.themes) or length
        else:
            return name, length or len(name)
    return "", 0
