"""In real Chromium: the start page before a search, and the picture while its answer is on the way."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, Route, expect

from icons.models import Icon, IconSet
from search import indexing
from tests.browser import Open, in_chromium, violations
from tests.conftest import SHAPES, png_of, svg_of, wait_until
from tests.test_browser import found, give
from tests.test_search_page import toolbar

pytestmark = in_chromium

HOME, RING = (png_of(svg_of(SHAPES[name])) for name in ("home", "ring"))


@pytest.fixture(autouse=True)
def library(transactional_db: None) -> list[Icon]:
    icon_set = IconSet.objects.create(prefix="shapes", title="Shapes", licence="MIT License", licence_spdx="MIT")
    icons = [Icon.objects.create(set=icon_set, name=name, svg=svg_of(body)) for name, body in SHAPES.items()]
    indexing.index_icons([icon.pk for icon in icons])
    return icons


def hold(page: Page) -> list[Route]:
    """The searches that are sent from now on; they hang until the test lets them go."""
    routes: list[Route] = []
    page.route("**/?part=answer", lambda route: routes.append(route))
    return routes


def wait_for(page: Page, routes: list[Route], count: int) -> None:
    wait_until(lambda: page.evaluate("1") == 1 and len(routes) == count)


@pytest.mark.parametrize("name", ["A toolbar", "A button with a label", "A sketch"])
def test_an_example_is_answered_at_a_click(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_role("button", name=name).click()
    expect(page.locator(".matches .tile").first).to_be_visible(timeout=20_000)  # the network may still be read
    expect(page).to_have_url(re.compile(r"/find/[\w-]+/" + (r"\?sketch=1$" if name == "A sketch" else "$")))
    expect(page.locator("#picture")).to_be_visible()
    expect(page.locator("#start")).to_be_hidden()


def test_without_javascript_an_example_is_answered_too(new_page: Open) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("button", name="A sketch").click()
    expect(page.get_by_role("heading", name="These icons come closest to your sketch.")).to_be_visible()


def test_the_page_follows_the_indexing(page: Page, library: list[Icon]) -> None:
    body = svg_of('<path d="M2 2h3v20H2z"/>')
    bar = Icon.objects.create(set=library[0].set, name="bar", svg=body)
    page.goto("/")
    expect(page.locator("#library")).to_contain_text("5 icons of 1 icon set can be found by picture.")
    expect(page.locator("#library progress")).to_have_js_property("value", 5)
    assert violations(page) == []
    indexing.index_icons([bar.pk])
    cache.clear()
    expect(page.locator("#library")).to_contain_text("6 icons of 1 icon set can be found by picture.", timeout=15000)
    expect(page.locator("#library progress")).to_have_count(0)


def test_the_picture_is_on_show_at_once_and_cancelling_leaves_the_page_as_it_was(page: Page) -> None:
    page.goto("/")
    routes = hold(page)
    give(page, "paste", HOME)
    expect(page.locator("#pending-picture")).to_have_js_property("naturalWidth", 60)
    expect(page.get_by_text("Searching …")).to_be_visible()
    wait_for(page, routes, 1)
    assert violations(page) == []
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#pending")).to_be_hidden()
    expect(page.locator("#start")).to_be_visible()
    expect(page).to_have_url(re.compile(r":\d+/$"))


def test_cancelling_brings_the_answer_before_back(page: Page) -> None:
    page.goto("/")
    give(page, "paste", HOME)
    found(page, "shapes:home")
    address = page.url
    routes = hold(page)
    give(page, "paste", RING)
    expect(page.locator("#pending-picture")).to_be_visible()
    expect(page.locator(".matches .tile").first).to_be_hidden()
    wait_for(page, routes, 1)
    page.get_by_role("button", name="Cancel").click()
    found(page, "shapes:home")
    expect(page.locator(".matches .tile").first).to_be_visible()
    expect(page).to_have_url(address)
    page.get_by_label("Outline").check()  # the filters ask for the picture that is on show
    expect(page).to_have_url(f"{address}?style=outline")


def test_a_search_that_hangs_can_be_tried_again(page: Page) -> None:
    page.clock.install()
    page.goto("/")
    routes = hold(page)
    give(page, "paste", RING)
    wait_for(page, routes, 1)
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    page.clock.fast_forward(11_000)
    expect(page.get_by_text("The answer takes long.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    wait_for(page, routes, 2)
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    routes[1].continue_()
    found(page, "shapes:ring")
    expect(page.locator("#pending")).to_be_hidden()


def test_a_hanging_part_of_any_page_can_be_tried_again(page: Page) -> None:
    page.clock.install()
    page.goto("/sets/shapes/")
    routes: list[Route] = []
    page.route("**/*part*", lambda route: routes.append(route))
    page.get_by_label("Name or tag in this set").fill("ri")
    page.clock.fast_forward(200)
    wait_for(page, routes, 1)
    page.clock.fast_forward(11_000)
    page.locator("#status-message").get_by_role("button", name="Try again").click()
    wait_for(page, routes, 2)
    routes[1].continue_()
    expect(page.locator("#icons .tile")).to_have_count(2)
    expect(page.locator("#status-message")).to_have_text("")


def test_what_is_refused_leaves_the_page_as_it_was(page: Page) -> None:
    page.goto("/")
    give(page, "paste", b"no picture")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#pending")).to_be_hidden()
    expect(page.locator("#start")).to_be_visible()


def test_an_outline_names_its_icon_and_does_not_cover_it(page: Page) -> None:
    page.goto("/")
    give(page, "paste", toolbar())
    outline = page.get_by_role("link", name="Icon 2 of 2 in the picture: cross").first
    outline.hover()
    expect(page.locator(".outline-name")).to_have_text("cross")
    page.get_by_role("heading", level=1).hover()
    expect(page.locator(".outline-name")).to_be_hidden()
    outline.focus()
    expect(page.locator(".outline-name")).to_have_text("cross")
    picture, box = page.locator("#picture").bounding_box(), outline.locator("rect").bounding_box()
    assert picture and box
    scale = picture["width"] / 160  # the cross, without its margin, is at 104.5 to 127.5 px
    assert box["x"] < picture["x"] + 103 * scale and box["x"] + box["width"] > picture["x"] + 129 * scale


@pytest.mark.parametrize("width", [390, 1440])
def test_a_picture_uses_the_width_there_is(new_page: Open, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    page.goto("/")
    page.get_by_role("button", name="A toolbar").click()
    expect(page.locator("#picture")).to_be_visible()
    box = page.locator("#picture").bounding_box()
    assert box and (box["height"] == 56 if width == 390 else box["width"] > 1200)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_choosing_one_keeps_the_other_icons_on_show(page: Page) -> None:
    page.goto("/")
    give(page, "paste", toolbar())
    expect(page.locator(".regions > li")).to_have_count(2)
    page.locator(".region-picture").nth(1).click()
    found(page, "shapes:cross")
    expect(page).to_have_url(re.compile(r"crop="))
    expect(page.locator(".regions > li")).to_have_count(2)
    expect(page.locator(".region-picture[aria-current] img")).to_have_attribute("alt", "Icon 2 of 2 in the picture")
    page.get_by_label("With these words").fill("home")
    expect(page.locator(".regions .tile:not([data-icon='shapes:home'])")).to_have_count(0)
    page.get_by_label("With these words").fill("")
    expect(page.locator(".regions > li")).to_have_count(2)
    page.get_by_role("link", name="Icon 1 of 2 in the picture: home").first.click()
    found(page, "shapes:home")
    expect(page.locator(".regions > li").first).to_be_visible()
    page.get_by_role("button", name="Whole picture").click()
    expect(page.locator(".on-picture")).to_have_count(1)
