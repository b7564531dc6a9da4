"""In real Chromium: walk through a large set, filter, and use the keys of every grid."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from icons.models import Icon, IconSet, hash_svg
from search.tasks import sweep_terms
from tests.browser import Open, in_chromium, refuse_clipboard, violations
from tests.conftest import SHAPES, svg_of, wait_until

pytestmark = in_chromium

BODIES = list(SHAPES.values())

DOM = "document.querySelectorAll('.grid > li').length"
# The names of the tiles of which at least half is in the view.
IN_VIEW = """() => [...document.querySelectorAll(".grid > li")].filter((tile) => {
  const box = tile.getBoundingClientRect();
  return box.top + box.height / 2 > 0 && box.top + box.height / 2 < innerHeight;
}).map((tile) => tile.dataset.icon?.split(":")[1] ?? "")"""
ALL_THERE = f"((names) => names.length > 0 && names.every(Boolean))(({IN_VIEW})())"
COLUMNS = "getComputedStyle(document.querySelector('.grid')).gridTemplateColumns.split(' ').length"
FOCUSED = "document.activeElement.closest('li')?.dataset.icon"


def fill(icon_set: IconSet, count: int) -> None:
    svgs = [svg_of(body) for body in BODIES]
    Icon.objects.bulk_create(
        Icon(set=icon_set, name=f"n{i:04}", svg=svgs[i % 5], view_box="0 0 24 24", svg_hash=hash_svg(svgs[i % 5]))
        for i in range(count)
    )


@pytest.fixture
def big(transactional_db: None) -> IconSet:
    icon_set = IconSet.objects.create(prefix="big", title="Big", licence="MIT License", author="Ada")
    fill(icon_set, 5000)
    return icon_set


@pytest.fixture
def small(transactional_db: None) -> IconSet:
    icon_set = IconSet.objects.create(prefix="shapes", title="Shapes", licence_spdx="MIT", palette=True)
    for name, body in SHAPES.items():
        Icon.objects.create(set=icon_set, name=name, svg=svg_of(body), category="Forms", tags=["shape"])
    gold = svg_of('<circle cx="12" cy="12" r="9" fill="gold"/>')
    for style in ("one", "two", "three"):
        Icon.objects.create(set=icon_set, name=f"sun-{style}-outline", svg=gold, category="Sky")
    return icon_set


def until(page: Page, script: str) -> None:
    wait_until(lambda: page.evaluate(script), 20)  # what Playwright itself would wait by is forbidden by policy


def scrolled_to(page: Page, part: float) -> None:
    page.evaluate("(part) => scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * part)", part)
    until(page, ALL_THERE)


# --- scrolling ---


@pytest.mark.parametrize("width", [1280, 390])
def test_the_middle_of_a_set_shows_its_icons_with_few_tiles(big: IconSet, new_page: Open, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    page.goto("/sets/big/")
    height = page.evaluate("document.documentElement.scrollHeight")
    scrolled_to(page, 0.5)
    in_view = page.evaluate(IN_VIEW)
    first = int(in_view[0][1:])
    assert 2300 < first < 2600 and in_view == [f"n{i:04}" for i in range(first, first + len(in_view))]
    assert first % page.evaluate(COLUMNS) == 0 and page.evaluate(DOM) < 400
    expect(page.locator(".scroll-position")).to_have_text(re.compile(r"^N · 2,[345]\d\d of 5,000$"))
    tile = page.locator(f'[data-icon="big:n{first + 5:04}"]')
    assert tile.get_attribute("aria-posinset") == str(first + 6) and tile.get_attribute("aria-setsize") == "5000"
    scrolled_to(page, 1)
    assert page.evaluate(IN_VIEW)[-1] == "n4999" and page.evaluate(DOM) < 400
    assert page.evaluate("document.documentElement.scrollHeight") == height
    scrolled_to(page, 0)
    assert page.evaluate(IN_VIEW)[0] == "n0000"


def test_a_page_of_many_sets_takes_few_requests(new_page: Open, transactional_db: None) -> None:
    sets = [IconSet(prefix=f"s{number:03}", title=f"Set {number}") for number in range(240)]
    svg = svg_of(SHAPES["ring"])
    for icon_set in IconSet.objects.bulk_create(sets):
        Icon.objects.bulk_create(
            Icon(set=icon_set, name=name, svg=svg, svg_hash=f"{icon_set.prefix}{name}", view_box="0 0 24 24")
            for name in ("home", "user", "search", "settings", "heart", "star")
        )
    page = new_page()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto("/sets/")
    for _ in range(60):
        page.mouse.wheel(0, 900)
        page.wait_for_timeout(30)
    until(page, "[...document.querySelectorAll('.samples img')].every((image) => image.complete && image.naturalWidth)")
    assert len([address for address in addresses if "/samples/" in address]) == 10
    assert len(addresses) <= 60
    html = page.evaluate("performance.getEntriesByType('navigation')[0].transferSize")
    assert 0 < html < 40_000


def test_going_back_and_reloading_find_the_place_again(big: IconSet, new_page: Open) -> None:
    page = new_page()
    page.goto("/sets/big/")
    scrolled_to(page, 0.7)
    until(page, "history.state?.position?.index > 0")
    before, at = page.evaluate(IN_VIEW), page.evaluate("scrollY")
    page.reload()
    until(page, ALL_THERE)
    assert page.evaluate(IN_VIEW) == before and abs(page.evaluate("scrollY") - at) <= 1
    page.locator(f'[data-icon="big:{before[4]}"] a').click()
    expect(page).to_have_url(re.compile(f"/icons/big/{before[4]}/$"))
    page.go_back()
    until(page, ALL_THERE)
    assert page.evaluate(IN_VIEW) == before


def test_another_width_keeps_the_place(big: IconSet, new_page: Open) -> None:
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto("/sets/big/")
    scrolled_to(page, 0.5)
    first = int(page.evaluate(IN_VIEW)[0][1:])
    page.set_viewport_size({"width": 500, "height": 800})
    until(page, f"{COLUMNS} < 5 && {ALL_THERE}")
    until(page, f"Math.abs(Number(({IN_VIEW})()[0].slice(1)) - {first}) < 12")


def test_a_page_of_the_address_is_where_the_view_begins(big: IconSet, new_page: Open) -> None:
    page = new_page()
    page.goto("/sets/big/?page=11")
    until(page, f"{ALL_THERE} && scrollY > 0")
    assert "n2400" in page.evaluate(IN_VIEW)[:12]
    expect(page.locator(".pages")).to_be_hidden()


def test_without_javascript_a_set_has_pages(big: IconSet, new_page: Open) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/sets/big/?q=n")
    expect(page.locator(".tile")).to_have_count(240)
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"q=n&page=2$"))
    expect(page.get_by_text("241 to 480 on this page")).to_be_visible()
    expect(page.locator(".tile").first).to_contain_text("n0240")


def test_tiles_that_did_not_come_are_fetched_once_the_network_is_back(big: IconSet, new_page: Open) -> None:
    page = new_page()
    page.clock.install(time=0)
    page.goto("/sets/big/")
    page.clock.pause_at(600_000)  # no time passes from now on: only the network can be what brings them
    page.context.set_offline(True)
    under_way: set[str] = set()
    page.on("request", lambda request: under_way.add(request.url))
    page.on("requestfailed", lambda request: under_way.discard(request.url))
    with page.expect_event("requestfailed"):
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    # What is still under way when the network is back would be tried again by the clock alone.
    wait_until(lambda: not page.evaluate(ALL_THERE) and not any("part=" in url for url in under_way), 20)
    page.context.set_offline(False)
    until(page, ALL_THERE)


def test_tiles_that_the_site_failed_to_give_are_asked_for_again(big: IconSet, new_page: Open) -> None:
    page = new_page()
    page.goto("/sets/big/")
    refused: list[str] = []

    def refuse_twice(route: Route) -> None:
        refused.append(route.request.url)
        if refused.count(refused[-1]) > 2:
            route.continue_()
        else:
            route.abort("internetdisconnected")

    page.route("**/*part=*", refuse_twice)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    until(page, ALL_THERE)
    assert len(refused) > 2


def test_tiles_whose_request_hangs_are_asked_for_again(big: IconSet, new_page: Open) -> None:
    page = new_page()
    page.clock.install()
    page.goto("/sets/big/")
    held: list[Route] = []
    page.route("**/*part=*", lambda route: held.append(route))
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    wait_until(lambda: page.evaluate("1") == 1 and bool(held))
    page.unroute("**/*part=*")
    assert not page.evaluate(ALL_THERE)
    page.clock.fast_forward(11_000)  # the requests are given up
    page.clock.fast_forward(3_000)  # and sent again after a pause
    until(page, ALL_THERE)


# --- filters ---


@pytest.mark.parametrize("scripted", [True, False])
def test_sets_are_filtered_by_what_is_typed_and_chosen(small: IconSet, new_page: Open, scripted: bool) -> None:
    IconSet.objects.create(prefix="void", title="Nothing in it", licence="Apache 2.0")
    page = new_page(java_script_enabled=scripted)

    def found(*titles: str) -> None:
        if not scripted:
            page.get_by_role("button", name="Filter").click()
        expect(page.locator(".sets h2")).to_have_text(list(titles))

    page.goto("/sets/")
    expect(page.locator(".sets h2")).to_have_text(["Nothing in it", "Shapes"])
    page.get_by_label("Title, prefix or author").fill("shap")
    found("Shapes")
    page.get_by_label("Title, prefix or author").fill("")
    page.get_by_label("Licence").select_option("Apache 2.0")
    found("Nothing in it")
    page.get_by_label("Colours").select_option("Several colours")
    found()
    expect(page.get_by_text("No icon set matches all of these filters").first).to_be_visible()
    page.get_by_label("Licence").select_option("Any")
    page.get_by_label("Size").select_option("Under 100 icons")
    found("Shapes")
    assert "size=small" in page.url and "colours=several" in page.url
    page.get_by_role("link", name="Shapes").click()
    expect(page.get_by_role("heading", name="Shapes")).to_be_visible()


@pytest.mark.parametrize("scripted", [True, False])
def test_the_icons_of_a_set_are_filtered(small: IconSet, new_page: Open, scripted: bool) -> None:
    page = new_page(java_script_enabled=scripted)
    page.goto("/sets/shapes/")
    page.get_by_role("link", name=re.compile("^outline 3")).click()
    expect(page.locator(".tile")).to_have_count(3)
    page.get_by_label("Name or tag in this set").fill("two")
    if not scripted:
        page.get_by_role("button", name="Filter").click()
    expect(page.locator(".tile .name")).to_have_text(["sun-two-outline"])
    assert "variant=outline" in page.url and "q=two" in page.url
    page.get_by_role("link", name=re.compile("^Forms")).click()
    expect(page.get_by_text("No icon of this set matches")).to_be_visible()


def test_scrolling_goes_on_in_what_was_filtered(big: IconSet, new_page: Open) -> None:
    page = new_page()
    page.goto("/sets/big/")
    scrolled_to(page, 0.5)
    page.get_by_label("Name or tag in this set").fill("1")
    expect(page.locator("[data-summary]")).to_have_text("2,084 icons")
    expect(page.locator("#announcer")).to_have_text("2,084 icons")
    scrolled_to(page, 1)
    assert page.evaluate(IN_VIEW)[-1] == "n4991"


def test_who_walks_into_the_icons_while_they_are_fetched_anew_stays_there(small: IconSet, new_page: Open) -> None:
    page = new_page()
    page.goto("/sets/shapes/")
    waiting: list[Route] = []
    page.route("**/*part", lambda route: waiting.append(route))
    page.get_by_label("Name or tag in this set").fill("sun")
    until(page, "document.querySelector('#icons[aria-busy=true]') !== null")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    wait_until(lambda: page.evaluate("1") == 1 and len(waiting) == 1)
    waiting[0].continue_()
    expect(page.locator(".tile")).to_have_count(3)
    expect(page.locator("#icons")).not_to_have_attribute("aria-busy", "true")
    assert page.evaluate(FOCUSED) == page.locator(".tile").nth(1).get_attribute("data-icon")
    expect(page.locator(".tile > a").nth(1)).to_be_focused()
    page.locator(".tile .bag-button").nth(2).focus()
    page.unroute("**/*part")
    page.evaluate("""() => {
      document.getElementById("icon-filter").value = "sun-t";
      document.querySelector(".filters").requestSubmit();
    }""")
    expect(page.locator(".tile")).to_have_count(2)
    expect(page.locator(".tile .bag-button").nth(1)).to_be_focused()


@pytest.mark.parametrize("status", [None, 502])
def test_a_network_that_is_down_is_reported_and_the_icons_stay(
    small: IconSet, new_page: Open, status: int | None
) -> None:
    page = new_page()
    page.goto("/sets/shapes/")
    if status:
        page.evaluate("(status) => { window.fetch = async () => new Response('<p>Bad</p>', { status }); }", status)
    else:
        page.context.set_offline(True)
    page.get_by_label("Name or tag in this set").fill("sun")
    expect(page.locator("#status-message")).to_have_text("The site does not answer. Check your network and try again.")
    expect(page.locator("#icons")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator(".tile")).to_have_count(8)


# --- keys ---


def test_arrows_walk_over_the_grid_as_it_is_laid_out(big: IconSet, new_page: Open) -> None:
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto("/sets/big/")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) is None  # the page's own key, as long as no tile has the focus
    page.get_by_label("Name or tag in this set").focus()
    columns = page.evaluate(COLUMNS)
    for key, place in (
        ("ArrowDown", 0),
        ("ArrowRight", 1),
        ("ArrowDown", columns + 1),
        ("ArrowLeft", columns),
        ("ArrowLeft", columns - 1),
        ("ArrowDown", 2 * columns - 1),
        ("Home", columns),
        ("End", 2 * columns - 1),
        ("ArrowUp", columns - 1),
        ("ArrowUp", columns - 1),
    ):
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == f"big:n{place:04}", key
    for _ in range(40):
        until(page, "!document.querySelector('.placeholder')")
        page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == f"big:n{41 * columns - 1:04}"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/icons/big/n{41 * columns - 1:04}/$"))


def test_c_copies_the_source_and_says_so(small: IconSet, new_page: Open) -> None:
    page = new_page()
    page.goto("/sets/shapes/")
    page.keyboard.press("c")
    expect(page.locator("#status-message")).to_have_text("")
    page.locator('[data-icon="shapes:ring"] a').focus()
    page.keyboard.press("c")
    expect(page.locator("#status-message")).to_have_text("Copied as SVG")
    assert page.evaluate("navigator.clipboard.readText()") == Icon.objects.get(name="ring").svg
    assert page.evaluate(FOCUSED) == "shapes:ring"


def test_without_a_clipboard_c_copies_all_the_same(small: IconSet, new_page: Open) -> None:
    page = new_page()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto("/sets/shapes/")
    page.locator('[data-icon="shapes:ring"] a').focus()
    page.keyboard.press("c")
    expect(page.locator("#status-message")).to_have_text("Copied as SVG")
    assert page.evaluate(FOCUSED) == "shapes:ring"


@pytest.mark.parametrize("missing", ["clipboard", "network"])
def test_where_copying_does_not_work_c_says_so(small: IconSet, new_page: Open, missing: str) -> None:
    page = new_page()
    page.goto("/sets/shapes/")
    if missing == "clipboard":
        refuse_clipboard(page, wholly=True)
    else:
        page.route("**/ring/?code=*", lambda route: route.abort("internetdisconnected"))
    page.locator('[data-icon="shapes:ring"] a').focus()
    page.keyboard.press("c")
    expect(page.locator("#status-message")).to_have_text("Copying did not work. Open the icon and copy its code there.")
    assert page.evaluate(FOCUSED) == "shapes:ring"


def test_the_field_of_words_leads_into_the_grid_and_back(small: IconSet, new_page: Open) -> None:
    sweep_terms()
    page = new_page()
    page.goto("/icons/?q=sun")
    expect(page.locator("#word-results .tile")).to_have_count(3)
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    second = page.locator("#word-results .tile").nth(1)
    assert page.evaluate(FOCUSED) == second.get_attribute("data-icon")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_have_value("")
    expect(page.locator("#word-results .tile")).to_have_count(0)


def test_what_words_find_goes_on_without_end(big: IconSet, new_page: Open) -> None:
    Icon.objects.update(category="Numbers")
    sweep_terms()
    page = new_page()
    page.goto("/icons/?q=numbers")
    expect(page.locator("[data-summary]")).to_have_text("5,000 icons")
    scrolled_to(page, 1)
    until(page, ALL_THERE)
    assert page.evaluate(IN_VIEW)[-1] == "n4999"
    expect(page.locator(".pages")).to_be_hidden()


# --- for everybody ---


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_axe_finds_nothing(small: IconSet, new_page: Open, scheme: Any, language: str) -> None:
    fill(small, 300)
    sweep_terms()
    page = new_page(color_scheme=scheme, locale=language)
    for address in ("/sets/", "/sets/?q=nothing", "/sets/shapes/", "/sets/shapes/?category=Sky&q=x", "/icons/?q=sun"):
        page.goto(address)
        assert violations(page) == [], address
