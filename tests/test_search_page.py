"""The search by picture as a page: its address, its fragments, and its filters."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from django.conf import LazySettings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from PIL import Image

from icons.models import Icon, IconSet
from icons.rendering import render
from search import indexing, tasks
from search.hits import Hit
from search.models import KeptPicture
from search.picture_search import Answer
from search.templatetags.matches import in_words
from tests.conftest import SHAPES, labelled, png_of, svg_of, upload

HOME = png_of(svg_of(SHAPES["home"]))


def post(client: Client, data: bytes = HOME, **fields: Any) -> Any:
    """The page's reply to a picture that is posted with further fields."""
    return client.post("/", {"image": upload(data), **fields})


def address_of(client: Client, data: bytes = HOME, **fields: Any) -> str:
    """The address of the search for a picture that was posted."""
    reply = post(client, data, **fields)
    assert reply.status_code == 302
    return str(reply["Location"])


def page_of(client: Client, data: bytes = HOME, **query: Any) -> str:
    """The page of the search for a picture, with this query in its address."""
    return client.get(address_of(client, data), query).content.decode()


def names_on(page: str) -> list[str]:
    """The public ids of the icons that a page shows as matches, best first."""
    hits = page[page.index('<ol class="grid matches">') :].partition("</ol>")[0]
    return re.findall(r'data-icon="(.*?)"', hits)


def toolbar() -> bytes:
    """A picture of a home and a cross, side by side."""
    picture = Image.new("RGB", (160, 72), "white")
    for at, name in enumerate(("home", "cross")):
        icon = render(svg_of(SHAPES[name]), 32)
        picture.paste(icon, (20 + 80 * at, 20), icon)
    return encoded(picture)


def encoded(picture: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    """The picture as a file."""
    buffer = BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()


# --- its address ---


def test_a_posted_picture_is_answered_at_an_address_of_its_own(client: Client, indexed_icons: dict[str, Icon]) -> None:
    address = address_of(client)
    assert re.fullmatch(r"/find/[\w-]{22}/", address)
    reply = Client().get(address)  # anybody who has it
    page = reply.content.decode()
    assert names_on(page)[0] == "shapes:home" and f'src="{address}picture"' in page
    for text in ("Shapes", "MIT", "Almost certain match, ", "<meter max", "/icons/shapes/home.svg"):
        assert text in page[page.index('<ol class="grid matches">') :].partition("</li>")[0]
    assert reply["X-Robots-Tag"] == "noindex" and "private" in reply["Cache-Control"]


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (1.0, "Almost certain match, 99\xa0%"),
        (0.8, "Almost certain match, 80\xa0%"),
        (0.151, "Possible match, 15\xa0%"),
        (0.0049, "Loosely similar"),
    ],
)
def test_how_probable_a_match_is_is_said_in_words(score: float, words: str) -> None:
    assert in_words(score) == words


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((40, 60), "tall"),
        ((60, 60), "flat"),
        ((500, 400), "wide"),
        ((400, 100), "long"),
        ((400, 50), "long low"),
        ((800, 50), "long strip"),
    ],
)
def test_the_page_is_laid_out_as_the_picture_needs(client: Client, db: None, size: tuple[int, int], shape: str) -> None:
    assert f'<div class="picture-answer {shape}"' in page_of(client, encoded(Image.new("RGB", size)))


def test_two_pictures_have_addresses_that_nobody_guesses(client: Client, db: None) -> None:
    assert address_of(client) != address_of(client)
    for key in ("guess", "%00", "a%0Ab", "x" * 2000):
        assert client.get(f"/find/{key}/").status_code == client.get(f"/find/{key}/picture").status_code == 404


def test_the_picture_is_served_as_it_was_and_without_its_metadata(client: Client, db: None) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    reply = client.get(address_of(client, encoded(Image.new("RGB", (30, 20), "red"), exif=exif)) + "picture")
    picture = Image.open(BytesIO(reply.content))
    assert reply["Content-Type"] == "image/png" and reply["X-Content-Type-Options"] == "nosniff"
    assert picture.size == (30, 20) and picture.getpixel((3, 3)) == (255, 0, 0) and b"taken" not in reply.content


def test_a_large_photograph_is_kept_as_jpeg(client: Client, db: None) -> None:
    photograph = Image.effect_noise((2600, 1700), 90).convert("RGB")
    reply = client.get(address_of(client, encoded(photograph, "JPEG", quality=80)) + "picture")
    assert reply["Content-Type"] == "image/jpeg" and Image.open(BytesIO(reply.content)).size == (2600, 1700)


