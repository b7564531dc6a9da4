"""Icons at other stroke widths than their set's: they are drawn anew as wide as a picture shows them, and compared.

Whoever uses an icon of strokes chooses how wide they are. The vectors forgive that; the second stage, which compares
shapes, would put another set's thinner icon first.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from icons.exporting.strokes import only_stroke, rescale_strokes
from icons.exporting.svg_text import view_box_of
from icons.models import EarlierDrawing, Icon
from icons.rendering import RenderError, render_many
from icons.svg.markup import attributes, markup, parse
from search.areas import Area, near_with_usual_strokes, with_matched
from search.filters import Filter
from search.matching.edges import smeared_edges
from search.matching.embedding import EmbeddingModel, NetworkInput
from search.matching.features import shape_likeness
from search.matching.matches import Candidate
from search.matching.signature import unpack
from search.matching.stroke_ratios import differ_little, ink_of, stroke_ratios, width_in_reading

AREAS = 12  # of a picture at most whose icons are drawn anew
LOOKED_AT, OF_MANY = 25, 8  # matches of an area, the best, among which icons of strokes are looked for
FEW = 5  # areas of a picture up to which so many are, and icons are looked for that are near it at usual widths
DRAWN = 8  # icons of an area, its best matches, that are drawn anew at most
EMBEDDED = 3  # of these, the nearest to the picture, that are embedded
SURE = 0.9  # score from which a best match as wide as on the picture needs no comparison with others
RATHER = 0.6  # the same from which no icon is looked for by the picture with usual strokes
SMALL = 0.02  # what is added to distances, so that none of two is without effect on their product
NARROWER = 0.8  # how much of its distance in shape an icon must have left when it is drawn anew
USUAL_SIDE = 24  # of a view box, for which people say how wide strokes are

_Drawing = tuple[int, int]  # the id of an icon, and the number of an earlier drawing of it or 0


@dataclass(frozen=True)
class _Place:
    """A candidate whose strokes are wider or narrower than those of the reading that it is near."""

    area: int
    index: int  # among the candidates of the area
    ratio: float  # of the strokes in the reading to its own


@dataclass(frozen=True)
class _Redrawn:
    """A candidate drawn anew."""

    place: _Place
    candidate: Candidate
    network_input: NetworkInput
    apart: float  # how far it is from the reading, in shape and, as it is stored, by its vector


def with_other_widths(model: EmbeddingModel, areas: Sequence[Area], within: Filter) -> list[Area]:
    """The areas with icons at the stroke widths that the picture shows among their candidates and matches.

    An icon that is more like the picture when it is drawn anew is ordered as such. Those of the best matches are and,
    where there are few areas, those of the filter whose vectors are near that of the picture with usual strokes.
    Raises as the model does.
    """
    few = len(areas) <= FEW
    likely = {index: _likely_strokes(area, LOOKED_AT if few else OF_MANY) for index, area in enumerate(areas[:AREAS])}
    unsure = [index for index, indices in likely.items() if indices and not _is_sure(areas[index], indices, RATHER)]
    further = near_with_usual_strokes(model, areas, unsure, within) if few and unsure else {}
    for index, candidates in further.items():
        first = len(areas[index].candidates)
        likely[index] += range(first, first + len(candidates))
    return _with_drawn_anew(model, areas, likely, further)


def with_other_widths_of(model: EmbeddingModel, areas: Sequence[Area], sets: Collection[int]) -> list[Area]:
    """The same of all candidates of these sets, by id, in the areas whose best match is of another set."""
    return _with_drawn_anew(model, areas, {index: _of_sets(area, sets) for index, area in enumerate(areas[:AREAS])}, {})


def _with_drawn_anew(
    model: EmbeddingModel,
    present: Sequence[Area],
    likely: Mapping[int, Sequence[int]],
    further: Mapping[int, Sequence[Candidate]],
) -> list[Area]:
    """The areas with some of their likely candidates drawn anew, by the index of the area and of the candidate.

    `further` are candidates that follow those of an area, which it only has once they are drawn anew.
    """
    areas = [
        replace(area, candidates=[*area.candidates, *further[index]]) if index in further else area
        for index, area in enumerate(present)
    ]
    svgs = _stroked({_drawing(areas[index].candidates[place]) for index, places in likely.items() for place in places})
    places = [
        place
        for index, indices in likely.items()
        for place in _places(
            index, areas[index], [at for at in indices if _drawing(areas[index].candidates[at]) in svgs]
        )
    ]
    if not places:
        return list(present)
    redrawn = list(_drawn_anew(model, areas, places, svgs))
    chosen = [
        better
        for index in range(len(areas))
        for better in sorted((drawn for drawn in redrawn if drawn.place.area == index), key=_apart)[:EMBEDDED]
    ]
    anew: dict[int, dict[int, Candidate]] = {}
    vectors = model.embed([better.network_input for better in chosen])
    for better, vector in zip(chosen, vectors, strict=True):
        area = areas[better.place.area]
        product = float(vector @ area.vectors[better.candidate.query])
        anew.setdefault(better.place.area, {})[better.place.index] = replace(better.candidate, inner_product=product)
    redone: dict[int, Area] = {}
    for index, better_ones in anew.items():
        stored = dict(enumerate(present[index].candidates))
        candidates = [*(stored | better_ones).values()]
        comparison = model.stage.compare(present[index].readings, candidates, None)
        redone[index] = replace(present[index], candidates=candidates, comparison=comparison)
    return with_matched(model, present, redone)


def _apart(redrawn: _Redrawn) -> float:
    return redrawn.apart


def _likely_strokes(area: Area, looked_at: int) -> list[int]:
    """The candidates, each icon once, that stand for so many of the best matches; none where they need no others."""
    nearest = _nearest(area)
    likely = [pk for match in area.matches[:looked_at] for pk in match.icon_ids]
    indices = [nearest[icon] for icon in likely if icon in nearest]
    return [] if _is_sure(area, indices) else indices


def _of_sets(area: Area, sets: Collection[int]) -> list[int]:
    """The same of all candidates of these sets; none where one of them is the best match."""
    best = {pk for match in area.matches[:1] for pk in match.icon_ids}
    nearest = {pk: index for pk, index in _nearest(area).items() if area.candidates[index].set_id in sets}
    return [] if best & nearest.keys() else [i for i in nearest.values() if area.candidates[i].stroke is None]


def _nearest(area: Area) -> dict[int, int]:
    """By the id of an icon, the index of its candidate that is nearest to a reading in one colour."""
    nearest: dict[int, int] = {}
    for index, candidate in sorted(enumerate(area.candidates), key=lambda pair: pair[1].inner_product):
        if candidate.signature and not area.readings[candidate.query].drawing.coloured:
            nearest[candidate.icon_id] = index
    return nearest


def _is_sure(area: Area, indices: Sequence[int], score: float = SURE) -> bool:
    """Whether the best match is surely the icon meant, as wide as it is stored; `indices` are of its candidates."""
    if not indices or area.matches[0].score < score:
        return not indices
    best = area.candidates[indices[0]]
    ratios = stroke_ratios(area.readings[best.query], unpack([best.signature]).ink)
    return differ_little(float(ratios[0]), 1)


def _drawing(candidate: Candidate) -> _Drawing:
    return candidate.icon_id, candidate.earlier


def _stroked(drawings: Collection[_Drawing]) -> dict[_Drawing, str]:
    """The SVGs of those of the drawings that have strokes."""
    present = Icon.objects.filter(pk__in=[pk for pk, earlier in drawings if not earlier], svg__contains="stroke=")
    svgs = {(pk, 0): svg for pk, svg in present.values_list("pk", "svg")}
    if before := [pk for pk, earlier in drawings if earlier]:
        rows = EarlierDrawing.objects.filter(icon__in=before, svg__contains="stroke=")
        svgs |= {(pk, number): svg for pk, number, svg in rows.values_list("icon", "number", "svg")}
    return svgs


def _places(area_index: int, area: Area, indices: Sequence[int]) -> list[_Place]:
    """Of these candidates, those whose strokes differ from those of their reading, DRAWN whose edges run as there."""
    places: list[tuple[float, _Place]] = []
    for query in sorted({area.candidates[index].query for index in indices}):
        of_query = [index for index in indices if area.candidates[index].query == query]
        signatures = unpack([area.candidates[index].signature for index in of_query])
        ratios = stroke_ratios(area.readings[query], signatures.ink)
        edges = smeared_edges(np.concatenate([ink_of(area.readings[query])[None], signatures.ink]))
        for index, ratio, coloured, alike in zip(
            of_query, ratios.tolist(), signatures.coloured, edges[1:] @ edges[0], strict=True
        ):
            if not coloured and not differ_little(ratio, 1):
                places.append((float(alike), _Place(area_index, index, ratio)))
    return [place for _, place in sorted(places, key=lambda pair: -pair[0])[:DRAWN]]


def _drawn_anew(
    model: EmbeddingModel, areas: Sequence[Area], places: Sequence[_Place], svgs: Mapping[_Drawing, str]
) -> Iterator[_Redrawn]:
    """The candidates at these places as wide as their readings, where that brings them nearer."""
    wanted: list[tuple[_Place, str, float]] = []
    for place in places:
        svg = svgs[_drawing(areas[place.area].candidates[place.index])]
        if drawing := _at_width(svg, place.ratio):
            wanted.append((place, *drawing))
    drawn: dict[tuple[int, int], list[tuple[_Place, float, NetworkInput, bytes]]] = {}  # by area and reading
    anew = list(dict.fromkeys(svg for _, svg, _ in wanted))  # areas that show the same have the same drawings
    pictures = zip(anew, render_many(anew, model.size), strict=True)
    renditions = {svg: model.of_icon(picture) for svg, picture in pictures if not isinstance(picture, RenderError)}
    for place, svg, stroke in wanted:
        if of_this := renditions.get(svg):
            key = place.area, areas[place.area].candidates[place.index].query
            drawn.setdefault(key, []).append((place, stroke, *of_this[0]))
    for (area_index, query), group in drawn.items():
        area = areas[area_index]
        stored = [area.candidates[place.index] for place, *_ in group]
        signatures = [*(candidate.signature for candidate in stored), *(signature for *_, signature in group)]
        distances = 1 - shape_likeness(area.readings[query], unpack(signatures)).best
        before, after = np.split(distances, 2)
        for at, (place, stroke, network_input, signature) in enumerate(group):
            if after[at] < NARROWER * before[at]:
                candidate = replace(stored[at], signature=signature, stroke=stroke)
                apart = float((SMALL + after[at]) * (1 + SMALL - candidate.inner_product))
                yield _Redrawn(place, candidate, network_input, apart)


def _at_width(svg: str, ratio: float) -> tuple[str, float] | None:
    """An SVG with strokes `ratio` times as wide, rounded, and their width in units of its view box.

    None where it is no drawing of strokes of one width, or where the width comes out as it is.
    """
    root = parse(svg) if svg else None
    present = only_stroke(root) if root is not None else None
    if root is None or not present:
        return None
    unit = view_box_of(root).longer_side / USUAL_SIDE
    width = width_in_reading(present / unit, ratio)
    if differ_little(width * unit, present):
        return None
    rescale_strokes(root, width * unit)
    return f"<svg{attributes(dict(root.attrib))}>{markup(*root)}</svg>", round(width * unit, 3)
