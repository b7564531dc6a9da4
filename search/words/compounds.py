"""Compounds: "log out" is also written "logout", and "userplus" means "user plus"."""

from collections.abc import Iterator, Sequence

from search.words.vocabulary import IconTerms, Term

SHORTEST_PART = 3  # letters; many words begin or end with two letters that are another word
PARTICLES = frozenset(["in", "on", "up", "out", "off", "to", "x"])  # shorter words that are parts of compounds
MOST_LOOKED_UP = 3  # ways to split a word of which the database is asked whether icons have both parts


def other_spellings(words: Sequence[str]) -> list[list[str]]:
    """The words with two neighbours joined, or with one of them split, where icons have the words that result."""
    joins = {number: first + second for number, (first, second) in enumerate(zip(words, words[1:], strict=False))}
    parts = {number: list(_splits(word)) for number, word in enumerate(words)}
    asked = {*joins.values(), *(part for pairs in parts.values() for pair in pairs for part in pair)}
    if not asked:
        return []
    icons = dict(Term.objects.filter(text__in=asked).values_list("text", "icons"))
    spellings = [[*words[:n], join, *words[n + 2 :]] for n, join in joins.items() if join in icons]
    for number, pairs in parts.items():
        known = [pair for pair in pairs if pair[0] in icons and pair[1] in icons]
        known.sort(key=lambda pair: -min(icons[pair[0]], icons[pair[1]]))
        used = (pair for pair in known[:MOST_LOOKED_UP] if IconTerms.objects.any_has(pair))
        if pair := next(used, None):
            spellings.append([*words[:number], *pair, *words[number + 1 :]])
    return spellings


def _splits(word: str) -> Iterator[tuple[str, str]]:
    if word.isascii():
        for place in range(1, len(word)):
            first, second = word[:place], word[place:]
            if all(len(part) >= SHORTEST_PART or part in PARTICLES for part in (first, second)):
                yield first, second
