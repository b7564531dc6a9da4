import base64
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from icons.models import Icon, IconSet
from icons.rendering import render
from search import indexing
from search.queries import BLANK
from tests.conftest import SHAPES, png_of, svg_of, upload

URL = "/api/v1/search/image/"


def post(client: Client, data: bytes | None, **fields: Any) -> Any:
    files = {} if data is None else {"image": upload(data)}
    return client.post(URL, {**files, **fields})


def shot(name: str, **options: Any) -> bytes:
    return png_of(svg_of(SHAPES[name]), **options)


@pytest.mark.parametrize("name", SHAPES)
def test_a_screenshot_finds_its_icon(client: Client, indexed_icons: dict[str, Icon], name: str) -> None:
    reply = post(client, shot(name, colour="#fc9")).json()
    assert reply["model"] == "vgg16-block4" and reply["took_ms"] > 0
    first = reply["results"][0]
    assert first["icon"] == f"shapes:{name}" and first["score"] > 0.9 and first["set"] == "shapes"
    assert first["url"] == f"http://testserver/icons/shapes/{name}/"
    assert client.get(first["svg"]).content.decode() == indexed_icons[name].svg
    scores = [hit["score"] for hit in reply["results"]]
    assert scores == sorted(scores, reverse=True) and len(scores) == len(SHAPES)


def test_the_old_model_finds_its_own_samples(client: Client, icons: dict[str, Icon], settings: Any) -> None:
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
    found = post(client, shot("ring"), set="other").json()["results"]
    assert [hit["icon"] for hit in found] == ["other:ring2"]
    assert len(post(client, shot("ring"), set=["other", "shapes"]).json()["results"]) == 6


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
    assert reply.json() == {field: [sentence]}


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (None, 400, "No picture was sent"),
        (b"", 400, "The file is empty."),
        (b"text", 400, "not a picture that can be read"),
        (b"\x00" * (10 * 1024 * 1024 + 1), 413, "larger than 10 MB"),
        (b"\x00" * (20 * 1024 * 1024), 413, "larger than 10 MB"),
        (svg_of("<script/>").encode(), 400, "script"),
    ],
)
def test_a_bad_picture_is_refused_with_a_sentence(
    client: Client, db: None, data: bytes | None, status: int, sentence: str
) -> None:
    reply = post(client, data)
    assert reply.status_code == status
    assert list(reply.json()) == ["image"] and sentence in reply.json()["image"][0]


def test_other_requests_are_answered_in_json(client: Client, db: None) -> None:
    assert client.get(URL).status_code == 405
    assert client.post(URL, b"{", content_type="application/json").status_code == 400
    broken = client.post(URL, b"x", content_type="multipart/form-data")
    assert broken.status_code == 400 and "detail" in broken.json()
    assert client.post(URL, {"image": "a text"}).status_code == 400
    assert "detail" in client.get("/api/v1/nothing/").json()


def test_a_blank_picture_has_no_results_and_a_reason(client: Client, indexed_icons: dict[str, Icon]) -> None:
    buffer = BytesIO()
    Image.new("RGB", (64, 64), "white").save(buffer, "PNG")
    reply = post(client, buffer.getvalue())
    assert reply.status_code == 200
    assert reply.json()["results"] == [] and reply.json()["reason"] == BLANK


def test_an_empty_index_has_a_reason(client: Client, icons: dict[str, Icon]) -> None:
    assert "No icon is indexed yet" in post(client, shot("ring")).json()["reason"]


# --- the old system's door ---


def test_the_old_clients_get_the_old_reply(client: Client, indexed_icons: dict[str, Icon]) -> None:
    Icon.objects.filter(name="ring").update(file_name="圆环.svg")
    reply = client.post("/upload", {"the_file": upload(shot("ring"))}).json()
    assert list(reply) == ["data"]
    assert reply["data"][0]["fileName"] == "圆环.jpeg" and 0.9 < reply["data"][0]["score"] <= 1.001
    assert reply["data"][1]["fileName"].endswith(".jpeg")


@pytest.mark.parametrize("start", ["", "data:image/png;base64,"])
def test_the_old_clients_may_send_base64(client: Client, indexed_icons: dict[str, Icon], start: str) -> None:
    text = start + base64.b64encode(shot("cross")).decode()
    reply = client.post("/upload", {"the_file": text}).json()
    assert reply["data"][0]["fileName"] == "cross.jpeg"


@pytest.mark.parametrize("fields", [{}, {"the_file": "no base64!"}, {"the_file": "aGVsbG8="}])
def test_the_old_clients_get_a_400_for_bad_input(client: Client, db: None, fields: dict[str, str]) -> None:
    reply = client.post("/upload", fields)
    assert reply.status_code == 400 and reply.json()["data"] == [] and reply.json()["error"]
    assert client.get("/upload").status_code == 405
