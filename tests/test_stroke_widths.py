"""Icons whose strokes are wider or narrower on a picture than in their set."""

from collections.abc import Callable, Sequence
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from icons.exporting.strokes import only_stroke
from icons.models import Icon, IconSet
from icons.rendering import render
from icons.svg.markup import parse
from search import indexing
from search.areas import Area, readings_by_area, search_areas, with_nearest
from search.filters import ALL, Filter
from search.matching.signature import signature, unpack
from search.matching.stroke_ratios import differ_little, stroke_ratios, width_in_reading
from search.model_choice import active_model
from search.picture_search import search_by_picture
from search.stroke_widths import with_other_widths, with_other_widths_of
from search.vision.readings import Reading, readings_of
from search.vision.renditions import icon_renditions
from tests.conftest import png_of, svg_of, upload

HOUSE = '<path d="M4 11l8-7 8 7v9h-5v-6h-6v6H4z"/>'
HOUSE_WITH_WINDOW = '<path d="M4 11l8-7 8 7v9H4zM10 12h4v4h-4z"/>'


def lines(body: str, width: float) -> str:
    """Elements as strokes of this width."""
    return f'<g fill="none" stroke="currentColor" stroke-width="{width:g}" stroke-linejoin="round">{body}</g>'


def stroked(body: str, width: float) -> str:
    """An SVG of such strokes in a view box of 24."""
    return svg_of(lines(body, width))


def picture_of(svg: str, side: int = 48) -> Image.Image:
    """A screenshot of an icon in black on white, with a margin."""
    return Image.open(BytesIO(png_of(svg, side)))


def reading_of(width: float, side: int = 48) -> Reading:
    return readings_of(picture_of(stroked(HOUSE, width), side))[0]


def ratio_to_own(width: float, side: int = 48, own: float = 2) -> float:
    """The ratio of the strokes of a screenshot to those of the icon at its own width."""
    stored = signature(icon_renditions(render(stroked(HOUSE, own), 48))[0])
    return float(stroke_ratios(reading_of(width, side), unpack([stored]).ink)[0])


@pytest.mark.parametrize("width", [1, 1.25, 1.5, 2, 2.5, 3])
def test_the_ink_tells_the_stroke_width(width: float) -> None:
    assert width_in_reading(2, ratio_to_own(width)) == width


@pytest.mark.parametrize("side", [16, 20, 24, 32, 64])
def test_an_icon_at_its_own_width_counts_as_such_at_any_resolution(side: int) -> None:
    assert differ_little(ratio_to_own(2, side), 1)


@pytest.mark.parametrize(("ratio", "width"), [(1, 2), (0.01, 0.5), (9, 3.5), (1.02, 2)])
def test_widths_are_rounded_and_bounded(ratio: float, width: float) -> None:
    assert width_in_reading(2, ratio) == width


def test_strokes_of_several_widths_have_none_in_common() -> None:
    assert only_stroke(parse(stroked(HOUSE, 1.5))) == 1.5
    assert only_stroke(parse(stroked(HOUSE + '<path stroke-width="1" d="M1 1h3"/>', 2))) is None
    assert only_stroke(parse(svg_of('<path d="M0 0h1v1z"/>'))) is None


@pytest.fixture
def houses(make_icon: Callable[..., Icon]) -> Sequence[Icon]:
    """A house with strokes of 2, and other icons with thinner ones."""
    bodies = {
        "house": (HOUSE, 2),
        "window": (HOUSE_WITH_WINDOW, 1),
        "shed": ('<path d="M4 10l8-5 8 5v10H4z"/>', 1),
        "door": ('<path d="M4 12l8-8 8 8v8h-6v-5h-4v5H4z"/>', 1),
    }
    icons = [make_icon(name, lines(body, width)) for name, (body, width) in bodies.items()]
    indexing.index_icons([icon.pk for icon in icons])
    return icons


@pytest.mark.parametrize("width", [1, 1.5, 3])
def test_an_icon_is_found_at_another_width_which_is_said(houses: Sequence[Icon], width: float) -> None:
    best = search_by_picture(picture_of(stroked(HOUSE, width)), 5).hits[0]
    assert (best.icon.name, best.stroke) == ("house", width)


