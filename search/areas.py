"""The areas of a picture, the whole and each of its regions: their readings, and what the library has near them."""

from collections.abc import Mapping, Sequence
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
from search.metrics import SEARCH_SECONDS
from search.nearest import NEAREST, nearest_icons
from search.vision.crops import part_of
from search.vision.readings import MOST_READINGS
from search.vision.usual_strokes import with_usual_strokes

REGION_MARGIN = 0.12  # of a region's longer side: the background around an icon, from which its drawing is told
REGION_READINGS, OF_MANY = 4, 3  # of each region at most, since a box around one icon leaves less to guess
# The likeliest reading of each area is searched for first, the others only where the library may lack what that shows:
# from this probability on it has it. What many sets have, such as an i on a disc, has less, since none of them leads.
SURELY_PRESENT = 0.8
FEW = 4  # regions up to which the whole picture may be meant; with more it is hardly an icon, and read only once
SURELY_ICON = 0.9  # the looks of a region that the library surely has, from which the whole picture is not meant
# Limit on the rows for all readings together; with many readings each gets fewer, so that a window full of icons takes
# no longer than one icon.
MOST_CANDIDATES = 1000
NEAREST_AT_LEAST = 30  # icons for each reading, however many readings there are
NEAR_AS_USUAL = 16  # icons that are looked for by an area's first reading with usual strokes


class Readings:
    """What one area of a picture may mean, the likeliest first; each is made and embedded when first asked for."""

    def __init__(self, model: EmbeddingModel, part: Image.Image) -> None:
        self._source = model.of_query(part)
        self.inputs: list[NetworkInput] = []
        self.drawings: list[Any] = []  # what the second stage sees
        self.vectors = np.empty((0, model.dimensions), np.float32)

    def make(self, most: int) -> None:
        """Have at least so many readings, if the area has as many."""
        for network_input, drawing in islice(self._source, max(0, most - len(self.drawings))):
            self.inputs.append(network_input)
            self.drawings.append(drawing)


@dataclass(frozen=True)
class Area:
    """What was asked of the whole picture or of one of its regions, and answered."""

    readings: Sequence[Any]  # of one model, the likeliest first; none where the area is blank
    vectors: NDArray[np.float32]  # (len(readings), dimensions)
    candidates: Sequence[Candidate]  # whose `query` is the index of a reading
    comparison: Any = None  # of these candidates by the model's second stage; None where there are none
    matches: Sequence[Match] = ()  # of these candidates, best first


def readings_by_area(model: EmbeddingModel, picture: Image.Image, regions: Sequence[Region]) -> list[Readings]:
    """The readings of the whole picture and of each of its regions; those that are surely needed are embedded."""
    parts = [picture, *(part_of(picture, region.box, REGION_MARGIN) for region in regions)]
    areas = [Readings(model, part) for part in parts]
    _make(model, areas, [1] * len(areas))
    return areas


def search_areas(
    model: EmbeddingModel, areas: Sequence[Readings], limit: int, within: Filter, looks: Sequence[float] = ()
) -> list[Area]:
    """The areas, of the whole picture and of its regions, with their matches among the icons of the filter.

    Of each reading at least `limit` candidates are compared. `looks` says how probably each region is an icon; where
    one surely is the icon meant, the whole has no matches.
    """
    asked = _near(model, areas, [slice(1)] * len(areas), limit, within)
    few = len(areas) - 1 <= FEW
    most = [MOST_READINGS, *[REGION_READINGS] * (len(areas) - 1)] if few else [1, *[OF_MANY] * (len(areas) - 1)]
    with SEARCH_SECONDS.labels("comparison").time():
        asked = [_compared(model, area) for area in asked]
        there = [_is_there(model, area) for area in asked]
        surely_meant = [look >= SURELY_ICON and had for look, had in zip(looks, there[1:], strict=False)]
        if any(surely_meant) and not there[0]:
            asked[0], most[0] = replace(asked[0], candidates=[], comparison=None), 1
        unsure = [place for place in range(len(asked)) if most[place] > 1 and not there[place]]
    if unsure:
        chosen, most = [areas[place] for place in unsure], [most[place] for place in unsure]
        _make(model, chosen, most)
        further = _near(model, chosen, [slice(1, number) for number in most], limit, within)
        with SEARCH_SECONDS.labels("comparison").time():
            for place, added in zip(unsure, further, strict=True):
                if added.readings:
                    asked[place] = _joined(model, asked[place], added)
    with SEARCH_SECONDS.labels("order").time():
        return matched(model, asked)


def search_pictures(model: EmbeddingModel, pictures: Sequence[Image.Image], limit: int, within: Filter) -> list[Area]:
    """Pictures, each of one icon, with their matches among the icons of the filter."""
    areas = [Readings(model, picture) for picture in pictures]
    _make(model, areas, [MOST_READINGS] * len(areas))
    near = _near(model, areas, [slice(MOST_READINGS)] * len(areas), limit, within)
    return matched(model, [_compared(model, area) for area in near])


