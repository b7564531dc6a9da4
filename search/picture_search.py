"""Finding icons by picture: the one function that the page, the API and `/upload` call."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from PIL import Image

from icons.rendering import render
from search.detection.regions import Region, find_regions
from search.filters import ALL, Filter
from search.hits import Hit, hits_of
from search.matching.embedding import MODELS, EmbeddingModel, NetworkInput
from search.matching.matches import Candidate, Match
from search.metrics import SEARCH_SECONDS, SEARCHES
from search.model_choice import active_model
from search.nearest import NEAREST, nearest_icons
from search.progress import answering_model
from search.sets_on_picture import SetOnPicture, likely_set, named_sets, order_by_set
from search.stroke_widths import Area, with_other_widths
from search.vision.crops import part_of

BLANK_PICTURE = _("The picture shows only one colour and no drawing. Crop it so that it contains the icon.")
NOTHING_INDEXED = _("No icon is indexed yet. Import icons, and look at the indexing progress in the admin.")
NOTHING_CHOSEN = _("No indexed icon matches all of your filters. Choose more sets, licences or styles, or other words.")

REGION_MARGIN = 0.12  # of a region's longer side: the background around an icon, from which its drawing is told
REGION_READINGS = 3  # of each region at most, since a box around one icon leaves less to guess
SURELY = 0.95  # confidence from which a region is an icon, whether the library has it or not
LEAST_ODDS = 1 / 3  # that any other region is an icon, by its looks and by what the library has
# Up to so many regions are parts of one icon where the whole picture has a match that scores so high.
FEW, SURELY_WHOLE = 4, 0.8
LONG = 1.5  # times as wide as it is high, or the other way round, from which a picture is a row
REGION_HITS = 5  # icons that are named for each region
PERHAPS = 0.15  # the probability from which an icon is said to be perhaps the one meant
# Limit on the rows for all readings together; with many readings each gets fewer, so that a window full of icons takes
# no longer than one icon.
MOST_CANDIDATES = 1000
NEAREST_AT_LEAST = 30  # icons for each reading, however many readings there are

# What one area of a picture (the whole, or a region) may mean, the likeliest first: for each reading what the
# network sees, and what the second stage sees.
Readings = Sequence[tuple[NetworkInput, Any]]


@dataclass(frozen=True)
class RegionAnswer:
    """What one of several icons on a picture may be."""

    region: Region
    hits: list[Hit]  # best first


@dataclass(frozen=True)
class Answer:
    """What a search by picture found."""

    model: str  # the id of the model that answered
    hits: list[Hit] = field(default_factory=list)  # best first
    regions: list[RegionAnswer] = field(default_factory=list)  # of several icons, or of one beside a text
    meant: int | None = None  # index of the region that the hits belong to; None: the whole picture
    perhaps: list[Region] = field(default_factory=list)  # places that may be icons, but are like none of the library
    sets: list[SetOnPicture] = field(default_factory=list)  # that hold most of the regions' icons, the likeliest first
    reason: str = ""  # why there are no hits, in the language of the request
    took_ms: float = 0

    @property
    def confident(self) -> bool:
        """Whether the library has what the picture shows, with a probability of CONFIDENT_FROM or more."""
        return bool(self.hits) and self.hits[0].present >= settings.CONFIDENT_FROM

    @property
    def shared(self) -> bool:
        """Whether several icons are so similar that each may be the one meant, and none of them stands out."""
        return len(self.hits) > 1 and self.hits[1].score >= PERHAPS


def search_by_picture(picture: Image.Image, limit: int, within: Filter = ALL, regions: bool = True) -> Answer:
    """The icons that a picture, RGB or RGBA, shows or comes closest to: at most `limit`.

    Where it holds several icons, or one beside a text, each of them is answered, and the hits are those of the whole
    or of the region that is most likely meant, whichever has the surer best match. `regions` is False for a picture
    that is meant to hold one icon, a part that somebody chose: its regions are not told, and only one is searched for.
    """
    started = time.perf_counter()
    with SEARCH_SECONDS.labels("regions").time():
        places = find_regions(picture)
    if not regions:
        places = sorted(places, key=lambda region: _likelihood(region, picture.size))[-1:]
    answer = _answer(answering_model(), picture, places, limit, within)
    if not regions:
        answer = replace(answer, regions=[], perhaps=[], meant=None)
    SEARCHES.labels(str(answer.confident).lower()).inc()
    return replace(answer, took_ms=1000 * (time.perf_counter() - started))


def _answer(
    model: EmbeddingModel, picture: Image.Image, regions: Sequence[Region], limit: int, within: Filter
) -> Answer:
    with SEARCH_SECONDS.labels("readings").time():
        readings_by_area = _readings_by_area(model, picture, regions)
    inputs = [network_input for readings in readings_by_area for network_input, _ in readings]
    if not inputs:
        return Answer(model.id, reason=str(BLANK_PICTURE))
    each = max(limit, NEAREST_AT_LEAST, min(NEAREST, MOST_CANDIDATES // len(inputs)))
    with SEARCH_SECONDS.labels("network").time():
        vectors = model.embed(inputs)
    with SEARCH_SECONDS.labels("candidates").time():
        candidates = nearest_icons(model.id, vectors, each, within)
    with SEARCH_SECONDS.labels("order").time():
        of_whole, *of_regions = matches_by_area(model, readings_by_area, vectors, candidates)
    kept = [index for index, matches in enumerate(of_regions) if _is_icon(regions[index], matches)]
    perhaps = [region for index, region in enumerate(regions) if index not in kept]
    regions, of_regions = [regions[index] for index in kept], [of_regions[index] for index in kept]
    of_regions, shares = order_by_set(of_regions)
    meant = _region_meant(picture.size, regions, of_whole, of_regions)
    chosen = of_whole if meant is None else of_regions[meant]
    if meant is None and (len(regions) == 1 or len(regions) <= FEW and _best_score(of_whole) >= SURELY_WHOLE):
        # What stood apart was no icon, no likelier one than the whole, or a part of it, such as one of three dots.
        perhaps, regions, of_regions, shares = [*perhaps, *regions], [], [], []
    limits = [limit, *(REGION_HITS for _ in of_regions)]
    with SEARCH_SECONDS.labels("answer").time():
        hits, *region_hits = hits_of([chosen, *of_regions], limits, likely_set(shares))
    region_answers = [RegionAnswer(*pair) for pair in zip(regions, region_hits, strict=True)]
    reason = "" if hits else why_nothing(within)
    return Answer(model.id, hits, region_answers, meant, perhaps, named_sets(shares), reason)


def _readings_by_area(model: EmbeddingModel, picture: Image.Image, regions: Sequence[Region]) -> list[Readings]:
    """What the whole picture may mean, and what each of its regions may mean."""
    parts = [part_of(picture, region.box, REGION_MARGIN) for region in regions]
    return [model.of_query(picture), *(model.of_query(part)[:REGION_READINGS] for part in parts)]


def matches_by_area(
    model: EmbeddingModel,
    readings_by_area: Sequence[Readings],
    vectors: NDArray[np.float32],
    candidates: Sequence[Candidate],
) -> list[list[Match]]:
    """For each area its matches, best first, given the candidates for the readings of all areas together."""
    area_of_query = [area for area, readings in enumerate(readings_by_area) for _ in readings]
    first_query = [0, *accumulate(len(readings) for readings in readings_by_area)]
    candidates_by_area: list[list[Candidate]] = [[] for _ in readings_by_area]
    for candidate in candidates:
        area = area_of_query[candidate.query]
        query = candidate.query - first_query[area]
        candidates_by_area[area].append(
            Candidate(candidate.icon_id, query, candidate.inner_product, candidate.signature)
        )
    areas: list[Area] = []
    for readings, of_area, near in zip(
        readings_by_area, np.split(vectors, first_query[1:-1]), candidates_by_area, strict=True
    ):
        drawings = [reading for _, reading in readings]
        areas.append(Area(drawings, of_area, near, model.best_matches(drawings, near) if near else []))
    return with_other_widths(model, areas)


def _is_icon(region: Region, matches: Sequence[Match]) -> bool:
    """Whether a region may be taken for an icon, by its looks and by whether the library has what it shows.

    These are two independent signs, whose odds are multiplied.
    """
    looks, present = region.confidence, _present(matches)
    return looks >= SURELY or looks * present >= LEAST_ODDS * (1 - looks) * (1 - present)


def _region_meant(
    size: tuple[int, int], regions: Sequence[Region], of_whole: Sequence[Match], of_regions: Sequence[Sequence[Match]]
) -> int | None:
    """The index of the region that is most likely meant; None where the whole has a match that is as sure or surer."""
    if not regions:
        return None
    # Not by scores: an icon that many sets have shares its score with all of them, but is there none the less.
    present = [_present(matches) for matches in of_regions]
    likeliest = max(range(len(regions)), key=lambda index: _likelihood(regions[index], size) * present[index])
    return likeliest if present[likeliest] > _present(of_whole) else None


def _likelihood(region: Region, size: tuple[int, int]) -> float:
    """How likely a region of a picture of that width and height, px, is the one meant.

    That is one that is surely an icon, large, and near the middle; along a picture that is long, a button or a row of a
    menu, rather the first, since an icon leads and what follows explains it or is a neighbour.
    """
    x, y, width, height = region.box
    across, down = x + width / 2, y + height / 2
    off_centre = [2 * abs(across - 0.5), 2 * abs(down - 0.5)]
    if size[0] > LONG * size[1]:
        off_centre[0] = across
    elif size[1] > LONG * size[0]:
        off_centre[1] = down
    return float(region.confidence * (width * height) ** 0.5 * (1.1 - max(off_centre)))


def _present(matches: Sequence[Match]) -> float:
    return matches[0].present if matches else 0.0


def _best_score(matches: Sequence[Match]) -> float:
    return matches[0].score if matches else 0.0


def why_nothing(within: Filter) -> str:
    """Why a search among these icons has no candidates, in the language of the request."""
    return str(NOTHING_INDEXED if within == ALL else NOTHING_CHOSEN)


def warm_up() -> None:
    """Load the networks and start the rasteriser, so that the first search does not wait for them."""
    drawing = render('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h1v1z"/></svg>', 64)
    find_regions(drawing)
    for model in dict.fromkeys((answering_model().id, active_model().id)):
        MODELS[model].embed([network_input for network_input, _ in MODELS[model].of_query(drawing)])
