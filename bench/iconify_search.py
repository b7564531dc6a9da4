"""What the Iconify server finds beside what Iconify's own finds, for the same words on the same sets."""

import json
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote
from urllib.request import urlopen

MOST = 999  # icons in one answer, as the contract has it


class Comparison(NamedTuple):
    """The icons that both servers answer for the same words, as ids, best first."""

    words: str
    ours: list[str]
    theirs: list[str]

    @property
    def recall(self) -> float:
        """The share of their icons that ours has, too."""
        return len(set(self.theirs) & set(self.ours)) / len(self.theirs) if self.theirs else 1.0

    @property
    def in_order(self) -> int:
        """How many icons from the first on are the same, in the same order."""
        pairs = zip(self.ours, self.theirs, strict=False)
        return next((place for place, (left, right) in enumerate(pairs) if left != right), len(self.theirs))


def found(address: str, words: str) -> list[str]:
    """The icons that a server finds."""
    with urlopen(f"{address}/search?query={quote(words)}&limit={MOST}", timeout=120) as answer:
        icons: list[str] = json.loads(answer.read())["icons"]
        return icons


def compare_searches(ours: str, theirs: str, texts: Sequence[str]) -> list[Comparison]:
    """Ask both servers the same."""
    return [Comparison(words, found(ours, words), found(theirs, words)) for words in texts]


def table(comparisons: Sequence[Comparison]) -> str:
    """A row for each text: how many icons both find, the share of theirs that ours has, and of those in their order."""
    rows = ["| words | theirs | ours | recall | the same from the first on |", "|---|---|---|---|---|"]
    for each in comparisons:
        counts = f"{len(each.theirs)} | {len(each.ours)} | {each.recall:.3f} | {each.in_order}"
        rows.append(f"| {each.words} | {counts} |")
    recalls = [each.recall for each in comparisons]
    same = sum(each.ours == each.theirs for each in comparisons)
    rows.append(f"\nMean recall {sum(recalls) / len(recalls):.4f}; {same} of {len(comparisons)} answers are the same.")
    return "\n".join(rows)
