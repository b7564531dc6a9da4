"""Finding icons by picture: the one function that the page, the API and `/upload` call."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _
from PIL import Image

from icons.rendering import render
from search.areas import Readings, readings_by_area, search_areas
from search.detection.detector import FASTER_FROM
from search.detection.regions import Region, look_for_icons
from search.filters import ALL, Filter
from search.hits import Hit, hits_of
from search.matching import pairs
from search.matching.embedding import MODELS, EmbeddingModel
from search.matching.tail import variants_next
from search.meant import are_parts, is_shown, is_told, likelihood, rather_meant, region_meant, region_of_the_same
from search.metrics import SEARCH_SECONDS, SEARCHES
from search.model_choice import active_model
from search.progress import answering_model
from search.sets_on_picture import SetOnPicture, named_sets, of_one_set
from search.stroke_widths import with_other_widths

BLANK_PICTURE = _("The picture shows only one colour and no drawing. Crop it so that it contains the icon.")
NOTHING_INDEXED = _("No icon is indexed yet. Import icons, and look at the indexing progress in the admin.")
NOTHING_CHOSEN = _("No indexed icon matches all of your filters. Choose more sets, licences or styles, or other words.")

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
            whole, *places = with_other_widths(model, areas, within)
        kept = [at for at, area in enumerate(places) if is_told(looks[at], area.matches, len(regions))]
        rather = None if kept else rather_meant(self.size, regions, whole.matches, [area.matches for area in places])
        kept = kept if rather is None else [rather]
        perhaps = [region for index, region in enumerate(regions) if index not in kept]
        regions, places = [regions[index] for index in kept], [places[index] for index in kept]
        with SEARCH_SECONDS.labels("sets").time():
            ordered = of_one_set(model, places, within)
        places, of_regions, shares = ordered.areas, ordered.matches, ordered.shares
        meant = 0 if rather is not None else region_meant(self.size, regions, whole.matches, of_regions)
        if meant is None and (meant := region_of_the_same(whole.matches, of_regions)) is not None:
            places[meant], of_regions[meant] = whole, list(whole.matches)  # which show it the surest
        chosen, area = (whole.matches, whole) if meant is None else (of_regions[meant], places[meant])
        if meant is None and are_parts(len(regions), whole.matches):
            perhaps, regions, of_regions, shares = [*perhaps, *regions], [], [], []
        surest = self.looks if meant is None else regions[meant].confidence
        of_icon = self.one_icon or is_shown(surest, chosen, area is whole)
        limits = [limit, *(REGION_HITS for _ in of_regions)]
        with SEARCH_SECONDS.labels("answer").time():
            chosen = variants_next(chosen, area.candidates)
            hits, *region_hits = hits_of([chosen, *of_regions], limits, ordered.likely if shares else ())
        region_answers = [RegionAnswer(*pair) for pair in zip(regions, region_hits, strict=True)]
        for alone in self.regions:
            if alone.alone and is_told(alone.confidence, chosen):
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
        places = sorted(places, key=lambda region: likelihood(region, picture.size))[-1:]
    model = answering_model()
    areas = readings_by_area(model, picture, [place for place in places if not place.alone])
    return ReadPicture(model, picture.size, places, looks, areas, not regions, 1000 * (time.perf_counter() - started))


def why_nothing(within: Filter) -> str:
    """Why a search among these icons has no candidates, in the language of the request."""
    return str(NOTHING_INDEXED if within == ALL else NOTHING_CHOSEN)


def load_regions() -> None:
    """Start the rasteriser and load the networks that find icons on a picture; it needs no database."""
    for side in (64, FASTER_FROM):  # one for small pictures, one for large ones
        look_for_icons(render(DOT, side))


def load_models() -> None:
    """Load the networks of the models that answer, so that the first search does not wait for them."""
    drawing = render(DOT, 64)
    for model in dict.fromkeys((answering_model().id, active_model().id)):
        MODELS[model].embed([network_input for network_input, _ in MODELS[model].of_query(drawing)])
    pairs.load()


DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h1v1z"/></svg>'
