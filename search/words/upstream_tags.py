"""The tags that icon sets give their icons, which hold for icons of the same name in any set."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TAGS = Path(__file__).parent / "tags"
MOST_WHOLES = 40  # names that one tag may stand for; a tag of more says little


@cache
def wholes_by_tag() -> Mapping[str, tuple[str, ...]]:
    """For each tag, the whole names of the icons that have it, those first that more sets give it."""
    sets_by_tag: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for whole, tags in _tags_by_whole():
        for tag in tags:
            sets_by_tag[tag][whole] += 1
    return {
        tag: tuple(sorted(sets, key=lambda whole: -sets[whole]))
        for tag, sets in sets_by_tag.items()
        if len(sets) <= MOST_WHOLES
    }


@cache
def wholes_by_word() -> Mapping[str, frozenset[str]]:
    """For each word, the whole names of the tagged icons that have it in their name or in a tag."""
    wholes: dict[str, set[str]] = defaultdict(set)
    for whole, tags in _tags_by_whole():
        for word in {*whole.split(), *(word for tag in tags for word in tag.split())}:
            wholes[word].add(whole)
    return {word: frozenset(names) for word, names in wholes.items()}


def _tags_by_whole() -> list[tuple[str, list[str]]]:
    lines = [line for path in sorted(TAGS.glob("*.tsv")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(whole, tags.split(",")) for whole, _, tags in (line.partition("\t") for line in lines)]
