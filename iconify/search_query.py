"""What a text means that somebody searches for, by the rules of @iconify/api 3.2.0.

A text of several words may mean several searches: its first word may be the prefix of a set, and words that stand side
by side may be written as one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from iconify.js import truth
from icons.names import NAME

SHORTEST_PART = 2  # letters that the beginning or end of a word must have to stand for the word
MAX_WORDS = 50  # of a text; each pair of words is a search
STYLES = ("fill", "stroke")


@dataclass
class Search:
    """Words that names must have; `part` may also be the beginning or the end of one."""

    words: list[str]
    part: str = ""
    prefixes: list[str] | None = None
    texts: list[str] = field(default_factory=list)  # that a name must contain as they are, "arrow-left"


@dataclass
class SearchQuery:
    """All searches of a text, and what it says of the sets and icons that are wanted."""

    searches: list[Search] = field(default_factory=list)
    palette: bool | None = None
    style: str = ""


class NotAQuery(Exception):
    """The text means no search."""


def query_of(text: str, partial: bool) -> SearchQuery:
    """The searches of a text, in which the last word may be unfinished where `partial`. Raises NotAQuery."""
    query, words, prefixes, has_prefix, last_is_word = SearchQuery(), list[str](), dict[str, None](), False, False
    for chunk in text.lower().split():
        key, colon, value = chunk.partition(":")
        if not colon and "=" not in chunk:
            words.append(chunk)
            last_is_word = True
            continue
        if ":" in value:
            raise NotAQuery
        if not colon:
            key, _, value = chunk.partition("=")
        if _is_option(query, key, value):
            continue
        if key in ("prefix", "prefixes"):
            if has_prefix:
                raise NotAQuery
            has_prefix = bool(colon)
            prefixes |= dict.fromkeys(
                _checked(part for each in value.split(",") for part in _with_wildcard(each.strip()))
            )
        elif not colon or has_prefix:
            raise NotAQuery
        else:  # mdi:home
            has_prefix = True
            names = [each.strip() for each in key.split(",")]
            prefixes |= dict.fromkeys(_checked(name for name in names if NAME.match(name)))
            if value:
                words.append(value)
                last_is_word = True
    if not words or len(words) > MAX_WORDS:
        raise NotAQuery
    query.searches = _searches(words, partial and last_is_word, not has_prefix and not prefixes)
    for search in query.searches:
        search.prefixes = [*prefixes, *(search.prefixes or ())] or None
    return query


def _is_option(query: SearchQuery, key: str, value: str) -> bool:
    """Whether it is one, which is then put into the query."""
    if key == "palette" and truth(value) is not None:
        query.palette = truth(value)
    elif key == "style" and value in STYLES:
        query.style = value
    elif key in STYLES and truth(value):
        query.style = key
    else:
        return False
    return True


def _checked(prefixes: Iterable[str]) -> list[str]:
    """The prefixes. Raises NotAQuery where there are none."""
    known = list(prefixes)
    if not known:
        raise NotAQuery
    return known


def _with_wildcard(prefix: str) -> list[str]:
    """The prefix, with its beginning where it ends in * or a hyphen; nothing where it is none."""
    if prefix.endswith("*"):
        return [prefix[:-1], prefix[:-1] + "-"] if NAME.match(prefix[:-1]) else []
    return [prefix] if prefix and NAME.match(prefix + "a") else []


def _searches(words: Sequence[str], partial: bool, may_have_prefix: bool) -> list[Search]:
    values = [word.split("-") for word in words]
    for parts in values:
        if not any(parts) or not all(NAME.match(part) for part in parts if part):
            raise NotAQuery
    searches: list[Search | None] = []
    first = values[0]
    if may_have_prefix and len(values) > 1 and "" not in first[:-1]:
        prefix = _text_of(first) if len(first) > 1 else first[0]
        searches.append(_search(values[1:], partial, prefix))
    if may_have_prefix and len(first) > 1 and first[0] and first[1]:
        searches.append(_search([first[1:], *values[1:]], partial, first[0]))
    searches.append(_search(values, partial))
    for start, end in _runs(values):
        joined = "".join(parts[0] for parts in values[start:end])
        searches.append(_search([*values[:start], [joined], *values[end:]], partial))
    return [search for search in searches if search]


def _runs(values: Sequence[list[str]]) -> Iterable[tuple[int, int]]:
    """Where several plain words stand side by side: the first one's place, and the place after the last one."""
    plain = [len(parts) == 1 and bool(parts[0]) for parts in values]
    for start in range(len(values) - 1):
        for end in range(start + 2, len(values) + 1):
            if not all(plain[start:end]):
                break
            yield start, end


def _search(values: Sequence[list[str]], partial: bool, prefix: str = "") -> Search | None:
    words, texts, part = dict[str, None](), dict[str, None](), ""
    for number, parts in enumerate(values):
        for place, word in enumerate(parts):
            is_last = number == len(values) - 1 and place == len(parts) - 1
            if word and is_last and partial and len(word) >= SHORTEST_PART:
                part = word
            elif word:
                words[word] = None
        if text := _text_of(parts):
            texts[text] = None
    return Search(list(words), part, [prefix] if prefix else None, list(texts)) if words or part else None


def _text_of(parts: Sequence[str]) -> str:
    """What a name must contain where words are joined by hyphens; nothing of a plain word."""
    if not parts or (len(parts) == 1 and parts[0]):
        return ""
    return ("-" if not parts[0] else "") + "-".join(parts)
