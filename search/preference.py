"""The order among icons that look the same: which of them is the likeliest to be on a screen."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from icons.models import Icon
from icons.variants import is_unusual
from search.matching.matches import Match

LITTLE_USED = 1000  # downloads a month, added to those of every set: less says nothing
# Difference of logarithms that says nothing about which of a set's variants of one drawing is meant, where they look
# the same on the picture: the network of pairs is as sure of single pixels.
NOTHING = 4.0
OWN = 100_000_000  # downloads a month that stand for a set of the library's own: as many as the most used have
HIDDEN = math.log(0.1)  # what is added to the log prior of an icon that its set has hidden
EARLIER_DRAWING = math.log(0.01)  # and to that of an earlier drawing of an icon


def log_prior(usage: int | None) -> float:
    """The logarithm of how often a set is used, None for one's own: how likely its icons are to be on a screen."""
    return math.log(LITTLE_USED + (OWN if usage is None else usage))


@dataclass(frozen=True)
class Card:
    """An icon and those that look the same: what an answer shows as one."""

    icons: list[Icon]  # at least one, the preferred first
    score: float
    present: float
    stroke: float | None = None  # the width at which the picture shows the preferred icon; None: the icon's own
    earlier: int = 0  # the number of its earlier drawing that the picture shows; 0: its present one


def preference(
    icon: Icon, suits: bool = True, behind: float = 0, likely_sets: Collection[int] = (), past: bool = False
) -> tuple[bool, bool, bool, bool, float, int]:
    """A key that sorts the likeliest first among icons that look the same.

    Icons of `likely_sets`, those that the picture's other icons are from, come before all others. Then come those of
    the library's own sets before those of public ones, those of today before hidden ones and earlier drawings (`past`),
    those that may have the colours of the picture (`suits`) before others. Then the set's downloads are taken for the
    probability that an icon is of this set, before anybody saw the picture, which puts the icon `behind`, as Twin says
    it.
    """
    usage = icon.set.usage_or_known
    likelihood = log_prior(usage) - behind
    is_public = usage is not None
    return (
        icon.set_id not in likely_sets,
        is_public,
        icon.hidden or past,
        icon.pale or not suits,
        -likelihood,
        icon.pk,
    )


def cards(matches: Sequence[Match], icons: Mapping[int, Icon], likely_sets: Collection[int] = ()) -> list[Card]:
    """The cards of matches, best first; an icon that is not in `icons`, which are by id, is left out."""
    ranked: list[Card] = []
    for match in matches:
        behind = {match.icon_id: 0.0, **{twin.icon_id: twin.behind for twin in match.twins}}
        stroke = {match.icon_id: match.stroke, **{twin.icon_id: twin.stroke for twin in match.twins}}
        earlier = {match.icon_id: match.earlier, **{twin.icon_id: twin.earlier for twin in match.twins}}
        # Of one set's icons that look the same, the one of the plainest name: download before download-filled.
        plainest = sorted(
            (icons[pk] for pk in behind if pk in icons),
            key=lambda icon: (round(behind[icon.pk] / NOTHING), is_unusual(icon.name), len(icon.name)),
        )
        past = {icon.pk for icon in plainest if icon.hidden or earlier[icon.pk]}
        for group in _without_siblings(plainest, past):
            group.sort(key=lambda icon: preference(icon, match.suits, behind[icon.pk], likely_sets, icon.pk in past))
            first = group[0].pk
            ranked.append(Card(group, match.score, match.present, stroke[first], earlier[first]))
    return ranked


def _without_siblings(icons: Sequence[Icon], past: Collection[int]) -> list[list[Icon]]:
    """The icons in groups, of which only the first has several.

    Two icons of one set are two different icons, although they look the same at this size: the second has a card of its
    own. Those of the `past`, ids of hidden icons and of earlier drawings, are what others of their set look like today.
    """
    sets: set[int] = set()
    group: list[Icon] = []
    siblings: list[list[Icon]] = []
    for icon in icons:
        if icon.pk in past or icon.set_id not in sets:
            group.append(icon)
        else:
            siblings.append([icon])
        if icon.pk not in past:
            sets.add(icon.set_id)
    return [group, *siblings] if group else []
