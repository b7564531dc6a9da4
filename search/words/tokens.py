"""The terms of a text: what a search by words compares. Latin words in the singular, Chinese ones in pairs.

Chinese is written without spaces. Every two neighbouring characters are a term, and every single one, so that
any word is found by the pairs in it, without a dictionary.
"""

import re
import unicodedata
from collections.abc import Iterable

from icons.names import HUMP

PIECE = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
NO_PLURAL = ("ss", "us", "is", "os", "as")  # glass, bus, axis, chaos, atlas
PLURALS = {
    **{"videos": "video", "photos": "photo", "logos": "logo", "people": "person", "children": "child"},
    **{"men": "man", "women": "woman", "feet": "foot", "teeth": "tooth", "mice": "mouse", "geese": "goose"},
    **{f"{stem}ves": f"{stem}f" for stem in ("lea", "wol", "shel", "hal", "loa", "thie", "scar", "cal", "el")},
    **{f"{stem}ves": f"{stem}fe" for stem in ("kni", "wi", "li")},
}


def words(text: str) -> list[str]:
    """Latin words in the singular and runs of Chinese characters, in their order."""
    return [singular(piece) if piece.isascii() else piece for piece in pieces(text)]


def pieces(text: str) -> list[str]:
    """The `words` as they are written but for capitals and accents."""
    plain = unicodedata.normalize("NFKD", HUMP.sub(" ", text)).casefold()
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return PIECE.findall(plain)


def singular(word: str) -> str:
    """The English word without a plural ending; others that end alike are cut alike on both sides.

    >>> [singular(word) for word in ("arrows", "boxes", "batteries", "glass", "bus", "s")]
    ['arrow', 'box', 'battery', 'glass', 'bus', 's']
    """
    if word in PLURALS:
        return PLURALS[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(NO_PLURAL):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zes")):
        return word[:-2]
    return word[:-1]


def terms(texts: Iterable[str]) -> list[str]:
    """What is stored of an icon's texts, each once."""
    found: dict[str, None] = {}
    for text in texts:
        for word in words(text):
            found.update(dict.fromkeys([word] if word.isascii() else [*word, *_pairs(word)]))
    return list(found)


def asked(word: str) -> list[str]:
    """The terms that an icon must have all of to have one of the `words`."""
    return [word] if word.isascii() else _pairs(word) or [word]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
