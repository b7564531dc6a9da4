"""In real Chromium: find an icon by picture, cut it out, narrow the search down, draw one."""

import base64
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from icons.exporting.code import encoded
from icons.models import Icon, IconSet
from search import indexing
from search.models import KeptPicture
from tests.browser import Open, in_chromium, violations
from tests.conftest import SHAPES, png_of, svg_of
from tests.test_search_page import toolbar

pytestmark = in_chromium

# What a browser does when a person pastes or drops a file; the system's clipboard is not to be had headless.
GIVE = """([kind, name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  const init = { bubbles: true, cancelable: true };
  document.dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", { ...init, clipboardData: transfer })
    : new DragEvent("drop", { ...init, dataTransfer: transfer }));
}"""
GIVE_TEXT = """([kind, type, text]) => {
  const transfer = new DataTransfer();
  transfer.setData(type, text);
  const init = { bubbles: true, cancelable: true };
  document.dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", { ...init, clipboardData: transfer })
    : new DragEvent("drop", { ...init, dataTransfer: transfer }));
}"""
SHIFTS = """() => new Promise((done) => new PerformanceObserver((list) => done(
  list.getEntries().filter((one) => !one.hadRecentInput).map((one) => one.value)
)).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done([]), 500))"""

WATCH_SHIFTS = """() => {
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.shifts += one.value;
  }).observe({ type: "layout-shift" });
}"""


@pytest.fixture(autouse=True)
def library(transactional_db: None) -> None:
    icon_set = IconSet.objects.create(prefix="shapes", title="Shapes", licence="MIT License", licence_spdx="MIT")
    other = IconSet.objects.create(prefix="other", title="Other", licence="Apache 2.0", licence_spdx="Apache-2.0")
    icons = [Icon.objects.create(set=icon_set, name=name, svg=svg_of(body)) for name, body in SHAPES.items()]
    icons.append(Icon.objects.create(set=other, name="house", svg=svg_of(f'<g color="#c20">{SHAPES["home"]}</g>')))
    indexing.index_icons([icon.pk for icon in icons])


def screenshot(page: Page, name: str) -> bytes:
    """The icon as Chromium itself draws it, cropped by hand."""
    page.set_content(f'<div style="padding:9px;width:40px;color:#126;background:#eee">{svg_of(SHAPES[name])}</div>')
    return page.screenshot(clip={"x": 8, "y": 8, "width": 58, "height": 58})


def give(page: Page, kind: str, data: bytes, name: str = "image.png", type_: str = "image/png") -> None:
    page.evaluate(GIVE, [kind, name, type_, base64.b64encode(data).decode()])


def first_hit(page: Page) -> Locator:
    return page.locator(".matches .tile").first


def found(page: Page, icon: str) -> None:
    expect(first_hit(page)).to_have_attribute("data-icon", icon)


# --- giving a picture ---


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_screenshot_that_is_pasted_or_dropped_finds_its_icon_at_an_address(
    page: Page, new_page: Open, kind: str
) -> None:
    shot = screenshot(page, "home")
    page.goto("/")
    page.evaluate("window.same = true")
    give(page, kind, shot)
    found(page, "shapes:home")
    expect(first_hit(page)).to_contain_text("Shapes")
    expect(first_hit(page)).to_contain_text("Almost certain match")
    expect(first_hit(page).locator("a > img").first).to_have_js_property("complete", True)
    expect(first_hit(page).locator("a > img").first).not_to_have_js_property("naturalWidth", 0)
    assert page.evaluate("window.same")
    expect(page.get_by_role("status").filter(has_text="best matches: home")).to_be_attached()
    expect(page).to_have_url(re.compile(r"/find/[\w-]{22}/$"))
    other = new_page()
    other.goto(page.url)  # somebody whom the address was sent to
    found(other, "shapes:home")
    page.go_back()
    expect(page.locator(".matches")).to_have_count(0)
    page.go_forward()
    found(page, "shapes:home")


