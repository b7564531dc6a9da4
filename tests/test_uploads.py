"""Uploaded pictures: what is opened and how, and the sentence for each bad input."""

import base64
import gzip
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from PIL import Image

from search.decoding import NEEDED_SIDE
from search.uploads import open_upload
from tests.conftest import SHAPES, png_of, svg_of, upload


def encoded(picture: Image.Image, format: str, **options: Any) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()


def photo(side: int = 60) -> Image.Image:
    noise = np.random.default_rng(1).integers(0, 255, (side, side, 3), np.uint8)
    return Image.fromarray(noise)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_it_opens_every_format_whatever_the_file_is_called(format: str) -> None:
    picture = open_upload(upload(encoded(photo(), format), "../../x.exe"))
    assert picture.size == (60, 60) and picture.mode in ("RGB", "RGBA")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (lambda: b"", "The file is empty."),
        (lambda: b"hello, this is text", "This is not a picture that can be read"),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "This is not a picture that can be read"),
        (lambda: b"%PDF-1.7 ...", "This is a file of the type PDF"),
        (lambda: b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "This is a HEIC picture"),
        (lambda: b"\x00\x00\x00\x0cjP  \r\n\x87\n", "This is a file of the type JPEG 2000"),
        (lambda: b"<!DOCTYPE html><html><body>expired</body></html>", "This is a web page, not a picture"),
        (lambda: encoded(photo(200), "PNG")[:20000], "The picture is damaged or incomplete"),
        (lambda: encoded(photo(200), "JPEG")[:3000], "The picture is damaged or incomplete"),
        (lambda: encoded(photo(200), "WEBP")[:3000], None),
        (lambda: encoded(photo(200), "GIF")[:3000], "The picture is damaged or incomplete"),
        (lambda: encoded(Image.new("1", (9000, 8000)), "PNG"), "The picture has more than 64 megapixels."),
        (lambda: b"\x00" * (10 * 1024 * 1024 + 1), "The file is larger than 10 MB."),
        (lambda: svg_of("<script>1</script>").encode(), "script"),
        (lambda: b"<svg><g><a></g></svg>", None),
        (lambda: b"<html><body>no</body></html>", None),
        (lambda: b"<svg", None),
    ],
)
def test_bad_input_is_refused_with_a_sentence(data: Callable[[], bytes], sentence: str | None) -> None:
    with pytest.raises(ValidationError) as caught:
        open_upload(upload(data()))
    (message,) = caught.value.messages
    assert message.endswith((".", ")")) or sentence
    if sentence:
        assert sentence in message


