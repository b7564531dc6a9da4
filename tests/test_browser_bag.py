"""In real Chromium: fill a bag while browsing, share it, download it."""

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from bags.models import Bag
from icons.models import Icon, IconSet
from tests.browser import Open, in_chromium, refuse_clipboard, violations
from tests.conftest import SHAPES, svg_of, wait_until

pytestmark = in_chromium

GRID = "/icons/?q=shapes"  # words of the names that all icons here have
OUT_OF_REACH = "The bag cannot be reached. Please try again."


def cut(route: Route) -> None:
    route.abort("internetdisconnected")


def error(route: Route) -> None:
    route.fulfill(status=500, content_type="text/html", body="<h1>Something went wrong here</h1>")


def lose(route: Route) -> None:
    route.fetch()  # it is done, and the answer never comes
    cut(route)


@pytest.fixture(autouse=True)
def shapes(transactional_db: None) -> None:
    icon_set = IconSet.objects.create(prefix="shapes", title="Shapes", licence="MIT License", licence_spdx="MIT")
    for name, body in SHAPES.items():
        Icon.objects.create(set=icon_set, name=name, svg=svg_of(body), tags=["shapes"])


@pytest.fixture
def unsure(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page on which an error of the site is no surprise."""
    with browser.new_page(base_url=live_server.url) as page:
        yield page


def put(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"Add {name} to the bag")


def count(page: Page) -> Locator:
    return page.get_by_role("link", name="Bag", exact=False).and_(page.locator("header a"))


def fill(page: Page, *names: str) -> None:
    page.goto(GRID)
    for number, name in enumerate(names, 1):
        put(page, name).click()
        expect(count(page)).to_have_text(f"Bag ({number})")


def test_an_icon_is_put_in_from_a_grid_and_stays_in(page: Page) -> None:
    page.goto(GRID)
    expect(page.locator("#bag-count")).to_be_hidden()
    put(page, "home").click()
    expect(page.get_by_role("status").filter(has_text="Added to the bag: shapes:home")).to_be_visible()
    expect(count(page)).to_have_text("Bag (1)")
    expect(put(page, "home")).to_have_attribute("aria-pressed", "true")
    expect(put(page, "ring")).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(put(page, "home")).to_have_attribute("aria-pressed", "true")
    put(page, "home").click()
    expect(page.get_by_role("status").filter(has_text="Removed from the bag: shapes:home")).to_be_visible()
    expect(put(page, "home")).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(page.locator("#bag-count")).to_be_hidden()


def test_pressing_many_buttons_at_once_loses_none(page: Page) -> None:
    page.goto(GRID)
    page.evaluate("document.querySelectorAll('.bag-button').forEach((button) => button.click())")
    expect(count(page)).to_have_text("Bag (5)")
    assert Bag.objects.get().icons.count() == 5


def test_tiles_that_come_while_somebody_types_show_what_is_in(page: Page) -> None:
    fill(page, "home")
    page.locator("#q").fill("hom")
    expect(page.locator("#word-results .name")).to_have_text(["home"])
    expect(put(page, "home")).to_have_attribute("aria-pressed", "true")


def test_the_key_b_puts_the_focused_icon_in_and_takes_it_out(page: Page) -> None:
    page.goto(GRID)
    tile = page.locator("[data-icon='shapes:ring'] a")
    tile.focus()
    page.keyboard.press("b")
    expect(put(page, "ring")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Tab")
    expect(put(page, "ring")).to_be_focused()
    page.keyboard.press("b")
    expect(put(page, "ring")).to_have_attribute("aria-pressed", "false")
    page.locator("#q").focus()
    page.keyboard.press("b")
    expect(page.locator("#q")).to_have_value("bshapes")


def test_the_page_of_an_icon_puts_it_in_and_takes_it_out(page: Page) -> None:
    page.goto("/icons/shapes/home/")
    page.get_by_role("button", name="Add to bag").click()
    expect(count(page)).to_have_text("Bag (1)")
    page.reload()
    page.get_by_role("button", name="Remove from bag").click()
    expect(page.get_by_role("button", name="Add to bag")).to_be_visible()
    expect(page.locator("#bag-count")).to_be_hidden()


def test_the_page_of_an_icon_puts_it_in_at_the_stroke_width_that_it_shows(page: Page) -> None:
    page.goto("/icons/shapes/ring/?stroke=2")
    page.get_by_label("Stroke width").fill("1.5")
    expect(page.locator("button[form='bag-form'][name='add']")).to_have_attribute("value", "shapes:ring?stroke=1.5")
    page.get_by_role("button", name="Add to bag").click()
    expect(page.get_by_role("button", name="Remove from bag")).to_be_visible()
    page.goto("/bag/")
    expect(page.locator("[data-icon='shapes:ring']")).to_contain_text("stroke 1.5")


def test_a_page_that_one_goes_back_to_shows_what_is_in_now(page: Page) -> None:
    page.goto(GRID)
    page.locator("[data-icon='shapes:home'] a").click()
    page.get_by_role("button", name="Add to bag").click()
    expect(count(page)).to_have_text("Bag (1)")
    page.go_back()
    expect(count(page)).to_have_text("Bag (1)")
    expect(put(page, "home")).to_have_attribute("aria-pressed", "true")


def test_what_the_bag_refuses_is_said(page: Page, settings: LazySettings) -> None:
    settings.BAG_MAX_ICONS = 1
    fill(page, "home")
    put(page, "ring").click()
    expect(page.locator("#status-message")).to_have_text(
        "A bag holds at most 1 icons, and this one has 1. Remove some first."
    )
    expect(put(page, "ring")).to_have_attribute("aria-pressed", "false")


def test_a_site_that_is_out_of_reach_is_said(page: Page) -> None:
    page.goto(GRID)
    page.context.set_offline(True)
    put(page, "ring").click()
    expect(page.locator("#status-message")).to_have_text(OUT_OF_REACH)


@pytest.mark.parametrize("fail", [cut, error])
def test_after_an_icon_that_did_not_get_in_the_next_one_does(unsure: Page, fail: Callable[[Route], None]) -> None:
    waiting: list[Route] = []
    unsure.goto(GRID)
    unsure.route("**/bag/change/", lambda route: waiting.append(route))
    put(unsure, "home").click()
    put(unsure, "ring").click()
    wait_until(lambda: unsure.evaluate("1") == 1 and len(waiting) == 1)
    fail(waiting[0])
    expect(unsure.locator("#status-message")).to_have_text(OUT_OF_REACH)
    expect(put(unsure, "home")).to_have_attribute("aria-pressed", "false")
    wait_until(lambda: unsure.evaluate("1") == 1 and len(waiting) == 2)
    waiting[1].continue_()
    expect(put(unsure, "ring")).to_have_attribute("aria-pressed", "true")
    expect(put(unsure, "home")).to_have_attribute("aria-pressed", "false")
    expect(count(unsure)).to_have_text("Bag (1)")


def test_a_count_that_cannot_be_read_does_not_stop_what_is_put_in_later(page: Page) -> None:
    fill(page, "home")
    page.route("**/bag/icons.json", lambda route: route.fulfill(body="<h1>Sign in to this network</h1>"))
    page.goto(GRID)
    put(page, "ring").click()
    expect(count(page)).to_have_text("Bag (2)")


def test_who_tries_again_after_an_answer_was_lost_puts_the_icon_in_once(page: Page) -> None:
    fill(page, "ring")
    page.route("**/bag/change/", lose, times=1)
    put(page, "home").click()
    expect(page.locator("#status-message")).to_have_text(OUT_OF_REACH)
    put(page, "home").click()
    expect(page.locator("#status-message")).to_have_text("Added to the bag: shapes:home")
    expect(put(page, "home")).to_have_attribute("aria-pressed", "true")
    expect(count(page)).to_have_text("Bag (2)")


@pytest.mark.parametrize("fail", [cut, error])
def test_an_icon_that_could_not_be_taken_out_stays_and_the_next_one_goes(
    unsure: Page, fail: Callable[[Route], None]
) -> None:
    fill(unsure, "home", "ring")
    unsure.goto("/bag/")
    unsure.route("**/edit/", fail, times=1)
    unsure.get_by_role("button", name="Remove home from the bag").click()
    expect(unsure.locator("#status-message")).to_have_text(OUT_OF_REACH)
    expect(unsure.locator(".grid .name")).to_have_text(["home", "ring"])
    unsure.get_by_role("button", name="Remove ring from the bag").click()
    expect(unsure.locator(".grid .name")).to_have_text(["home"])
    expect(count(unsure)).to_have_text("Bag (1)")


def test_without_javascript_the_buttons_do_the_same(new_page: Open) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(GRID)
    for name in ("home", "ring"):
        page.locator(f"[data-icon='shapes:{name}']").hover()
        put(page, name).click()
        expect(page).to_have_url(re.compile(r"/icons/\?q=shapes$"))
    expect(count(page)).to_have_text("Bag (2)")
    count(page).click()
    page.get_by_role("button", name="Remove home from the bag").click()
    expect(page.locator(".grid .name")).to_have_text(["ring"])
    with page.expect_download() as download:
        page.get_by_role("link", name="Download JSON").click()
    assert download.value.suggested_filename == "icons.json"


def test_taking_icons_out_on_the_bags_page_keeps_the_place(page: Page) -> None:
    fill(page, "cross", "home", "ring")
    count(page).click()
    expect(page.locator(".grid .name")).to_have_text(["cross", "home", "ring"])
    page.get_by_role("button", name="Remove home from the bag").click()
    expect(page.locator(".grid .name")).to_have_text(["cross", "ring"])
    expect(page.get_by_role("button", name="Remove ring from the bag")).to_be_focused()
    expect(count(page)).to_have_text("Bag (2)")
    expect(page.locator("#bag")).to_contain_text("2 icons from Shapes: MIT License (MIT)")
    for name in ("ring", "cross"):
        page.get_by_role("button", name=f"Remove {name} from the bag").click()
    expect(page.locator("#bag")).to_contain_text("This bag is empty.")
    expect(page.locator("#bag-count")).to_be_hidden()


@pytest.mark.parametrize("scripted", [True, False])
def test_a_bag_is_emptied_and_deleted_only_after_a_question(new_page: Open, scripted: bool) -> None:
    page = new_page(java_script_enabled=scripted)
    page.goto(GRID)
    page.locator("[data-icon='shapes:home']").hover()
    put(page, "home").click()
    expect(count(page)).to_have_text("Bag (1)")
    count(page).click()
    for question, answer, after in (
        ("Remove all icons", "Yes, remove all icons", "This bag is empty."),
        ("Delete this bag", "Yes, delete it", "Your bag is empty"),
    ):
        expect(page.get_by_role("button", name=answer)).to_be_hidden()
        page.get_by_text(question, exact=True).click()
        page.get_by_role("button", name=answer).click()
        expect(page.locator("main")).to_contain_text(after)


def test_a_bag_that_was_deleted_elsewhere_is_reported(page: Page) -> None:
    fill(page, "home")
    count(page).click()
    Bag.objects.all().delete()
    page.get_by_role("button", name="Remove home from the bag").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("There is no such bag.")
    page.goto(GRID)
    put(page, "ring").click()
    expect(count(page)).to_have_text("Bag (1)")


def test_a_shared_bag_is_seen_and_not_changed(page: Page, new_page: Open) -> None:
    fill(page, "home", "ring")
    count(page).click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("The address has been copied.")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == page.url
    visitor = new_page()
    visitor.goto(address)
    expect(visitor.locator(".grid .name")).to_have_text(["home", "ring"])
    expect(visitor.get_by_role("button", name=re.compile("^(Remove|Rename|Delete)"))).to_have_count(0)
    put(visitor, "ring").click()
    expect(count(visitor)).to_have_text("Bag (1)")
    visitor.get_by_role("button", name="Add all icons to my bag").click()
    expect(visitor).not_to_have_url(address)
    expect(visitor.locator(".grid .name")).to_have_text(["ring", "home"])


def test_where_nothing_may_be_copied_the_address_is_selected_for_the_reader(page: Page) -> None:
    fill(page, "home")
    page.goto("/bag/")
    refuse_clipboard(page, wholly=True)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_label("Anyone who has this address")).to_be_focused()
    page.keyboard.press("ControlOrMeta+C")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_the_zip_that_is_downloaded_opens(page: Page) -> None:
    fill(page, "home", "ring")
    count(page).click()
    page.get_by_role("form", name="PNG pictures").get_by_label("Size in px").fill("48")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG pictures").click()
    assert download.value.suggested_filename == "icons-png.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.namelist() == ["shapes/home.png", "shapes/ring.png", "LICENSES.txt"]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download font").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert {"icons.ttf", "icons.woff2", "icons.css", "demo.html"} < set(archive.namelist())


def test_the_pages_style_sheet_shows_the_font(page: Page, tmp_path: Path) -> None:
    fill(page, "square")
    count(page).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download font").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path)
    page.goto((tmp_path / "demo.html").as_uri())
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px icons', '\\ue000')")
    box = page.locator("i").first.bounding_box()
    assert box and round(box["width"]) == 32


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_everybody_can_use_the_bag(new_page: Open, scheme: Literal["light", "dark"], locale: str) -> None:
    page = new_page(color_scheme=scheme, locale=locale)
    page.goto("/bag/")
    assert violations(page) == []
    page.goto(GRID)
    page.locator(".bag-button").nth(1).click()
    expect(page.locator("#status-message")).not_to_be_empty()
    assert violations(page) == []
    page.goto("/icons/shapes/ring/")
    assert violations(page) == []
    page.goto("/bag/")
    assert violations(page) == []
    shared = new_page(color_scheme=scheme, locale=locale)
    shared.goto(page.url)
    assert violations(shared) == []
