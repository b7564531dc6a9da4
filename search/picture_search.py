"""Finding icons by picture: the one function that the page, the API and `/upload` call."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _
from PIL import Image

from icons.rendering import render
from search.areas import Readings, readings_by_area, search_areas
from search.detection.regions import Region, look_for_icons
from search.filters import ALL, Filter
from search.hits import Hit, hits_of
from search.matching import pairs
from search.matching.embedding import MODELS, EmbeddingModel
from search.matching.matches import Match
from search.matching.tail import variants_next
from search.metrics import SEARCH_SECONDS, SEARCHES
from search.model_choice import active_model
from search.progress import answering_model
from search.sets_on_picture import SetOnPicture, named_sets, of_one_set
from search.stroke_widths import with_other_widths

BLANK_PICTURE = _("The picture shows only one colour and no drawing. Crop it so that it contains the icon.")
NOTHING_INDEXED = _("No icon is indexed yet. Import icons, and look at the indexing progress in the admin.")
NOTHING_CHOSEN = _("No indexed icon matches all of your filters. Choose more sets, licences or styles, or other words.")

# The odds that something is an icon, by its looks and by what the library has: from which a region is told, the same
# where there are more than SOME of them, and from which an answer may be called confident. A crop is of icons mostly,
# while a whole page has dots, boxes to tick and letters in circles as well.
LEAST_ODDS, SOME, AMONG_MANY, EVEN = 1 / 3, 12, 3, 1
# Up to so many regions are parts of one icon where the whole picture has a match that scores so high.
FEW, SURELY_WHOLE = 4, 0.8
SURELY_THERE = 0.95  # probability of the library having all that is drawn from which no part of it is meant instead
WHOLE = 2  # times as often as a region the whole is meant where both look alike: an icon of parts, say
CLEARLY = 10  # odds from which a region is an icon although its looks leave that open, as those of a ring do
LONG = 1.5  # times as wide as it is high, or the other way round, from which a picture is a row
REGION_HITS = 5  # icons that are named for each region
PERHAPS = 0.15  # the probability from which an icon is said to be perhaps the one meant


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
    # Of several icons, or of one beside a text or with much room around it.
    regions: list[RegionAnswer] = field(default_factory=list)
    meant: int | None = None  # index of the region that the hits belong to; None: the whole picture
    perhaps: list[Region] = field(default_factory=list)  # places that may be icons, but are like none of the library
    sets: list[SetOnPicture] = field(default_factory=list)  # that hold most of the regions' icons, the likeliest first
    reason: str = ""  # why there are no hits, in the language of the request
    of_icon: bool = True  # whether what the hits belong to is rather an icon than a letter, a box to tick or the like
    took_ms: float = 0

    @property
    def confident(self) -> bool:
        """Whether an icon is shown that the library has, this with a probability of CONFIDENT_FROM or more."""
        return self.of_icon and bool(self.hits) and self.hits[0].is_present

    @property
    def shared(self) -> bool:
        """Whether several icons are so similar that each may be the one meant, and none of them stands out."""
        return len(self.hits) > 1 and self.hits[1].score >= PERHAPS


@dataclass(frozen=True)
class ReadPicture:
    """A picture as the networks see it, from which several searches can be made."""

    model: EmbeddingModel
    size: tuple[int, int]  # width, height in px
    regions: Sequence[Region]
    looks: float  # 0 to 1: how probably anything on it is an icon
    areas: Sequence[Readings]  # of the whole, then of each region but one that is alone
    one_icon: bool  # whether it is meant to hold one icon, so that its regions are not told
    took_ms: float

    def search(self, limit: int, within: Filter = ALL) -> Answer:
        """The icons that the picture shows or comes closest to: at most `limit`, as search_by_picture finds them."""
        started = time.perf_counter()
        answer = self._answer(limit, within)
        if self.one_icon:
            answer = replace(answer, regions=[], perhaps=[], meant=None)
        SEARCHES.labels(str(answer.confident).lower()).inc()
        return replace(answer, took_ms=self.took_ms + 1000 * (time.perf_counter() - started))

    def _answer(self, limit: int, within: Filter) -> Answer:
        model, regions = self.model, [region for region in self.regions if not region.alone]
        looks = [region.confidence for region in regions]
        areas = search_areas(model, self.areas, limit, within, looks)
        if not any(area.readings for area in areas):
            return Answer(model.id, reason=str(BLANK_PICTURE))
        with SEARCH_SECONDS.labels("stroke widths").time():
            whole, *places = with_other_widths(model, areas)
        odds = LEAST_ODDS if len(regions) <= SOME else AMONG_MANY
        kept = [index for index, area in enumerate(places) if _is_icon(regions[index].confidence, area.matches, odds)]
        perhaps = [region for index, region in enumerate(regions) if index not in kept]
        regions, places = [regions[index] for index in kept], [places[index] for index in kept]
        with SEARCH_SECONDS.labels("sets").time():
            ordered = of_one_set(model, places, within)
        places, of_regions, shares = ordered.areas, ordered.matches, ordered.shares
        meant = _region_meant(self.size, regions, whole.matches, of_regions)
        chosen, area = (whole.matches, whole) if meant is None else (of_regions[meant], places[meant])
        if meant is None and (len(regions) == 1 or len(regions) <= FEW and _best_score(whole.matches) >= SURELY_WHOLE):
            # What stood apart was no icon, no likelier one than the whole, or a part of it, such as one of three dots.
            perhaps, regions, of_regions, shares = [*perhaps, *regions], [], [], []
        surest = self.looks if meant is None else regions[meant].confidence
        of_icon = self.one_icon or _is_icon(surest, chosen, EVEN) or _is_surely_whole(chosen)
        limits = [limit, *(REGION_HITS for _ in of_regions)]
        with SEARCH_SECONDS.labels("answer").time():
            chosen = variants_next(chosen, area.candidates)
            hits, *region_hits = hits_of([chosen, *of_regions], limits, ordered.likely if shares else ())
        region_answers = [RegionAnswer(*pair) for pair in zip(regions, region_hits, strict=True)]
        for alone in self.regions:
            if alone.alone and _is_icon(alone.confidence, chosen, LEAST_ODDS):
                region_answers, meant = [RegionAnswer(alone, hits[:REGION_HITS])], 0
        reason = "" if hits else why_nothing(within)
        return Answer(model.id, hits, region_answers, meant, perhaps, named_sets(shares), reason, of_icon)


def search_by_picture(picture: Image.Image, limit: int, within: Filter = ALL, regions: bool = True) -> Answer:
    """The icons that a picture, RGB or RGBA, shows or comes closest to: at most `limit`.

    Where it holds several icons, or one beside a text, each of them is answered, and the hits are those of the whole
    or of the region that is most likely meant, whichever has the surer best match. `regions` is False for a picture
    that is meant to hold one icon, a part that somebody chose: its regions are not told, and only one is searched for.
    """
    return read_picture(picture, regions).search(limit, within)


def read_picture(picture: Image.Image, regions: bool = True) -> ReadPicture:
    """Tell the icons on a picture and embed it, as search_by_picture does; no search costs as much."""
    started = time.perf_counter()
    with SEARCH_SECONDS.labels("regions").time():
        places, looks = look_for_icons(picture)
    if not regions:
        places = sorted(places, key=lambda region: _likelihood(region, picture.size))[-1:]
    model = answering_model()
    areas = readings_by_area(model, picture, [place for place in places if not place.alone])
    return ReadPicture(model, picture.size, places, looks, areas, not regions, 1000 * (time.perf_counter() - started))


def _is_icon(looks: float, matches: Sequence[Match], odds: float) -> bool:
    """Whether the odds of something being an icon are at least these, by its looks and by whether the library has it.

    These are two independent signs, whose odds are multiplied.
    """
    if not matches:  # of a filter that lets nothing through, say
        return False
    present = _present(matches)
    return looks * present >= odds * (1 - looks) * (1 - present)


def _is_surely_whole(matches: Sequence[Match]) -> bool:
    """Whether the library surely has all that is drawn, with the strokes that it is drawn with."""
    return bool(matches) and matches[0].whole and matches[0].stroke is None and matches[0].present >= SURELY_THERE


def _region_meant(
    size: tuple[int, int], regions: Sequence[Region], of_whole: Sequence[Match], of_regions: Sequence[Sequence[Match]]
) -> int | None:
    """The index of the region that is most likely meant; None where the whole is likelier.

    A region is meant if it looks like an icon and the library has it, the whole if none of the regions looks like one
    and the library has the whole.
    """
    if not regions:
        return None
    # Not by scores: an icon that many sets have shares its score with all of them, but is there none the less.
    present = [_present(matches) for matches in of_regions]
    likeliest = max(range(len(regions)), key=lambda index: _likelihood(regions[index], size) * present[index])
    whole = _present(of_whole)
    if _is_surely_whole(of_whole) and whole >= present[likeliest]:
        return None  # the region is a part of an icon: the arrow in a box, say
    # Of regions that show the same, such as three dots in a row, only the likeliest speaks against the whole.
    looks: dict[int, float] = {}
    for region, matches in zip(regions, of_regions, strict=True):
        looks[matches[0].icon_id] = max(looks.get(matches[0].icon_id, 0), region.confidence)
    if _is_icon(regions[likeliest].confidence, of_regions[likeliest], CLEARLY) and whole < 0.5:
        return likeliest
    none_is_icon = math.prod(1 - confidence for confidence in looks.values())
    is_icon = regions[likeliest].confidence * present[likeliest]
    return likeliest if is_icon > WHOLE * none_is_icon * whole else None


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


def load_regions() -> None:
    """Start the rasteriser and load the networks that find icons on a picture; it needs no database."""
    look_for_icons(render(DOT, 64))


def load_models() -> None:
    """Load the networks of the models that answer, so that the first search does not wait for them."""
    drawing = render(DOT, 64)
    for model in dict.fromkeys((answering_model().id, active_model().id)):
        MODELS[model].embed([network_input for network_input, _ in MODELS[model].of_query(drawing)])
    pairs.load()


DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h1v1z"/></svg>'
