"""In real Chromium: the icon page, on which an icon's look is chosen and taken along."""

import re
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image, ImageChops
from playwright.sync_api import Page, Route, expect

from icons.exporting.code import CODE_FORMATS, CodeFormat, css, data_uri, jsx
from icons.exporting.look import Look
from icons.models import Icon, IconSet
from search import indexing
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
    page.get_by_role("button", name=f"Copy {code_format.title}", exact=True).click()
    assert copied(page) == code_format.text(ring, Look(), "", page.evaluate("location.origin"))


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
    page.get_by_label("Size in px", exact=True).fill("48")
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
    expect(page.get_by_label("Size in px", exact=True)).to_have_value("48")
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


@pytest.mark.parametrize("typed", ["-", "0", "12.5", "9999", "1e"])
def test_a_size_that_is_none_is_said(page: Page, typed: str) -> None:
    size = page.get_by_label("Size in px", exact=True)
    size.press_sequentially(typed)
    size.press("Tab")
    expect(page.get_by_role("alert")).to_have_text("The size must be a whole number from 1 to 4096.")
    size.fill("24")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_usual_size_is_chosen_with_a_click_and_enter_chooses_none(page: Page) -> None:
    page.get_by_role("link", name="32", exact=True).click()
    expect(page.get_by_label("Size in px", exact=True)).to_have_value("32")
    expect(page.get_by_label("SVG", exact=True)).to_have_value(re.compile('width="32"'))
    colour = page.get_by_label("Colour", exact=True)
    colour.fill("red")
    colour.press("Enter")
    expect(page).to_have_url(re.compile(r"\?colour=red&size=32$"))


def test_without_javascript_a_usual_size_is_chosen_too(new_page: Open, ring: Icon) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/icons/shapes/ring/?colour=red")
    page.get_by_role("link", name="48", exact=True).click()
    expect(page.get_by_label("SVG", exact=True)).to_have_value(re.compile('width="48".*stroke="red"'))


@pytest.fixture
def ball(ring: Icon) -> Icon:
    """An icon without strokes, in the set of the ring."""
    return Icon.objects.create(set=ring.set, name="ball", svg=svg_of('<circle cx="12" cy="12" r="9"/>'))


def test_the_look_goes_along_to_the_next_icon(page: Page, ball: Icon) -> None:
    page.get_by_label("Colour", exact=True).fill("red")
    page.get_by_label("Stroke width").fill("2")
    page.get_by_label("Rotation").select_option("90°")
    expect(page).to_have_url(re.compile(r"\?colour=red&stroke=2&rotate=1$"))
    # Only what the site has drawn goes along, since a colour may be none.
    expect(page.get_by_label("SVG", exact=True)).to_have_value(
        re.compile('rotate.*stroke-width="2"|stroke-width="2".*rotate')
    )
    page.goto("/sets/shapes/")
    page.locator("[data-icon='shapes:ball'] > a").click()
    expect(page).to_have_url(re.compile(r"/ball/\?colour=red$"))  # which has no stroke, and stands as it was drawn
    expect(page.get_by_label("SVG", exact=True)).to_have_value(re.compile('fill="red"'))
    page.goto("/icons/shapes/ring/")
    expect(page).to_have_url(re.compile(r"/ring/\?colour=red&stroke=2$"))
    page.get_by_role("link", name="Reset").click()
    expect(page.get_by_label("Colour", exact=True)).to_have_value("")
    page.goto("/icons/shapes/ball/")
    expect(page.get_by_label("Colour", exact=True)).to_have_value("")


def test_a_late_answer_does_not_bring_a_reset_look_back(page: Page, ball: Icon) -> None:
    page.get_by_label("Rotation").select_option("90°")
    page.get_by_label("horizontally").check()
    expect(page.get_by_label("SVG", exact=True)).to_have_value(re.compile("scale"))
    held: list[Route] = []
    page.route("**/ring/?*part=", lambda route: held.append(route))
    page.get_by_label("Colour", exact=True).fill("red")
    page.get_by_label("Colour", exact=True).press("Tab")
    expect(page).to_have_url(re.compile(r"\?colour=red&rotate=1&flip="))
    page.get_by_role("link", name="Reset").click()
    expect(page).to_have_url(re.compile("/ring/$"))
    for route in held:
        route.continue_()
    expect(page.get_by_label("Rotation")).to_have_value("0")
    expect(page.get_by_label("SVG", exact=True)).not_to_have_value(re.compile("red|scale|rotate"))
    page.goto("/icons/shapes/ball/")
    expect(page.get_by_label("Colour", exact=True)).to_have_value("")


def test_a_look_that_is_wrong_does_not_go_along(page: Page, ball: Icon) -> None:
    page.get_by_label("Colour", exact=True).fill("redd")
    page.get_by_label("Colour", exact=True).press("Tab")
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto("/icons/shapes/ball/")
    expect(page).to_have_url(re.compile("/ball/$"))


def test_links_to_other_icons_have_the_look(page: Page, ring: Icon, ball: Icon) -> None:
    indexing.index_icons([ring.pk, ball.pk])
    page.goto("/icons/shapes/ring/?colour=red&rotate=1")
    link = page.locator("[data-icon='shapes:ball'] > a")
    expect(link).to_have_attribute("href", "/icons/shapes/ball/?colour=red")
    page.get_by_label("Size in px", exact=True).fill("20")
    expect(link).to_have_attribute("href", re.compile(r"/icons/shapes/ball/\?colour=red&size=20$"))


def test_a_tile_is_copied_in_the_format_used_last(page: Page, ring: Icon, ball: Icon) -> None:
    page.get_by_role("button", name="Copy JSX (React)").click()
    expect(page.locator("#status-message")).to_have_text("Copied")
    page.goto("/sets/shapes/")
    expect(page.locator(".copy-button")).to_have_count(0)
    page.locator("[data-icon='shapes:ball']").hover()
    page.get_by_role("button", name="Copy shapes:ball").click()
    expect(page.locator("#status-message")).to_have_text("Copied as JSX (React)")
    text = page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n")
    assert text == jsx(ball, Look(), "")
    assert violations(page) == []


def test_a_format_that_does_not_exist_is_replaced_by_svg(client: Client, ring: Icon) -> None:
    reply = client.get(f"{ring.get_absolute_url()}?code=x&colour=red").json()
    assert reply["format"] == "SVG" and 'stroke="red"' in reply["text"]
    vue = client.get(f"{ring.get_absolute_url()}?code=vue&colour=redd")
    assert vue.status_code == 200 and "<template>" in vue.json()["text"]


def test_code_fields_show_what_is_in_them(page: Page) -> None:
    svelte = page.get_by_label("Svelte", exact=True)
    assert svelte.evaluate("(field) => field.clientHeight") > 80  # px: five lines
    expect(svelte).to_have_attribute("rows", "5")
    expect(page.get_by_label("CSS", exact=True)).to_have_attribute("rows", "5")
    expect(page.get_by_label("Iconify id", exact=True)).to_have_attribute("rows", "1")


def test_the_keys_are_listed(page: Page) -> None:
    page.get_by_label("Colour", exact=True).press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("put the icon into the bag")
    assert violations(page) == []
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Keyboard shortcuts").click()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_without_javascript_the_keys_are_a_page(new_page: Open, ring: Icon) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/sets/")
    page.get_by_role("link", name="Keyboard shortcuts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keyboard shortcuts")
    expect(page.locator("dl.keys")).to_contain_text("show these keys")
