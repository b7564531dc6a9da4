"""The order among icons that score the same or look the same: which of them is the likeliest to be on a screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from icons.models import Icon
from search.matching.ranking import Match

TIE = 0.005  # scores that differ by no more say nothing about which icon is meant


@dataclass(frozen=True)
class Card:
    """An icon and those that look the same: what an answer shows as one."""

    icons: list[Icon]  # at least one, the preferred first
    score: float
    present: float


def preference(icon: Icon, suits: bool = True) -> tuple[bool, bool, bool, int, int]:
    """A key that sorts the likeliest first among icons that look the same; `suits` is that of its match.

    Icons of the library's own sets come before those of public ones, visible before hidden ones, those that may have
    the colours of the picture before others, those of much used sets before those of others.
    """
    usage = icon.set.usage_or_known
    return usage is not None, icon.hidden, icon.pale or not suits, -(usage or 0), icon.pk


def cards(matches: Sequence[Match], icons: Mapping[int, Icon]) -> list[Card]:
    """The cards of matches, best first; an icon that is not in `icons`, which are by id, is left out."""
    ranked: list[tuple[Card, bool]] = []
    for match in matches:
        members = [icons[pk] for pk in (match.icon_id, *match.twins) if pk in icons]
        for group in _without_siblings(members):
            group.sort(key=lambda icon: preference(icon, match.suits))
            ranked.append((Card(group, match.score, match.present), match.suits))
    return _ties_by_preference(ranked)


def _without_siblings(icons: Sequence[Icon]) -> list[list[Icon]]:
    """The icons in groups, of which only the first has several.

    Two visible icons of one set are two different icons, although they look the same at this size: the second has a
    card of its own.
    """
    sets: set[int] = set()
    group: list[Icon] = []
    siblings: list[list[Icon]] = []
    for icon in icons:
        if icon.hidden or icon.set_id not in sets:
            group.append(icon)
        else:
            siblings.append([icon])
        if not icon.hidden:
            sets.add(icon.set_id)
    return [group, *siblings] if group else []


def _ties_by_preference(ranked: Sequence[tuple[Card, bool]]) -> list[Card]:
    """Cards, given best first with whether they suit the picture: runs of nearly equal scores by preference.

    The scores stay where they are, so that they still fall.
    """
    ordered: list[Card] = []
    start = 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and ranked[start][0].score - ranked[end][0].score <= TIE:
            end += 1
        run = sorted(ranked[start:end], key=lambda pair: preference(pair[0].icons[0], pair[1]))
        ordered += [
            replace(card, score=place.score) for (card, _), (place, _) in zip(run, ranked[start:end], strict=True)
        ]
        start = end
    return ordered
