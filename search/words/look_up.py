"""Finding icons by words.

Icons that are called altogether what the query says come first, then those of its usual synonyms, then longer names
that have all words, then other synonyms, tags, beginnings. Of equally good ones, shorter names and sets that are used
more come first. Where no icon fits all words, words are left out one by one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from icons.models import Icon, IconSet
from search.words.query import Query, parts_of, query_of
from search.words.sets import Sets, all_sets
from search.words.sql import NOTHING, STRONG, Statement, condition_of, joined_conditions, score_of
from search.words.synonyms import synonyms
from search.words.tokens import raw_words, split_words
from search.words.upstream_tags import wholes_by_tag, wholes_by_word


@dataclass(frozen=True)
class WordAnswer:
    """A page of what was found."""

    icons: list[Icon] = field(default_factory=list)  # with their sets, without their SVG source
    total: int = 0  # icons on all pages
    left_out: list[str] = field(default_factory=list)  # what no icon fits together with the rest


def search_by_words(text: str, limit: int, offset: int = 0, within: Statement | None = None) -> WordAnswer:
    """The visible icons that fit a text, best first; `within` is a condition about a row of search_iconterms."""
    sets = all_sets()
    for query, left_out in _queries(text, sets, within):
        rows = _rank(query, sets, within, limit, offset)
        if rows or (offset and _count(query, within)[0]):
            return _answer(rows, text, left_out)
    return WordAnswer()


def _answer(rows: Sequence[Any], text: str, left_out: list[str]) -> WordAnswer:
    icons = Icon.objects.select_related("set").defer("svg").in_bulk([pk for pk, *_ in rows])
    raw = raw_words(text.rpartition(":")[2])
    # Of icons with the same score, those whose name is written like the text come first: "arrow" before "arrows".
    best_first = sorted(rows, key=lambda row: (row[1], row[0] in icons and raw_words(icons[row[0]].name) != raw))
    total = rows[0][2] if rows else 0
    return WordAnswer([icons[pk] for pk, *_ in best_first if pk in icons], total, left_out)


def rank_by_words(text: str, limit: int, within: Statement | None = None) -> list[tuple[int, int]]:
    """(id of the icon, score) of the visible icons that fit a text; 0 is the best score."""
    sets = all_sets()
    for query, _ in _queries(text, sets, within):
        if rows := _rank(query, sets, within, limit, 0):
            return [(pk, score) for pk, score, _ in rows]
    return []


def search_in_set(set_pk: int, text: str) -> tuple[list[int], list[str]]:
    """The ids of a set's visible icons that fit a text, best first, and the words that had to be left out."""
    sets, within = all_sets(), Statement("search_iconterms.set_id = %(within)s", {"within": set_pk})
    for query, left_out in _queries(text, sets, within):
        if rows := _rank(query, sets, within, None, 0):
            return [pk for pk, *_ in rows], left_out
    return [], []


def words_condition(text: str) -> Statement | None:
    """Whether a row of search_iconterms fits a text; None where no icon does."""
    queries = _queries(text, all_sets(), None)
    return next((condition_of(query) for query, _ in queries if _count(query, None)[0]), None)


def sets_by_words(text: str) -> list[IconSet]:
    """The sets whose prefix or title has all words of a text."""
    ids_by_word = all_sets().ids_by_word
    ids = [set(ids_by_word.get(word, [])) for word in split_words(text)]
    return list(IconSet.objects.filter(pk__in=set.intersection(*ids))) if ids else []


def _queries(text: str, sets: Sets, within: Statement | None) -> Iterator[tuple[Query, list[str]]]:
    """The query of a text, and, as long as the one before fits no icon, one with less, and what it leaves out."""
    parts, left_out = parts_of(text), []
    if parts.prefix and parts.prefix not in sets.ids_by_prefix:
        parts, left_out = replace(parts, prefix=""), [parts.prefix]
    while parts.words:
        query = query_of(parts, sets)
        yield query, left_out
        if parts.style:
            parts, word = replace(parts, style=""), parts.style
        elif parts.prefix:
            parts, word = replace(parts, prefix=""), parts.prefix
        elif query.unknown_words:
            word = query.unknown_words[0]
            parts = parts.without(word)
        elif query.required_words:
            word = _least_needed(query, sets, within)
            parts = parts.without(word)
        else:
            return
        left_out = [*left_out, word]


def _least_needed(query: Query, sets: Sets, within: Statement | None) -> str:
    """The word without which the others fit best.

    That is the first one without which an icon is called altogether so: what is meant comes last in "red heart" and in
    复制链接. If there is none, it is the one that leaves the fewest icons.
    """
    fits = {word: _count(query_of(query.parts.without(word), sets), within) for word in query.required_words}
    exact = [word for word, (_, best) in fits.items() if best <= STRONG]
    return exact[0] if exact else min(fits, key=lambda word: (not fits[word][0], fits[word][0]))


def _source(query: Query, within: Statement | None) -> Statement:
    """The part of a statement from FROM on."""
    where = joined_conditions([condition_of(query), *([within] if within else [])])
    return Statement(f"FROM search_iconterms WHERE {where.sql}", where.params)


def _count(query: Query, within: Statement | None) -> tuple[int, int]:
    """How many icons fit, and the score of the best."""
    source, score = _source(query, within), score_of(query)
    statement = Statement(f"SELECT count(*), min({score.sql}) {source.sql}", source.params | score.params)
    [(icons, best)] = _fetch(statement)
    return icons, NOTHING if best is None else best


def _rank(query: Query, sets: Sets, within: Statement | None, limit: int | None, offset: int) -> list[Any]:
    """(id of the icon, score, number of icons on all pages) of one page, best first."""
    source, score = _source(query, within), score_of(query)
    sql = (
        f"WITH fitting AS (SELECT icon_id, search_iconterms.set_id, {score.sql} AS score, cardinality(named) AS length"
        f" {source.sql}) SELECT icon_id, score, count(*) OVER () FROM fitting"
        " JOIN unnest(%(popular_sets)s::bigint[]) WITH ORDINALITY AS popularity (set_id, place) USING (set_id)"
        " ORDER BY score, length, place, icon_id LIMIT %(limit)s OFFSET %(offset)s"
    )
    page = {"limit": limit, "offset": offset, "popular_sets": sets.by_popularity}
    return _fetch(Statement(sql, source.params | score.params | page))


def _fetch(statement: Statement) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.params)
        rows: list[Any] = cursor.fetchall()
        return rows


def warm_up() -> None:
    """Read the synonyms and tags, so that the first search does not wait for them."""
    for read in (synonyms, wholes_by_tag, wholes_by_word):
        read()
