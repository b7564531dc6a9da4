"""Synonyms from a data file, which also serves as the dictionary that tells the words in a run of Chinese apart."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from search.words.tokens import split_words

SYNONYMS = Path(__file__).parent / "synonyms.txt"
FILLERS = ("图标", "按钮", "标志", "符号", "标识")  # "icon", "button", "sign" after a word add nothing to it
LONGEST_CHINESE = 6  # characters of the longest Chinese word in the data file


def split_chinese(run: str) -> tuple[list[str], list[str]]:
    """The words of the data file in a run of Chinese characters, and the unknown runs between these words.

    The longest word is taken at each place, from the left. Words of one character are left out, because they begin
    too many other words: 火 (fire) begins 火狐 (Firefox). So are unknown runs of one character.

    >>> split_chinese("微信支付图标")
    (['微信', '支付'], [])
    """
    dictionary, known, unknown, start = synonyms(), [], [""], 0
    while start < len(run):
        longest_first = (run[start : start + size] for size in range(LONGEST_CHINESE, 1, -1))
        word = next((word for word in longest_first if (word,) in dictionary or word in FILLERS), "")
        if word:
            unknown.append("")
        else:
            unknown[-1] += run[start]
        if word and word not in FILLERS:
            known.append(word)
        start += len(word) or 1
    return known, [characters for characters in unknown if len(characters) > 1]


@cache
def synonyms() -> Mapping[tuple[str, ...], frozenset[tuple[str, ...]]]:
    """For each phrase of the data file, its synonyms. A phrase is a tuple of `split_words`."""
    others: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for line in SYNONYMS.read_text(encoding="utf-8").splitlines():
        group = {tuple(split_words(text)) for text in re.split(r"[,|]", line.partition("#")[0])} - {()}
        for phrase in group:
            others[phrase] |= group - {phrase}
    return {phrase: frozenset(group) for phrase, group in others.items()}
