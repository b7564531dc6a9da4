"""Files that promise more than they hold, or take a decoder any time: each is bounded, and refused with a sentence."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.utils import translation
from PIL import Image

from icons.child_processes import stop_children
from search import uploads
from search.uploads import open_picture, picture_to_keep
from tests.conftest import SHAPES, svg_of

SMALL = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, rows: bytes, *chunks: bytes) -> bytes:
    """A PNG of 8-bit grey with these chunks before its rows."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return SMALL + header + b"".join(chunks) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg_of_scans(count: int, side: int = 1000) -> bytes:
    """A progressive JPEG whose last scan is there so many times."""
    buffer = BytesIO()
    noise = np.random.default_rng(1).integers(0, 255, (side, side), np.uint8)
    Image.fromarray(noise).save(buffer, "JPEG", progressive=True, quality=20)
    data = buffer.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + data[-2:]


def gif_of_frames(count: int) -> bytes:
    """A GIF with so many frames of 1 px, after a first one that is black and 9 px wide."""
    buffer = BytesIO()
    Image.new("P", (9, 9)).save(buffer, "GIF")
    data = buffer.getvalue()
    frame = b",\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    return data[:-1] + frame * count + b";"


BOMB = zlib.compress(bytes(50_000_000))


@pytest.fixture(autouse=True)
def _fresh_children() -> Iterator[None]:
    yield
    stop_children()  # those with the settings of a test


@pytest.mark.parametrize("read", [open_picture, picture_to_keep])
def test_decoding_ends_when_its_time_is_over(read: object, settings: LazySettings) -> None:
    settings.UPLOAD_SECONDS = 0.2
    with pytest.raises(ValidationError, match=r"takes longer than 0.2 seconds. Save it anew as PNG") as caught:
        read(jpeg_of_scans(2000, 600))  # type: ignore[operator]
    assert caught.value.code == "too_slow"
    settings.UPLOAD_SECONDS = 60
    assert open_picture(jpeg_of_scans(1)).size == (1000, 1000)


def test_the_sentence_is_in_the_language_of_the_reader(settings: LazySettings) -> None:
    with translation.override("zh-hans"), pytest.raises(ValidationError, match="图片已损坏或不完整"):
        open_picture(png(60, 60, b"")[:-20])


def test_a_picture_that_ends_its_process_harms_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    crash = "from search import decoding_child as c; import os; c.read = lambda *_: os.abort(); c.main({!r})"
    with monkeypatch.context() as patch:
        *python, _module, _name, configuration = uploads._command()
        patch.setattr(uploads._children, "command", lambda: [*python, "-c", crash.format(configuration)])
        with pytest.raises(ValidationError, match="This picture cannot be read. Save it anew"):
            open_picture(png(1, 1, b"\0\0"))
    assert open_picture(svg_of(SHAPES["ring"]).encode()).size == (256, 256)


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (png(5000, 5000, b"\0\0"), "damaged or incomplete"),
        (png(2**31 - 1, 2**31 - 1, b"\0\0"), "more than 64 megapixels"),
        (png(3, 1, bytes(50_000_000)), (3, 1)),
        (png(3, 1, bytes(4), chunk(b"zTXt", b"a\0\0" + BOMB)), "not a picture"),
        (png(3, 1, bytes(4), *[chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000)))] * 99), "not a picture"),
        (png(3, 1, bytes(4), chunk(b"iCCP", b"a\0\0" + BOMB)), "not a picture"),
        (png(3, 1, bytes(4), *[chunk(b"tEXt", b"a\0b")] * 100_000), (3, 1)),
        (gif_of_frames(2000), (9, 9)),
        (b"BM" + struct.pack("<IIIIiiHHIIiiII", 54, 0, 54, 40, 5000, 5000, 1, 24, 0, 0, 0, 0, 0, 0), "damaged"),
        (b"BM" + struct.pack("<IIIIiiHHIIiiII", 54, 0, 54, 40, 5000, -5000, 1, 8, 1, 0, 0, 0, 0, 0), "damaged"),
        (b"RIFF\x16\0\0\0WEBPVP8L\x0a\0\0\0/\xff\xff\xff\x0f\0\0\0\0\0", "not a picture|megapixels|damaged"),
    ],
    ids=["no rows", "sizes", "too many rows", "text", "texts", "profile", "chunks", "frames", "bmp", "rle", "webp"],
)  # fmt: skip
def test_what_promises_more_than_it_holds_is_read_or_refused(data: bytes, answer: tuple[int, int] | str) -> None:
    try:
        size = open_picture(data).size
    except ValidationError as error:
        assert isinstance(answer, str) and any(part in error.messages[0] for part in answer.split("|")), error.messages
    else:
        assert size == answer
