"""What each word of a query may mean: the word itself, a beginning, a synonym, a misspelt word, a word of a set."""

from dataclasses import dataclass

from icons.models import IconSet
from search.words.synonyms import split_chinese, synonyms
from search.words.tokens import query_terms, split_words
from search.words.vocabulary import IconTerms, Term

MAX_WORDS = 8  # words of a query; further words are ignored
MAX_COMPLETIONS = 40  # terms that one beginning may stand for
# Icons that these terms may have together: a beginning of two letters then takes no longer than a whole word.
MAX_ICONS_OF_COMPLETIONS = 30_000
MAX_CORRECTIONS = 5  # terms that one misspelt word may stand for
RARE = 10  # icons; a word with fewer icons may be a misspelling
CORRECTION_RATIO = 10  # if a similar word has at least this many times as many icons


@dataclass(frozen=True)
class WordMeanings:
    """What one word of a query may mean. An icon fits the word if it has any of the meanings."""

    exact: list[str]  # the terms of the word itself, all of which an icon must have
    completions: list[str]  # terms that begin with the word
    synonyms: list[list[str]]  # for each synonym its terms, all of which an icon must have
    corrections: list[str]  # terms that the word may be a misspelling of
    set_ids: list[int]  # sets whose title or prefix has the word

    @property
    def single_synonyms(self) -> list[str]:
        """The synonyms that are one term each."""
        return [terms[0] for terms in self.synonyms if len(terms) == 1]

    @property
    def longer_synonyms(self) -> list[list[str]]:
        """The synonyms of several terms each."""
        return [terms for terms in self.synonyms if len(terms) > 1]


def meanings_of(text: str) -> list[WordMeanings]:
    """The meanings of each word of a query, in their order. The last word may be one that somebody is typing."""
    words = [part for word in split_words(text)[:MAX_WORDS] for part in _split_unspaced(word)][:MAX_WORDS]
    ids_by_word = set_ids_by_word() if len(words) > 1 else {}  # a query that is only the name of a set lists no icons
    return [
        _meanings_of_word(word, ids_by_word.get(word, []), is_last=number == len(words))
        for number, word in enumerate(words, 1)
    ]


def _meanings_of_word(word: str, set_ids: list[int], is_last: bool) -> WordMeanings:
    latin = word.isascii()
    completions: dict[str, int] = {}
    if latin and len(word) > 1:
        completions = Term.objects.starting_with(word, MAX_COMPLETIONS, MAX_ICONS_OF_COMPLETIONS)
    synonym_terms = [[term for part in phrase for term in query_terms(part)] for phrase in synonyms().get((word,), ())]
    corrections: list[str] = []
    if latin and len(word) > 2 and not synonym_terms and not set_ids:
        icons = _number_of_icons(completions if is_last else {word: completions.get(word, 0)})
        if icons < RARE:
            corrections = Term.objects.corrections(word, icons * CORRECTION_RATIO, MAX_CORRECTIONS)
    return WordMeanings(query_terms(word), list(completions), synonym_terms, corrections, set_ids)


def _number_of_icons(counts: dict[str, int]) -> int:
    """The sum of the numbers of icons of some terms, as counted last; 0 if no icon has any of the terms now."""
    total = sum(counts.values())
    return total if total and IconTerms.objects.any_in_use(counts) else 0


def _split_unspaced(word: str) -> list[str]:
    """The words in a run of Chinese characters that no icon has as a whole; any other word as it is."""
    if word.isascii() or (word,) in synonyms() or IconTerms.objects.filter(terms__contains=query_terms(word)).exists():
        return [word]
    known, unknown = split_chinese(word)
    counted = Term.objects.filter(text__in={term for run in unknown for term in query_terms(run)})
    in_use = IconTerms.objects.in_use(counted.values_list("text", flat=True))
    return [*known, *(run for run in unknown if in_use.issuperset(query_terms(run)))] or [word]


def set_ids_by_word() -> dict[str, list[int]]:
    """For each word of the prefixes and titles of sets, the ids of these sets. There are hundreds of sets at most."""
    ids: dict[str, list[int]] = {}
    for pk, prefix, title in IconSet.objects.values_list("pk", "prefix", "title"):
        for word in set(split_words(f"{prefix} {title}")):
            ids.setdefault(word, []).append(pk)
    return ids
