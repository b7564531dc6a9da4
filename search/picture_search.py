"""Finding icons by picture: the one function that page, API and `/upload` call."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image

from icons.models import Icon
from icons.rendering import render
from search.filters import ALL, Filter
from search.matching.embedding import MODELS, EmbeddingModel, NetworkInput, active_model
from search.matching.ranking import Candidate, Match
from search.nearest import NEAREST, nearest_icons
from search.progress import answering_model
from search.vision.crops import part_of
from search.vision.regions import Region, find_regions

BLANK = _("The picture shows no drawing: it is of one colour. Crop it so that the icon is in it.")
NOTHING_INDEXED = _("No icon is indexed yet. Import icons, and see in the admin how far the indexing is.")
NOTHING_CHOSEN = _("No indexed icon is in all that you chose: choose more sets, licences or styles, or other words.")

REGION_MARGIN = 0.12  # of its longer side: background around an icon, which its drawing is told from
REGION_VIEWS = 3  # of each region at most; a box around one icon leaves less to guess
REGION_HITS = 5
PERHAPS = 0.15  # the probability from which an icon is said to be perhaps the one meant
# Icons found for each view: fewer where there are many views, so that a window full of icons takes no longer.
ROWS, NEAREST_AT_LEAST = 1000, 30


@dataclass(frozen=True)
class Hit:
    icon: Icon  # with its set, without its SVG source
    score: float  # 0 to 1: how probable it is that this is the icon meant
    present: float  # 0 to 1: how probable it is that the library has what the picture shows


@dataclass(frozen=True)
class RegionAnswer:
    region: Region
    hits: list[Hit]  # best first


@dataclass(frozen=True)
class Answer:
    model: str
    hits: list[Hit] = field(default_factory=list)  # best first
    regions: list[RegionAnswer] = field(default_factory=list)  # where the picture holds several icons
    meant: int | None = None  # the index of the region that the hits are of; None where they are of the whole
    reason: str = ""  # why there are no hits
    took_ms: float = 0

    @property
    def confident(self) -> bool:
        return bool(self.hits) and self.hits[0].present >= settings.CONFIDENT_FROM

    @property
    def shared(self) -> bool:
        """Whether several icons are alike enough to be the one meant, so that none of them stands out."""
        return len(self.hits) > 1 and self.hits[1].score >= PERHAPS


def search_by_picture(picture: Image.Image, limit: int, within: Filter = ALL, regions: bool = True) -> Answer:
    """The icons that a picture, RGB or RGBA, shows or comes closest to.

    Where it holds several icons, each is answered, and the hits are those of the whole or of the region
    most likely meant, whichever are surer. `regions` is False for a picture known to hold one icon.
    """
    started = time.perf_counter()
    model = answering_model()
    places = several_regions(picture) if regions else []
    parts = [part_of(picture, place.box, REGION_MARGIN) for place in places]
    seen = [model.of_query(picture), *(model.of_query(part)[:REGION_VIEWS] for part in parts)]
    views = [view for one in seen for view, _ in one]
    if not views:
        return Answer(model.id, reason=BLANK)
    each = max(limit, NEAREST_AT_LEAST, min(NEAREST, ROWS // len(views)))
    found = nearest_icons(model.id, model.embed(views), each, within)
    matches = _matches_by_part(model, seen, found)
    chosen, meant = matches[0], None
    if places:
        likeliest = max(range(len(places)), key=lambda i: _likelihood(places[i]))
        if _best_score(matches[1 + likeliest]) > _best_score(chosen):
            chosen, meant = matches[1 + likeliest], likeliest
    hits, *of_regions = _hits([chosen[:limit], *(part[:REGION_HITS] for part in matches[1:])])
    answers = [RegionAnswer(place, of_region) for place, of_region in zip(places, of_regions, strict=True)]
    reason = "" if hits else NOTHING_INDEXED if within == ALL else NOTHING_CHOSEN
    return Answer(model.id, hits, answers, meant, reason, 1000 * (time.perf_counter() - started))


def several_regions(picture: Image.Image) -> list[Region]:
    """The icons on a picture that holds several; none where it holds one, which is all that it shows."""
    places = find_regions(picture)
    return places if len(places) > 1 else []


def _best_score(matches: Sequence[Match]) -> float:
    return matches[0].score if matches else 0.0


def _matches_by_part(
    model: EmbeddingModel, seen: Sequence[Sequence[tuple[NetworkInput, Any]]], found: Sequence[Candidate]
) -> list[list[Match]]:
    """For each part of a picture its matches, best first, from what was found near all views together."""
    part_of_view = [part for part, views in enumerate(seen) for _ in views]
    by_part: list[list[Candidate]] = [[] for _ in seen]
    for one in found:
        part = part_of_view[one.query]
        by_part[part].append(replace(one, query=one.query - part_of_view.index(part)))
    shown = [[shown for _, shown in views] for views in seen]
    return [model.best_matches(*both) if both[1] else [] for both in zip(shown, by_part, strict=True)]


def _likelihood(region: Region) -> float:
    """How likely a region is the one meant: one that is surely an icon, large, and near the middle."""
    x, y, width, height = region.box
    off_centre = 2 * max(abs(x + width / 2 - 0.5), abs(y + height / 2 - 0.5))
    return float(region.confidence * (width * height) ** 0.5 * (1.1 - off_centre))


def _hits(lists: Sequence[Sequence[Match]]) -> list[list[Hit]]:
    """The lists of matches with their icons; an icon that was deleted meanwhile is left out."""
    wanted = {match.icon_id for matches in lists for match in matches}
    icons = Icon.objects.select_related("set").defer("svg").in_bulk(wanted)
    return [
        [Hit(icons[one.icon_id], one.score, one.present) for one in matches if one.icon_id in icons]
        for matches in lists
    ]


def warm_up() -> None:
    """Load the networks and start the rasteriser, so that the first search does not wait for them."""
    drawing = render('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h1v1z"/></svg>', 64)
    for model in dict.fromkeys((answering_model().id, active_model().id)):
        MODELS[model].embed([view for view, _ in MODELS[model].of_query(drawing)])
