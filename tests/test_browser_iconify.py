"""Clients of Iconify in a real Chromium, against our server: <iconify-icon>, and those of React, Vue and Svelte."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from icons.exporting.code import CODE_FORMATS
from icons.exporting.look import PLAIN
from icons.models import Icon, IconSet
from tests.browser import in_chromium
from tests.iconify_oracle import MODULES, NODE, require_oracle, with_turned_icon

pytestmark = in_chromium

PAGE = '<!doctype html><meta charset="utf-8">{}<script src="/client.js" defer></script><div id="root"></div>{}'


@pytest.fixture
def served(make_icon: Callable[..., Icon]) -> IconSet:
    """The set `shapes` with an icon, another name of it, and one that is it turned."""
    return with_turned_icon(make_icon("home", aliases=["house"]))


@contextmanager
def other_site(html: str, script: bytes) -> Iterator[str]:
    """The address of another site, which has this page with this client."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_script = self.path == "/client.js"
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if is_script else "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(script if is_script else html.encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_iconify_icon_shows_icons_of_an_own_set_on_another_site(
    browser: Browser, live_server: LiveServer, served: IconSet
) -> None:
    require_oracle()
    icon = Icon.objects.select_related("set").get(name="home")
    code = next(each for each in CODE_FORMATS if each.key == "iconify")
    text = code.text(icon, PLAIN, "", live_server.url)  # what the page of the icon offers to copy
    provider, _, element = text.partition("\n")
    others = "".join(element.replace(":home", f":{name}") for name in ("house", "turned"))
    script = (MODULES / "iconify-icon" / "dist" / "iconify-icon.min.js").read_bytes()
    with other_site(PAGE.format(provider, element + others), script) as address:
        page = browser.new_page()
        page.goto(address)
        shown = page.locator("iconify-icon :is(span, svg)")
        expect(shown).to_have_count(3)
        path = icon.svg.partition('d="')[2].partition('"')[0]
        drawings = shown.evaluate_all("(all) => all.map((each) => each.outerHTML)")
        assert all(path in drawing for drawing in drawings)
        assert ["rotate(90 12 12)" in drawing for drawing in drawings] == [False, False, True]
        assert all(box and box["width"] > 10 for box in (span.bounding_box() for span in shown.all()))
        page.close()


@pytest.mark.parametrize("page_of", ["react.jsx", "vue.js", "svelte.js"])
def test_a_component_shows_icons_and_knows_what_is_missing(
    browser: Browser, live_server: LiveServer, served: IconSet, tmp_path: Path, page_of: str
) -> None:
    require_oracle()
    bundle = tmp_path / "bundle.js"
    command = [str(NODE), "bundle.mjs", page_of, str(bundle)]
    subprocess.run(command, cwd=MODULES.parent, check=True)
    asked: list[str] = []
    html = PAGE.format(f"<script>window.SITE = {json.dumps(live_server.url)}</script>", "")
    with other_site(html, bundle.read_bytes()) as address:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        drawn = page.locator("svg[data-name]:has(path)")
        expect(drawn).to_have_count(3)
        shown: list[str] = drawn.evaluate_all("(all) => all.map((svg) => svg.dataset.name)")
        page.close()
    assert sorted(shown) == ["home", "house", "turned"]
    assert [url for url in asked if "/iconify/" in url] == [
        f"{live_server.url}/iconify/shapes.json?icons=home%2Chouse%2Cnone%2Cturned"
    ]
