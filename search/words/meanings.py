"""What each word of a query may mean: the word itself, a beginning, a synonym, a misspelt word, a word of a set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from search.words.synonyms import Synonyms, is_known, split_chinese, synonyms
from search.words.tokens import query_terms
from search.words.upstream_tags import wholes_by_word
from search.words.vocabulary import IconTerms, Term

MAX_COMPLETIONS = 40  # terms that one beginning may stand for
# Icons that these terms may have together: a beginning of two letters then takes no longer than a whole word.
MAX_ICONS_OF_COMPLETIONS = 30_000
MAX_CORRECTIONS = 5  # terms that one misspelt word may stand for
RARE = 10  # icons; a word with fewer icons may be a misspelling
CORRECTION_RATIO = 10  # if a similar word has at least this many times as many icons
PLENTY = 200  # icons; where the only word of a query has as many, they need no addition from weak synonyms
LONGEST_PHRASE = 4  # words of the longest phrase that is looked for among the synonyms
NONE = Synonyms()


@dataclass(frozen=True)
class Meanings:
    """What one word of a query may mean, or several that are one phrase. An icon fits if it has any of the meanings."""

    words: tuple[str, ...]
    exact: list[str]  # the terms of the words themselves, all of which an icon must have
    completions: list[str]  # terms that begin with the word
    synonyms: Synonyms
    in_parts: tuple[tuple[str, ...], ...]  # the synonyms by which icons fit that have them among others
    corrections: list[str]  # terms that the word may be a misspelling of
    set_ids: list[int]  # sets whose title or prefix has the word

    @property
    def is_unknown(self) -> bool:
        """Whether no icon and no synonym has the word, nor one that it may be a misspelling of."""
        word = self.words[0]
        known = self.completions or self.corrections or self.set_ids or self.synonyms is not NONE
        return word.isascii() and len(word) > 1 and not known and word not in wholes_by_word()

    @property
    def usual(self) -> list[tuple[str, ...]]:
        """The phrases that mean just this: the words themselves, strong synonyms, corrections."""
        return [self.words, *self.synonyms.strong, *((term,) for term in self.corrections)]

    @property
    def strong_terms(self) -> list[str]:
        """The strong synonyms that are one term each."""
        return _single_terms(phrase for phrase in self.in_parts if phrase in self.synonyms.strong)

    @property
    def weak_terms(self) -> list[str]:
        """The weak synonyms that are one term each."""
        return _single_terms(phrase for phrase in self.in_parts if phrase in self.synonyms.weak)

    @property
    def longer_synonyms(self) -> list[list[str]]:
        """The terms of each synonym of several terms, all of which an icon must have."""
        return [terms for terms in map(_terms, self.in_parts) if len(terms) > 1]


def meanings_of(words: Sequence[str], set_ids: Mapping[str, list[int]], correct: bool = True) -> list[Meanings]:
    """The meanings of the words in their order, of which those that are one phrase come together.

    The last word may be one that somebody is typing. `set_ids` has the ids of sets by the words of their titles.
    Slips are not looked for unless the words are to be `correct`ed.
    """
    phrases = _phrases(words)
    meanings = [
        _meanings_of_phrase(phrase, set_ids, correct, is_last=number == len(phrases))
        for number, phrase in enumerate(phrases, 1)
    ]
    return [_without_weak_synonyms(meanings[0])] if len(meanings) == 1 else meanings


def _without_weak_synonyms(meanings: Meanings) -> Meanings:
    """What the only word of a query means; where many icons have it, icons that merely have a weak synonym do not."""
    terms = {*meanings.completions, *meanings.strong_terms}
    icons = sum(Term.objects.filter(text__in=terms).values_list("icons", flat=True))
    return replace(meanings, in_parts=meanings.synonyms.strong) if icons >= PLENTY else meanings


def _phrases(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The words in groups: at each place the longest phrase that has synonyms, else the word alone."""
    phrases: list[tuple[str, ...]] = []
    start = 0
    while start < len(words):
        longest_first = (tuple(words[start : start + size]) for size in range(LONGEST_PHRASE, 1, -1))
        phrases.append(next((phrase for phrase in longest_first if phrase in synonyms()), (words[start],)))
        start += len(phrases[-1])
    return phrases


def _meanings_of_phrase(
    phrase: tuple[str, ...], set_ids: Mapping[str, list[int]], correct: bool, is_last: bool
) -> Meanings:
    word = phrase[0]
    sets = set_ids.get(word, []) if len(phrase) == 1 else []
    latin = len(phrase) == 1 and word.isascii()
    completions: dict[str, int] = {}
    if latin and len(word) > 1:
        completions = Term.objects.starting_with(word, MAX_COMPLETIONS, MAX_ICONS_OF_COMPLETIONS)
    known = synonyms().get(phrase, NONE)
    corrections: list[str] = []
    if correct and latin and len(word) > 2 and known is NONE and not sets:
        icons = _number_of_icons(completions if is_last else {word: completions.get(word, 0)})
        if icons < RARE and word not in wholes_by_word():
            corrections = Term.objects.corrections(word, icons * CORRECTION_RATIO, MAX_CORRECTIONS)
    parts = (*known.strong, *known.weak)
    return Meanings(phrase, _terms(phrase), list(completions), known, parts, corrections, sets)


def _terms(phrase: Sequence[str]) -> list[str]:
    return [term for word in phrase for term in query_terms(word)]


def _single_terms(phrases: Iterable[Sequence[str]]) -> list[str]:
    return [terms[0] for terms in map(_terms, phrases) if len(terms) == 1]


def _number_of_icons(counts: dict[str, int]) -> int:
    """The sum of the numbers of icons of some terms, as counted last; 0 if no icon has any of the terms now."""
    total = sum(counts.values())
    return total if total and IconTerms.objects.any_in_use(counts) else 0


def split_unspaced(word: str) -> list[str]:
    """The words in a run of Chinese characters that no icon has as a whole; any other word as it is."""
    if word.isascii() or is_known(word) or IconTerms.objects.any_has(query_terms(word)):
        return [word]
    known, unknown = split_chinese(word)
    counted = Term.objects.filter(text__in={term for run in unknown for term in query_terms(run)})
    in_use = IconTerms.objects.in_use(counted.values_list("text", flat=True))
    return [*known, *(run for run in unknown if in_use.issuperset(query_terms(run)))] or [word]
