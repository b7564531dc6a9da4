"""Finding icons by words: exact ones first, then beginnings, synonyms and, where nothing else is found, slips."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from icons.models import Icon, IconSet
from search.models import Term
from search.terms import asked, synonyms, words

MOST_WORDS = 8  # of a query; the rest is not looked at
MOST_BEGUN = 40  # terms that one begun word may mean
ROWS_BEGUN = 30_000  # icons that these may have together, so that two letters take no longer than a word
SLIPS = 12  # terms that one misspelt word may mean


@dataclass(frozen=True)
class _Word:
    """What one word of a query may mean: icons have all terms of one of the lists, or one of the terms."""

    exactly: list[str]
    begun: list[str]
    otherwise: list[list[str]]
    misspelt: list[str]
    sets: list[int]  # ids of sets whose title or prefix has it


def icons_named(text: str, limit: int, offset: int = 0) -> list[Icon]:
    """The visible icons that all words of a text fit, best first, with their sets and without their source."""
    meant = _meant(text)
    if not meant:
        return []
    pks = _search(meant, limit, offset)
    found = Icon.objects.select_related("set").defer("svg").in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]


def _meant(text: str) -> list[_Word]:
    typed = words(text)[:MOST_WORDS]
    named = _sets_by_word() if len(typed) > 1 else {}  # a set alone is no icon
    meant = []
    for word in typed:
        latin, of_sets = word.isascii(), named.get(word, [])
        begun = Term.objects.begun(word, MOST_BEGUN, ROWS_BEGUN) if latin and len(word) > 1 else []
        otherwise = [[term for one in other for term in asked(one)] for other in synonyms().get((word,), ())]
        is_known = otherwise or of_sets or (begun and len(meant) == len(typed) - 1)  # the last one may be half typed
        misspelt: list[str] = []
        if latin and not is_known and not Term.objects.filter(text=word).exists():
            misspelt = Term.objects.like(word, SLIPS)
        meant.append(_Word(asked(word), begun, otherwise, misspelt, of_sets))
    return meant


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


def _search(meant: Sequence[_Word], limit: int, offset: int) -> list[int]:
    where, score, params_where, params_score = [], [], [], []
    for word in meant:
        several = [one for one in word.otherwise if len(one) > 1]
        single = [one[0] for one in word.otherwise if len(one) == 1]
        either = ["terms @> %s::text[]", "terms && %s::text[]"] + ["terms @> %s::text[]"] * len(several)
        if word.sets:
            either.append("icon_id IN (SELECT id FROM icons_icon WHERE set_id = ANY(%s))")
        where.append("(" + " OR ".join(either) + ")")
        params_where += [word.exactly, [*word.begun, *single, *word.misspelt], *several]
        params_where += [word.sets] if word.sets else []
        score.append(
            "CASE WHEN named @> %s::text[] THEN 0 WHEN terms @> %s::text[] THEN 2 WHEN named && %s::text[] THEN 3"
            " WHEN named && %s::text[] THEN 4 WHEN named && %s::text[] THEN 5"
            " WHEN terms && %s::text[] THEN 6 ELSE 7 END"
        )
        params_score += [word.exactly, word.exactly, word.begun, single, word.misspelt, word.begun]
    sql = (
        f"SELECT icon_id FROM search_iconterms WHERE {' AND '.join(where)}"
        f" ORDER BY {' + '.join(score)}, cardinality(named), icon_id LIMIT %s OFFSET %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params_where, *params_score, limit, offset])
        return [pk for (pk,) in cursor.fetchall()]
