"""Which set the icons on a picture are from, and what that says about each of them.

People draw a toolbar from one set. So a set that may have all of its icons is likelier than one that has the best match
of some, and its icons come before look-alikes from elsewhere.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from icons.models import IconSet
from search.areas import Area, with_nearest
from search.filters import Filter
from search.matching.embedding import EmbeddingModel
from search.matching.matches import Match
from search.stroke_widths import with_other_widths

LOOKED_AT, LEAST_SCORE = 30, 0.01  # matches of each region at most, and the score below which one says nothing
LACKING = 0.03  # the score that stands for a set without a match
HOLDS = 0.5  # share of a region's best score from which a set holds the icon, too
NAMED = 5  # sets that are told
LEAST_REGIONS = 3  # regions from which one tells something about another
LEAST_SHARE = 0.5  # of the regions that a set must hold to count for the others
COMPARED = 5  # icons of the set that most regions are from that are compared with each reading of the others
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


def of_one_set(
    model: EmbeddingModel, areas: Sequence[Area], within: Filter
) -> tuple[list[Area], list[list[Match]], list[SetShare]]:
    """The areas of regions, their matches in the light of the set that most of them are from, and the sets.

    Where the set is known, what it has is looked for in the other regions too, at the stroke width that they show:
    whoever draws the icons of a set with other strokes does so with all of them. `within` is what may be looked for.
    """
    ordered, shares = order_by_set(areas)
    if (set_id := likely_set(shares)) is None:
        return list(areas), ordered, shares
    others, redone = _of_other_sets(areas, ordered, set_id), list(areas)
    for prefix in IconSet.objects.filter(pk=set_id).values_list("prefix", flat=True) if others else ():
        near = with_nearest(model, [areas[index] for index in others], replace(within, sets=(prefix,)), COMPARED)
        for index, area in zip(others, near, strict=True):
            redone[index] = area
    redone = with_other_widths(model, redone, set_id)
    return redone, *order_by_set(redone)


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

    `regions` are the matches of each region, best first; `set_of` has the set of each icon. Regions with the same best
    match, such as the arrows at the ends of rows, tell as much about the set as one of them.
    """
    answered = [matches for matches in regions if matches]
    repeats = Counter(matches[0].icon_id for matches in answered)
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
            likelihood[set_id] += math.log(LACKING + best.get(set_id, 0.0)) / repeats[matches[0].icon_id]
            held[set_id] += best.get(set_id, 0.0) >= HOLDS * matches[0].score
    order = sorted(likelihood, key=lambda set_id: (-likelihood[set_id], set_id))
    return [SetShare(set_id, held[set_id], len(answered)) for set_id in order if held[set_id]]


def likely_set(shares: Sequence[SetShare]) -> int | None:
    """The id of the set that the icons are probably from; None where there are too few of them, or none has enough."""
    if not shares or shares[0].of < LEAST_REGIONS or shares[0].icons < LEAST_SHARE * shares[0].of:
        return None
    return shares[0].set_id


def _of_other_sets(areas: Sequence[Area], regions: Sequence[Sequence[Match]], set_id: int) -> list[int]:
    """The indices of the areas whose best match, the first of their region's, is not of this set."""
    return [
        index
        for index, (area, matches) in enumerate(zip(areas, regions, strict=True))
        if matches and not _of_set(area, matches[0], set_id)
    ]


def _of_set(area: Area, match: Match, set_id: int) -> bool:
    """Whether a match of an area, or a twin of it, is of a set."""
    return any(candidate.set_id == set_id and candidate.icon_id in match.icon_ids for candidate in area.candidates)


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
