"""What follows a match that is surely the icon meant: its variants, and behind them what is only like a part of it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from search.matching.edges import smeared_edges
from search.matching.matches import Candidate, Match
from search.matching.ranking import LIKELY, falling
from search.matching.signature import unpack

CLEAR = 0.8  # score from which on the best match is taken for the icon meant, so that its variants come next
VARIANTS_FIRST = 4  # variants before the best icons of the other readings
MOST_LIKENED = 16  # icons that are compared with a clear winner


def variants_next(matches: Sequence[Match], candidates: Sequence[Candidate]) -> list[Match]:
    """The matches, best first, of these candidates, in the order that suits where the first is surely the icon meant.

    What resembles the winner as a whole (its outlines and filled variants, other weights and sets) comes next, while
    what a part of the picture resembles, such as a line or a dot, comes behind. The likely ones stay, and the best
    icons of the other readings stay among the first, since the winner may be a part of what is meant.
    """
    nearest = {candidate.icon_id: candidate for candidate in sorted(candidates, key=_inner_product)}
    if not matches or matches[0].score < CLEAR or not nearest[matches[0].icon_id].signature:
        return list(matches)
    winner = nearest[matches[0].icon_id]
    variants = _variants(winner, [candidate for candidate in nearest.values() if candidate.query == winner.query])
    place_of = {pk: place for place, match in enumerate(matches) for pk in match.icon_ids}
    likely = max(1, sum(match.score >= LIKELY for match in matches))
    best_of_others: dict[int, int] = {}  # by reading
    for place, match in enumerate(matches):
        if (query := nearest[match.icon_id].query) != winner.query:
            best_of_others.setdefault(query, place)
    likest = [place_of[icon] for icon in variants if icon in place_of]
    order = [*range(likely), *likest[:VARIANTS_FIRST], *best_of_others.values(), *likest, *range(len(matches))]
    ordered = [matches[place] for place in dict.fromkeys(order)]
    scores = falling(np.array([match.score for match in ordered], np.float32)).tolist()
    return [replace(match, score=score) for match, score in zip(ordered, scores, strict=True)]


def _variants(winner: Candidate, of_reading: Sequence[Candidate]) -> list[int]:
    """The ids of those icons, found for the winner's reading, that are the most like it, the likest first."""
    others = sorted((other for other in of_reading if other is not winner), key=_inner_product)[
        : -MOST_LIKENED - 1 : -1
    ]
    edges = smeared_edges(unpack([candidate.signature for candidate in (winner, *others)]).ink)
    likeness = edges[1:] @ edges[0] + np.array([other.inner_product for other in others], np.float32)
    return [others[place].icon_id for place in np.argsort(-likeness, kind="stable").tolist()]


def _inner_product(candidate: Candidate) -> float:
    return candidate.inner_product
