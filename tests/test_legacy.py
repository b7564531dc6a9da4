"""`POST /upload`, as clients of the old system use it: a file or base64 text, as large as a picture may be."""

import base64
import textwrap
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.test import Client
from PIL import Image

from icons.models import Icon
from icons.rendering import render
from tests.conftest import SHAPES, png_of, svg_of, upload

LIMIT = 10 * 1024 * 1024
TOO_LARGE = "The file is larger than 10 MB."
URLENCODED = "application/x-www-form-urlencoded"


def shot(name: str) -> bytes:
    return png_of(svg_of(SHAPES[name]))


@pytest.fixture(scope="module")
def large() -> bytes:
    """A BMP of nearly 10 MB with an icon in it. Its white pixels are slashes in base64, which clients escape."""
    picture = Image.new("RGB", (1860, 1875), "white")
    icon = render(svg_of(SHAPES["cross"]), 640)
    picture.paste(icon, (600, 600), icon)
    buffer = BytesIO()
    picture.save(buffer, "BMP")
    assert LIMIT - 100_000 < buffer.tell() < LIMIT
    return buffer.getvalue()


def as_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def as_data_uri(data: bytes) -> str:
    return "data:image/png;base64," + as_base64(data)


def in_lines(data: bytes) -> str:
    return base64.encodebytes(data).decode().replace("\n", "\r\n")


def indented(data: bytes) -> str:
    return textwrap.indent(base64.encodebytes(data).decode(), " \t")


def url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def post_multipart(client: Client, text: str) -> Any:
    return client.post("/upload", {"comment": "é" * 1000, "the_file": text, "after": "x"})


def post_escaped(client: Client, text: str) -> Any:
    for sign in "+/=:;,\r\n\t ":  # quote() would take seconds
        text = text.replace(sign, quote(sign, safe=""))
    return client.post("/upload", f"a=%26&the_file={text}&b=1", content_type=URLENCODED)


def post_unescaped(client: Client, text: str) -> Any:
    return client.post("/upload", f"the_file={text}", content_type=URLENCODED)


POSTS = [post_multipart, post_escaped, post_unescaped]


def test_the_old_clients_get_the_old_reply(client: Client, indexed_icons: dict[str, Icon]) -> None:
    Icon.objects.filter(name="ring").update(file_name="圆环.svg")
    reply = client.post("/upload", {"the_file": upload(shot("ring"))}).json()
    assert list(reply) == ["data"]
    assert reply["data"][0]["fileName"] == "圆环.jpeg" and 0.9 < reply["data"][0]["score"] <= 1.001
    assert reply["data"][1]["fileName"].endswith(".jpeg")


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize("encode", [as_base64, as_data_uri, in_lines, indented, url_safe])
def test_base64_of_any_form_is_taken(
    client: Client,
    indexed_icons: dict[str, Icon],
    encode: Callable[[bytes], str],
    post: Callable[[Client, str], Any],
) -> None:
    reply = post(client, encode(shot("cross"))).json()
    assert reply["data"][0]["fileName"] == "cross.jpeg"


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize("encode", [as_data_uri, in_lines])
def test_base64_of_a_picture_of_10_mb_is_taken(
    client: Client,
    indexed_icons: dict[str, Icon],
    large: bytes,
    encode: Callable[[bytes], str],
    post: Callable[[Client, str], Any],
) -> None:
    reply = post(client, encode(large))
    assert reply.status_code == 200 and reply.json()["data"][0]["fileName"] == "cross.jpeg"


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize("size", [LIMIT + 1, 3 * LIMIT])
def test_base64_of_a_larger_picture_is_refused_with_a_sentence(
    client: Client, db: None, size: int, post: Callable[[Client, str], Any]
) -> None:
    reply = post(client, as_base64(b"\x00" * size))
    assert reply.status_code == 413 and reply.json() == {"data": [], "error": TOO_LARGE}


def test_files_are_held_to_the_same_limit(client: Client, indexed_icons: dict[str, Icon], large: bytes) -> None:
    reply = client.post("/upload", {"the_file": upload(large)})
    assert reply.status_code == 200 and reply.json()["data"][0]["fileName"] == "cross.jpeg"
    reply = client.post("/upload", {"the_file": upload(large + b"\x00" * (LIMIT + 1 - len(large)))})
    assert reply.status_code == 413 and reply.json()["error"] == TOO_LARGE


def test_the_limit_follows_its_setting(client: Client, db: None, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 1024
    for post in POSTS:
        assert post(client, as_base64(b"\x00" * 1025)).status_code == 413
        assert post(client, as_base64(b"\x00" * 1024)).status_code == 400


@pytest.mark.parametrize(
    "fields", [{}, {"the_file": ""}, {"the_file": "no base64!"}, {"the_file": "aGVsbG8="}, {"the_file": "aGVsbG8a="}]
)
@pytest.mark.parametrize("content_type", ["multipart", URLENCODED])
def test_bad_input_is_a_400_with_a_sentence(
    client: Client, db: None, fields: dict[str, str], content_type: str
) -> None:
    if content_type == "multipart":
        reply = client.post("/upload", fields)
    else:
        body = "&".join(["comment=1", *(f"{name}={quote(value)}" for name, value in fields.items())])
        reply = client.post("/upload", body, content_type=content_type)
    assert reply.status_code == 400 and reply.json()["data"] == [] and reply.json()["error"]
    assert client.get("/upload").status_code == 405


def test_an_empty_file_is_distinguished_from_no_file(client: Client, db: None) -> None:
    assert client.post("/upload", {"the_file": upload(b"")}).json()["error"] == "The file is empty."
    unnamed = (
        b'--x\r\nContent-Disposition: form-data; name="the_file"; filename=""\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n"
    )
    reply = client.post("/upload", unnamed, content_type="multipart/form-data; boundary=x")
    assert reply.status_code == 400 and "No picture was sent" in reply.json()["error"]


def test_a_part_may_say_that_it_is_base64(client: Client, indexed_icons: dict[str, Icon]) -> None:
    part = (
        b'--x\r\nContent-Disposition: form-data; name="the_file"; filename="a.png"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(shot("ring")) + b"\r\n--x--\r\n"
    )
    reply = client.post("/upload", part, content_type="multipart/form-data; boundary=x")
    assert reply.json()["data"][0]["fileName"] == "ring.jpeg"


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_broken_body_is_a_400(client: Client, db: None, content_type: str) -> None:
    assert client.post("/upload", b"no parts", content_type=content_type).status_code == 400


@pytest.mark.parametrize("body", [b"%", b"%2", b"%" * 1_000_003, b"&" * 1_000_000, b"the_file=%", b"the_file=%2B%2"])
def test_no_urlencoded_body_is_too_odd(client: Client, db: None, body: bytes) -> None:
    assert client.post("/upload", body, content_type=URLENCODED).status_code == 400


def test_a_large_body_takes_little_memory(client: Client, db: None) -> None:
    body = b"the_file=" + b"%2F" * (4 * LIMIT // 3)
    tracemalloc.start()
    try:
        client.post("/upload", body, content_type=URLENCODED)
        # The body itself as the client holds it, the text, its copy for the decoder, and the picture.
        assert tracemalloc.get_traced_memory()[1] < 10 * LIMIT
    finally:
        tracemalloc.stop()


def test_other_addresses_hold_text_to_the_limit_of_django(client: Client, db: None, settings: LazySettings) -> None:
    text = as_base64(b"\x00" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    for address in ("/", "/api/v1/search/image/"):
        assert client.post(address, {"image": text}).status_code == 413