@pytest.mark.parametrize(
    ("kind", "type_", "text"),
    [
        ("paste", "text/plain", svg_of(SHAPES["cross"])),
        ("drop", "text/plain", svg_of(SHAPES["cross"])),
        ("drop", "text/html", f"<p>An icon: {svg_of(SHAPES['cross'])}</p>"),
        (
            "drop",
            "text/uri-list",
            "data:image/png;base64," + base64.b64encode(png_of(svg_of(SHAPES["cross"]))).decode(),
        ),
        ("paste", "text/plain", "data:image/svg+xml," + svg_of(SHAPES["cross"]).replace("#", "%23")),
        ("paste", "text/plain", f" {encoded(svg_of(SHAPES['cross']))}\n"),  # with spaces and quotes
        ("drop", "text/plain", f'mask: url("{encoded(svg_of(SHAPES["cross"]))}") center / contain no-repeat;'),
        ("paste", "text/plain", f'.cross {{ mask: url("{encoded(svg_of(SHAPES["cross"]))}"); }}'),
        ("paste", "text/plain", f"mask: url(data:image/svg+xml,{quote(svg_of(SHAPES['cross']))});"),
    ],
)
def test_source_and_data_addresses_are_pictures_too(page: Page, kind: str, type_: str, text: str) -> None:
    page.goto("/")
    page.evaluate(GIVE_TEXT, [kind, type_, text])
    found(page, "shapes:cross")


def test_a_chosen_file_is_searched_at_once(page: Page, tmp_path: Path) -> None:
    (tmp_path / "shot.png").write_bytes(png_of(svg_of(SHAPES["ring"])))
    page.goto("/")
    page.set_input_files("input[type=file] >> nth=0", tmp_path / "shot.png")
    found(page, "shapes:ring")


def test_a_picture_that_is_pasted_elsewhere_leads_to_its_search(page: Page) -> None:
    page.goto("/sets/")
    give(page, "paste", png_of(svg_of(SHAPES["ring"])))
    expect(page).to_have_url(re.compile("/find/"))
    found(page, "shapes:ring")


def test_nothing_moves_by_itself_when_the_answer_takes_long(page: Page) -> None:
    held: list[Route] = []
    page.goto("/")
    page.route("**/?part=answer", lambda route: held.append(route))
    give(page, "paste", png_of(svg_of(SHAPES["ring"])))
    expect(page.locator("#picture-search")).to_have_class(re.compile("answered"))
    expect(page.locator("#pending-picture")).to_be_visible()
    page.evaluate(WATCH_SHIFTS)
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    found(page, "shapes:ring")
    expect(page.locator("#picture")).to_have_js_property("complete", True)
    page.wait_for_timeout(200)  # what moves is told with the frames after
    assert page.evaluate("window.shifts") < 0.001


def test_what_is_no_picture_is_refused_with_a_sentence_and_the_page_stays(page: Page) -> None:
    page.goto("/")
    give(page, "drop", b"hello", "note.txt", "text/plain")
    expect(page.get_by_role("alert")).to_contain_text("This is not a picture that can be read")
    expect(page.locator("#picture-search")).not_to_have_class(re.compile("answered|pending"))
    page.evaluate(GIVE_TEXT, ["drop", "text/plain", "http://elsewhere/icon.png"])
    expect(page.get_by_role("alert")).to_contain_text("What you pasted or dropped contains no picture.")
    give(page, "paste", png_of(svg_of(SHAPES["ring"])))
    found(page, "shapes:ring")
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("text/plain", "https://elsewhere/icon.png"),
        ("text/plain", "<svg"),
        ("text/plain", "data:image/png;base64,?"),
        ("text/html", '<img src="https://elsewhere/icon.png">'),
    ],
)
def test_pasting_what_only_leads_to_a_picture_is_answered_with_a_sentence_and_words_are_left(
    page: Page, type_: str, text: str
) -> None:
    page.goto("/")
    page.evaluate(GIVE_TEXT, ["paste", "text/plain", "words, not a picture"])
    expect(page.get_by_role("alert")).to_have_count(0)
    page.evaluate(GIVE_TEXT, ["paste", type_, text])
    expect(page.get_by_role("alert")).to_contain_text("What you pasted or dropped contains no picture.")


def test_text_that_is_pasted_into_a_field_is_left_alone(page: Page) -> None:
    page.goto("/")
    page.evaluate("navigator.clipboard.writeText('<svg></svg>')")
    page.locator("#q").focus()
    page.keyboard.press("Control+V")
    expect(page.locator("#q")).to_have_value("<svg></svg>")


