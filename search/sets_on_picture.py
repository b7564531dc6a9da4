"""Which set the icons on a picture are from, and what that says about each of them.

People draw a toolbar from one set. So a set that may have all of its icons is likelier than one that has the best match
of some, and its icons come before look-alikes from elsewhere.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from icons.models import IconSet
from search.areas import Area, with_nearest
from search.filters import Filter
from search.matching.embedding import EmbeddingModel
from search.matching.matches import Match
from search.stroke_widths import with_other_widths_of

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


@dataclass(frozen=True)
class Ordered:
    """The regions of a picture in the light of the set that most of them are from."""

    areas: list[Area]
    matches: list[list[Match]]  # of each area, best first
    shares: list[SetShare]  # the likeliest set first
    likely: dict[int, str]  # of these, the likely ones: prefixes by id


def of_one_set(model: EmbeddingModel, areas: Sequence[Area], within: Filter) -> Ordered:
    """The areas of regions in the light of the set that most of them are from.

    Where the set is known, what it has is looked for in the other regions too, at the stroke width that they show:
    whoever draws the icons of a set with other strokes does so with all of them. `within` is what may be looked for.
    """
    ordered = order_by_set(areas)
    if not (likely := ordered.likely):
        return ordered
    others, redone = _of_other_sets(ordered), list(areas)
    if others:
        of_sets = replace(within, sets=tuple(likely.values()))
        near = with_nearest(model, [areas[index] for index in others], of_sets, COMPARED)
        for index, area in zip(others, near, strict=True):
            redone[index] = area
    return order_by_set(with_other_widths_of(model, redone, likely))


def order_by_set(areas: Sequence[Area]) -> Ordered:
    """The areas of regions, as they are, and their matches in the light of the set that the icons are from."""
    regions = [area.matches for area in areas]
    if len(regions) < LEAST_REGIONS:
        return Ordered([*areas], [list(matches) for matches in regions], [], {})
    looked_at = [match for matches in regions for match in matches[:LOOKED_AT] if match.score >= LEAST_SCORE]
    pks = {pk for match in looked_at for pk in match.icon_ids}
    candidates = (candidate for area in areas for candidate in area.candidates)
    set_of = {candidate.icon_id: candidate.set_id for candidate in candidates if candidate.icon_id in pks}
    shares = sets_of(regions, set_of)
    likely = likely_sets(shares)
    return Ordered([*areas], in_the_light_of_the_set(regions, shares, set_of, likely), shares, likely)


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


def likely_sets(shares: Sequence[SetShare]) -> dict[int, str]:
    """The set that the icons are probably from and its siblings, such as the brands of Font Awesome: prefixes by id.

    Empty where there are too few icons, or no set has enough of them.
    """
    if not shares or shares[0].of < LEAST_REGIONS or shares[0].icons < LEAST_SHARE * shares[0].of:
        return {}
    rows = IconSet.objects.order_by("pk").values_list("pk", "prefix", "title")
    families = {pk: (prefix.rpartition("-")[0], title.rpartition(" ")[0]) for pk, prefix, title in rows}
    own = families.get(shares[0].set_id)
    return {
        pk: prefix
        for pk, prefix, _ in rows
        if pk == shares[0].set_id or own and all(own) and families[pk] == own  # titles and prefixes but for one word
    }


def _of_other_sets(ordered: Ordered) -> list[int]:
    """The indices of the areas whose best match is of no likely set."""
    return [
        index
        for index, (area, matches) in enumerate(zip(ordered.areas, ordered.matches, strict=True))
        if matches and not _is_of(area, matches[0], ordered.likely)
    ]


def _is_of(area: Area, match: Match, sets: Collection[int]) -> bool:
    """Whether a match of an area, or a twin of it, is of these sets."""
    return any(candidate.set_id in sets and candidate.icon_id in match.icon_ids for candidate in area.candidates)


def in_the_light_of_the_set(
    regions: Sequence[Sequence[Match]], shares: Sequence[SetShare], set_of: Mapping[int, int], likely: Collection[int]
) -> list[list[Match]]:
    """The matches of each region, those of the likely sets raised as far as the first has the other regions' icons."""
    if not likely:
        return [list(matches) for matches in regions]
    likeliest = shares[0]
    factor = IN_ITS_SET ** (likeliest.icons / likeliest.of)

    def raised(match: Match) -> Match:
        if all(set_of.get(pk) not in likely for pk in match.icon_ids):
            return match
        odds = factor * match.score / max(1 - match.score, 1e-6)
        return replace(match, score=max(match.score, odds / (1 + odds)))

    return [sorted(map(raised, matches), key=lambda match: -match.score) for matches in regions]
