"""Screenshots, made with a real browser: the queries of the benchmark."""

import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from PIL import Image
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright
from tqdm import tqdm

from bench.conditions import CELL, CONDITIONS, Scene, css, place
from tests import chromium

PATIENCE = 120  # seconds for a page of a hundred icons, on a busy machine
A_SIDE = 10  # cells in a row, and rows on a page
OWN_ID = re.compile(r'(?<=\bid=")|(?<=url\(#)|(?<=href="#)')
TAG = re.compile(r"<(\w+) ")
STYLE = f"""
html, body {{ margin: 0; background: transparent }}
.cells {{ display: grid; grid-template-columns: repeat({A_SIDE}, {CELL}px) }}
.cells > div {{ position: relative; overflow: hidden; height: {CELL}px }}
.cells > div > *, .drawn {{ position: absolute }}
span {{ font: 13px sans-serif; white-space: nowrap }}
i {{ font-style: normal; text-align: center; white-space: nowrap }}
"""


@dataclass(frozen=True)
class Query:
    condition: str
    icon: str  # the truth, `prefix:name`; "" where the picture is not of one icon
    picture: bytes  # PNG, JPEG or WebP


@dataclass
class Browser:
    """Chromium without a network, which draws HTML."""

    chromium: Chromium
    pages: dict[float, Page] = field(default_factory=dict)  # by device pixels a px

    def shot(
        self, html: str, size: tuple[float, float], scale: float = 1, transparent: bool = False, style: str = ""
    ) -> Image.Image:
        """The page, RGBA or RGB, `size` in px times the scale; it waits for the fonts."""
        if scale not in self.pages:
            self.pages[scale] = self.chromium.new_context(device_scale_factor=scale, offline=True).new_page()
            self.pages[scale].set_default_timeout(1000 * PATIENCE)
        page, (width, height) = self.pages[scale], size
        page.set_viewport_size({"width": round(width), "height": round(height)})
        page.set_content(f"<!doctype html><meta charset=utf-8><style>{STYLE}{style}</style><body>{html}")
        page.evaluate("document.fonts.ready")
        shot = Image.open(io.BytesIO(page.screenshot(omit_background=transparent)))
        return shot.convert("RGBA" if transparent else "RGB")

    def cells(self, cells: Sequence[tuple[Scene, Sequence[str]]], style: str = "") -> Iterator[tuple[int, bytes]]:
        """The index and the cropped picture of each cell; its HTML is that of the icon and of its neighbours."""
        kinds: dict[tuple[float, bool], list[int]] = {}
        for i, (scene, _) in enumerate(cells):
            kinds.setdefault((scene.scale, scene.transparent), []).append(i)
        side = A_SIDE * CELL
        for (scale, transparent), members in kinds.items():
            for start in range(0, len(members), A_SIDE**2):
                some = members[start : start + A_SIDE**2]
                body = "".join(_cell(*cells[i], f"cell{i}-") for i in some)
                shot = self.shot(f"<div class=cells>{body}</div>", (side, side), scale, transparent, style)
                for position, i in enumerate(some):
                    corner = position % A_SIDE * CELL, position // A_SIDE * CELL
                    yield i, _encoded(shot, corner, cells[i][0])


@contextmanager
def browser() -> Iterator[Browser]:
    if not (path := chromium.find()):
        sys.exit(f"The queries are made with Chromium, which is missing. Install it: {chromium.INSTALL}")
    with sync_playwright() as playwright:
        # The signals are for the benchmark, which then closes the browser.
        opened = playwright.chromium.launch(
            executable_path=path,
            args=chromium.ARGUMENTS,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
        try:
            yield Browser(opened)
        finally:
            opened.close()


def make_queries(
    drawer: Browser,
    icons: Mapping[str, str],
    chosen: Sequence[str],
    rng: Random,
    conditions: Mapping[str, Callable[[Random], Scene]] = CONDITIONS,
    title: str = "",
    style: str = "",
) -> list[Query]:
    """Screenshots of the chosen icons, the conditions in turn; all called by the title, where there is one.

    `icons` are HTML: SVG, or an `i` element with a glyph. The same icons and random numbers give the same
    queries, as far as the browser draws the same.
    """
    names = [list(conditions)[i % len(conditions)] for i in range(len(chosen))]
    scenes = [conditions[name](rng) for name in names]
    everything = list(icons)
    cells = [
        (scene, [icons[icon], *(icons[rng.choice(everything)] for _ in scene.neighbours)])
        for scene, icon in zip(scenes, chosen, strict=True)
    ]
    shots = drawer.cells(cells, style)
    pictures = dict(tqdm(shots, title or "Screenshots", len(cells), unit=" queries", disable=None, leave=False))
    return [Query(title or name, icon, pictures[i]) for i, (name, icon) in enumerate(zip(names, chosen, strict=True))]


def drawn(html: str, left: float, top: float, side: float, style: str, mark: str) -> str:
    """The icon at this place, px; its ids get the mark before them, because two icons may not share one."""
    look = f"{place(left, top, side, side)};font-size:{side:g}px;line-height:{side:g}px;{style}"
    return TAG.sub(rf'<\1 style="{look}" ', OWN_ID.sub(mark, html), count=1)


def _cell(scene: Scene, icons: Sequence[str], mark: str) -> str:
    corner = (CELL - scene.side) // 2 + scene.shift
    look = f"color:{css(scene.ink)};{scene.style}"
    parts = [
        drawn(html, corner + offset, corner, scene.side, look, f"{mark}{i}-")
        for i, (html, offset) in enumerate(zip(icons, (0, *scene.neighbours), strict=True))
    ]
    return f'<div style="background:{scene.ground}">{scene.under}{"".join(parts)}{scene.over}</div>'


def _encoded(shot: Image.Image, corner: tuple[int, int], scene: Scene) -> bytes:
    left, top, right, bottom = scene.cropped
    across, down = corner
    box = (across + left, down + top, across + right, down + bottom)
    a, b, c, d = (round(edge * scene.scale) for edge in box)
    crop = shot.crop((a, b, c, d))
    if scene.enlarged > 1:
        crop = crop.resize((crop.width * scene.enlarged, crop.height * scene.enlarged), scene.resampling)
    return encoded(crop, scene.saved, scene.quality)


def encoded(picture: Image.Image, kind: str = "PNG", quality: int = 0) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **({"quality": quality} if quality else {}))
    return buffer.getvalue()