def test_a_site_that_is_busy_is_asked_again_as_it_says(page: Page) -> None:
    statuses = [429, 429]

    def answer(route: Route) -> None:
        if statuses:
            route.fulfill(status=statuses.pop(), headers={"Retry-After": "0"}, body="")
        else:
            route.continue_()

    page.route("**/?part=answer", answer)
    page.goto("/")
    give(page, "paste", png_of(svg_of(SHAPES["ring"])))
    found(page, "shapes:ring")
    assert statuses == []


def test_a_network_that_is_down_is_reported(page: Page) -> None:
    page.goto("/")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    give(page, "paste", png_of(svg_of(SHAPES["ring"])))
    expect(page.get_by_role("alert")).to_contain_text("The site does not answer.")


# --- the crop box ---


@pytest.fixture
def cut(page: Page) -> Page:
    """A page that shows a home and a cross, side by side."""
    page.goto("/")
    give(page, "paste", toolbar())
    expect(page.locator(".region-outlines a")).to_have_count(2)
    return page


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """A point of the picture, in pixels of the page."""
    box = page.locator("#picture-frame").bounding_box()
    assert box
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*at(page, *start))
    page.mouse.down()
    page.mouse.move(*at(page, *end), steps=5)
    page.mouse.up()


def test_one_click_searches_for_one_of_several_icons(cut: Page) -> None:
    expect(cut.locator(".regions > li")).to_have_count(2)
    cut.get_by_role("link", name="Icon 2 of 2 in the picture").first.click()
    found(cut, "shapes:cross")
    expect(cut).to_have_url(re.compile(r"crop=0\.\d+%2C0"))
    cut.reload()
    found(cut, "shapes:cross")
    expect(cut.locator(".crop-box:not(.whole)")).to_be_visible()
    cut.get_by_role("button", name="Whole picture").click()
    expect(cut.locator(".regions > li")).to_have_count(2)
    expect(cut).to_have_url(re.compile(r"/find/[\w-]+/$"))


def test_a_box_is_drawn_moved_and_resized_with_the_mouse(cut: Page) -> None:
    expect(cut.get_by_text("Drag over the picture")).to_be_visible()
    expect(cut.get_by_text("Drag the corners of the box")).to_be_hidden()
    drag(cut, (0.09, 0.17), (0.45, 0.95))
    found(cut, "shapes:home")
    drag(cut, (0.25, 0.5), (0.75, 0.5))  # from within: moves it
    found(cut, "shapes:cross")
    crop = re.search(r"crop=([\d.]+)", cut.url)
    assert crop and 0.5 < float(crop[1]) < 0.6
    handle = cut.locator(".handle.w").bounding_box()
    assert handle
    cut.mouse.move(handle["x"] + 11, handle["y"] + 11)
    cut.mouse.down()
    cut.mouse.move(*at(cut, 0.02, 0.5), steps=5)
    cut.mouse.up()
    expect(cut).to_have_url(re.compile(r"crop=0\.0[12]"))


def test_a_handle_is_dragged_by_a_finger(new_page: Open) -> None:
    page = new_page(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800})
    page.goto("/")
    expect(page.get_by_text("Choose a screenshot or take a photo")).to_be_visible()
    expect(page.get_by_text("Paste a screenshot")).to_be_hidden()
    give(page, "paste", toolbar())
    expect(page.get_by_text("Drag the corners of the box")).to_be_visible()
    expect(page.get_by_text("Drag over the picture")).to_be_hidden()
    handle = page.locator(".handle.e").bounding_box()
    assert handle
    touch = page.context.new_cdp_session(page)
    start, end, elsewhere = (handle["x"] + 11, handle["y"] + 11), at(page, 0.5, 0.5), at(page, 0.1, 0.5)
    for kind, finger, (x, y) in (
        ("touchStart", 1, start),
        ("touchStart", 2, elsewhere),  # a second one neither moves the box nor ends what the first one does
        ("touchEnd", 2, elsewhere),
        ("touchMove", 1, end),
        ("touchEnd", 1, end),
    ):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"id": finger, "x": x, "y": y}]})
    found(page, "shapes:home")
    expect(page).to_have_url(re.compile(r"crop=0\.0000%2C0\.0000%2C0\.[45]"))


