"""Answers are compressed where that makes them shorter."""

import gzip
from collections.abc import Callable

import pytest
from django.test import Client

from icons.models import Icon
from tests.conftest import SHAPES

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize(
    "address", ["/", "/sets/", "/sets/shapes/", "/icons/shapes/big.svg", "/api/v1/sets/shapes/icons/"]
)
def test_texts_are_compressed(client: Client, make_icon: Callable[..., Icon], address: str) -> None:
    for name in ("big", "home", "ring", "cross", "triangle"):
        make_icon(name, SHAPES["ring"] * 30)
    plain = client.get(address)
    reply = client.get(address, headers=GZIP)
    assert reply["Content-Encoding"] == "gzip" and "Accept-Encoding" in reply["Vary"]
    assert len(reply.content) < 0.8 * len(plain.content)
    text = gzip.decompress(reply.content)
    assert text == plain.content or b"csrfmiddlewaretoken" in text
    assert "Content-Encoding" not in plain


def test_pictures_and_archives_are_left_as_they_are(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring")
    assert "Content-Encoding" not in client.get("/icons/shapes/ring.png", headers=GZIP)


def test_the_length_of_a_page_tells_nothing_of_its_secrets(client: Client, db: None) -> None:
    assert len({len(client.get("/sets/", headers=GZIP).content) for _ in range(20)}) > 5


def test_a_file_that_has_not_changed_is_not_sent_again(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("big", SHAPES["ring"] * 30)
    reply = client.get("/icons/shapes/big.svg", headers=GZIP)
    again = client.get("/icons/shapes/big.svg", headers={**GZIP, "If-None-Match": reply["ETag"]})
    assert reply["ETag"].startswith("W/") and again.status_code == 304
