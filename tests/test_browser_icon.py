"""In real Chromium: the icon page, on which an icon's look is chosen and taken along."""

import re
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from icons.exporting.code import CODE_FORMATS, CodeFormat, css, data_uri
from icons.exporting.look import Look
from icons.models import Icon, IconSet
from tests.browser import Open, in_chromium, refuse_clipboard, violations
from tests.conftest import SHAPES, svg_of

pytestmark = in_chromium


@pytest.fixture
def ring() -> Icon:
    icon_set = IconSet.objects.create(prefix="shapes", title="Shapes", licence="MIT License", licence_spdx="MIT")
    return Icon.objects.create(set=icon_set, name="ring", svg=svg_of(SHAPES["ring"]), tags=["circle"])


@pytest.fixture
def page(new_page: Open, ring: Icon) -> Page:
    page = new_page()
    page.goto("/icons/shapes/ring/")
    return page


def copied(page: Page) -> str:
    expect(page.locator("#status-message")).to_have_text("Copied")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text.replace("\r\n", "\n")


@pytest.mark.parametrize("code_format", CODE_FORMATS, ids=lambda code_format: code_format.key)
def test_each_format_is_copied_whole(page: Page, ring: Icon, code_format: CodeFormat) -> None:
    if code_format.fetches:  # by its id, which nothing serves for a set that is not public
        expect(page.get_by_role("button", name=f"Copy {code_format.title}", exact=True)).to_have_count(0)
        return
    page.get_by_role("button", name=f"Copy {code_format.title}", exact=True).click()
    assert copied(page) == code_format.write(ring, Look(), "")


def test_the_key_c_copies_the_svg_but_not_while_somebody_types(page: Page, ring: Icon) -> None:
    page.evaluate("navigator.clipboard.writeText('before')")
    page.get_by_label("Colour", exact=True).press_sequentially("c")
    assert page.evaluate("navigator.clipboard.readText()") == "before"
    page.get_by_label("Colour", exact=True).fill("")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("heading", name="shapes:ring").click()
    page.keyboard.press("c")
    assert copied(page) == ring.svg


def test_where_the_clipboard_is_refused_the_text_is_copied_all_the_same(page: Page, ring: Icon) -> None:
    refuse_clipboard(page)
    button = page.get_by_role("button", name="Copy SVG", exact=True)
    button.click()
    assert copied(page) == ring.svg
    expect(button).to_be_focused()


def test_where_nothing_may_be_copied_the_text_is_selected_for_the_reader(page: Page, ring: Icon) -> None:
    refuse_clipboard(page, wholly=True)
    page.get_by_role("button", name="Copy SVG", exact=True).click()
    expect(page.get_by_label("SVG", exact=True)).to_be_focused()
    expect(page.locator("#status-message")).to_have_text("")
    page.keyboard.press("ControlOrMeta+C")
    assert page.evaluate("navigator.clipboard.readText()") == ring.svg


def test_preview_texts_files_and_address_follow_the_controls(page: Page) -> None:
    page.get_by_label("Choose a colour").evaluate(
        "(picker) => { picker.value = '#ff0000'; picker.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    svg, preview = page.get_by_label("SVG", exact=True), page.locator(".preview img")
    expect(svg).to_have_value(re.compile('stroke="#ff0000"'))
    expect(preview).to_have_attribute("src", re.compile("stroke='%23ff0000'"))
    expect(page.get_by_label("Colour", exact=True)).to_have_value("#ff0000")
    page.get_by_label("Size in px").fill("48")
    page.get_by_label("Rotation").select_option("90°")
    page.get_by_label("With licence").check()
    expect(svg).to_have_value(re.compile('width="48".*<!-- shapes:ring from Shapes, MIT License .MIT. -->.*rotate'))
    expect(page).to_have_url(re.compile(r"\?colour=%23ff0000&size=48&rotate=1&credit=on$"))
    with page.expect_download() as download:
        page.get_by_role("link", name="PNG 48 px").click()
    assert download.value.suggested_filename == "shapes-ring.png"
    text = svg.input_value()
    page.reload()
    expect(svg).to_have_value(text)
    expect(page.get_by_label("Size in px")).to_have_value("48")
    page.get_by_role("link", name="Reset").click()
    expect(svg).to_have_value(re.compile('stroke="currentColor"'))


@pytest.mark.parametrize("key", ["Tab", "Enter"])
def test_what_makes_no_sense_is_reported_once_it_is_typed(page: Page, key: str) -> None:
    page.evaluate("""() => {
      window.told = 0;
      new MutationObserver(() => { window.told += document.querySelectorAll("[role=alert]").length; })
        .observe(document.getElementById("icon-in-look"), { childList: true });
    }""")
    colour, svg = page.get_by_label("Colour", exact=True), page.get_by_label("SVG", exact=True)
    colour.fill("red")
    expect(svg).to_have_value(re.compile('stroke="red"'))
    with page.expect_response(lambda reply: reply.status == 400) as half:
        colour.press_sequentially("d")
    half.value.finished()
    expect(svg).to_have_value(re.compile('stroke="red"'))
    assert page.evaluate("window.told") == 0
    colour.press(key)
    expect(page.get_by_role("alert")).to_contain_text("The colour must be written as #f80")
    colour.fill("blue")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(svg).to_have_value(re.compile('stroke="blue"'))


@pytest.mark.parametrize("look", [Look(colour="#ff0000", size=60), Look(colour="#f00", size=60, rotate=1)])
def test_css_and_data_uri_draw_the_icon(page: Page, ring: Icon, look: Look) -> None:
    style = f"<style>body {{ margin: 0 }} i, img {{ display: block !important }}{css(ring, look, '')}</style>"
    shown = style + f'<i class="shapes-ring"></i><img src="{data_uri(ring, look, "")}">'
    page.goto("about:blank")  # our own pages allow no styles within
    page.set_content(shown)
    page.wait_for_function("document.images[0].complete && document.images[0].naturalWidth === 60")
    shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    from_css, from_image = shot.crop((0, 0, 60, 60)), shot.crop((0, 60, 60, 120))
    assert from_css.getpixel((30, 10)) == (255, 0, 0)  # on the ring
    difference = ImageChops.difference(from_css, from_image)
    assert np.asarray(difference).max() <= 4  # of 255; edges are rounded in another way


def test_without_javascript_the_form_does_the_same(new_page: Open, ring: Icon) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/icons/shapes/ring/")
    page.get_by_label("Colour", exact=True).fill("#f00")
    page.get_by_label("Horizontally").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_label("SVG", exact=True)).to_have_value(re.compile('scale\\(-1 1\\).*stroke="#f00"'))
    expect(page.get_by_label("Horizontally")).to_be_checked()
    expect(page.get_by_role("button", name="Copy SVG")).to_be_hidden()
    expect(page.get_by_role("link", name="ICO", exact=True)).to_have_attribute(
        "href", re.compile(r"colour=%23f00&flip=x&v=[0-9a-f]{12}&download$")
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("query", ["", "?colour=red&credit=on", "?colour=redd"])
def test_everybody_can_use_it(new_page: Open, ring: Icon, scheme: Any, locale: str, query: str) -> None:
    page = new_page(color_scheme=scheme, locale=locale)
    page.goto(f"/icons/shapes/ring/{query}")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans" if locale == "zh-CN" else "en")
    inverted = page.locator(".preview img").evaluate("(img) => getComputedStyle(img).filter")
    assert inverted == ("none" if query == "?colour=red&credit=on" else f"invert({int(scheme == 'dark')})")
    assert violations(page) == []
