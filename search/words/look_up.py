"""Finding icons by words: exact ones first, then beginnings, synonyms and, where nothing else is found, slips."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from icons.models import Icon, IconSet
from search.words.synonyms import known_parts, synonyms
from search.words.tokens import asked, pieces, words
from search.words.vocabulary import IconTerms, Term

MOST_WORDS = 8  # of a query; the rest is not looked at
MOST_BEGUN = 40  # terms that one begun word may mean
ROWS_BEGUN = 30_000  # icons that these may have together, so that two letters take no longer than a word
SLIPS = 5  # terms that one misspelt word may mean
RARE = 10  # icons; a word that fewer have may be a slip all the same,
AS_FREQUENT = 10  # where a like one has so many times as many


@dataclass(frozen=True)
class _Word:
    """What one word of a query may mean: icons have all terms of one of the lists, or one of the terms."""

    exactly: list[str]
    begun: list[str]
    otherwise: list[list[str]]
    misspelt: list[str]
    sets: list[int]  # ids of sets whose title or prefix has it

    @property
    def single(self) -> list[str]:
        return [one[0] for one in self.otherwise if len(one) == 1]


def search_by_words(text: str, limit: int, offset: int = 0) -> list[Icon]:
    """The visible icons that all words of a text fit, best first, with their sets and without their source."""
    meant = _meant(text)
    if not meant:
        return []
    found = _search(meant, limit, offset)
    if not found and len(meant) > len(words(text)):
        found = _search(meant, limit, offset, " OR ")  # rather than nothing: the words were not apart
    icons = Icon.objects.select_related("set").defer("svg").in_bulk([pk for pk, *_ in found])
    typed = pieces(text)
    # Those of the same worth: first what is written as asked for, "arrow" before "arrows".
    found = sorted(found, key=lambda row: (*row[1:], row[0] in icons and pieces(icons[row[0]].name) != typed))
    return [icons[pk] for pk, *_ in found if pk in icons]


def _meant(text: str) -> list[_Word]:
    typed = [part for word in words(text)[:MOST_WORDS] for part in _apart(word)][:MOST_WORDS]
    named = _sets_by_word() if len(typed) > 1 else {}  # a set alone is no icon
    meant = []
    for word in typed:
        latin, of_sets = word.isascii(), named.get(word, [])
        begun = Term.objects.begun(word, MOST_BEGUN, ROWS_BEGUN) if latin and len(word) > 1 else {}
        otherwise = [[term for one in other for term in asked(one)] for other in synonyms().get((word,), ())]
        is_last = len(meant) == len(typed) - 1  # and may be half typed
        having = sum(begun.values()) if is_last else begun.get(word, 0)
        misspelt: list[str] = []
        if latin and len(word) > 2 and having < RARE and not otherwise and not of_sets:
            misspelt = Term.objects.like(word, having * AS_FREQUENT, SLIPS)
        meant.append(_Word(asked(word), list(begun), otherwise, misspelt, of_sets))
    return meant


def _apart(word: str) -> list[str]:
    """A run of Chinese characters that no icon has, as the words in it; other words as they are."""
    if word.isascii() or (word,) in synonyms() or IconTerms.objects.filter(terms__contains=asked(word)).exists():
        return [word]
    parts, between = known_parts(word)
    known = set(
        Term.objects.filter(text__in={term for one in between for term in asked(one)}).values_list("text", flat=True)
    )
    return [*parts, *(one for one in between if known.issuperset(asked(one)))] or [word]


def sets_named(text: str) -> list[IconSet]:
    """The sets whose prefix or title has all words of a text."""
    named = _sets_by_word()
    ids = [set(named.get(word, [])) for word in words(text)]
    return list(IconSet.objects.filter(pk__in=set.intersection(*ids))) if ids else []


def _sets_by_word() -> dict[str, list[int]]:
    """The ids of sets by each word of their prefixes and titles; there are hundreds of sets at most."""
    found: dict[str, list[int]] = {}
    for pk, prefix, title in IconSet.objects.values_list("pk", "prefix", "title"):
        for word in set(words(f"{prefix} {title}")):
            found.setdefault(word, []).append(pk)
    return found


def condition_of(text: str) -> tuple[str, dict[str, Any]] | None:
    """SQL about a row of search_iconterms, that all words of a text fit it, and its parameters; None without words."""
    meant = _meant(text)
    return _condition(meant) if meant else None


def _condition(meant: Sequence[_Word], joined: str = " AND ") -> tuple[str, dict[str, Any]]:
    parts, params = [], {}
    for number, word in enumerate(meant):
        several = [one for one in word.otherwise if len(one) > 1]
        lists = {f"all_{number}_{i}": terms for i, terms in enumerate([word.exactly, *several])}
        either = [f"terms && %(any_{number})s::text[]", *(f"terms @> %({name})s::text[]" for name in lists)]
        if word.sets:
            either.append(f"set_id = ANY(%(in_{number})s)")
            params[f"in_{number}"] = word.sets
        parts.append(f"({' OR '.join(either)})")
        params |= lists | {f"any_{number}": [*word.begun, *word.single, *word.misspelt]}
    return f"({joined.join(parts)})", params


def _score(meant: Sequence[_Word]) -> tuple[str, dict[str, Any]]:
    """SQL for how far from exact a row is, and its parameters."""
    parts, params = [], {}
    for number, word in enumerate(meant):
        names = {name: f"%({name}_{number})s::text[]" for name in ("exactly", "begun", "single", "misspelt")}
        parts.append(
            "CASE WHEN named @> {exactly} THEN 0 WHEN terms @> {exactly} THEN 2 WHEN named && {begun} THEN 3"
            " WHEN named && {single} THEN 4 WHEN named && {misspelt} THEN 5"
            " WHEN terms && {begun} THEN 6 ELSE 7 END".format(**names)
        )
        params |= {f"{name}_{number}": getattr(word, name) for name in names}
    return " + ".join(parts), params


def _search(meant: Sequence[_Word], limit: int, offset: int, joined: str = " AND ") -> list[tuple[int, int, int]]:
    """(id of the icon, how far from exact, how many terms its names have), best first."""
    condition, params = _condition(meant, joined)
    score, params_of_score = _score(meant)
    sql = (
        f"SELECT icon_id, {score}, cardinality(named) FROM search_iconterms WHERE {condition}"
        " ORDER BY 2, 3, 1 LIMIT %(limit)s OFFSET %(offset)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, **params_of_score, "limit": limit, "offset": offset})
        return cursor.fetchall()
