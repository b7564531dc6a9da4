"""Synonyms: what else may be meant by a word, and the Chinese words that a run of characters is told apart by."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from search.words.tokens import words

SYNONYMS = Path(__file__).parent / "synonyms.txt"
SAYS_NOTHING = ("图标", "按钮", "标志", "符号", "标识")  # "icon", "button", "sign" behind what it is of
LONGEST_CHINESE = 6  # characters of one word


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
