"""In real Chromium: a search by picture where something comes in between, and what goes wrong."""

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from icons.models import Icon, IconSet
from search import indexing
from tests.browser import Open, in_chromium
from tests.conftest import SHAPES, png_of, svg_of, wait_until
from tests.test_browser import found, give, library  # noqa: F401  (a fixture of every test here, too)
from tests.test_search_page import toolbar

pytestmark = in_chromium

HOME, RING = (png_of(svg_of(SHAPES[name])) for name in ("home", "ring"))
FOCUSED = "document.activeElement.closest('.tile')?.dataset.icon"
# A paste of cells or sentences, which office programs copy as text and as a picture.
PASTE_BOTH = """([selector, data]) => {
  const transfer = new DataTransfer();
  transfer.setData("text/plain", "cells");
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  transfer.items.add(new File([bytes], "image.png", { type: "image/png" }));
  const paste = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: transfer });
  return document.querySelector(selector).dispatchEvent(paste);
}"""

# Which places of the sheet, in fractions of its sides, are drawn on.
INKED = """(places) => {
  const canvas = document.getElementById("sketch-canvas");
  const context = canvas.getContext("2d");
  return places.map(([x, y]) => context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data[0] < 128);
}"""


def held(page: Page, address: str) -> Callable[[int], None]:
    """Requests to this address wait from now on; what is returned lets them go once there are so many."""
    waiting: list[Route] = []
    page.route(address, lambda route: waiting.append(route))

    def let_go(count: int) -> None:
        wait_until(lambda: page.evaluate("1") == 1 and len(waiting) == count)
        page.unroute(address)

    return let_go


def draw(page: Page) -> None:
    sheet = page.locator("#sketch-canvas").bounding_box()
    assert sheet
    page.mouse.move(sheet["x"] + 60, sheet["y"] + 60)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 260, sheet["y"] + 260, steps=4)
    page.mouse.up()


@pytest.fixture
def asked(page: Page) -> Page:
    """A page that answers a picture of a home."""
    page.goto("/")
    give(page, "paste", HOME)
    found(page, "shapes:home")
    return page


def test_a_filter_that_is_chosen_while_a_picture_is_sent_goes_with_it(asked: Page) -> None:
    let_go = held(asked, "**/?part=answer")
    give(asked, "paste", RING)
    asked.get_by_label("Colours").select_option("mono")
    expect(asked.locator("#picture-search")).to_have_attribute("aria-busy", "true")
    let_go(2)
    found(asked, "shapes:ring")
    expect(asked).to_have_url(re.compile(r"\?palette=mono$"))
    expect(asked.get_by_label("Colours")).to_have_value("mono")


def test_words_that_were_just_typed_do_not_bring_the_picture_before_back(asked: Page) -> None:
    asked.get_by_label("With these words").fill("ring")
    give(asked, "paste", RING)
    found(asked, "shapes:ring")
    expect(asked).to_have_url(re.compile(r"\?words=ring$"))
    expect(asked.locator(".matches .tile")).to_have_count(1)


def test_who_walks_from_the_words_into_the_icons_stays_there(asked: Page) -> None:
    asked.get_by_label("With these words").press_sequentially("ho")
    expect(asked.locator(".matches .tile")).to_have_count(1)  # of twins
    let_go = held(asked, "**/find/**part=results")
    asked.keyboard.type("m")
    asked.keyboard.press("ArrowDown")
    assert asked.evaluate(FOCUSED) == "shapes:home"
    let_go(1)
    expect(asked).to_have_url(re.compile("words=hom$"))
    expect(asked.locator("#picture-search")).not_to_have_attribute("aria-busy", "true")
    assert asked.evaluate(FOCUSED) == "shapes:home"


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_on_a_phone_a_tap_on_one_of_several_icons_leads_to_what_it_is(new_page: Open, motion: Any) -> None:
    page = new_page(has_touch=True, viewport={"width": 390, "height": 400}, reduced_motion=motion)
    page.goto("/")
    give(page, "paste", toolbar())
    expect(page.locator(".regions > li")).to_have_count(2)
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("link", name="Icon 2 of 2 in the picture").first.tap()
    found(page, "shapes:cross")
    expect(page.locator(".verdict")).to_be_in_viewport()


def test_show_more_leads_to_the_first_one_more(page: Page) -> None:
    icon_set = IconSet.objects.get(prefix="shapes")
    circles = [f'<circle cx="{8 + i % 6}" cy="{8 + i // 6}" r="6"/>' for i in range(24)]
    icons = [Icon.objects.create(set=icon_set, name=f"c{i}", svg=svg_of(body)) for i, body in enumerate(circles)]
    indexing.index_icons([icon.pk for icon in icons])
    page.goto("/")
    give(page, "paste", HOME)
    page.get_by_role("link", name="Show more").press("Enter")
    expect(page.locator(".matches .tile")).to_have_count(29)  # two of the 30 are twins
    expect(page.locator(".matches .tile > a").nth(24)).to_be_focused()


