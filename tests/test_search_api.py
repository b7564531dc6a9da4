"""The search by picture for programs: the API, and what it shares with the old system's `/upload`."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from django.conf import LazySettings
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from numpy.typing import NDArray
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from icons.models import Icon, IconSet
from icons.rendering import render
from search import indexing, picture_search
from search.areas import search_areas
from search.detection.regions import Region
from search.filters import ALL
from search.forms import CROP
from search.matching.matches import Candidate, Match, Twin
from search.meant import FEW, SOME, region_meant, region_of_the_same
from search.models import IconVector
from search.nearest import nearest_icons
from search.picture_search import BLANK_PICTURE
from tests.conftest import SHAPES, labelled, png_of, svg_of, upload

URL = "/api/v1/search/image/"


def post(client: Client, data: bytes | None, **fields: Any) -> Any:
    """The API's reply to a picture and further fields."""
    files = {} if data is None else {"image": upload(data)}
    return client.post(URL, {**files, **fields})


def shot(name: str, **options: Any) -> bytes:
    """A screenshot of one of the SHAPES, as PNG."""
    return png_of(svg_of(SHAPES[name]), **options)


@pytest.mark.parametrize("name", SHAPES)
def test_a_screenshot_finds_its_icon(client: Client, indexed_icons: dict[str, Icon], name: str) -> None:
    reply = post(client, shot(name, colour="#fc9")).json()
    assert reply["model"] == "vgg16-icons-2" and reply["took_ms"] > 0
    first = reply["results"][0]
    assert first["icon"] == f"shapes:{name}" and first["score"] > 0.9 and first["set"] == "shapes"
    assert first["url"] == f"http://testserver/icons/shapes/{name}/"
    assert client.get(first["svg"]).content.decode() == indexed_icons[name].svg
    scores = [hit["score"] for hit in reply["results"]]
    assert scores == sorted(scores, reverse=True) and len(scores) == len(SHAPES)


def test_the_old_model_finds_its_own_samples(client: Client, icons: dict[str, Icon], settings: LazySettings) -> None:
    settings.EMBEDDING_MODEL = "vgg16-imagenet"
    indexing.index_icons([icon.pk for icon in icons.values()])
    buffer = BytesIO()
    render(svg_of(SHAPES["home"]), 32).save(buffer, "PNG")
    reply = post(client, buffer.getvalue()).json()
    assert reply["model"] == "vgg16-imagenet" and reply["results"][0]["icon"] == "shapes:home"


def test_an_svg_is_a_query_too(client: Client, indexed_icons: dict[str, Icon]) -> None:
    reply = post(client, svg_of(SHAPES["cross"]).encode()).json()
    assert reply["results"][0]["icon"] == "shapes:cross"


def test_a_white_icon_on_transparent_is_found(client: Client, indexed_icons: dict[str, Icon]) -> None:
    white = svg_of(f'<g fill="#fff" color="#fff">{SHAPES["triangle"]}</g>')
    assert post(client, white.encode()).json()["results"][0]["icon"] == "shapes:triangle"


def test_limit_and_sets_are_obeyed(
    client: Client, indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon]
) -> None:
    other = IconSet.objects.create(prefix="other", title="Other")
    indexing.index_icons([make_icon("ring2", SHAPES["ring"], set=other).pk])
    assert len(post(client, shot("ring"), limit=2).json()["results"]) == 2
    results = post(client, shot("ring"), set="other").json()["results"]
    assert [hit["icon"] for hit in results] == ["other:ring2"]
    both = post(client, shot("ring"), set=["other", "shapes"]).json()["results"]
    assert len(both) == 5 and [len(hit["twins"]) for hit in both] == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"limit": "0"}, "limit", "The limit must be a whole number from 1 to 200."),
        ({"limit": "201"}, "limit", "The limit must be a whole number from 1 to 200."),
        ({"limit": "ten"}, "limit", "The limit must be a whole number from 1 to 200."),
        ({"limit": "9" * 5000}, "limit", "The limit must be a whole number from 1 to 200."),
        ({"set": "nope"}, "set", "There is no icon set “nope”."),
        ({"set": ["shapes", "x\x00"]}, "set", "There is no icon set “x\x00”."),
    ],
)
def test_a_bad_field_is_a_400_with_a_sentence(
    client: Client, icons: dict[str, Icon], fields: dict[str, Any], field: str, sentence: str
) -> None:
    reply = post(client, shot("ring"), **fields)
    assert reply.status_code == 400
    problem = reply.json()
    assert problem[field] == problem["errors"][field] == [sentence] and problem["detail"] == sentence


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (None, 400, "No picture was sent: send it as the multipart field “image”."),
        (b"", 400, "The file is empty."),
        (b"text", 400, "not a picture that can be read"),
        (b"\x00" * (10 * 1024 * 1024 + 1), 413, "larger than 10 MB"),
        (b"\x00" * (20 * 1024 * 1024), 413, "larger than 10 MB"),
        (svg_of("<script>1</script>").encode(), 400, "script"),
    ],
)
def test_a_bad_picture_is_refused_with_a_sentence(
    client: Client, db: None, data: bytes | None, status: int, sentence: str
) -> None:
    reply = post(client, data)
    assert reply.status_code == status
    assert list(reply.json()["errors"]) == ["image"] and sentence in reply.json()["image"][0]


