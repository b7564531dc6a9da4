"""Bitmaps that nobody sees are left out of an icon, and told; those that are seen are refused as ever."""

import base64
import io
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from PIL import Image

from icons import faint_bitmaps
from icons.faint_bitmaps import clean_without_faint
from icons.rendering import RenderError
from icons.svg import clean_svg
from tests.test_clean_svg import PATH, svg_of
from tests.test_import_files import folder_of, imported

GROUND = '<rect width="24" height="24" fill="#06c"/>'


def bitmap(colour: tuple[int, int, int, int] = (0, 0, 0, 255), more: str = "", kind: str = "PNG") -> str:
    """An <image> over all of the drawing, of one colour; any other kind than PNG is called one all the same."""
    data = io.BytesIO()
    Image.new("RGBA", (8, 8), colour).save(data, kind)
    href = f"data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}"
    return f'<image width="24" height="24" href="{href}" {more}/>'


@pytest.mark.parametrize(
    "image",
    [
        bitmap(more='opacity=".04"'),
        bitmap((0, 0, 0, 10)),
        bitmap((0, 102, 204, 255), 'clip-path="url(#c)"'),  # of the colour below it
        f"<g>{bitmap()}</g>{GROUND}",  # covered
        f'<mask id="m"><path d="M0 0h1"/></mask><g mask="url(#m)">{bitmap()}</g>',
    ],
)
def test_a_bitmap_that_nobody_sees_is_left_out(image: str) -> None:
    body = f'<clipPath id="c"><path d="M2 2h9v9z"/></clipPath>{GROUND}{image}'
    clean, without = clean_without_faint(svg_of(body))
    assert without and "image" not in clean.svg
    assert clean_without_faint(clean.svg) == (clean, False)


@pytest.mark.parametrize(
    "body",
    [
        GROUND + bitmap(more='opacity=".3"'),
        bitmap((0, 0, 0, 24)) + PATH,  # seen on white alone
        bitmap((255, 255, 255, 24)) + PATH,  # seen on a dark ground alone
        bitmap((0, 0, 0, 5)),  # without it nothing is left
        GROUND + bitmap((0, 0, 0, 0)),  # which may as well be one that cannot be read
        GROUND + bitmap((0, 0, 0, 10), kind="WEBP"),
        GROUND + '<image width="9" height="9" href="x.png" opacity=".01"/>',
        GROUND + bitmap((0, 0, 0, 10)) + "<text>Hi</text>",
        GROUND + "".join(bitmap((0, 0, number, 8)) for number in range(faint_bitmaps.MOST + 1)),
    ],
)
def test_a_bitmap_that_may_be_seen_is_refused(body: str) -> None:
    with pytest.raises(ValidationError, match="<image>|“Hi”"):
        clean_without_faint(svg_of(body))


def test_a_drawing_without_bitmaps_is_cleaned_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faint_bitmaps, "render", None)
    assert clean_without_faint(svg_of(PATH)) == (clean_svg(svg_of(PATH)), False)


def test_where_the_rasteriser_fails_a_bitmap_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(svg: str, size: int) -> Image.Image:
        raise RenderError("It is too much.")

    monkeypatch.setattr(faint_bitmaps, "render", fail)
    with pytest.raises(ValidationError, match="<image>"):
        clean_without_faint(svg_of(GROUND + bitmap((0, 0, 0, 10))))


def test_an_operator_who_keeps_bitmaps_keeps_faint_ones(settings: LazySettings) -> None:
    settings.SVG_KEEP_BITMAPS = True
    clean, without = clean_without_faint(svg_of(GROUND + bitmap((0, 0, 0, 10))))
    assert "<image" in clean.svg and not without


@pytest.mark.django_db
def test_an_import_tells_which_icons_are_without_their_bitmaps(tmp_path: Path) -> None:
    faint, seen = (svg_of(GROUND + bitmap((0, 0, 0, alpha))) for alpha in (10, 200))
    source = folder_of(folder_of(tmp_path, "a.svg", text=faint), "b.svg", text=seen)
    folder_of(source, "c.svg")
    run = imported(source)
    assert (run.status, run.added, run.rejected) == ("done", 2, 1)
    assert run.reason == "The icon x:a is drawn without its bitmaps, which are too faint to be seen."
    folder_of(source, "d.svg", text=faint)
    assert imported(source).reason.startswith(
        "2 icons are drawn without their bitmaps, which are too faint to be seen."
    )
