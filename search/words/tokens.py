"""Words and terms of a text. Terms are what a search by words compares.

A Latin word is one term, in the singular. Chinese is written without spaces, so every single character and every
two neighbouring characters are a term: any Chinese word is found by the pairs in it, without a dictionary.
"""

import re
import unicodedata
from collections.abc import Iterable

from icons.names import HUMP

RAW_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
SINGULAR_ENDINGS = ("ss", "us", "is", "os", "as")  # glass, bus, axis, chaos, atlas: these are no plurals
PLURALS = {
    **{"videos": "video", "photos": "photo", "logos": "logo", "people": "person", "children": "child"},
    **{"men": "man", "women": "woman", "feet": "foot", "teeth": "tooth", "mice": "mouse", "geese": "goose"},
    **{f"{stem}ves": f"{stem}f" for stem in ("lea", "wol", "shel", "hal", "loa", "thie", "scar", "cal", "el")},
    **{f"{stem}ves": f"{stem}fe" for stem in ("kni", "wi", "li")},
}


def split_words(text: str) -> list[str]:
    """The Latin words of a text in the singular, and its runs of Chinese characters, in their order."""
    return [singular(word) if word.isascii() else word for word in raw_words(text)]


def raw_words(text: str) -> list[str]:
    """The words of a text as they are written, without capitals and accents. Plurals stay."""
    plain = unicodedata.normalize("NFKD", HUMP.sub(" ", text)).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return RAW_WORD.findall(plain)


def singular(word: str) -> str:
    """The English word without a plural ending.

    Other words that end like a plural are cut as well. That does no harm, since icons and queries are cut alike.

    >>> [singular(word) for word in ("arrows", "boxes", "batteries", "glass", "bus", "s")]
    ['arrow', 'box', 'battery', 'glass', 'bus', 's']
    """
    if word in PLURALS:
        return PLURALS[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(SINGULAR_ENDINGS):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zes")):
        return word[:-2]
    return word[:-1]


def index_terms(texts: Iterable[str]) -> list[str]:
    """The terms to store for the texts of an icon, each once, in the order of the texts."""
    terms: dict[str, None] = {}
    for text in texts:
        for word in split_words(text):
            terms.update(dict.fromkeys([word] if word.isascii() else [*word, *_pairs(word)]))
    return list(terms)


def query_terms(word: str) -> list[str]:
    """The terms that an icon must all have to have this word, one of `split_words`."""
    return [word] if word.isascii() else _pairs(word) or [word]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