def test_cells_that_are_pasted_are_text_in_a_field_and_a_picture_elsewhere(page: Page) -> None:
    data = base64.b64encode(RING).decode()
    page.goto("/")
    assert page.evaluate(PASTE_BOTH, ["#q", data])  # left to the browser
    assert not page.evaluate(PASTE_BOTH, ["main", data])
    found(page, "shapes:ring")


def test_text_may_be_dropped_on_a_field(page: Page) -> None:
    page.goto("/")
    dropped = """(selector) => {
      const transfer = new DataTransfer();
      transfer.setData("text/plain", "home");
      const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer });
      return document.querySelector(selector).dispatchEvent(drop);
    }"""
    assert page.evaluate(dropped, "#q")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert not page.evaluate(dropped, "main")
    expect(page.get_by_role("alert")).to_contain_text("What you pasted or dropped contains no picture.")


def test_pictures_are_taken_after_a_drag_of_an_icon_that_has_gone_meanwhile(asked: Page) -> None:
    let_go = held(asked, "**/?part=answer")
    dragged = asked.locator("[data-icon='shapes:home'] > a").element_handle()
    dragged.hover()
    asked.mouse.down()
    asked.get_by_role("heading", level=1).hover()
    give(asked, "paste", RING)
    let_go(1)
    found(asked, "shapes:ring")
    assert not dragged.evaluate("(link) => link.isConnected")  # no end of its drag is told
    asked.mouse.up()
    asked.locator(".brand").hover()
    expect(asked.get_by_role("alert")).to_have_count(0)  # the icon itself was no question
    give(asked, "drop", HOME)
    found(asked, "shapes:home")


def test_what_is_no_picture_is_refused_with_a_sentence_on_any_page(page: Page) -> None:
    page.goto("/sets/")
    give(page, "drop", b"hello", "note.txt", "text/plain")
    expect(page.get_by_role("alert")).to_contain_text("This is not a picture that can be read")


@pytest.mark.parametrize("megabytes", [11, 16])
def test_a_file_that_is_too_large_is_refused_with_a_sentence(page: Page, megabytes: int) -> None:
    page.goto("/")
    page.set_input_files(
        "input[type=file] >> nth=0",
        {"name": "large.png", "mimeType": "image/png", "buffer": bytes(megabytes * 1024 * 1024)},
    )
    expect(page.get_by_role("alert")).to_have_text("The file is larger than 10 MB.")


def test_the_page_of_an_error_is_not_put_into_this_one(asked: Page) -> None:
    error = {"status": 403, "content_type": "text/html", "body": "<html><body><h1>Forbidden</h1></body></html>"}
    asked.route("**/*part=*", lambda route: route.fulfill(**error))
    asked.get_by_label("Colours").select_option("mono")
    asked.get_by_role("alert").wait_for()
    expect(asked.get_by_role("alert")).to_contain_text("The site does not answer.")
    found(asked, "shapes:home")
    give(asked, "paste", RING)
    expect(asked.locator("body")).not_to_contain_text("Forbidden")


def test_a_drawing_follows_a_picture_and_the_picture_is_a_step_back(asked: Page) -> None:
    picture = asked.url
    asked.get_by_role("button", name="Draw an icon").click()
    draw(asked)
    expect(asked.locator(".query-picture")).to_have_count(0)
    expect(asked).not_to_have_url(picture)
    expect(asked).to_have_url(re.compile("/find/"))
    expect(asked.locator(".query-picture")).to_have_count(0)
    asked.go_back()
    expect(asked).to_have_url(picture)
    found(asked, "shapes:home")


