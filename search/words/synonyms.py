"""Synonyms from a data file, which also serves as the dictionary that tells the words in a run of Chinese apart."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from search.words.style_words import STYLE_WORDS
from search.words.tokens import split_words
from search.words.upstream_tags import wholes_by_tag

SYNONYMS = Path(__file__).parent / "synonyms.txt"
FILLERS = ("图标", "按钮", "标志", "符号", "标识")  # "icon", "button", "sign" after a word add nothing to it
USUAL = 2  # words at the beginning of a group that are the usual ones
OTHER_WORDS = {*FILLERS, *STYLE_WORDS}  # known words that have no synonyms
LONGEST_CHINESE = 6  # characters of the longest Chinese word in the data file


def split_chinese(run: str) -> tuple[list[str], list[str]]:
    """The words of the data file in a run of Chinese characters, and the unknown runs between these words.

    The longest word is taken at each place, from the left. Words of one character are left out, because they begin
    too many other words: 火 (fire) begins 火狐 (Firefox). So are unknown runs of one character.

    >>> split_chinese("微信支付图标")
    (['微信', '支付'], [])
    """
    known, unknown, start = [], [""], 0
    while start < len(run):
        longest_first = (run[start : start + size] for size in range(LONGEST_CHINESE, 1, -1))
        word = next((word for word in longest_first if is_known(word) or word in OTHER_WORDS), "")
        if word:
            unknown.append("")
        else:
            unknown[-1] += run[start]
        if word and word not in FILLERS:
            known.append(word)
        start += len(word) or 1
    return known, [characters for characters in unknown if len(characters) > 1]


def is_known(word: str) -> bool:
    """Whether the data file or a tag has the word."""
    return (word,) in synonyms() or word in wholes_by_tag()


@dataclass(frozen=True)
class Synonyms:
    """The phrases that mean the same icon as a phrase. A phrase is a tuple of `split_words`."""

    strong: tuple[tuple[str, ...], ...] = ()  # the usual words for what the phrase means
    weak: tuple[tuple[str, ...], ...] = ()  # other words of its groups, the more usual ones first


@cache
def synonyms() -> Mapping[tuple[str, ...], Synonyms]:
    """For each phrase of the data file, its synonyms.

    The first words of a group are the usual ones. They are strong synonyms of the words after them and of those in the
    other language, in the groups where a phrase comes early: an icon of "login" is `login`, and `key` only then.
    """
    places: dict[tuple[str, ...], list[_Place]] = defaultdict(list)
    for line in SYNONYMS.read_text(encoding="utf-8").splitlines():
        halves = [
            list(dict.fromkeys(phrase for text in half.split(",") if (phrase := tuple(split_words(text)))))
            for half in line.partition("#")[0].split("|")
        ]
        for number, half in enumerate(halves):
            others = [phrase for other in halves[:number] + halves[number + 1 :] for phrase in other]
            for position, phrase in enumerate(half):
                places[phrase].append(_Place(position, half, others))
    return {phrase: _synonyms_of(phrase, of_phrase) for phrase, of_phrase in places.items()}


class _Place(NamedTuple):
    """Where a phrase stands in a group."""

    position: int
    half: list[tuple[str, ...]]  # the phrases of its language
    others: list[tuple[str, ...]]  # those of the other language


def _synonyms_of(phrase: tuple[str, ...], places: Sequence[_Place]) -> Synonyms:
    earliest = min(place.position for place in places)
    strong: dict[tuple[str, ...], None] = {}
    weak: dict[tuple[str, ...], int] = {}
    for place in places:
        if place.position == earliest:
            strong.update(dict.fromkeys([*place.half[: place.position], *place.others[:USUAL]]))
        elif place.position <= USUAL and phrase[0].isascii():
            strong.update(dict.fromkeys(place.half[: place.position]))
        for phrases in (place.half, place.others):
            for position, other in enumerate(phrases):
                weak[other] = min(position, weak.get(other, position))
    rest = sorted(weak.keys() - strong.keys() - {phrase}, key=lambda other: (weak[other], other))
    return Synonyms(tuple(other for other in strong if other != phrase), tuple(rest))
