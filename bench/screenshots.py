"""Screenshots of icons, made with a real browser: the queries of the benchmark."""

import io
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from tqdm import tqdm

from bench.conditions import CONDITIONS, Colour, Scene
from tests import chromium

CELL = 120  # px of page for one icon
A_SIDE = 10  # cells in a row, and rows on a page
OWN_ID = re.compile(r'(?<=\bid=")|(?<=url\(#)|(?<=href="#)')
STYLE = f"""
body {{ margin: 0; display: grid; grid-template-columns: repeat({A_SIDE}, {CELL}px) }}
body > div {{ position: relative; overflow: hidden; height: {CELL}px }}
body > div > * {{ position: absolute }}
span {{ font: 13px sans-serif; white-space: nowrap }}
"""


@dataclass(frozen=True)
class Query:
    condition: str
    icon: str  # the truth, `prefix:name`
    picture: bytes  # PNG or JPEG


def make_queries(icons: Mapping[str, str], number: int, seed: int) -> list[Query]:
    """Screenshots of so many icons (of all, where there are fewer), the conditions in turn.

    The same icons and seed give the same queries, as far as the browser draws the same.
    """
    rng = Random(seed)
    chosen = rng.sample(sorted(icons), min(number, len(icons)))
    conditions = [list(CONDITIONS)[i % len(CONDITIONS)] for i in range(len(chosen))]
    scenes = [CONDITIONS[condition](rng) for condition in conditions]
    pictures = _photographed([(scene, icons[icon]) for scene, icon in zip(scenes, chosen, strict=True)])
    found = tqdm(pictures, "Screenshots", len(chosen), unit=" queries", disable=None, leave=False)
    return [Query(*parts) for parts in zip(conditions, chosen, found, strict=True)]


def _photographed(cells: list[tuple[Scene, str]]) -> Iterator[bytes]:
    if not (browser_path := chromium.find()):
        sys.exit(f"The queries are made with Chromium, which is missing. Install it: {chromium.INSTALL}")
    with sync_playwright() as playwright:
        # The signals are for the benchmark, which then closes the browser.
        browser = playwright.chromium.launch(
            executable_path=browser_path,
            args=chromium.ARGUMENTS,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
        side = A_SIDE * CELL
        context = browser.new_context(viewport={"width": side, "height": side}, offline=True)
        page = context.new_page()
        for start in range(0, len(cells), A_SIDE**2):
            yield from _photograph(page, cells[start : start + A_SIDE**2])
        browser.close()


def _photograph(page: Page, cells: list[tuple[Scene, str]]) -> Iterator[bytes]:
    body = "".join(_cell(scene, svg, f"cell{i}-") for i, (scene, svg) in enumerate(cells))
    page.set_content(f"<!doctype html><style>{STYLE}</style><body>{body}")
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for i, (scene, _) in enumerate(cells):
        left, top = i % A_SIDE * CELL, i // A_SIDE * CELL
        yield _encoded(shot.crop((left, top, left + CELL, top + CELL)), scene)


def _cell(scene: Scene, svg: str, mark: str) -> str:
    place = (CELL - scene.side) // 2 + scene.shift
    look = f"left:{place}px;top:{place}px;width:{scene.side}px;height:{scene.side}px;color:{_css(scene.ink)}"
    svg = OWN_ID.sub(mark, svg)  # ids are the page's: two icons may not share one
    parts = [svg.replace("<svg ", f'<svg style="{look}" ', 1)]
    if button := scene.button:
        edge = (CELL - button.side) / 2
        look = f"left:{edge}px;top:{edge}px;width:{button.side}px;height:{button.side}px"
        look += f";border-radius:{button.radius};background:{_css(button.colour)}"
        parts.insert(0, f'<div style="{look}"></div>')
    if scene.label:
        look = f"left:{place + 46}px;top:{place + 12}px;color:{_css(scene.ink)}"
        parts.append(f'<span style="{look}">{scene.label}</span>')
    return f'<div style="background:{_css(scene.ground)}">{"".join(parts)}</div>'


def _css(colour: Colour) -> str:
    return f"rgb{colour}"


def _encoded(cell: Image.Image, scene: Scene) -> bytes:
    left, above, right, below = scene.margins
    near, far = (CELL - scene.cropped_side) / 2, (CELL + scene.cropped_side) / 2
    sides = (near - left, near - above, far + right, far + below)
    box = [round(min(max(side, 0), CELL)) for side in sides]
    crop = cell.crop((box[0], box[1], box[2], box[3]))
    if scene.enlarged > 1:
        size = crop.width * scene.enlarged, crop.height * scene.enlarged
        crop = crop.resize(size, Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    if scene.jpeg:
        crop.save(buffer, "JPEG", quality=scene.jpeg)
    else:
        crop.save(buffer, "PNG")
    return buffer.getvalue()