def test_a_picture_follows_a_drawing_and_closes_the_sheet(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Draw an icon").click()
    draw(page)
    expect(page).to_have_url(re.compile("/find/"))
    drawing = page.url
    give(page, "drop", b"hello", "note.txt", "text/plain")
    expect(page.get_by_role("alert")).to_contain_text("This is not a picture that can be read")
    expect(page.locator("#sketch-canvas")).to_be_visible()
    assert page.evaluate(INKED, [[0.5, 0.5]]) == [True]  # nothing is lost to a file that is no picture
    give(page, "paste", HOME)
    found(page, "shapes:home")
    expect(page.locator("#sketch-canvas")).to_be_hidden()
    expect(page.get_by_role("button", name="Draw an icon")).to_have_attribute("aria-expanded", "false")
    assert page.evaluate(INKED, [[0.5, 0.5]]) == [False]
    page.go_back()
    expect(page).to_have_url(drawing)


@pytest.mark.parametrize("button", ["Clear", "Undo"])
def test_an_empty_sheet_finds_nothing_and_keeps_the_filters(page: Page, button: str) -> None:
    page.goto("/")
    page.get_by_role("button", name="Draw an icon").click()
    draw(page)
    expect(page).to_have_url(re.compile("/find/"))
    page.get_by_label("Colours").select_option("mono")
    expect(page).to_have_url(re.compile("palette=mono"))
    page.get_by_role("button", name=button).click()
    expect(page.locator(".tile")).to_have_count(0)
    expect(page).to_have_url(re.compile("//[^/]+/$"))
    draw(page)
    expect(page).to_have_url(re.compile("/find/.*palette=mono"))
    expect(page.locator(".matches .tile")).not_to_have_count(0)


def test_keys_and_buttons_take_lines_back_and_draw_them_again(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Draw an icon").click()
    sheet = page.locator("#sketch-canvas")
    diagonal, corner = [0.5, 0.5], [0.9, 0.1]
    draw(page)
    sheet.click(position={"x": 0.9 * 288, "y": 0.1 * 288})
    assert page.evaluate(INKED, [diagonal, corner]) == [True, True]
    expect(page).to_have_url(re.compile("/find/"))
    kept = page.url
    page.keyboard.press("Control+z")
    assert page.evaluate(INKED, [diagonal, corner]) == [True, False]
    expect(page).not_to_have_url(kept)  # the search follows
    page.keyboard.press("Meta+Shift+z")
    assert page.evaluate(INKED, [diagonal, corner]) == [True, True]
    for _ in range(3):
        page.keyboard.press("Control+z")
    assert page.evaluate(INKED, [diagonal, corner]) == [False, False]
    expect(page.locator(".tile")).to_have_count(0)
    page.get_by_role("button", name="Redo").click()
    page.keyboard.press("Control+y")
    assert page.evaluate(INKED, [diagonal, corner]) == [True, True]
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Undo").click()
    assert page.evaluate(INKED, [diagonal, corner]) == [True, True]
    page.get_by_label("With these words").fill("ab")
    page.keyboard.press("Control+z")  # the field's own
    assert page.evaluate(INKED, [diagonal, corner]) == [True, True]


def test_a_sketch_is_told_what_comes_closest(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Draw an icon").click()
    draw(page)
    expect(page).to_have_url(re.compile("/find/.*sketch=1"))
    expect(page.locator(".verdict")).to_have_text("These icons come closest to your sketch.")
    page.get_by_label("Colours").select_option("mono")
    expect(page).to_have_url(re.compile("sketch=1.*palette=mono|palette=mono.*sketch=1"))
    expect(page.locator(".verdict")).to_have_text("These icons come closest to your sketch.")
    give(page, "paste", HOME)
    found(page, "shapes:home")
    expect(page).not_to_have_url(re.compile("sketch"))


def test_a_click_draws_a_dot(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Draw an icon").click()
    page.locator("#sketch-canvas").click()  # in its middle
    assert page.evaluate(INKED, [[0.5, 0.5]]) == [True]


def test_a_second_finger_neither_draws_nor_ends_the_line_of_the_first(new_page: Open) -> None:
    page = new_page(has_touch=True, viewport={"width": 390, "height": 800})
    page.goto("/")
    held(page, "**/?part=*")  # an answer could move the sheet
    page.get_by_role("button", name="Draw an icon").click()
    sheet = page.locator("#sketch-canvas").bounding_box()
    assert sheet
    touch = page.context.new_cdp_session(page)
    for kind, finger, x, y in (
        ("touchStart", 1, 0.2, 0.2),
        ("touchStart", 2, 0.8, 0.8),
        ("touchMove", 2, 0.8, 0.5),
        ("touchEnd", 2, 0.8, 0.5),
        ("touchMove", 1, 0.2, 0.8),
        ("touchEnd", 1, 0.2, 0.8),
    ):
        point = {"id": finger, "x": sheet["x"] + x * sheet["width"], "y": sheet["y"] + y * sheet["height"]}
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    first, second = [[0.2, 0.2], [0.2, 0.5], [0.2, 0.8]], [[0.8, 0.8], [0.8, 0.5], [0.5, 0.35]]
    assert page.evaluate(INKED, first) == [True, True, True]
    assert page.evaluate(INKED, second) == [False, False, False]
    page.get_by_role("button", name="Undo").click()
    assert page.evaluate(INKED, first) == [False, False, False]


def test_wiping_an_empty_sheet_leaves_a_picture_alone(asked: Page) -> None:
    asked.get_by_role("button", name="Draw an icon").click()
    asked.get_by_role("button", name="Clear").click()
    found(asked, "shapes:home")


def test_c_copies_the_icon_that_is_focused_on_the_page_of_another(new_page: Open) -> None:
    page: Any = new_page()
    page.goto("/icons/shapes/home/")
    page.locator("[data-icon='shapes:ring'] a").focus()
    page.keyboard.press("c")
    expect(page.locator("#status-message")).to_have_text("Copied as SVG")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == Icon.objects.get(name="ring").svg
