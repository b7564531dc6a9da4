"""What the API answers to questions about sets and names, as data. A number in its place is the status of an error."""

from collections.abc import Sequence
from typing import Any

from iconify.js import integer, truth
from iconify.listing import collection
from iconify.served_set import ServedSet
from iconify.sets import served_set, served_sets
from iconify.word_search import find, vocabulary_of
from icons.names import NAME

Json = dict[str, Any]
Query = dict[str, str]
LEAST_LIMIT, USUAL_LIMIT, MOST_LIMIT = 32, 64, 999  # icons in the answer to a search
MAX_LISTED_SETS = 11  # in one answer to /list-icons


def collections(query: Query) -> Json:
    """The info of all sets that have one, or of those that are asked for."""
    sets = [each for each in served_sets() if each.info is not None]
    return {each.prefix: each.info for each in chosen(sets, query)}


def last_modified(query: Query) -> Json:
    """When each set was changed last, in seconds since 1970."""
    return {"lastModified": {each.prefix: each.last_modified for each in chosen(served_sets(), query)}}


def chosen(sets: Sequence[ServedSet], query: Query) -> Sequence[ServedSet]:
    """The sets that `prefix` or `prefixes` ask for; all where neither does."""
    if prefix := query.get("prefix"):
        return [each for each in sets if each.prefix == prefix]
    if prefixes := query.get("prefixes"):
        asked = prefixes.split(",")
        beginnings = tuple(prefix for prefix in asked if prefix.endswith("-"))
        return [each for each in sets if each.prefix in asked or each.prefix.startswith(beginnings)]
    return sets


def names_of_set(served: ServedSet | None, query: Query) -> Json | int:
    """All names of a set, by category."""
    if served is None:
        return 404
    reply = collection(served.prefix, served.info, served.listing)
    if not query.get("chars") or served.chars is None:
        del reply["chars"]
    if not query.get("info"):
        reply.pop("info", None)
    return {**reply, **served.themes}


def names_of_sets(query: Query, categorised: bool) -> Json | int:
    """The same as the first version of the API answered it, of one set or of several."""
    if query.get("prefix"):
        served = served_set(query["prefix"])
        return 404 if served is None else _listed(served, query, categorised)
    if not query.get("prefixes"):
        return 400
    sets = chosen(served_sets(), {"prefixes": query["prefixes"]})[:MAX_LISTED_SETS]
    return {each.prefix: _listed(each, query, categorised) for each in sets} if sets else 404


def _listed(served: ServedSet, query: Query, categorised: bool) -> Json:
    whole = collection(served.prefix, served.info, served.listing)
    if served.chars is None:
        del whole["chars"]
    keys = ["prefix", "total", *(["title"] if whole.get("title") else [])]
    keys += [key for key in ("info", "aliases", "chars") if query.get(key) and whole.get(key) is not None]
    keys += ["categories", "uncategorized"] if categorised else []
    reply = {key: whole[key] for key in keys if key in whole}
    return reply if categorised else {**reply, "icons": list(served.listing.icons())}


def search(query: Query) -> Json | int:
    """The icons that fit `query`."""
    if not query.get("query"):
        return 400
    limit, start = USUAL_LIMIT, 0
    for key in ("limit", "min"):
        if query.get(key):
            asked = integer(query[key])
            if not asked:
                return 400
            limit = max(LEAST_LIMIT, min(asked, MOST_LIMIT))
    if query.get("start"):
        asked = integer(query["start"])
        if asked is None or not 0 <= asked < limit:
            return 400
        start = asked
    vocabulary = vocabulary_of(served_sets())
    names = find(
        query["query"],
        vocabulary,
        limit,
        soft=bool(query.get("min")),
        partial=truth(query.get("similar")) is not False,
        prefixes=_prefixes(query),
        category=query.get("category", ""),
    )
    by_prefix = {each.prefix: each for each in vocabulary.sets}
    prefixes = dict.fromkeys(name.partition(":")[0] for name in names)
    return {
        "icons": names[start:],
        "total": len(names),
        "limit": limit,
        "start": start,
        "collections": {prefix: by_prefix[prefix].info for prefix in prefixes},
        "request": query,
    }


def _prefixes(query: Query) -> list[str] | None:
    if query.get("prefixes"):
        return query["prefixes"].split(",")
    single = query.get("prefix") or query.get("collection")
    return [single] if single else None


def keywords(query: Query) -> Json | int:
    """The words that a word may be completed to: at its end with `prefix`, on both sides with `keyword`."""
    word = query.get("prefix", query.get("keyword"))
    if word is None:
        return 400
    vocabulary, ends_too = vocabulary_of(served_sets()), "prefix" not in query
    word = word.lower().strip()
    if not NAME.match(word):
        return {**query, "invalid": True, "exists": word in vocabulary.known, "matches": []}
    *parts, last = word.split("-")
    if not vocabulary.known.issuperset(parts):
        return {**query, "exists": False, "matches": []}
    matches = vocabulary.longer(last, ends_too and not parts)
    return {**query, "exists": last in vocabulary.known, "matches": matches}
