"""A query by words as SQL about rows of search_iconterms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from search.words.meanings import Meanings
from search.words.query import Query
from search.words.style_words import NAME_WORDS, STYLE_WORDS

# Scores, of which the lowest is best.
OWN, IN_CHINESE, STRONG, ALL_WORDS, WEAK = 0, 1, 2, 3, 5
OTHER_SPELLING = 1  # is added for all words of a query that is written in another way
NOTHING = 99
NO_TERM = ""


@dataclass
class Statement:
    """SQL with the values of its parameters."""

    sql: str = ""
    params: dict[str, Any] = field(default_factory=dict)


def condition_of(query: Query) -> Statement:
    """Whether a row fits the query."""
    params: dict[str, Any] = {"wholes": query.wholes.all}
    fitting = ["wholes && %(wholes)s::text[]"]
    for number, phrasing in enumerate(query.phrasings):
        fitting.append(
            "(" + " AND ".join(_fits(meanings, f"{number}_{n}") for n, meanings in enumerate(phrasing)) + ")"
        )
        for n, meanings in enumerate(phrasing):
            params |= _params(meanings, f"{number}_{n}")
    conditions = [f"({' OR '.join(fitting)})"]
    if query.parts.style:
        style = STYLE_WORDS[query.parts.style]
        conditions.append(
            "(named && %(style_words)s::text[] OR EXISTS (SELECT 1 FROM search_iconstyle of_icon"
            " WHERE of_icon.icon_id = search_iconterms.icon_id AND of_icon.style = %(style)s))"
        )
        params |= {"style_words": NAME_WORDS[style], "style": style}
    if query.parts.prefix:
        conditions.append("search_iconterms.set_id = %(set_id)s")
        params["set_id"] = query.set_id
    return Statement(" AND ".join(conditions), params)


def score_of(query: Query) -> Statement:
    """How well a row fits that fits at all; needs the parameters of `condition_of`, too."""
    # A row that fits by its whole name, or by another phrasing, may lack words of this one: they cost most.
    costs = [
        " + ".join(
            [str(ALL_WORDS + OTHER_SPELLING * (number > 0)), *(_cost(f"{number}_{n}") for n, _ in enumerate(words))]
        )
        for number, words in enumerate(query.phrasings)
    ]
    sql = (
        f"CASE WHEN wholes && %(own)s::text[] THEN {OWN} WHEN named @> %(chinese)s::text[] THEN {IN_CHINESE}"
        f" WHEN wholes && %(strong)s::text[] THEN {STRONG}"
        f" ELSE LEAST(CASE WHEN wholes && %(weak)s::text[] THEN {WEAK} ELSE {NOTHING} END, {', '.join(costs)}) END"
    )
    params: dict[str, Any] = {name: getattr(query.wholes, name) for name in ("own", "strong", "weak")}
    # Who has given icons Chinese names wants those before what a translation finds.
    chinese = [] if any(map(str.isascii, query.parts.words)) else [t for m in query.phrasings[0] for t in m.exact]
    return Statement(sql, params | {"chinese": chinese or [NO_TERM]})


def _params(meanings: Meanings, place: str) -> dict[str, Any]:
    return {
        f"exact_{place}": meanings.exact,
        f"strong_{place}": [*meanings.strong_terms, *meanings.corrections],
        f"begun_{place}": meanings.completions,
        f"weak_{place}": meanings.weak_terms,
        f"any_{place}": [
            *(meanings.exact if len(meanings.exact) == 1 else []), *meanings.completions, *meanings.strong_terms,
            *meanings.corrections,
        ],
        f"sets_{place}": meanings.set_ids,
        **{f"all_{place}_{number}": terms for number, terms in enumerate(meanings.longer_synonyms)},
    }  # fmt: skip


def _fits(meanings: Meanings, place: str) -> str:
    """Whether a row has any of the meanings of a word."""
    alternatives = [f"terms && %(any_{place})s::text[]"]
    if meanings.weak_terms:  # in names alone: an icon of a cat is no dog, although both have the tag "pet"
        alternatives.append(f"terms && %(weak_{place})s::text[] AND named && %(weak_{place})s::text[]")
    if len(meanings.exact) > 1:
        alternatives.append(f"terms @> %(exact_{place})s::text[]")
    alternatives += [f"terms @> %(all_{place}_{n})s::text[]" for n, _ in enumerate(meanings.longer_synonyms)]
    if meanings.set_ids:
        alternatives.append(f"search_iconterms.set_id = ANY(%(sets_{place})s)")
    return f"({' OR '.join(alternatives)})"


def _cost(place: str) -> str:
    return (
        f"CASE WHEN named @> %(exact_{place})s::text[] THEN 0 WHEN named && %(strong_{place})s::text[] THEN 1"
        f" WHEN terms @> %(exact_{place})s::text[] THEN 2 WHEN named && %(begun_{place})s::text[] THEN 3"
        f" WHEN named && %(weak_{place})s::text[] THEN 4"
        f" WHEN search_iconterms.set_id = ANY(%(sets_{place})s::bigint[]) THEN 1"
        f" WHEN terms && %(begun_{place})s::text[] THEN 6 ELSE 7 END"
    )


def joined_conditions(statements: Sequence[Statement]) -> Statement:
    """All of these conditions."""
    params: dict[str, Any] = {}
    for statement in statements:
        params |= statement.params
    return Statement(" AND ".join(f"({statement.sql})" for statement in statements), params)
