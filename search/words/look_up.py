"""Finding icons by words: the SQL that finds and orders them.

Icons whose name has the very word come first, then words that begin like it, synonyms, and corrections.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from icons.models import Icon, IconSet
from search.words.meanings import WordMeanings, meanings_of, set_ids_by_word
from search.words.tokens import raw_words, split_words


def search_by_words(text: str, limit: int, offset: int = 0) -> list[Icon]:
    """The visible icons that fit all words of a text, best first, with their sets and without their SVG source."""
    meanings = meanings_of(text)
    if not meanings:
        return []
    rows = _search(meanings, limit, offset)
    if not rows and len(meanings) > len(split_words(text)):
        # No icon has all words into which an unspaced Chinese text was split. Icons that have one are better than none.
        rows = _search(meanings, limit, offset, " OR ")
    icons = Icon.objects.select_related("set").defer("svg").in_bulk([pk for pk, *_ in rows])
    raw = raw_words(text)
    # Of icons with the same score, those whose name is written like the text come first: "arrow" before "arrows".
    rows = sorted(rows, key=lambda row: (*row[1:], row[0] in icons and raw_words(icons[row[0]].name) != raw))
    return [icons[pk] for pk, *_ in rows if pk in icons]


def sets_by_words(text: str) -> list[IconSet]:
    """The sets whose prefix or title has all words of a text."""
    ids_by_word = set_ids_by_word()
    ids = [set(ids_by_word.get(word, [])) for word in split_words(text)]
    return list(IconSet.objects.filter(pk__in=set.intersection(*ids))) if ids else []


def words_condition(text: str) -> tuple[str, dict[str, Any]] | None:
    """SQL for whether a row of search_iconterms fits all words of a text, and its parameters; None without words."""
    meanings = meanings_of(text)
    return _condition(meanings) if meanings else None


def _condition(meanings: Sequence[WordMeanings], joiner: str = " AND ") -> tuple[str, dict[str, Any]]:
    conditions: list[str] = []
    params: dict[str, Any] = {}
    for number, word in enumerate(meanings):
        any_of = f"any_{number}"
        params[any_of] = [*word.completions, *word.single_synonyms, *word.corrections]
        alternatives = [f"terms && %({any_of})s::text[]"]
        for place, terms in enumerate([word.exact, *word.longer_synonyms]):
            all_of = f"all_{number}_{place}"
            params[all_of] = terms
            alternatives.append(f"terms @> %({all_of})s::text[]")
        if word.set_ids:
            params[f"sets_{number}"] = word.set_ids
            alternatives.append(f"set_id = ANY(%(sets_{number})s)")
        conditions.append(f"({' OR '.join(alternatives)})")
    return f"({joiner.join(conditions)})", params


def _score(meanings: Sequence[WordMeanings]) -> tuple[str, dict[str, Any]]:
    """SQL for the score of a row, and its parameters: 0 if the names have all words; the lower, the better."""
    terms: list[str] = []
    params: dict[str, Any] = {}
    for number, word in enumerate(meanings):
        names = {
            name: f"%({name}_{number})s::text[]" for name in ("exact", "completions", "single_synonyms", "corrections")
        }
        terms.append(
            "CASE WHEN named @> {exact} THEN 0 WHEN terms @> {exact} THEN 2 WHEN named && {completions} THEN 3"
            " WHEN named && {single_synonyms} THEN 4 WHEN named && {corrections} THEN 5"
            " WHEN terms && {completions} THEN 6 ELSE 7 END".format(**names)
        )
        params |= {f"{name}_{number}": getattr(word, name) for name in names}
    return " + ".join(terms), params


def _search(
    meanings: Sequence[WordMeanings], limit: int, offset: int, joiner: str = " AND "
) -> list[tuple[int, int, int]]:
    """(id of the icon, score, number of terms in its names) of the icons that fit, best first."""
    condition, params = _condition(meanings, joiner)
    score, params_of_score = _score(meanings)
    sql = (
        f"SELECT icon_id, {score}, cardinality(named) FROM search_iconterms WHERE {condition}"
        " ORDER BY 2, 3, 1 LIMIT %(limit)s OFFSET %(offset)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, **params_of_score, "limit": limit, "offset": offset})
        rows: list[tuple[int, int, int]] = cursor.fetchall()
        return rows