def test_a_picture_is_turned_as_its_camera_says() -> None:
    picture = Image.new("RGB", (40, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    assert open_upload(upload(encoded(picture, "JPEG", exif=exif))).size == (20, 40)


def test_the_first_frame_of_an_animation_counts() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert open_upload(upload(data)).convert("RGB").getpixel((3, 3)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_every_colour_mode_becomes_rgb_or_rgba(mode: str) -> None:
    format = {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "PNG")
    picture = open_upload(upload(encoded(Image.new(mode, (9, 9)), format)))
    assert picture.mode == ("RGBA" if mode in ("LA", "RGBA") else "RGB")


def test_sixteen_bit_grey_keeps_its_drawing() -> None:
    grey = np.zeros((20, 20), np.uint16)
    grey[5:15, 5:15] = 65535
    picture = open_upload(upload(encoded(Image.fromarray(grey), "PNG")))
    assert picture.getpixel((10, 10)) == (255, 255, 255) and picture.getpixel((1, 1)) == (0, 0, 0)


def test_a_large_picture_is_reduced() -> None:
    picture = open_upload(upload(encoded(Image.new("RGB", (5000, 2500)), "PNG")))
    assert picture.size == (NEEDED_SIDE, NEEDED_SIDE // 2)


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_a_part_is_taken_before_a_large_picture_is_reduced(format: str) -> None:
    picture = Image.new("RGB", (6000, 3000), "white")
    picture.paste("red", (3000, 1500, 3030, 1515))
    part = open_upload(upload(encoded(picture, format)), (0.5, 0.5, 0.005, 0.005))
    assert part.size == (30, 15)
    assert np.abs(np.median(np.asarray(part, dtype=int), axis=(0, 1)) - (255, 0, 0)).max() < 60  # JPEG blends borders


def test_a_part_of_an_svg_is_drawn_as_large_as_the_whole() -> None:
    assert open_upload(upload(svg_of(SHAPES["ring"]).encode()), (0, 0, 0.25, 0.125)).size == (256, 128)


def test_an_svg_is_drawn() -> None:
    for data in (
        svg_of(SHAPES["ring"]).encode(),
        b"\xef\xbb\xbf<?xml version='1.0'?>\n" + svg_of(SHAPES["ring"]).encode(),
    ):
        picture = open_upload(upload(data, "ring.svg"))
        assert picture.mode == "RGBA" and picture.getbbox() is not None


def test_the_limits_are_settings(settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES, settings.UPLOAD_MAX_PIXELS = 1024 * 1024, 100
    with pytest.raises(ValidationError, match="more than 0.0001 megapixels"):
        open_upload(upload(png_of(svg_of(SHAPES["ring"]))))
    with pytest.raises(ValidationError, match="larger than 1 MB"):
        open_upload(upload(b"\x00" * (1024 * 1024 + 1)))


# --- Formats ---


@pytest.mark.parametrize("format", ["AVIF", "TIFF", "ICO", "BMP", "WEBP"])
def test_pictures_of_any_usual_format_are_read(format: str) -> None:
    picture = Image.new("RGB", (64, 64), "white")
    picture.paste("red", (16, 16, 48, 48))
    shown = open_upload(upload(encoded(picture, format))).convert("RGB")
    assert shown.size == (64, 64)
    red, green, blue = shown.getpixel((32, 32))  # type: ignore[misc]
    assert red > 240 and max(green, blue) < 20


def test_a_screenshot_of_many_pixels_is_reduced() -> None:
    screen = Image.new("RGB", (7680, 4320), "white")
    screen.paste("black", (3000, 2000, 3144, 2144))
    picture = open_upload(upload(encoded(screen, "PNG", compress_level=1)))
    assert picture.size == (2560, 1440) and picture.getpixel((1024, 690)) == (0, 0, 0)


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_a_blank_first_frame_is_passed_over(format: str) -> None:
    blank, drawn = Image.new("RGB", (20, 20), "white"), Image.new("RGB", (20, 20), "white")
    drawn.paste("black", (5, 5, 15, 15))
    data = encoded(blank, format, save_all=True, append_images=[drawn], lossless=True)
    assert open_upload(upload(data)).convert("RGB").getpixel((10, 10)) == (0, 0, 0)


SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M6 6h12v12H6z"/></svg>'
STROKED = '<path fill="none" stroke="currentColor" strokeWidth={12} strokeLinejoin="round" d="M8 8h8v8H8z"/>'


@pytest.mark.parametrize(
    "source",
    [
        SQUARE,
        f'<button class="btn">{SQUARE}<span>Save</span></button>',
        f'<svg viewBox="0 0 24 24" className="x" {{...props}}>{STROKED}</svg>',
        "import React from 'react';\n\nexport default function Icon({ size = 24, ...props }) {\n  return (\n    <svg"
        ' width={size} height={size} viewBox="0 0 24 24" style={{ color: "#000" }} onClick={() => go({ a: 1 })}>'
        f"{{/* the box */}}{STROKED}</svg>\n  );\n}}",
        f'<template>\n  <svg viewBox="0 0 24 24" @click="go" :class="name" v-if="on">{SQUARE}</svg>\n</template>',
        "<script>let props = $props();</script>" + SQUARE.replace("<svg", "<svg {...props}"),
        "data:image/svg+xml;base64," + base64.b64encode(SQUARE.encode()).decode(),
        "data:image/svg+xml;charset=utf-8," + quote(SQUARE),
        "data:image/png;base64," + base64.b64encode(png_of(SQUARE)).decode(),
        SQUARE.replace("</svg>", '<text x="1" y="23" font-size="1">a</text></svg>'),
        '<!DOCTYPE svg [<!ENTITY ns "http://ns.adobe.com/x/">]>' + SQUARE.replace("<svg", '<svg xmlns:i="&ns;"'),
    ],
)
def test_an_svg_is_taken_as_people_paste_it(source: str) -> None:
    picture = open_upload(upload(source.encode()))
    width, height = picture.size
    alone = Image.new("RGB", picture.size, "white")
    alone.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    assert alone.getpixel((width // 2, height // 2)) == (0, 0, 0) and alone.getpixel((2, 2)) == (255, 255, 255)


def test_a_compressed_svg_is_read() -> None:
    assert open_upload(upload(gzip.compress(SQUARE.encode()))).mode == "RGBA"
