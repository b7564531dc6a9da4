"""Draws the pictures of static/examples/, which somebody can search for on the start page, in Chromium.

.venv/bin/python docs/example_pictures.py
"""

import json
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import chromium  # noqa: E402

# Names in the set tabler; a bar parts the groups of a toolbar.
TOOLBAR = "arrow-back-up arrow-forward-up | bold italic underline | list-check link photo table | search settings"
STYLE = """
    body { display: inline-block; margin: 0; font: 15px/1 system-ui, sans-serif; color: #3a4150; }
    svg { display: block; }
    .toolbar { display: flex; gap: 18px; align-items: center; padding: 12px 18px; background: #f3f4f7;
        border-bottom: 1px solid #d3d7df; }
    .toolbar i { width: 1px; height: 22px; background: #c6ccd6; }
    .page { padding: 14px; background: #fff; }
    .button { display: flex; gap: 10px; align-items: center; padding: 12px 20px; border-radius: 8px;
        background: #1f6f4a; color: #fff; font-size: 17px; font-weight: 600; }
    .sheet { padding: 10px; background: #fff; }
"""
# A shopping cart as somebody draws it who has a mouse in the hand.
SKETCH = (
    "M19 27C24 25 31 26 36 26 40 36 42 50 47 66 49 73 50 79 52 86",
    "M39 40C62 37 84 40 107 39 104 51 101 60 97 71 81 73 66 71 49 74",
    "M52 87C68 84 83 88 99 86",
    "M60 96C53 95 51 104 57 107 64 109 67 99 59 97",
    "M91 95C84 96 84 105 90 107 97 107 97 97 90 95",
)


def icon(name: str, side: int) -> str:
    """The SVG element of an icon of the demo set, `side` px wide and high."""
    body = json.loads((ROOT / "demo/tabler.json").read_text())["icons"][name]["body"]
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 24 24">{body}</svg>'


def pages() -> dict[str, str]:
    """What is in the body of each picture's page, by the name of its file."""
    tools = "".join("<i></i>" if name == "|" else icon(name, 22) for name in TOOLBAR.split())
    lines = "".join(f'<path d="{line}"/>' for line in SKETCH)
    return {
        "toolbar": f'<div class="toolbar">{tools}</div>',
        "button": f'<div class="page"><div class="button">{icon("download", 22)} Download invoice</div></div>',
        "sketch": '<div class="sheet"><svg width="128" height="128" fill="none" stroke="#000" stroke-width="6" '
        f'stroke-linecap="round" stroke-linejoin="round">{lines}</svg></div>',
    }


def main() -> None:
    """Write all pictures."""
    folder = ROOT / "static/examples"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        for name, body in pages().items():
            page = browser.new_page(device_scale_factor=1 if name == "sketch" else 2)
            page.set_content(f"<style>{STYLE}</style>{body}")
            path = folder / f"{name}.png"
            page.locator("body").screenshot(path=path)
            Image.open(path).convert("RGB").quantize(64).save(path, optimize=True)  # for a small file
        browser.close()


if __name__ == "__main__":
    main()
