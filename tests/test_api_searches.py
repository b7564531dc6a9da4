"""Searches by the API: the ways to send pictures, several at once, batches, and what each result says."""

import base64
import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from PIL import Image

from icons.models import Icon, IconSet
from icons.rendering import render
from search import indexing
from tests.conftest import SHAPES, png_of, svg_of, upload

API = "/api/v1/search/"


def shot(name: str) -> bytes:
    """A screenshot of one of the SHAPES, as PNG."""
    return png_of(svg_of(SHAPES[name]))


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def post_json(client: Client, address: str, **members: Any) -> Any:
    return client.post(f"{API}{address}", json.dumps(members), content_type="application/json")


def pictures(name: str) -> dict[str, Any]:
    """The ways in which a picture of one icon can be sent as JSON."""
    data, svg = shot(name), svg_of(SHAPES[name])
    return {
        "base64": encoded(data),
        "base64 for addresses": base64.urlsafe_b64encode(data).decode().rstrip("="),
        "base64 in lines": "\n".join(encoded(data)[at : at + 76] for at in range(0, len(encoded(data)), 76)),
        "data URI": f"data:image/png;base64,{encoded(data)}",
        "SVG": svg,
        "SVG in a component": f"export const Icon = () => ({svg})",
    }


def test_all_ways_to_send_a_picture_are_answered_alike(client: Client, indexed_icons: dict[str, Icon]) -> None:
    replies = {way: post_json(client, "image/", image=text, limit=2) for way, text in pictures("home").items()}
    replies["form"] = client.post(f"{API}image/", {"image": upload(shot("home")), "limit": 2})
    for content_type in ("image/png", "image/x-unknown", "application/octet-stream"):
        replies[content_type] = client.post(f"{API}image/?limit=2", shot("home"), content_type=content_type)
    replies["raw SVG"] = client.post(f"{API}image/?limit=2", svg_of(SHAPES["home"]), content_type="image/svg+xml")
    for way, reply in replies.items():
        assert reply.status_code == 200, (way, reply.content)
        assert reply.json()["results"][0]["icon"] == "shapes:home", way
        assert len(reply.json()["results"]) == 2, way


def test_a_result_says_what_a_program_needs_next(client: Client, indexed_icons: dict[str, Icon]) -> None:
    reply = post_json(client, "image/", image=encoded(shot("ring"))).json()
    first = reply["results"][0]
    assert first["score"] > 0.9 and first["confident"] is True
    assert (first["set"], first["licence"], first["size"]) == ("shapes", "MIT", [24, 24])
    assert client.get(first["svg"]).content.decode() == indexed_icons["ring"].svg
    assert [result["confident"] for result in reply["results"][1:]] == [False] * 4


def test_json_takes_all_filters(client: Client, indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon]) -> None:
    other = IconSet.objects.create(prefix="other", title="Other")
    tagged = make_icon("ring2", SHAPES["ring"], set=other, tags=["round"], category="Forms")
    indexing.index_icons([tagged.pk])
    image = encoded(shot("ring"))
    for filters in ({"set": ["other"]}, {"set": "other"}, {"tag": ["round", "no"]}, {"category": "Forms"}):
        reply = post_json(client, "image/", image=image, **filters).json()
        assert [hit["icon"] for hit in reply["results"]] == ["other:ring2"], filters
    assert post_json(client, "image/", image=image, crop=[0, 0, 1, 1], palette="mono", words=None).status_code == 200
    sure = post_json(client, "image/", image=image, min_score=0.5).json()["results"]
    assert len(sure) == 1 and len(post_json(client, "image/", image=image, min_score=0).json()["results"]) == 5
    assert post_json(client, "image/", image=image, sketch=True, limit=1).json()["results"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ("{", 400, ""),
        ("[]", 400, ""),
        ("[" * 100_000, 400, ""),
        ("{}", 400, "image"),
        ('{"image": 5}', 400, "image"),
        ('{"image": "!"}', 400, "image"),
        ('{"image": ""}', 400, "image"),
        ('{"image": {"name": "x"}}', 400, "image"),
        ('{"image": ["YQ==", "YQ=="]}', 413, "image"),
        ('{"image": "\\ud800<svg"}', 400, "image"),
        ('{"image": "<svg/>", "limit": 0}', 400, "limit"),
        ('{"image": "<svg/>", "limit": [{}]}', 400, "limit"),
        ('{"image": "<svg/>", "set": "\\u0000"}', 400, "set"),
        ('{"image": "<svg/>", "min_score": 2}', 400, "min_score"),
        ('{"image": "<svg/>", "min_score": NaN}', 400, "min_score"),
    ],
)
def test_what_is_wrong_with_json_is_told(
    client: Client, icons: dict[str, Icon], body: str, status: int, field: str
) -> None:
    reply = client.post(f"{API}image/", body, content_type="application/json")
    assert reply.status_code == status and reply["Content-Type"] == "application/problem+json"
    assert field in (reply.json().get("errors") or {"": []}) and reply.json()["detail"]