def test_the_icons_of_a_set_are_drawn_anew_although_another_set_has_that_width(houses: Sequence[Icon]) -> None:
    thin = IconSet.objects.create(prefix="thin", title="Thin")
    rival = Icon.objects.create(set=thin, name="house", svg=stroked(HOUSE, 1.5))
    indexing.index_icons([rival.pk])
    model = active_model()
    areas = search_areas(model, readings_by_area(model, picture_of(stroked(HOUSE, 1.5)), []), 10, ALL)

    def widths(area: Area) -> list[float | None]:
        return [candidate.stroke for candidate in area.candidates if candidate.icon_id == houses[0].pk]

    [surely] = with_other_widths(model, areas, ALL)
    assert surely.matches[0].icon_id == rival.pk and widths(surely) == [None]
    [of_set] = with_other_widths_of(model, areas, {houses[0].set_id})
    assert widths(of_set) == [1.5]
    [of_its_own] = with_other_widths_of(model, areas, {thin.pk})
    assert of_its_own is areas[0]


@pytest.mark.parametrize(("sets", "expected"), [((), ("house", 1)), (("thin",), ("window", None))])
def test_an_icon_is_found_although_hundreds_that_are_drawn_so_are_nearer(
    houses: Sequence[Icon], sets: Sequence[str], expected: tuple[str, float | None]
) -> None:
    thin = IconSet.objects.create(prefix="thin", title="Thin")
    rival = Icon.objects.create(set=thin, name="window", svg=stroked(HOUSE_WITH_WINDOW, 1))
    indexing.index_icons([rival.pk])
    model = active_model()
    readings = readings_by_area(model, picture_of(stroked(HOUSE, 1)), [])
    areas = search_areas(model, readings, 10, Filter(sets=("thin",)))  # as if all near vectors were of this set
    [area] = with_other_widths(model, areas, Filter(sets=tuple(sets)))
    best = area.matches[0]
    assert (Icon.objects.get(pk=best.icon_id).name, best.stroke) == expected


def test_what_a_set_has_is_looked_for_where_others_are_nearer(houses: Sequence[Icon]) -> None:
    """Among hundreds of stars, one set's is not among the nearest; where the set is known, it is compared as well."""
    model = active_model()
    readings = readings_by_area(model, picture_of(stroked(HOUSE, 2)), [])
    thin = IconSet.objects.create(prefix="thin", title="Thin")
    rival = Icon.objects.create(set=thin, name="house", svg=stroked(HOUSE_WITH_WINDOW, 2))
    indexing.index_icons([rival.pk])
    areas = search_areas(model, readings, 10, Filter(sets=("thin",)))
    assert {match.icon_id for match in areas[0].matches} == {rival.pk}
    [with_set] = with_nearest(model, areas, Filter(sets=("shapes",)), 2)
    names = [Icon.objects.get(pk=match.icon_id).name for match in with_set.matches]
    assert names[0] == "house" and with_set.matches[0].icon_id == houses[0].pk
    assert len(with_set.candidates) == len(areas[0].candidates) + 2 * len(areas[0].vectors)
    [again] = with_nearest(model, [with_set], Filter(sets=("shapes",)), 2)
    assert len(again.candidates) == len(with_set.candidates)  # what is known already is not compared twice


def test_an_icon_at_its_own_width_is_found_as_it_is(houses: Sequence[Icon]) -> None:
    best = search_by_picture(picture_of(stroked(HOUSE, 2)), 5).hits[0]
    assert (best.icon.name, best.stroke) == ("house", None) and "stroke" not in best.url + best.svg_url


def test_the_api_gives_the_icon_with_its_width(client: Client, houses: Sequence[Icon]) -> None:
    image = upload(png_of(stroked(HOUSE, 1.5)))
    best = client.post("/api/v1/search/image/", {"image": image}).json()["results"][0]
    assert best["icon"] == "shapes:house" and best["stroke"] == 1.5
    assert best["url"].endswith("/icons/shapes/house/?stroke=1.5")
    assert 'stroke-width="1.5"' in client.get(best["svg"]).content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "stroke 1.5"), ("zh-hans", "线宽 1.5")])
def test_the_page_says_the_width_and_links_to_it(
    client: Client, houses: Sequence[Icon], language: str, words: str
) -> None:
    image = upload(png_of(stroked(HOUSE, 1.5)))
    page = client.post("/", {"image": image}, follow=True, headers={"Accept-Language": language}).content.decode()
    assert words in page and 'href="/icons/shapes/house/?stroke=1.5"' in page
    assert 'name="add" value="shapes:house?stroke=1.5"' in page  # with which it goes into the bag