def test_an_svg_is_kept_cleaned_and_cannot_run_anything(client: Client, indexed_icons: dict[str, Icon]) -> None:
    address = address_of(client, svg_of(f'<g onclick="alert(1)">{SHAPES["cross"]}</g>').encode())
    reply = client.get(f"{address}picture")
    assert reply["Content-Type"] == "image/svg+xml" and b"onclick" not in reply.content
    assert "sandbox" in reply["Content-Security-Policy"]
    assert names_on(client.get(address).content.decode())[0] == "shapes:cross"


def test_a_wide_svg_is_cut_in_fractions_of_itself(client: Client, indexed_icons: dict[str, Icon]) -> None:
    two = f'<g>{SHAPES["square"]}</g><g transform="translate(48 0)">{SHAPES["cross"]}</g>'
    wide = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 24">{two}</svg>'.encode()
    page = page_of(client, wide, crop="0.66,0,0.34,1")
    assert 'width="256" height="86"' in page and names_on(page)[0] == "shapes:cross"
    assert names_on(page_of(client, wide, crop="0,0,0.34,1"))[0] == "shapes:square"


@pytest.mark.parametrize("crop", ["0,0,5e-324,5e-324", "0,0,1e-300,1", "1,1,0.001,0.001"])
@pytest.mark.parametrize("data", [HOME, svg_of(SHAPES["home"]).encode()])
def test_the_smallest_crops_are_answered(
    client: Client, indexed_icons: dict[str, Icon], data: bytes, crop: str
) -> None:
    assert client.get(address_of(client, data), {"crop": crop}).status_code == 200


def test_a_blank_crop_is_the_whole_picture(client: Client, indexed_icons: dict[str, Icon]) -> None:
    assert 'data-crop=""' in page_of(client, crop=" ")


def test_a_picture_takes_no_more_room_than_may_be_sent(client: Client, db: None, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 10_000
    noise = Image.effect_noise((100, 80), 90)
    picture = Image.merge("RGBA", [noise, noise, noise, noise])
    kept = KeptPicture.objects.keep(encoded(picture))
    assert kept.size <= 10_000 and (kept.width, kept.height) == (50, 40)
    assert kept.open().mode == "RGBA"


def test_a_picture_is_forgotten_after_its_time(client: Client, db: None, settings: LazySettings) -> None:
    address, younger = address_of(client), address_of(client)
    KeptPicture.objects.filter(key=address.split("/")[2]).update(
        created_at=timezone.now() - timedelta(hours=settings.QUERY_HOURS, minutes=1)
    )
    for path in (address, f"{address}picture"):
        reply = client.get(path)
        assert reply.status_code == 404 and "no longer kept" in reply.content.decode()
    assert tasks.delete_old_pictures() == 1
    assert [kept.get_absolute_url() for kept in KeptPicture.objects.all()] == [younger]


def test_the_oldest_pictures_go_where_all_take_too_much_room(client: Client, db: None, settings: LazySettings) -> None:
    addresses = [address_of(client) for _ in range(3)]
    settings.QUERY_MAX_BYTES = 2 * KeptPicture.objects.latest("pk").size
    assert tasks.delete_old_pictures() == 1
    assert [client.get(address).status_code for address in addresses] == [404, 200, 200]


def test_the_room_for_pictures_is_kept_at_once_and_large_ones_go_first(db: None, settings: LazySettings) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 300, 3), np.uint8))
    small, large = (KeptPicture.objects.keep(encoded(picture)) for picture in (noise.resize((30, 30)), noise))
    minutes = timezone.now() - timedelta(minutes=1)
    KeptPicture.objects.update(created_at=minutes)
    KeptPicture.objects.filter(pk=small.pk).update(created_at=minutes - timedelta(minutes=5))
    settings.QUERY_MAX_BYTES = large.size + small.size + 100
    newest = KeptPicture.objects.keep(encoded(noise.resize((60, 60))))
    assert set(KeptPicture.objects.values_list("pk", flat=True)) == {small.pk, newest.pk}


@pytest.mark.parametrize(("data", "status"), [(b"text", 400), (b"", 400), (b"\x00" * (15 * 1024 * 1024), 413)])
@pytest.mark.parametrize("part", ["", "answer"])
def test_a_bad_upload_is_refused_on_the_page_and_not_kept(
    client: Client, db: None, data: bytes, status: int, part: str
) -> None:
    for draft in ({}, {"draft": "1"}):
        reply = client.post(f"/?part={part}", {"image": upload(data), **draft})
        assert reply.status_code == status and b'role="alert"' in reply.content
        assert (b"<html" in reply.content) == (not part) and not KeptPicture.objects.exists()


@pytest.mark.parametrize("part", ["", "found"])
def test_a_body_that_is_no_form_is_refused_on_the_page(client: Client, db: None, part: str) -> None:
    reply = client.post(f"/?part={part}", b"{}", content_type="application/json")
    assert reply.status_code == 415 and "The body must be of type multipart/form-data" in reply.content.decode()