@pytest.mark.parametrize("content_type", ["application/json", "image/png"])
def test_a_body_may_be_as_large_as_a_picture_may(
    client: Client, icons: dict[str, Icon], settings: LazySettings, content_type: str
) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    for size, status in ((900, 400), (1100, 413), (2_000_000, 413)):
        data = b"x" * size
        body = json.dumps({"image": encoded(data)}).encode() if content_type == "application/json" else data
        assert client.post(f"{API}image/", body, content_type=content_type).status_code == status, size


def test_several_pictures_are_answered_in_their_order(client: Client, indexed_icons: dict[str, Icon]) -> None:
    names = ["home", "ring", "cross"]
    files = [upload(shot(name), f"{name}.png") for name in names]
    reply = client.post(f"{API}images/", {"image": [*files, upload(b"text", "text.txt")], "limit": 1}).json()
    *answers, last = reply["answers"]
    assert [answer["results"][0]["icon"] for answer in answers] == [f"shapes:{name}" for name in names]
    assert [answer["name"] for answer in answers] == [f"{name}.png" for name in names]
    assert last["name"] == "text.txt" and last["problem"]["status"] == 400 and last["problem"]["detail"]
    named = [{"name": "a", "image": svg_of(SHAPES["ring"])}, svg_of(SHAPES["home"])]
    answers = post_json(client, "images/", image=named).json()["answers"]
    assert [answer["name"] for answer in answers] == ["a", "picture"]
    assert client.post(f"{API}images/").status_code == 400
    assert post_json(client, "images/", image=["<svg/>"] * 17).status_code == 413
    assert list(post_json(client, "images/", image=named, limit=0).json()["errors"]) == ["limit"]


def test_a_batch_tells_which_pictures_the_library_has(client: Client, indexed_icons: dict[str, Icon]) -> None:
    files = [upload(shot(name), f"{name}.png") for _ in range(3) for name in SHAPES]
    buffer = BytesIO()
    Image.new("RGB", (64, 64), "white").save(buffer, "PNG")
    strange = png_of(svg_of('<path d="M2 2h3v20H2zM9 2h3v20H9zM16 2h6v3h-6zM16 9h6v3h-6zM16 17h6v5h-6z"/>'))
    files += [upload(buffer.getvalue(), "blank.png"), upload(b"text", "text.txt"), upload(strange, "strange.png")]
    reply = client.post(f"{API}batch/", {"image": files}).json()
    assert reply["left"] == [] and [answer["index"] for answer in reply["answers"]] == list(range(18))
    *known, blank, broken, strange_answer = reply["answers"]
    assert all(answer["have"] for answer in known)
    assert [answer["best"]["icon"] for answer in known] == [f"shapes:{name}" for name in SHAPES] * 3
    assert blank == {"index": 15, "name": "blank.png", "have": False}
    assert broken["have"] is False and broken["problem"]["status"] == 400
    assert strange_answer["have"] is False and strange_answer["best"]["confident"] is False


def test_a_batch_that_takes_long_leaves_pictures_to_be_sent_again(
    client: Client, indexed_icons: dict[str, Icon], settings: LazySettings
) -> None:
    settings.BATCH_SECONDS = 0
    files = [upload(shot("ring"), f"{number}.png") for number in range(20)]
    reply = client.post(f"{API}batch/", {"image": files}).json()
    assert [answer["index"] for answer in reply["answers"]] == list(range(8)) and reply["left"] == list(range(8, 20))


def test_a_batch_has_its_limits(client: Client, icons: dict[str, Icon], settings: LazySettings) -> None:
    assert client.post(f"{API}batch/", {"image": [upload(b"x")] * 501}).status_code == 413
    assert post_json(client, "batch/", image=["<svg/>"] * 501).status_code == 413
    assert client.post(f"{API}batch/").status_code == 400
    assert client.post(f"{API}batch/", {"image": upload(b"x"), "set": "nope"}).json()["errors"]["set"]
    settings.BATCH_MAX_BYTES = 1000
    assert client.post(f"{API}batch/", {"image": upload(b"x" * 200_000)}).status_code == 413
    assert client.post(f"{API}batch/", b"x", content_type="image/png").status_code == 200


def test_a_screenshot_tells_its_icons_and_the_sets_that_hold_them(
    client: Client, indexed_icons: dict[str, Icon]
) -> None:
    names = ["home", "square", "ring", "triangle", "cross"]
    picture = Image.new("RGB", (72 * len(names), 72), "#f4f5f7")
    for at, name in enumerate(names):
        icon = render(svg_of(SHAPES[name]), 32)
        picture.paste(icon, (72 * at + 20, 20), icon)
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    reply = client.post(f"{API}image/?min_score=0.5", buffer.getvalue(), content_type="image/png").json()
    assert [region["results"][0]["icon"] for region in reply["regions"]] == [f"shapes:{name}" for name in names]
    assert all(region["confident"] for region in reply["regions"])
    assert reply["sets"] == [{"prefix": "shapes", "icons": 5, "of": 5}]
