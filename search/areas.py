"""The areas of a picture, the whole and each of its regions: their readings, and what the library has near them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.detection.regions import Region
from search.filters import Filter
from search.matching.embedding import EmbeddingModel, NetworkInput
from search.matching.matches import Candidate, Match
from search.nearest import NEAREST, nearest_icons
from search.vision.crops import part_of

REGION_MARGIN = 0.12  # of a region's longer side: the background around an icon, from which its drawing is told
REGION_READINGS = 3  # of each region at most, since a box around one icon leaves less to guess
# Up to so many regions are searched for all their readings at once. Of more, the likeliest reading is searched for, and
# the others only where the library has hardly what that shows; with so many, the whole picture is hardly an icon.
ALL_AT_ONCE, SURELY_PRESENT = 4, 0.9
# Limit on the rows for all readings together; with many readings each gets fewer, so that a window full of icons takes
# no longer than one icon.
MOST_CANDIDATES = 1000
NEAREST_AT_LEAST = 30  # icons for each reading, however many readings there are

# For a reading, what the network sees, and what the second stage sees.
Reading = tuple[NetworkInput, Any]


@dataclass(frozen=True)
class Area:
    """What was asked of the whole picture or of one of its regions, and answered."""

    readings: Sequence[Any]  # of one model, the likeliest first; none where the area is blank
    vectors: NDArray[np.float32]  # (len(readings), dimensions)
    candidates: Sequence[Candidate]  # whose `query` is the index of a reading
    matches: Sequence[Match] = ()  # of these candidates, best first

    @property
    def present(self) -> float:
        """How probably the library has what the area shows, 0 to 1."""
        return self.matches[0].present if self.matches else 0.0


def search_areas(
    model: EmbeddingModel, picture: Image.Image, regions: Sequence[Region], limit: int, within: Filter
) -> list[Area]:
    """The whole picture and each of its regions, in this order, with their matches among the icons of the filter.

    Of each reading at least `limit` candidates are compared.
    """
    few = len(regions) <= ALL_AT_ONCE
    whole = list(islice(model.of_query(picture), None if few else 1))
    parts = [model.of_query(part_of(picture, region.box, REGION_MARGIN)) for region in regions]
    readings = [whole, *(list(islice(part, REGION_READINGS if few else 1)) for part in parts)]
    areas = [_matched(model, area) for area in _candidates_near(model, readings, limit, within)]
    unsure = [place for place, area in enumerate(areas[1:]) if area.present < SURELY_PRESENT]
    if unsure and not few:
        readings = [list(islice(parts[place], REGION_READINGS - 1)) for place in unsure]
        further = _candidates_near(model, readings, limit, within)
        for place, area in zip(unsure, further, strict=True):
            if area.readings:
                areas[1 + place] = _matched(model, _joined(areas[1 + place], area))
    return areas


def _candidates_near(
    model: EmbeddingModel, readings_by_area: Sequence[Sequence[Reading]], limit: int, within: Filter
) -> Iterator[Area]:
    """For the readings of each area, its candidates, not yet matched."""
    inputs = [network_input for readings in readings_by_area for network_input, _ in readings]
    each = max(limit, NEAREST_AT_LEAST, min(NEAREST, MOST_CANDIDATES // max(1, len(inputs))))
    vectors = model.embed(inputs)
    by_query: list[list[Candidate]] = [[] for _ in inputs]
    for candidate in nearest_icons(model.id, vectors, each, within) if inputs else ():
        by_query[candidate.query].append(candidate)
    ends = list(accumulate(len(readings) for readings in readings_by_area))
    for readings, end in zip(readings_by_area, ends, strict=True):
        own = range(end - len(readings), end)
        near = [replace(candidate, query=index) for index, query in enumerate(own) for candidate in by_query[query]]
        yield Area([reading for _, reading in readings], vectors[own.start : own.stop], near)


def _matched(model: EmbeddingModel, area: Area) -> Area:
    return replace(area, matches=model.best_matches(area.readings, area.candidates)) if area.candidates else area


def _joined(area: Area, further: Area) -> Area:
    """An area with further readings of it."""
    first = len(area.readings)
    later = [replace(candidate, query=first + candidate.query) for candidate in further.candidates]
    vectors = np.concatenate([area.vectors, further.vectors])
    return Area([*area.readings, *further.readings], vectors, [*area.candidates, *later])
