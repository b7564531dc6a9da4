"""In real Chromium: the admin, which shows what goes on and can be used by everybody."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from icons.models import Icon, IconSet, ImportRun
from search import indexing
from tests.browser import Open, in_chromium, violations
from tests.conftest import SHAPES, svg_of

pytestmark = in_chromium


@pytest.fixture(autouse=True)
def library(transactional_db: None, django_user_model: Any) -> None:
    icon_set = IconSet.objects.create(prefix="shapes", title="Shapes")
    icons = [Icon.objects.create(set=icon_set, name=name, svg=svg_of(body)) for name, body in SHAPES.items()]
    indexing.index_icons([icon.pk for icon in icons[1:]])
    django_user_model.objects.create_superuser("ada", password="lovelace")


def signed_in(page: Page) -> Page:
    page.goto("/admin/login/")
    page.locator("#id_username").fill("ada")
    page.locator("#id_password").fill("lovelace")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/admin/")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_everybody_can_use_the_admin(new_page: Open, scheme: Any, locale: str) -> None:
    page = new_page(color_scheme=scheme, locale=locale)
    page.goto("/login/")
    assert violations(page) == []
    run = ImportRun.objects.create(source="icons.json", status=ImportRun.Status.RUNNING)
    run.keep_problems([("bad", "It has no drawing.")])
    signed_in(page)
    icon = Icon.objects.first()
    assert icon
    addresses = [
        *("", "icons/icon/", f"icons/icon/{icon.pk}/change/", "icons/iconset/", "icons/iconset/add/"),
        *("icons/importrun/", "icons/importrun/add/", f"icons/importrun/{run.pk}/change/"),
        *("search/iconvector/", "search/iconvector/progress/", "bags/bag/"),
    ]
    for address in addresses:
        page.goto(f"/admin/{address}")
        assert violations(page) == [], address


def test_the_progress_of_the_indexing_is_live(page: Page) -> None:
    signed_in(page).goto("/admin/search/iconvector/progress/")
    row = page.locator("#content tbody tr").first
    expect(row.locator("td")).to_have_text(["", "5", "4", "0", "1"])
    page.evaluate("window.same = true")
    indexing.index_icons(list(Icon.objects.values_list("pk", flat=True)))
    expect(row.locator("td")).to_have_text(["", "5", "5", "0", "0"])
    assert page.evaluate("window.same")


def test_an_import_is_followed_to_its_end(page: Page) -> None:
    run = ImportRun.objects.create(source="icons.json", status=ImportRun.Status.RUNNING, expected=9)
    signed_in(page).goto(f"/admin/icons/importrun/{run.pk}/change/")
    expect(page.locator(".field-progress")).to_contain_text("0 of 9")
    run.record(added=9)
    run.finish(ImportRun.Status.DONE)
    expect(page.locator(".field-progress")).to_contain_text("9 of 9")
    expect(page.locator(".field-status")).to_contain_text("Done")