def test_the_box_obeys_the_keyboard(cut: Page) -> None:
    cut.get_by_role("group", name="Crop box").focus()
    for _ in range(25):
        cut.keyboard.press("Shift+ArrowLeft")
    found(cut, "shapes:home")
    for _ in range(25):
        cut.keyboard.press("ArrowRight")
    found(cut, "shapes:cross")
    expect(cut).to_have_url(re.compile(r"crop=0\.5000%2C0\.0000%2C0\.5000%2C1\.0000"))
    cut.keyboard.press("Escape")
    expect(cut).to_have_url(re.compile(r"/find/[\w-]+/$"))


# --- narrowing down, drawing ---


def test_the_filters_narrow_the_search_down_and_keep_the_picture(page: Page) -> None:
    page.goto("/")
    give(page, "paste", png_of(svg_of(SHAPES["home"])))
    found(page, "shapes:home")
    page.get_by_label("Colours").select_option("colour")
    found(page, "other:house")
    expect(page.locator(".matches .tile")).to_have_count(1)
    page.get_by_label("Colours").select_option("")
    page.locator("summary", has_text="Icon sets").click()
    page.get_by_label("Find an icon set").fill("oth")
    expect(page.get_by_label("Shapes", exact=True)).to_be_hidden()
    page.get_by_label("Other", exact=True).check()
    expect(page.locator(".matches .tile")).to_have_count(1)
    page.get_by_label("With these words").fill("nothing")
    expect(page.locator("#results")).to_contain_text("No indexed icon matches all of your filters")
    expect(page).to_have_url(re.compile(r"/\?words=nothing&set=other$"))
    page.reload()
    expect(page.get_by_label("Other", exact=True)).to_be_checked()
    page.get_by_label("With these words").fill("")
    found(page, "other:house")
    give(page, "paste", png_of(svg_of(SHAPES["ring"])))
    expect(page).to_have_url(re.compile(r"/find/[\w-]+/\?set=other$"))


def test_a_drawing_is_found_while_it_is_drawn_and_then_has_an_address(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Draw an icon").click()
    sheet = page.locator("#sketch-canvas").bounding_box()
    assert sheet

    def draw(*points: tuple[int, int]) -> None:
        page.mouse.move(sheet["x"] + points[0][0], sheet["y"] + points[0][1])
        page.mouse.down()
        for x, y in points[1:]:
            page.mouse.move(sheet["x"] + x, sheet["y"] + y, steps=4)

    page.locator("#pen-width").select_option("40")
    draw((60, 60), (260, 260))
    expect(page.locator(".matches .tile")).not_to_have_count(0)  # the pen is still down
    assert not KeptPicture.objects.exists()
    page.mouse.up()
    draw((260, 60), (60, 260))
    page.mouse.up()
    found(page, "shapes:cross")
    expect(page).to_have_url(re.compile("/find/"))
    kept = page.url
    page.get_by_role("button", name="Undo").click()
    expect(page).not_to_have_url(kept)
    page.goto(kept)
    found(page, "shapes:cross")


# --- for everybody ---


def test_without_javascript_the_forms_do_the_same(new_page: Open, tmp_path: Path) -> None:
    (tmp_path / "shot.png").write_bytes(png_of(svg_of(SHAPES["home"])))
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.set_input_files("input[type=file] >> nth=0", tmp_path / "shot.png")
    page.get_by_role("button", name="Find", exact=True).click()
    found(page, "shapes:home")
    page.get_by_label("Colours").select_option("colour")
    page.get_by_role("button", name="Apply").click()
    found(page, "other:house")
    page.get_by_label("Colours").select_option("")
    page.get_by_label("Search only the part").fill("0,0,1,0.9")
    page.get_by_role("button", name="Apply").click()
    first_hit(page).get_by_role("link").click()
    expect(page.get_by_role("heading", name="shapes:home")).to_be_visible()
    expect(page.get_by_role("heading", name="Similar icons")).to_be_visible()
    page.get_by_role("link", name="Shapes").first.click()
    expect(page.locator(".grid li")).to_have_count(len(SHAPES))
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_axe_finds_nothing_wrong(new_page: Open, scheme: Any, width: int, locale: str) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800}, locale=locale)
    page.goto("/")
    assert (
        page.evaluate("getComputedStyle(document.body).backgroundColor")
        == {
            "light": "rgb(245, 246, 249)",
            "dark": "rgb(18, 22, 30)",
        }[scheme]
    )
    heading = {"en": "Find an icon by picture", "zh-CN": "以图搜图标"}[locale]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert violations(page) == []
    page.locator("#sketch-toggle").click()
    assert violations(page) == []
    give(page, "paste", toolbar())
    expect(page.locator(".regions .region-picture")).to_have_count(2)
    assert violations(page) == []
    if width == 390:
        page.locator("#filters-toggle").click()
        expect(page.locator("#filters")).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/find/gone/")
    assert violations(page) == []
    page.goto("/icons/shapes/home/")
    assert violations(page) == []