def with_nearest(model: EmbeddingModel, areas: Sequence[Area], within: Filter, each: int) -> list[Area]:
    """The areas, each with readings, with the `each` icons of a filter nearest to each reading among its candidates."""
    vectors = np.concatenate([area.vectors for area in areas])
    with SEARCH_SECONDS.labels("candidates").time():
        near = _by_area(areas, nearest_icons(model.id, vectors, each, within))
    added: dict[int, Area] = {}
    for index, (area, candidates) in enumerate(zip(areas, near, strict=True)):
        known = {(candidate.icon_id, candidate.query) for candidate in area.candidates}
        if new := [candidate for candidate in candidates if (candidate.icon_id, candidate.query) not in known]:
            added[index] = _compared(model, replace(area, candidates=[*area.candidates, *new]))
    return with_matched(model, areas, added)


def near_with_usual_strokes(
    model: EmbeddingModel, areas: Sequence[Area], chosen: Sequence[int], within: Filter
) -> dict[int, list[Candidate]]:
    """By the index of a chosen area, the icons that its first reading is near with strokes as wide as most sets'.

    Those that are among its candidates for that reading already are left out.
    """
    usual = {index: with_usual_strokes(areas[index].readings[0].drawing) for index in chosen}
    inputs = {index: pixels for index, pixels in usual.items() if pixels is not None}
    if not inputs:
        return {}
    candidates = nearest_icons(model.id, model.embed([*inputs.values()]), NEAR_AS_USUAL, within)
    further: dict[int, list[Candidate]] = {}
    for number, index in enumerate(inputs):
        known = {(near.icon_id, near.earlier) for near in areas[index].candidates if near.query == 0}
        of_area = [near.found_for(0) for near in candidates if near.query == number]
        further[index] = [near for near in of_area if (near.icon_id, near.earlier) not in known]
    return further


def matched(model: EmbeddingModel, areas: Sequence[Area]) -> list[Area]:
    """These areas, which have their comparisons, with their matches; all go through the networks together."""
    by_area = iter(model.stage.best_matches([(area.readings, area.comparison) for area in areas if area.candidates]))
    return [replace(area, matches=next(by_area)) if area.candidates else area for area in areas]


def with_matched(model: EmbeddingModel, areas: Sequence[Area], redone: Mapping[int, Area]) -> list[Area]:
    """The areas with some, by index, in place of those that were there; the matches of these are found here."""
    by_index = dict(zip(redone, matched(model, list(redone.values())), strict=True))
    return [by_index.get(index, area) for index, area in enumerate(areas)]


def _make(model: EmbeddingModel, areas: Sequence[Readings], numbers: Sequence[int]) -> None:
    """Have at least so many readings of each area, and embed those that have no vector yet, as one batch."""
    with SEARCH_SECONDS.labels("readings").time():
        for area, number in zip(areas, numbers, strict=True):
            area.make(number)
    missing = [area.inputs[len(area.vectors) :] for area in areas]
    with SEARCH_SECONDS.labels("network").time():
        vectors = model.embed([network_input for inputs in missing for network_input in inputs])
    for area, inputs, end in zip(areas, missing, accumulate(map(len, missing)), strict=True):
        area.vectors = np.concatenate([area.vectors, vectors[end - len(inputs) : end]])


def _near(
    model: EmbeddingModel, areas: Sequence[Readings], chosen: Sequence[slice], limit: int, within: Filter
) -> list[Area]:
    """For the chosen readings of each area, which are embedded, its candidates, not yet matched."""
    parts = [Area(area.drawings[part], area.vectors[part], []) for area, part in zip(areas, chosen, strict=True)]
    vectors = np.concatenate([part.vectors for part in parts])
    each = max(limit, NEAREST_AT_LEAST, min(NEAREST, MOST_CANDIDATES // max(1, len(vectors))))
    with SEARCH_SECONDS.labels("candidates").time():
        candidates = nearest_icons(model.id, vectors, each, within) if len(vectors) else []
    return [replace(part, candidates=near) for part, near in zip(parts, _by_area(parts, candidates), strict=True)]


def _by_area(areas: Sequence[Area], candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """For each area, those of the candidates that were found for its vectors, which are in a row with the others'."""
    owners = [(index, query) for index, area in enumerate(areas) for query in range(len(area.vectors))]
    by_area: list[list[Candidate]] = [[] for _ in areas]
    for candidate in candidates:
        index, query = owners[candidate.query]
        by_area[index].append(candidate.found_for(query))
    return by_area


def _compared(model: EmbeddingModel, area: Area) -> Area:
    candidates = area.candidates
    return replace(area, comparison=model.stage.compare(area.readings, candidates, None)) if candidates else area


def _is_there(model: EmbeddingModel, area: Area) -> bool:
    """Whether the library has what an area shows, as probably as not to look for more."""
    return bool(area.candidates) and model.stage.present(area.comparison) >= SURELY_PRESENT


def _joined(model: EmbeddingModel, area: Area, further: Area) -> Area:
    """An area with further readings of it."""
    first, readings = len(area.readings), [*area.readings, *further.readings]
    later = [candidate.found_for(first + candidate.query) for candidate in further.candidates]
    comparison = model.stage.compare(readings, later, area.comparison) if later else area.comparison
    vectors = np.concatenate([area.vectors, further.vectors])
    return Area(readings, vectors, [*area.candidates, *later], comparison)
