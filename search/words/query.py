"""A query by words, taken apart: what is asked for, and the names that answer it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product

from icons.names import split_id
from search.words.compounds import other_spellings
from search.words.meanings import Meanings, meanings_of, split_unspaced
from search.words.sets import Sets
from search.words.style_words import split_off_style
from search.words.tokens import split_words
from search.words.upstream_tags import MOST_WHOLES, wholes_by_tag, wholes_by_word
from search.words.wholes import whole

MAX_WORDS = 8  # words of a query; further words are ignored
MAX_PHRASINGS = 3  # ways to write a query
MOST_WEAK = 6  # weak synonyms of a word that are put together with those of other words
MOST_COMBINATIONS = 64
# Words that people add to what they look for. An icon need not have them.
FILLERS = frozenset(
    [
        *("icon", "logo", "symbol", "sign", "button", "svg", "image"),
        *("the", "a", "an", "of", "to", "and", "or", "in", "on", "at", "for", "from", "with", "my"),
    ]
)


@dataclass(frozen=True)
class Wholes:
    """The whole names that answer a query."""

    own: list[str] = field(default_factory=list)  # as the query says
    strong: list[str] = field(default_factory=list)  # of strong synonyms
    weak: list[str] = field(default_factory=list)  # of weak synonyms, and of upstream tags

    @property
    def all(self) -> list[str]:
        """All of them."""
        return [*self.own, *self.strong, *self.weak]


@dataclass(frozen=True)
class Parts:
    """The parts of a query before their meanings are looked up, any of which may be left out."""

    prefix: str = ""  # of the set that is asked for as in "mdi:home"
    words: tuple[str, ...] = ()
    style: str = ""  # the word that asks for a style

    def without(self, word: str) -> "Parts":
        """The parts without one of the words."""
        return replace(self, words=tuple(other for other in self.words if other != word))


@dataclass(frozen=True)
class Query:
    """What is looked up: an icon fits if it is called by one of the whole names, or fits all words of a phrasing."""

    parts: Parts
    phrasings: list[list[Meanings]]
    wholes: Wholes
    set_id: int | None = None  # of the set that is asked for by its prefix

    @property
    def unknown_words(self) -> list[str]:
        """The words that mean nothing in this library, whatever they stand beside; none where all are such."""
        unknown = [meanings.words[0] for meanings in self.phrasings[0] if meanings.is_unknown]
        return unknown if len(unknown) < len(self.phrasings[0]) else []

    @property
    def required_words(self) -> list[str]:
        """The words of which one may be left out; none where there is but one word, however often it is said."""
        words = list(dict.fromkeys(word for meanings in self.phrasings[0] for word in meanings.words))
        return words if len(words) > 1 else []


def parts_of(text: str) -> Parts:
    """The parts of a text; it has no words where nothing can be looked for."""
    prefix, name = split_id(text.strip().lower()) or ("", text)
    words = [part for word in split_words(name)[:MAX_WORDS] for part in split_unspaced(word)][:MAX_WORDS]
    kept, style = split_off_style(words)
    return Parts(prefix, tuple(kept), style)


def query_of(parts: Parts, sets: Sets) -> Query:
    """The query of these parts, with all that its words may mean."""
    words = list(parts.words)
    ids_by_word = sets.ids_by_word if len(words) > 1 else {}  # a query that is only the name of a set lists no icons
    main = meanings_of(words, ids_by_word)
    required = [meanings for meanings in main if meanings.words[0] not in FILLERS or len(meanings.words) > 1] or main
    spellings = other_spellings(words)[: MAX_PHRASINGS - 1]
    phrasings = [required, *(meanings_of(spelling, ids_by_word, correct=False) for spelling in spellings)]
    return Query(parts, phrasings, _wholes(words, spellings, required), sets.ids_by_prefix.get(parts.prefix))


def _wholes(words: Sequence[str], spellings: Iterable[Sequence[str]], required: Sequence[Meanings]) -> Wholes:
    without_fillers = [word for meanings in required for word in meanings.words]
    own = _unique([whole(words), whole(without_fillers), *map(whole, spellings)])
    if len(required) == 1:
        strong, weak = (list(map(whole, phrases)) for phrases in (required[0].usual, required[0].synonyms.weak))
    else:
        strong = _combinations([meanings.usual for meanings in required])
        weak = _combinations([[*meanings.usual, *meanings.synonyms.weak[:MOST_WEAK]] for meanings in required])
    tagged = [*wholes_by_tag().get(" ".join(words), ()), *wholes_by_tag().get(" ".join(without_fillers), ())]
    if len(required) > 1:
        tagged += _tagged_with_all(required)
    usual = _unique(strong, own)
    return Wholes(own, usual, _unique([*weak, *tagged], [*own, *usual]))


def _combinations(alternatives: Sequence[Sequence[tuple[str, ...]]]) -> list[str]:
    """Whole names of one phrase for each word, in English: names are."""
    english = [[phrase for phrase in phrases if all(map(str.isascii, phrase))] for phrases in alternatives]
    chosen = islice(product(*english), MOST_COMBINATIONS)
    return [whole(word for phrase in phrases for word in phrase) for phrases in chosen]


def _tagged_with_all(required: Sequence[Meanings]) -> list[str]:
    """The whole names that have all words, or strong synonyms of theirs, in themselves and in their tags."""
    wholes = wholes_by_word()
    sets = [frozenset().union(*(_with_all_words(phrase, wholes) for phrase in meanings.usual)) for meanings in required]
    tagged = frozenset.intersection(*sets)
    return sorted(tagged, key=lambda name: (len(name.split()), name)) if len(tagged) <= MOST_WHOLES else []


def _with_all_words(phrase: Sequence[str], wholes: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset.intersection(*(wholes.get(word, frozenset()) for word in phrase))


def _unique(names: Iterable[str], without: Sequence[str] = ()) -> list[str]:
    return [name for name in dict.fromkeys(names) if name and name not in without]