def test_other_requests_are_answered_in_json(client: Client, db: None) -> None:
    assert client.get(URL).status_code == 405
    broken = client.post(URL, b"x", content_type="multipart/form-data")
    assert broken.status_code == 400 and "detail" in broken.json()
    assert client.post(URL, {"image": "a text"}).status_code == 400
    assert "detail" in client.get("/api/v1/nothing/").json()


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", MULTIPART_CONTENT], ids=["urlencoded", "multipart"]
)
def test_fields_that_are_too_large_are_a_413_with_its_sentence(client: Client, db: None, content_type: str) -> None:
    fields = {"words": "x" * 3_000_000}
    body: str | bytes = urlencode(fields) if content_type != MULTIPART_CONTENT else encode_multipart(BOUNDARY, fields)
    sentence = "The fields of the form are larger than 2.5 MB."
    reply = client.generic("POST", URL, body, content_type)
    assert reply.status_code == 413 and reply.json()["detail"] == sentence
    page = client.generic("POST", "/", body, content_type)
    assert page.status_code == 413 and f"<h1>{sentence}" in page.content.decode()


FORMS_ONLY = "The body must be of type multipart/form-data or application/x-www-form-urlencoded."
READABLE = "The body must be a form (multipart/form-data), JSON (application/json) or a picture (image/…)."


@pytest.mark.parametrize("content_type", ["video/mp4", "text/plain; charset=utf-8", ""])
@pytest.mark.parametrize("body", [b"", b"{}", b"x" * 100_000], ids=["empty", "short", "long"])
def test_a_body_of_another_type_is_a_415_that_names_what_is_right(
    client: Client, db: None, content_type: str, body: bytes
) -> None:
    reply = client.post(URL, body, content_type=content_type)
    assert reply.status_code == 415 and reply.json()["detail"] == READABLE
    reply = client.post("/upload", body, content_type=content_type)
    assert reply.status_code == 415 and reply.json() == {"data": [], "error": FORMS_ONLY}


@pytest.mark.parametrize(
    "content_type", ["Multipart/Form-Data; boundary=x", "application/x-www-form-urlencoded; charset=utf-8"]
)
def test_both_types_of_a_form_are_taken(client: Client, db: None, content_type: str) -> None:
    assert client.post(URL, b"a=b", content_type=content_type).status_code == 400


def test_a_body_that_is_no_form_and_too_large_is_a_413(client: Client, db: None) -> None:
    reply = client.post(URL, b"\x00" * (20 * 1024 * 1024), content_type="application/json")
    assert reply.status_code == 413 and "larger than 10 MB" in reply.json()["image"][0]


def test_a_blank_picture_has_no_results_and_a_reason(client: Client, indexed_icons: dict[str, Icon]) -> None:
    buffer = BytesIO()
    Image.new("RGB", (64, 64), "white").save(buffer, "PNG")
    reply = post(client, buffer.getvalue())
    assert reply.status_code == 200
    assert reply.json()["results"] == [] and reply.json()["reason"] == BLANK_PICTURE


def test_an_empty_index_has_a_reason(client: Client, icons: dict[str, Icon]) -> None:
    assert "No icon is indexed yet" in post(client, shot("ring")).json()["reason"]


def test_a_doubtful_answer_says_so(client: Client, indexed_icons: dict[str, Icon], settings: LazySettings) -> None:
    assert post(client, shot("ring")).json()["confident"] is True
    settings.CONFIDENT_FROM = 1.1
    assert post(client, shot("ring")).json()["confident"] is False