def test_a_search_with_nothing_chosen_is_refused_on_the_page(client: Client, db: None) -> None:
    assert "No picture was sent: choose, drop or paste one.</li>" in client.post("/").content.decode()


# --- what it says ---


def test_an_answer_that_is_not_sure_says_so(
    client: Client, indexed_icons: dict[str, Icon], settings: LazySettings
) -> None:
    assert "The 5 best matches" in page_of(client)
    settings.CONFIDENT_FROM = 1.1
    assert "There is no good match. These icons come closest." in page_of(client)


def test_icons_of_which_several_may_be_it_are_not_called_bad_matches(icons: dict[str, Icon]) -> None:
    def said(*scores: float) -> str:
        hits = [Hit(icons["square"], score, present=0.3) for score in scores]
        return render_to_string("search/_results.html", {"answer": Answer("model", hits)})

    assert "Several icons may be the right one. These come closest." in said(0.21, 0.21, 0.2)
    assert "There is no good match. These icons come closest." in said(0.21, 0.1)
    assert "There is no good match. These icons come closest." in said(0.2)


@pytest.mark.parametrize("words", ["!!!", "🙂"])
def test_signs_alone_are_words_that_nothing_has(client: Client, indexed_icons: dict[str, Icon], words: str) -> None:
    assert "No indexed icon matches all of your filters" in page_of(client, words=words)


def test_where_a_filter_lets_nothing_through_no_rows_are_shown(client: Client, indexed_icons: dict[str, Icon]) -> None:
    page = page_of(client, toolbar(), palette="colour")
    assert "No indexed icon matches all of your filters" in page
    assert "The picture shows several icons" not in page and 'class="regions"' not in page


def sure_outlines(page: str) -> int:
    """How many places of the picture are outlined as icons."""
    return page.count("<rect x=") - page.count('class="perhaps"')


def test_one_icon_beside_a_text_is_outlined_and_answered(client: Client, indexed_icons: dict[str, Icon]) -> None:
    buffer = BytesIO()
    labelled("home").save(buffer, "PNG")
    page = page_of(client, buffer.getvalue())
    assert names_on(page)[0] == "shapes:home" and "best match" in page
    assert sure_outlines(page) == page.count('aria-current="true"') == 1
    assert "The picture shows several icons" not in page and "matches for icon" not in page


def test_several_icons_are_outlined_and_each_is_answered(client: Client, indexed_icons: dict[str, Icon]) -> None:
    page = page_of(client, toolbar())
    regions = page[page.index('<ol class="regions">') : page.index("The best matches for icon")]
    assert regions.count('src="data:image/png;base64,') == 2 and regions.count("/icons/shapes/home/") == 2
    crops = re.findall(r'<a href="\?crop=(.*?)" data-crop="(.*?)" aria-label="Icon \d of 2', page)
    assert len(crops) == 2 and sure_outlines(page) == 2 and page.count('aria-current="true"') == 1
    cropped = page_of(client, toolbar(), crop=crops[1][1])
    assert names_on(cropped)[0] == "shapes:cross"
    assert sure_outlines(cropped) == 2 and cropped.count('aria-current="true"') == 2  # and in the list
    assert f'data-crop="{crops[1][1]}"' in cropped and f'name="crop" value="{crops[1][1]}"' in cropped


def test_parts_of_the_page_are_given_for_its_script(client: Client, indexed_icons: dict[str, Icon]) -> None:
    address = address_of(client)
    answer, results = (client.get(address, {"part": part}).content.decode() for part in ("answer", "results"))
    assert "<html" not in answer and 'id="picture"' in answer and names_on(answer)[0] == "shapes:home"
    assert 'id="picture"' not in results and names_on(results)[0] == "shapes:home"
    assert client.post("/?part=answer", {"image": upload(HOME)})["Location"].endswith("/?part=answer")


def test_a_draft_is_answered_and_not_kept(client: Client, indexed_icons: dict[str, Icon]) -> None:
    reply = client.post("/?part=answer", {"image": upload(HOME), "draft": "1", "palette": "mono"})
    page = reply.content.decode()
    assert reply.status_code == 200 and names_on(page)[0] == "shapes:home"
    assert 'id="picture"' not in page and 'data-address=""' in page and not KeptPicture.objects.exists()


