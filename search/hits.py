"""From the matches of the second stage to what an answer shows: icons, with those that look the same."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings

from icons.exporting.look import Look
from icons.exporting.look_forms import query_of
from icons.models import EarlierDrawing, Icon, IconSet
from icons.replacements import replacements
from search.matching.matches import Match
from search.preference import cards

# The fields that answers need.
OF_ICONS = ("name", "set", "file_name", "svg_hash", "view_box", "coloured", "pale", "hidden")
OF_SETS = ("prefix", "title", "licence", "licence_spdx", "usage")


@dataclass(frozen=True)
class Hit:
    """An icon that a search found."""

    icon: Icon  # with its set, without its SVG source
    score: float  # 0 to 1: how probable it is that this is the icon meant, or one of its twins
    present: float  # 0 to 1: how probable it is that the library has what the picture shows
    twins: list[Icon] = field(default_factory=list)  # icons that look the same on this picture, the likeliest first
    stroke: float | None = None  # the stroke width that the picture shows, in units of the view box; None: the icon's
    before: str = ""  # the `svg_version` of the icon's earlier drawing that the picture shows; "": of none
    replaced_by: Icon | None = None  # of a hidden icon: the visible one that took its place, where that can be told

    @property
    def is_present(self) -> bool:
        """Whether the library has what the picture shows, with a probability of CONFIDENT_FROM or more."""
        return self.present >= settings.CONFIDENT_FROM

    @property
    def earlier(self) -> bool:
        """Whether the icon's set has drawn it anew since, or has hidden it, mostly since it was renamed or redrawn."""
        return self.icon.hidden or bool(self.before)

    @property
    def url(self) -> str:
        """The address of the icon's page, with this stroke width or earlier drawing."""
        page = self.icon.get_absolute_url()
        return self._with_stroke(f"{page}?v={self.before}&" if self.before else f"{page}?")

    @property
    def bag_value(self) -> str:
        """What adds the icon to a bag, with this stroke width."""
        return self._with_stroke(f"{self.icon.public_id}?")

    @property
    def svg_url(self) -> str:
        """The address of the SVG with its version and this stroke width, or of the earlier drawing."""
        return self._with_stroke(f"{self.icon.svg_url_of(self.before or self.icon.svg_version)}&")

    def _with_stroke(self, start: str) -> str:
        """What begins so, with this stroke width after it; without the last character of the start if there is none."""
        return start + query_of(Look(stroke=self.stroke)) if self.stroke else start[:-1]


def hits_of(
    lists: Sequence[Sequence[Match]], limits: Sequence[int], likely_sets: Collection[int] = ()
) -> list[list[Hit]]:
    """For each list of matches, best first, at most so many hits; an icon that was deleted meanwhile is left out.

    `likely_sets` has the ids of the sets that the picture's icons are probably from, where that can be told.
    """
    # Icons of the same set leave their twins' cards, which makes more cards of the matches, never fewer.
    lists = [matches[:limit] for matches, limit in zip(lists, limits, strict=True)]
    pks = {pk for matches in lists for match in matches for pk in match.icon_ids}
    icons = _with_sets(pks)
    shown = [cards(matches, icons, likely_sets)[:limit] for matches, limit in zip(lists, limits, strict=True)]
    every = [card for of_list in shown for card in of_list]
    replaced_by = replacements([card.icons[0] for card in every])
    before = _versions({card.icons[0].pk for card in every if card.earlier})
    return [
        [
            Hit(
                icon := card.icons[0],
                card.score,
                card.present,
                card.icons[1:],
                card.stroke,
                before.get((icon.pk, card.earlier), ""),
                replaced_by.get(icon.pk),
            )
            for card in of_list
        ]
        for of_list in shown
    ]


def _versions(icons: Collection[int]) -> dict[tuple[int, int], str]:
    """By the id of an icon and the number of an earlier drawing of it, its version; no query for no icons."""
    drawings = EarlierDrawing.objects.filter(icon__in=icons).only("icon", "number", "svg_hash") if icons else ()
    return {(drawing.icon_id, drawing.number): drawing.svg_version for drawing in drawings}


def _with_sets(pks: Iterable[int]) -> dict[int, Icon]:
    """Icons by id, as far as answers show them; those of one set share one object of it, which a join would make anew.

    An answer has some 75 icons: all of their fields would take twice the time.
    """
    icons = Icon.objects.only(*OF_ICONS).order_by().in_bulk(pks)
    sets = IconSet.objects.only(*OF_SETS).order_by().in_bulk({icon.set_id for icon in icons.values()})
    there = {pk: icon for pk, icon in icons.items() if icon.set_id in sets}
    for icon in there.values():
        icon.set = sets[icon.set_id]
    return there
