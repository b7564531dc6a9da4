"""In real Chromium, with a real worker: a download that takes long is followed until its file is there."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from bags.models import Bag, PreparedDownload
from icons.models import Icon, IconSet
from tests.browser import Open, in_chromium, violations
from tests.conftest import SHAPES, Worker, svg_of

pytestmark = in_chromium
MADE_WITHIN = 90_000  # ms, in which a worker has started and made a small file


@pytest.fixture
def bag(transactional_db: None, settings: LazySettings) -> Bag:
    """A shared bag; each download of it counts as one that takes long."""
    settings.BAG_IMMEDIATE_SECONDS = 0
    icon_set = IconSet.objects.create(prefix="shapes", title="Shapes", licence="MIT License", licence_spdx="MIT")
    icons = [Icon.objects.create(set=icon_set, name=name, svg=svg_of(body)) for name, body in SHAPES.items()]
    bag = Bag.objects.create(name="My bag")
    bag.add([icon.pk for icon in icons])
    return bag


def fetch(page: Page, folder: Path) -> list[str]:
    """Click on the file that is ready; the names of what is in it."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file").click()
    assert download.value.suggested_filename == "my-bag-font.zip"
    path = folder / "font.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.namelist()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_a_download_in_each_state(new_page: Open, bag: Bag, width: int, scheme: str) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(bag.get_absolute_url())
    page.get_by_role("link", name="Download font").click()
    expect(page.get_by_text("The file will be made in a moment.")).to_be_visible()
    prepared = PreparedDownload.objects.get()
    states: list[tuple[dict[str, object], str]] = [
        ({"status": "running", "done": 3}, "The file is being made."),
        ({"status": "failed", "reason": "This download takes too long."}, "This download takes too long."),
    ]
    assert violations(page) == []
    for fields, sentence in states:
        prepared.change(**fields)
        expect(page.locator("#prepared-sentence")).to_contain_text(sentence)  # without loading the page anew
        expect(page.get_by_role("status").filter(has_text=sentence)).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    PreparedDownload.objects.update(status="ready", size=123456)
    page.reload()
    expect(page.get_by_role("link", name="Download the file (120.6\xa0KB)")).to_be_visible()
    assert violations(page) == []


def test_a_download_is_followed_and_its_file_fetched(worker: Worker, page: Page, bag: Bag, tmp_path: Path) -> None:
    page.goto(bag.get_absolute_url())
    page.get_by_role("link", name="Download font").click()
    expect(page.get_by_role("link", name="Download the file")).to_be_visible(timeout=MADE_WITHIN)
    assert "my-bag.woff2" in fetch(page, tmp_path)
    page.get_by_role("link", name="Back to the bag").click()
    page.get_by_role("link", name="Download font").click()  # the same file is still there
    assert "my-bag.ttf" in fetch(page, tmp_path)
    assert PreparedDownload.objects.count() == 1


def test_it_works_without_javascript(worker: Worker, new_page: Open, bag: Bag, tmp_path: Path) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(bag.get_absolute_url())
    page.get_by_role("link", name="Download font").click()
    expect(page.get_by_role("link", name="Download the file")).to_be_visible(timeout=MADE_WITHIN)
    assert "demo.html" in fetch(page, tmp_path)


def test_another_download_has_to_wait(page: Page, bag: Bag) -> None:
    page.goto(bag.get_absolute_url())
    page.get_by_role("link", name="Download font").click()
    expect(page.get_by_text("The file will be made in a moment.")).to_be_visible()
    page.goto(bag.get_absolute_url())
    page.get_by_role("button", name="Download PNG pictures").click()
    expect(page.get_by_role("alert")).to_have_text("Your download before this one is still being made. Wait for it.")
    PreparedDownload.objects.update(status="ready")
    expect(page.get_by_role("link", name="Download the file")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_what_a_font_loses_can_be_seen(new_page: Open, make_icon: Callable[..., Icon], scheme: str, width: int) -> None:
    bag = Bag.objects.create(name="Mine")
    two = make_icon("two", '<rect width="24" height="24" fill="#06c"/><path fill="#ff0" d="M8 8h8v8H8z"/>')
    bag.add([two.pk, make_icon("blur", '<filter id="f"/><path d="M2 2h9v9z" filter="url(#f)"/>').pk])
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(f"/bags/{bag.key}/font/")
    letter = page.get_by_alt_text("Its letter")
    expect(letter).to_have_css("filter", f"invert({1 if scheme == 'dark' else 0})")
    expect(page.get_by_text("no letter")).to_be_visible()
    expect(page.locator("svg.swatch rect")).to_have_attribute("fill", "#ffff00")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
