"""The terms of a text: what a search by words compares. Latin words in the singular, Chinese ones in pairs.

Chinese is written without spaces. Every two neighbouring characters are a term, and every single one, so that
any word is found by the pairs in it, without a dictionary.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from icons.names import HUMP

SYNONYMS = Path(__file__).parent / "data" / "synonyms.txt"
PIECE = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
SAYS_NOTHING = ("图标", "按钮", "标志", "符号", "标识")  # "icon", "button", "sign" behind what it is of
LONGEST_CHINESE = 6  # characters of one word
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


def known_parts(run: str) -> tuple[list[str], list[str]]:
    """The words of the data file in a run of Chinese characters, the longest ones from the left, and what is between.

    Words of one character are none here: they begin too many others, 火 (fire) 火狐 (Firefox).

    >>> known_parts("微信支付图标")
    (['微信', '支付'], [])
    """
    known, parts, between, start = synonyms(), [], [""], 0
    while start < len(run):
        longest = (run[start : start + size] for size in range(LONGEST_CHINESE, 1, -1))
        part = next((one for one in longest if (one,) in known or one in SAYS_NOTHING), "")
        if part:
            between.append("")
        else:
            between[-1] += run[start]
        if part and part not in SAYS_NOTHING:
            parts.append(part)
        start += len(part) or 1
    return parts, [one for one in between if len(one) > 1]


@cache
def synonyms() -> Mapping[tuple[str, ...], frozenset[tuple[str, ...]]]:
    """For each word of the data file, as its `words`, what else may be meant by it."""
    meant: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for line in SYNONYMS.read_text(encoding="utf-8").splitlines():
        group = {tuple(words(one)) for one in re.split(r"[,|]", line.partition("#")[0])} - {()}
        for one in group:
            meant[one] |= group - {one}
    return {one: frozenset(others) for one, others in meant.items()}