def test_more_icons_are_a_link_away(client: Client, icon_set: IconSet, drawings_model: str) -> None:
    circles = [f'<circle cx="{8 + i % 6}" cy="{8 + i // 6}" r="6"/>' for i in range(30)]
    icons = [Icon.objects.create(set=icon_set, name=f"c{i}", svg=svg_of(body)) for i, body in enumerate(circles)]
    indexing.index_icons([icon.pk for icon in icons])
    page = page_of(client)
    assert len(names_on(page)) == 24 and 'href="?limit=96"' in page
    page = page_of(client, limit="96")
    assert len(names_on(page)) == 30 and "Show more" not in page


# --- what it is narrowed down to ---


@pytest.fixture
def library(indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon]) -> None:
    """The shapes of one colour, and some in another set: a red ring, and an outlined home in green."""
    other = IconSet.objects.create(prefix="other", title="Other", licence="Free for all")
    red = make_icon("ring", f'<g color="#d00">{SHAPES["ring"]}</g>', set=other)
    green = make_icon("home-outline", f'<g fill="none" stroke="#0a0">{SHAPES["home"]}</g>', set=other, tags=["house"])
    indexing.index_icons([red.pk, green.pk])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"set": "other"}, {"other:ring", "other:home-outline"}),
        ({"set": ["other", "shapes"], "palette": "colour"}, {"other:ring", "other:home-outline"}),
        ({"licence": "MIT", "style": "filled", "words": "home"}, {"shapes:home"}),
        ({"licence": "Free for all", "words": "house"}, {"other:home-outline"}),
        ({"palette": "mono", "words": "ring"}, {"shapes:ring"}),
        ({"style": "outline"}, {"shapes:ring", "other:ring", "other:home-outline"}),
        ({"words": "home"}, {"shapes:home", "other:home-outline"}),
        ({"words": " ", "set": ""}, {f"shapes:{name}" for name in SHAPES} | {"other:ring", "other:home-outline"}),
    ],
)
def test_a_search_is_narrowed_down(client: Client, library: None, query: dict[str, Any], expected: set[str]) -> None:
    assert set(names_on(page_of(client, **query))) == expected
    reply = client.post("/api/v1/search/image/", {"image": upload(HOME), **query})
    assert {hit["icon"] for hit in reply.json()["results"]} == expected


def test_where_nothing_is_left_the_page_says_so(client: Client, library: None) -> None:
    page = page_of(client, set="other", style="duotone")
    assert "No indexed icon matches all of your filters" in page and "No icon is indexed yet" not in page


def test_the_choice_is_kept_when_another_picture_is_posted(client: Client, library: None) -> None:
    assert address_of(client, set=["other", ""], words="ring", crop="0,0,1,1").endswith("/?set=other&words=ring")
    page = page_of(client, set="other", palette="colour", words="ring")
    assert 'value="other" checked' in page and 'value="colour" selected' in page and 'name="words" value="ring"' in page
    assert 'value="shapes" checked' not in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("set", "nope", "There is no icon set “nope”."),
        ("licence", "x" * 500, f"No icon set has the licence “{'x' * 100}”."),
        ("palette", "blue", "The palette is “mono” or “colour”, not “blue”."),
        ("style", "odd", "The style is “outline”, “filled” or “duotone”, not “odd”."),
        ("crop", "0,0,nan,1", "The crop must be four numbers"),
        ("words", "x" * 201, "at most 200 characters"),
        ("words", "\x00", "Null characters are not allowed."),
        ("limit", "1e9", "The limit must be a whole number from 1 to 200."),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_with_a_sentence(
    client: Client, library: None, field: str, value: str, sentence: str
) -> None:
    reply = client.get(address_of(client), {field: value})
    assert reply.status_code == 400 and sentence in reply.content.decode()
    answer = client.post("/api/v1/search/image/", {"image": upload(HOME), field: value})
    assert answer.status_code == 400 and sentence in answer.json()[field][0]


def test_the_other_icons_stay_when_a_part_is_chosen(client: Client, indexed_icons: dict[str, Icon]) -> None:
    address = address_of(client, toolbar())
    whole = client.get(address).content.decode()
    crops = re.findall(r'class="region-picture" href="[^"]*" data-crop="([^"]+)"', whole)
    assert len(crops) == 2
    part = client.get(address, {"crop": crops[1]}).content.decode()  # as without JavaScript
    assert names_on(part)[0] == "shapes:cross" and part.count('class="region-picture"') == 2
    assert re.search(rf'data-crop="{crops[1]}" aria-current="true"><img', part)
    assert 'data-name="home"' in part and 'aria-label="Icon 1 of 2 in the picture: home"' in part
    alone = client.get(address, {"crop": crops[1], "part": "results"}).content.decode()
    assert names_on(alone)[0] == "shapes:cross" and "region-picture" not in alone
    filtered = client.get(address, {"crop": crops[1], "part": "results", "others": "1", "style": "filled"}).content
    assert b"others" not in filtered and filtered.count(b'class="region-picture"') == 2
