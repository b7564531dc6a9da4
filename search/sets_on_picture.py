"""Which set the icons on a picture are from, and what that says about each of them.

People draw a toolbar from one set. So a set that may have all of its icons is likelier than one that has the best match
of some, and its icons come before look-alikes from elsewhere.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from icons.models import IconSet
from search.areas import Area
from search.matching.matches import Match

LOOKED_AT, LEAST_SCORE = 30, 0.01  # matches of each region at most, and the score below which one says nothing
LACKING = 0.03  # the score that stands for a set without a match
HOLDS = 0.5  # share of a region's best score from which a set holds the icon, too
NAMED = 5  # sets that are told
LEAST_REGIONS = 3  # regions from which one tells something about another
LEAST_SHARE = 0.5  # of the regions that a set must hold to count for the others
IN_ITS_SET = 4.0  # how many times as probable an icon is if its set holds all the others


@dataclass(frozen=True)
class SetShare:
    """A set, and how many of the icons on a picture it holds, or their like."""

    set_id: int
    icons: int
    of: int


@dataclass(frozen=True)
class SetOnPicture:
    """A set that holds icons of a picture, or their like."""

    set: IconSet
    icons: int  # how many of them
    of: int  # how many there are


def order_by_set(areas: Sequence[Area]) -> tuple[list[list[Match]], list[SetShare]]:
    """The matches of each region's area in the light of the set that the icons are from, and the sets."""
    regions = [area.matches for area in areas]
    if len(regions) < LEAST_REGIONS:
        return [list(matches) for matches in regions], []
    looked_at = [match for matches in regions for match in matches[:LOOKED_AT] if match.score >= LEAST_SCORE]
    pks = {pk for match in looked_at for pk in match.icon_ids}
    candidates = (candidate for area in areas for candidate in area.candidates)
    set_of = {candidate.icon_id: candidate.set_id for candidate in candidates if candidate.icon_id in pks}
    shares = sets_of(regions, set_of)
    return in_the_light_of_the_set(regions, shares, set_of), shares


def named_sets(shares: Sequence[SetShare]) -> list[SetOnPicture]:
    """The first NAMED sets with what is known of them."""
    sets = IconSet.objects.in_bulk([share.set_id for share in shares[:NAMED]])
    return [SetOnPicture(sets[share.set_id], share.icons, share.of) for share in shares[:NAMED] if share.set_id in sets]


def sets_of(regions: Sequence[Sequence[Match]], set_of: Mapping[int, int]) -> list[SetShare]:
    """The sets that hold icons of the regions, the one that most probably is theirs first.

    `regions` are the matches of each region, best first; `set_of` has the set of each icon.
    """
    answered = [matches for matches in regions if matches]
    best_of_set: list[dict[int, float]] = []
    for matches in answered:
        best: dict[int, float] = {}
        for match in matches[:LOOKED_AT]:
            for pk in match.icon_ids:
                if pk in set_of:
                    best.setdefault(set_of[pk], match.score)
        best_of_set.append(best)
    likelihood: dict[int, float] = defaultdict(float)
    held: dict[int, int] = defaultdict(int)
    for set_id in {set_id for best in best_of_set for set_id in best}:
        for best, matches in zip(best_of_set, answered, strict=True):
            likelihood[set_id] += math.log(LACKING + best.get(set_id, 0.0))
            held[set_id] += best.get(set_id, 0.0) >= HOLDS * matches[0].score
    order = sorted(likelihood, key=lambda set_id: (-likelihood[set_id], set_id))
    return [SetShare(set_id, held[set_id], len(answered)) for set_id in order if held[set_id]]


def likely_set(shares: Sequence[SetShare]) -> int | None:
    """The id of the set that the icons are probably from; None where there are too few of them, or none has enough."""
    if not shares or shares[0].of < LEAST_REGIONS or shares[0].icons < LEAST_SHARE * shares[0].of:
        return None
    return shares[0].set_id


def in_the_light_of_the_set(
    regions: Sequence[Sequence[Match]], shares: Sequence[SetShare], set_of: Mapping[int, int]
) -> list[list[Match]]:
    """The matches of each region, those of the likeliest set raised as far as it holds the other regions' icons."""
    if likely_set(shares) is None:
        return [list(matches) for matches in regions]
    likeliest = shares[0]
    factor = IN_ITS_SET ** (likeliest.icons / likeliest.of)

    def raised(match: Match) -> Match:
        if all(set_of.get(pk) != likeliest.set_id for pk in match.icon_ids):
            return match
        odds = factor * match.score / max(1 - match.score, 1e-6)
        return replace(match, score=max(match.score, odds / (1 + odds)))

    return [sorted(map(raised, matches), key=lambda match: -match.score) for matches in regions]
