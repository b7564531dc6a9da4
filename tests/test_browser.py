"""In real Chromium: paste a screenshot, drop a file, and find the icon."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from icons.models import Icon, IconSet
from search import indexing
from tests import chromium
from tests.conftest import SHAPES, png_of, svg_of

pytestmark = [
    pytest.mark.skipif(not chromium.find(), reason=f"Chromium is missing: {chromium.INSTALL}"),
    pytest.mark.django_db(transaction=True),
]

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
PASTE_TEXT = """(text) => {
  const transfer = new DataTransfer();
  transfer.setData("text/plain", text);
  document.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: transfer }));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def library() -> None:
    icon_set = IconSet.objects.create(prefix="shapes", title="Shapes", licence="MIT License")
    icons = [Icon.objects.create(set=icon_set, name=name, svg=svg_of(body)) for name, body in SHAPES.items()]
    indexing.index_icons([icon.pk for icon in icons])


@pytest.fixture
def page(browser: Browser, library: None, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
    page.on(
        "requestfailed",
        # A page that is left ends what it was still loading, its icon say.
        lambda request: None if request.failure == "net::ERR_ABORTED" else problems.append(f"{request.url} failed"),
    )
    page.on(
        "response",
        lambda reply: problems.append(f"{reply.url} {reply.status}") if reply.status >= 500 else None,
    )
    yield page
    context.close()
    assert problems == []


def screenshot(page: Page, name: str) -> bytes:
    """The icon as Chromium itself draws it, cropped by hand."""
    page.set_content(f'<div style="padding:9px;width:40px;color:#126;background:#eee">{svg_of(SHAPES[name])}</div>')
    return page.screenshot(clip={"x": 8, "y": 8, "width": 58, "height": 58})


def give(page: Page, kind: str, data: bytes, name: str = "image.png", type_: str = "image/png") -> None:
    with page.expect_navigation():
        page.evaluate(GIVE, [kind, name, type_, base64.b64encode(data).decode()])


def first_hit(page: Page) -> Any:
    return page.locator(".hits li").first


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_screenshot_that_is_pasted_or_dropped_finds_its_icon(page: Page, kind: str) -> None:
    shot = screenshot(page, "home")
    page.goto("/")
    give(page, kind, shot)
    expect(first_hit(page)).to_contain_text("shapes:home")
    expect(first_hit(page)).to_contain_text("MIT License")
    assert first_hit(page).locator("img").evaluate("(img) => img.naturalWidth") > 0


def test_svg_source_that_is_pasted_finds_its_icon(page: Page) -> None:
    page.goto("/")
    with page.expect_navigation():
        page.evaluate(PASTE_TEXT, svg_of(SHAPES["cross"]))
    expect(first_hit(page)).to_contain_text("shapes:cross")


def test_a_chosen_file_is_searched_at_once(page: Page, tmp_path: Path) -> None:
    (tmp_path / "shot.png").write_bytes(png_of(svg_of(SHAPES["ring"])))
    page.goto("/")
    with page.expect_navigation():
        page.set_input_files("input[type=file]", tmp_path / "shot.png")
    expect(first_hit(page)).to_contain_text("shapes:ring")


def test_a_file_that_is_no_picture_is_told(page: Page) -> None:
    page.goto("/")
    give(page, "drop", b"hello", "note.txt", "text/plain")
    expect(page.get_by_role("alert")).to_contain_text("This is not a picture that can be read")


def test_without_javascript_the_form_does_the_same(
    browser: Browser, library: None, live_server: Any, tmp_path: Path
) -> None:
    (tmp_path / "shot.png").write_bytes(png_of(svg_of(SHAPES["triangle"])))
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.set_input_files("input[type=file]", tmp_path / "shot.png")
    page.get_by_role("button", name="Find").click()
    expect(first_hit(page)).to_contain_text("shapes:triangle")
    first_hit(page).get_by_role("link").click()
    expect(page.get_by_role("heading", name="shapes:triangle")).to_be_visible()
    expect(page.get_by_role("heading", name="Similar icons")).to_be_visible()
    page.get_by_role("link", name="Shapes").first.click()
    expect(page.locator(".grid li")).to_have_count(len(SHAPES))
    context.close()


def test_icons_follow_the_words_that_are_typed(page: Page) -> None:
    page.goto("/sets/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("hom")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/icons/\?q=hom$"))
    expect(page.locator("#found .name")).to_have_text(["home"])
    page.locator("#q").fill("crosses")
    expect(page.locator("#found .name")).to_have_text(["cross"])
    expect(page).to_have_url(re.compile(r"q=crosses$"))
    page.locator("#q").fill("nothing like it")
    expect(page.locator("#found")).to_contain_text("No icon is called “nothing like it”")