def test_the_start_page_is_light_and_nothing_moves(page: Page) -> None:
    page.goto("/", wait_until="networkidle")
    sizes = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map((one) => one.transferSize)"
    )
    assert 0 < sum(sizes) < 100_000
    assert sum(page.evaluate(SHIFTS)) < 0.01


# --- by words ---


def test_any_page_shows_the_first_icons_while_somebody_types(page: Page) -> None:
    page.goto("/sets/")
    page.keyboard.press("/")
    page.keyboard.type("hom")
    preview = page.locator("#word-preview")
    expect(preview.locator(".name")).to_have_text(["home"])
    expect(page.locator("#preview-announcer")).to_have_text("1 icon")
    page.keyboard.press("ArrowDown")
    expect(preview.locator(".tile > a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("e")
    expect(preview).to_be_visible()
    page.mouse.click(640, 650)  # below it
    expect(preview).to_be_hidden()
    page.locator("#q").fill("homes")
    expect(preview).to_be_visible()
    page.locator("#q").fill("")
    expect(preview).to_be_hidden()
    page.keyboard.type("ring")
    expect(preview.locator(".name")).to_have_text(["ring"])
    expect(page).to_have_url(re.compile("/sets/$"))
    preview.locator(".tile > a").click()
    expect(page).to_have_url(re.compile("/icons/shapes/ring/$"))


@pytest.mark.parametrize("scripted", [True, False])
def test_words_are_narrowed_down(new_page: Open, scripted: bool) -> None:
    page = new_page(java_script_enabled=scripted)
    page.goto("/icons/?q=home")
    expect(page.locator("#word-results .name")).to_have_text(["home", "house"])
    page.locator("#word-filters summary", has_text="Narrow down").click()
    page.locator("#word-filters summary", has_text="Icon sets").click()
    if scripted:
        page.get_by_placeholder("Find an icon set").fill("oth")
        expect(page.get_by_label("Shapes")).to_be_hidden()
    page.get_by_label("Other").check()
    if not scripted:
        page.get_by_role("button", name="Apply").click()
    expect(page.locator("#word-results .name")).to_have_text(["house"])
    expect(page).to_have_url(re.compile(r"q=home&.*set=other"))
    if scripted:
        page.locator("#q").fill("purple home")
        expect(page.locator("#word-results")).to_contain_text("This was left out: purple.")
        expect(page).to_have_url(re.compile(r"q=purple\+home&.*set=other"))
        page.locator("#q").fill("ring")
        expect(page.locator("#word-results")).to_contain_text("passes all filters")


def test_icons_follow_the_words_that_are_typed(page: Page) -> None:
    page.goto("/sets/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("hom")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/icons/\?q=hom$"))
    expect(page.locator("#word-results .name")).to_have_text(["home"])
    page.locator("#q").fill("crosses")
    expect(page.locator("#word-results .name")).to_have_text(["cross"])
    expect(page).to_have_url(re.compile(r"q=crosses$"))
    page.locator("#q").fill("nothing like it")
    expect(page.locator("#word-results")).to_contain_text("No icon is called “nothing like it”")
    expect(page.get_by_role("status").and_(page.locator("#announcer"))).to_contain_text("No icon is called")
    page.locator("#q").fill("hom")
    expect(page.locator("#announcer")).to_have_text("1 icon")
    page.locator("#q").fill("")
    expect(page.locator("#announcer")).to_contain_text("Type above what the icon shows")
