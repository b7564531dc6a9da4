"""In real Chromium: a person makes a key, reads what the API can do, and a page of another site uses it."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from api.models import ApiKey
from icons.models import Icon, IconSet
from search import indexing
from tests.browser import Open, in_chromium, violations
from tests.conftest import SHAPES, png_of, svg_of

pytestmark = in_chromium

# A page of another site, as somebody would write it after reading docs/api.md.
PAGE = """<!doctype html><title>Elsewhere</title><input type="file"><img alt=""><pre></pre><script>
const api = "%s/api/v1/", say = (text) => { document.querySelector("pre").textContent += text + "\\n"; };
document.querySelector("input").onchange = async (event) => {
  const form = new FormData();
  form.append("image", event.target.files[0]);
  const reply = await fetch(api + "search/image/", { method: "POST", body: form });
  const [best] = (await reply.json()).results;
  say("found " + best.icon);
  document.querySelector("img").src = best.svg;
  const icon = await fetch(api + "icons/" + best.icon + "/");
  say("etag " + Boolean(icon.headers.get("ETag")));
  const other = { method: "PATCH", headers: { "If-Match": "*" }, body: "{}" };
  await fetch(api + "icons/" + best.icon + "/", other).then(() => say("written"), () => say("refused"));
};
</script>"""


@pytest.fixture(autouse=True)
def shapes(transactional_db: None) -> None:
    icon_set = IconSet.objects.create(prefix="shapes", title="Shapes", licence_spdx="MIT")
    icons = [Icon.objects.create(set=icon_set, name=name, svg=svg_of(body)) for name, body in SHAPES.items()]
    indexing.index_icons([icon.pk for icon in icons])


def sign_in(page: Page) -> None:
    User.objects.create_user("ann", password="x")
    page.goto("/login/?next=/keys/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("x")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_person_makes_a_key_and_deletes_it(new_page: Open, scheme: str, width: int) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_in(page)
    page.get_by_label("What is the key for?").fill("Figma plugin")
    page.get_by_label("Change sets and icons").check()
    page.get_by_role("button", name="Make a key").click()
    secret = page.get_by_label("Copy it now").input_value()
    key = ApiKey.objects.of_secret(secret)
    assert key and key.scopes == ["read", "search", "write"]
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Delete the key Figma plugin").click()
    expect(page.get_by_text("You have no keys yet.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_docs_are_readable_without_scripts(new_page: Open, scheme: str, width: int) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto("/api/")
    search = page.locator("#search_image")
    search.locator("summary").click()
    expect(search.get_by_text("curl -F image=@file")).to_be_visible()
    expect(search.get_by_text("min_score").first).to_be_visible()
    for details in page.locator("details").all():
        details.evaluate("details => details.open = true")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def elsewhere(tmp_path: Path, live_server: LiveServer) -> Iterator[str]:
    """The address of a page of another origin that uses the API."""
    (tmp_path / "index.html").write_text(PAGE % live_server.url)
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_page_of_another_site_searches_and_reads_and_cannot_write(browser: Browser, elsewhere: str) -> None:
    with browser.new_page() as page:
        page.goto(elsewhere)
        picture = {"name": "shot.png", "mimeType": "image/png", "buffer": png_of(svg_of(SHAPES["home"]))}
        page.locator("input").set_input_files(picture)  # type: ignore[arg-type]
        expect(page.locator("pre")).to_have_text("found shapes:home\netag true\nrefused\n")
        assert page.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