# --- a model with several views; parts of pictures ---


@pytest.fixture
def indexed_drawings(drawings_model: str, icons: dict[str, Icon]) -> dict[str, Icon]:
    """Icons of the SHAPES, indexed without a network."""
    indexing.index_icons([icon.pk for icon in icons.values()])
    return icons


def encoded(picture: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    """The picture as a file."""
    buffer = BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()


def drawn(name: str, side: int = 48, ground: Any = "white", colour: str = "black") -> Image.Image:
    """An icon amid a picture of twice its side."""
    icon = render(svg_of(f'<g fill="{colour}" color="{colour}">{SHAPES[name]}</g>'), side)
    picture = Image.new("RGBA", (2 * side, 2 * side), ground)
    picture.alpha_composite(icon, (side // 2, side // 2))
    return picture


def toolbar(*names: str) -> Image.Image:
    """A picture of some of the SHAPES, side by side."""
    picture = Image.new("RGB", (72 * len(names), 72), "#f4f5f7")
    for at, name in enumerate(names):
        icon = render(svg_of(SHAPES[name]), 32)
        picture.paste(icon, (72 * at + 20, 20), icon)
    return picture


def first(reply: Any) -> str:
    """The public id of the best icon in a reply."""
    return str(reply.json()["results"][0]["icon"])


def test_stored_signatures_are_the_models_own(indexed_drawings: dict[str, Icon]) -> None:
    rows = IconVector.objects.filter(vector__isnull=False)
    assert len(rows) == len(SHAPES)
    assert all(row.vector is not None and len(row.vector) == 256 for row in rows)
    assert all(0 < len(row.signature) <= 1210 for row in rows)


@pytest.mark.parametrize("name", SHAPES)
def test_several_views_find_the_icon_on_its_button(client: Client, indexed_icons: dict[str, Icon], name: str) -> None:
    picture = drawn(name, ground="#1d5bd6", colour="white").convert("RGB")
    page = Image.new("RGB", (140, 140), "white")
    page.paste(picture, (22, 22))
    reply = post(client, encoded(page))
    assert reply.json()["model"] == "vgg16-icons-2" and first(reply) == f"shapes:{name}"
    assert 0.8 < reply.json()["results"][0]["score"] <= 1 and reply.json()["confident"]


@pytest.mark.parametrize("colour", ["white", "black", "#c33"])
def test_alpha_is_the_drawing_of_a_transparent_picture(
    client: Client, indexed_drawings: dict[str, Icon], colour: str
) -> None:
    assert first(post(client, encoded(drawn("home", ground=(0, 0, 0, 0), colour=colour)))) == "shapes:home"


@pytest.mark.parametrize("format", ["GIF", "WEBP"])
def test_the_first_frame_of_an_animation_is_searched(
    client: Client, indexed_drawings: dict[str, Icon], format: str
) -> None:
    frames = [drawn(name).convert("RGB") for name in ("cross", "square")]
    assert first(post(client, encoded(frames[0], format, save_all=True, append_images=frames[1:]))) == "shapes:cross"


TURNS = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}


@pytest.mark.parametrize("orientation", TURNS)
def test_a_picture_is_turned_and_then_cropped(
    client: Client, indexed_drawings: dict[str, Icon], orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = toolbar("home", "triangle").resize((576, 288))
    data = encoded(upright.transpose(TURNS[orientation]), "JPEG", exif=exif, quality=95)
    assert first(post(client, data, crop="0,0,0.5,1")) == "shapes:home"
    assert first(post(client, data, crop="0.5, 0, 0.5, 1")) == "shapes:triangle"


def test_a_small_crop_of_a_large_picture_keeps_its_pixels(client: Client, indexed_drawings: dict[str, Icon]) -> None:
    window = Image.new("RGB", (5000, 3000), "white")
    icon = render(svg_of(SHAPES["home"]), 16)
    window.paste(icon, (4000, 1500), icon)
    reply = post(client, encoded(window), crop="0.798,0.498,0.0072,0.0095")
    assert first(reply) == "shapes:home" and reply.json()["results"][0]["score"] > 0.95


@pytest.mark.parametrize(
    "crop", ["1", "a,b,c,d", "0,0,1", "0,0,1,1,1", "0,0,0,1", "-0.1,0,1,1", "0.5,0,0.6,1", "0,0,nan,1", "nan,0,1,1",
             "0,0,inf,1", "0,0,1e-400,1", "0,0,100,50"]
)  # fmt: skip
def test_a_malformed_crop_is_a_400_with_a_sentence(client: Client, icons: dict[str, Icon], crop: str) -> None:
    reply = post(client, shot("ring"), crop=crop)
    assert reply.status_code == 400 and reply.json()["errors"] == {"crop": [CROP]}


def test_a_toolbar_gives_its_icons(client: Client, indexed_drawings: dict[str, Icon]) -> None:
    names = ["home", "square", "ring", "triangle", "cross"]
    reply = post(client, encoded(toolbar(*names))).json()
    assert [region["results"][0]["icon"] for region in reply["regions"]] == [f"shapes:{name}" for name in names]
    for at, region in enumerate(reply["regions"]):
        x, y, width, height = region["box"]
        assert at / 5 < x < x + width < (at + 1) / 5 and 0 < y < y + height < 1
        assert 0 <= region["confidence"] <= 1 and len(region["results"]) == 5
    assert reply["results"][0]["icon"] == "shapes:home"  # the first of a row


@pytest.mark.parametrize("name", sorted(SHAPES.keys() - {"square"}))  # which, before a text, is a box to tick
def test_an_icon_with_a_label_is_found_and_is_the_one_region(
    client: Client, indexed_drawings: dict[str, Icon], name: str
) -> None:
    reply = post(client, encoded(labelled(name))).json()
    (region,) = reply["regions"]
    assert region["box"][0] + region["box"][2] < 0.2
    assert reply["results"][0]["icon"] == region["results"][0]["icon"] == f"shapes:{name}"


def test_where_an_icon_is_surely_meant_the_whole_is_looked_at_no_further(indexed_drawings: dict[str, Icon]) -> None:
    read = picture_search.read_picture(labelled("home"))
    whole, icon = search_areas(read.model, read.areas, 5, ALL, [0.95])
    assert icon.matches[0].icon_id == indexed_drawings["home"].pk
    assert not whole.matches and not whole.candidates
    whole, icon = search_areas(read.model, read.areas, 5, ALL, [0.85])  # which may be no icon
    assert whole.matches and icon.matches


def test_a_small_icon_alone_on_a_large_screen_is_found(client: Client, indexed_icons: dict[str, Icon]) -> None:
    screen = Image.new("RGB", (5120, 2880), "#f4f5f7")
    drawing = render(svg_of(SHAPES["home"]), 48)
    screen.paste(drawing, (3000, 1700), drawing)
    reply = post(client, encoded(screen)).json()
    assert reply["results"][0]["icon"] == "shapes:home"
    (region,) = reply["regions"]
    assert region["box"][0] < 3024 / 5120 < region["box"][0] + region["box"][2]


def test_where_no_icon_is_sure_several_speak_against_the_whole() -> None:
    first, second = Region((0.03, 0.1, 0.17, 0.8), 0.48), Region((0.54, 0.1, 0.16, 0.8), 0.58)
    size, whole = (87, 19), [Match(1, 0.66, 0.66)]
    pause, bin, another_pause = Match(2, 0.7, 0.7), Match(3, 0.9, 0.9), Match(2, 0.9, 0.9)
    assert region_meant(size, [first], whole, [[pause]]) is None
    assert region_meant(size, [first, second], whole, [[pause], [bin]]) == 0
    assert region_meant(size, [first, second], whole, [[pause], [another_pause]]) is None  # parts of one icon


@pytest.mark.parametrize(
    ("looks", "whole", "chosen", "confident"),
    [(0.6, False, False, True), (0.1, False, False, False), (0.1, False, True, True), (0.1, True, False, True)],
)
def test_what_looks_like_no_icon_is_not_called_one(
    indexed_drawings: dict[str, Icon],
    monkeypatch: pytest.MonkeyPatch,
    looks: float,
    whole: bool,
    chosen: bool,
    confident: bool,
) -> None:
    read = replace(picture_search.read_picture(drawn("home"), regions=not chosen), looks=looks)
    present = 0.96 if whole else 0.8
    [area] = search_areas(read.model, read.areas[:1], 1, ALL)
    area = replace(area, matches=[Match(indexed_drawings["home"].pk, present, present, whole=whole)])
    monkeypatch.setattr(picture_search, "search_areas", lambda *arguments: [area] * len(read.areas))
    monkeypatch.setattr(picture_search, "with_other_widths", lambda model, areas, within: areas)
    assert read.search(1).confident == confident


@pytest.mark.parametrize(("places", "told"), [(SOME, SOME), (SOME + 1, 0)])
def test_among_many_places_only_the_surer_ones_are_told(
    indexed_drawings: dict[str, Icon], monkeypatch: pytest.MonkeyPatch, places: int, told: int
) -> None:
    regions = [Region((at / places, 0.2, 0.5 / places, 0.6), 0.5) for at in range(places)]
    read = picture_search.read_picture(drawn("home"))
    read = replace(read, regions=regions, areas=[read.areas[0]] * (1 + places))
    [area] = search_areas(read.model, read.areas[:1], 1, ALL)
    area = replace(area, matches=[Match(indexed_drawings["home"].pk, 0.6, 0.6)])
    monkeypatch.setattr(picture_search, "search_areas", lambda *arguments: [area] * len(read.areas))
    monkeypatch.setattr(picture_search, "with_other_widths", lambda model, areas, within: areas)
    answer = read.search(1)
    assert (len(answer.regions), len(answer.perhaps)) == (told, places - told)


@pytest.mark.parametrize(
    ("whole", "present", "places", "told"),
    [(0.4, 0.5, 1, 1), (0.4, 0.1, 1, 0), (0.6, 0.7, 1, 0), (0.4, 0.5, FEW + 1, 0)],
)
def test_what_looks_like_no_icon_is_shown_where_the_library_lacks_the_whole(
    indexed_drawings: dict[str, Icon],
    monkeypatch: pytest.MonkeyPatch,
    whole: float,
    present: float,
    places: int,
    told: int,
) -> None:
    home, ring = (indexed_drawings[name].pk for name in ("home", "ring"))
    regions = [Region((at / places, 0.2, 0.5 / places, 0.6), 0.06) for at in range(places)]
    read = picture_search.read_picture(drawn("home"))
    read = replace(read, looks=0.06, regions=regions, areas=[read.areas[0]] * (1 + places))
    [area] = search_areas(read.model, read.areas[:1], 1, ALL)
    found = [
        replace(area, matches=[Match(icon, score, score)])
        for icon, score in [(home, whole), *[(ring, present)] * places]
    ]
    monkeypatch.setattr(picture_search, "search_areas", lambda *arguments: found)
    monkeypatch.setattr(picture_search, "with_other_widths", lambda model, areas, within: areas)
    answer = read.search(1)
    assert (len(answer.regions), len(answer.perhaps)) == (told, places - told)
    assert answer.hits[0].icon.pk == (ring if told else home) and not answer.confident


def test_a_region_that_shows_the_icon_of_the_whole_is_meant() -> None:
    twins = (Twin(2, 0.5), Twin(3, 0.9))
    whole = [Match(1, 0.98, 0.98, twins=twins), Match(4, 0.1, 0.98)]
    assert region_of_the_same(whole, [[Match(4, 0.7, 0.7)], [], [Match(3, 0.7, 0.7)], [Match(1, 0.9, 0.9)]]) == 2
    assert region_of_the_same(whole, [[Match(4, 0.7, 0.7)]]) is None
    assert region_of_the_same([], [[Match(4, 0.7, 0.7)]]) is None


def test_what_the_library_surely_has_is_meant_although_its_looks_leave_that_open() -> None:
    ring, size, word = Region((0.05, 0.3, 0.1, 0.4), 0.1), (120, 32), [Match(1, 0.35, 0.35)]
    assert region_meant(size, [ring], word, [[Match(2, 0.997, 0.997)]]) == 0
    assert region_meant(size, [ring], word, [[Match(2, 0.9, 0.9)]]) is None
    assert region_meant(size, [ring], [Match(1, 0.9, 0.9)], [[Match(2, 0.997, 0.997)]]) is None


def test_a_part_of_an_icon_that_is_surely_there_is_not_meant() -> None:
    arrow, size = Region((0.2, 0.3, 0.4, 0.4), 0.99), (96, 96)
    assert region_meant(size, [arrow], [Match(1, 0.99, 0.99, whole=True)], [[Match(2, 0.9, 0.9)]]) is None
    assert region_meant(size, [arrow], [Match(1, 0.99, 0.99)], [[Match(2, 0.9, 0.9)]]) == 0  # for a part of it as well
    assert region_meant(size, [arrow], [Match(1, 0.96, 0.96, whole=True)], [[Match(2, 0.99, 0.99)]]) == 0


def test_one_icon_is_a_region_where_it_has_room_around_it(client: Client, indexed_drawings: dict[str, Icon]) -> None:
    roomy = Image.new("RGB", (160, 120), "white")
    roomy.paste(drawn("home").convert("RGB").resize((48, 48)), (70, 30))
    reply = post(client, encoded(roomy)).json()
    (region,) = reply["regions"]
    left, top, width, height = region["box"]
    assert 70 / 160 < left + width / 2 < 118 / 160 and 30 / 120 < top + height / 2 < 78 / 120
    assert [hit["icon"] for hit in region["results"]] == [hit["icon"] for hit in reply["results"][:5]]
    edges = left - 0.02, top - 0.02, left + width + 0.02, top + height + 0.02
    tight = roomy.crop(tuple(round(edge * side) for edge, side in zip(edges, (160, 120, 160, 120), strict=True)))
    assert post(client, encoded(tight)).json()["regions"] == []
    assert post(client, encoded(toolbar("home", "ring")), crop="0,0,0.5,1").json()["regions"] == []


@pytest.mark.parametrize("side", [48, 96])
def test_an_icon_of_three_parts_has_no_regions(client: Client, indexed_drawings: dict[str, Icon], side: int) -> None:
    body = "".join(f'<circle cx="{x}" cy="12" r="2"/>' for x in (4, 12, 20))
    dots = Icon.objects.create(set=IconSet.objects.get(prefix="shapes"), name="dots", svg=svg_of(body))
    indexing.index_icons([dots.pk])
    reply = post(client, png_of(svg_of(body), side=side)).json()
    assert reply["results"][0]["icon"] == "shapes:dots" and reply["regions"] == []


def test_a_search_asks_the_database_a_fixed_number_of_times(
    client: Client,
    indexed_drawings: dict[str, Icon],
    django_assert_max_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post(client, encoded(toolbar("home")))  # learns which model answers
    asked: list[int] = []  # for each question for candidates, which Django does not see, how many readings it had

    def counted(model: str, vectors: NDArray[np.float32], *rest: Any) -> list[Candidate]:
        asked.append(len(vectors))
        return nearest_icons(model, vectors, *rest)

    monkeypatch.setattr("search.areas.nearest_icons", counted)
    # With the savepoints of a test, their releases, and what is asked of the sets that hold the icons, of which twice
    # what siblings they have.
    with django_assert_max_num_queries(15):
        post(client, encoded(toolbar("home", "ring", "cross")))
    assert len(asked) <= 2 and asked[0] == 4  # the whole and three icons by their likeliest reading, then the others


def test_words_beside_a_picture_find_icons_in_its_style(
    client: Client, indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon]
) -> None:
    other = IconSet.objects.create(prefix="other", title="Other")
    found = [make_icon("printer", SHAPES["home"], set=other), make_icon("printer", SHAPES["square"])]
    found.append(make_icon("printer-off", SHAPES["ring"]))
    indexing.index_icons([icon.pk for icon in found])
    reply = post(client, shot("cross"), words="printer").json()
    assert [icon["icon"] for icon in reply["in_style"]] == ["shapes:printer", "other:printer", "shapes:printer-off"]
    assert "in_style" not in post(client, shot("cross")).json()
    assert post(client, shot("cross"), words="nothing", set="other").json()["in_style"] == []
    address = client.post("/", {"image": upload(shot("cross"))})["Location"]
    page = client.get(address, {"words": "printer", "set": "other"}).content.decode()
    assert "“printer” in the style of the picture" in page


def test_words_beside_a_picture_read_it_once(
    client: Client, indexed_icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Image.Image] = []

    def no_regions(picture: Image.Image) -> tuple[list[Region], float]:
        told.append(picture)
        return [], 0.9

    monkeypatch.setattr(picture_search, "look_for_icons", no_regions)
    assert "in_style" in post(client, shot("cross"), words="home").json()
    assert len(told) == 1
    address = client.post("/", {"image": upload(shot("cross"))})["Location"]
    assert "in the style" in client.get(address, {"words": "home", "part": "results"}).content.decode()
    assert len(told) == 2
