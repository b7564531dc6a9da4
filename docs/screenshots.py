"""Takes the pictures of the README from a running site that has the demo set.

.venv/bin/python docs/screenshots.py http://127.0.0.1:8000
"""

import base64
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import chromium  # noqa: E402

HERE = Path(__file__).resolve().parent
TOOLBAR_ICONS = ("home", "trash", "camera", "bell", "map-pin")  # names in the set tabler
PHONE = {"width": 390, "height": 780}  # CSS px
# Pastes a picture, which is given as base64, into the page.
PASTE = """(data) => {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "toolbar.png", { type: "image/png" }));
  document.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: transfer }));
}"""


def main(address: str) -> None:
    """Take all pictures from the site at this address, which has no slash at its end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        with opened(browser, address) as page:
            picture = toolbar(page, address)
            search(page, picture)
            save(page, "found")
        with opened(browser, address, color_scheme="dark") as page:
            page.goto("/icons/tabler/home/?stroke=1.5")
            save(page, "icon-dark")
        with opened(browser, address, locale="zh-CN", viewport=PHONE, has_touch=True, is_mobile=True) as page:
            search(page, picture)
            save(page, "found-zh-phone")
        with opened(browser, address, locale="zh-CN", viewport=PHONE, has_touch=True, color_scheme="dark") as page:
            page.goto("/sets/tabler/")
            save(page, "set-zh-phone-dark")
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page in a context of its own; `options` are those of the context."""
    context = browser.new_context(base_url=address, **{"viewport": {"width": 1280, "height": 800}, **options})
    yield context.new_page()
    context.close()


def toolbar(page: Page, address: str) -> bytes:
    """PNG of some icons in a row, as a toolbar has them."""
    icons = "".join(f'<img src="{address}/icons/tabler/{name}.svg?colour=%23234" width="24">' for name in TOOLBAR_ICONS)
    page.goto("/")
    page.set_content(f'<div id="bar">{icons}</div>')
    page.evaluate(
        "document.getElementById('bar').style.cssText ="
        " 'display: inline-flex; gap: 20px; padding: 14px 18px; background: #dfe9f5; border-radius: 8px'"
    )
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    return page.locator("#bar").screenshot()


def search(page: Page, picture: bytes) -> None:
    """Paste the picture into the start page, and wait for results."""
    page.goto("/")
    page.evaluate(PASTE, base64.b64encode(picture).decode())
    page.locator("#results .tile").first.wait_for()


def save(page: Page, name: str) -> None:
    """Write what the page shows to docs/, as WebP."""
    page.wait_for_load_state("networkidle")
    path = HERE / f"{name}.webp"
    Image.open(BytesIO(page.screenshot())).save(path, quality=80, method=6)
    print(f"{path.relative_to(HERE.parent)}, {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1].rstrip("/"))
