"""Screenshots, made with a real browser: the queries of the benchmark."""

import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from PIL import Image
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright
from tqdm import tqdm

from bench.conditions import CONDITIONS, Condition
from bench.scenes import CELL, Box, Scene, css, place
from bench.subpixels import fold
from tests import chromium

PAGE_TIMEOUT = 120  # seconds; drawing a page of a hundred icons takes that long on a busy machine at most
CELLS_A_SIDE = 10  # cells in a row of a page, and rows on it
BEFORE_OWN_ID = re.compile(r'(?<=\bid=")|(?<=url\(#)|(?<=href="#)')
START_TAG = re.compile(r"<(\w+) ")
STYLE = f"""
html, body {{ margin: 0; background: transparent }}
.cells {{ display: grid; grid-template-columns: repeat({CELLS_A_SIDE}, {CELL}px) }}
.cells > div {{ position: relative; overflow: hidden; height: {CELL}px }}
.cells > div > *, .placed {{ position: absolute }}
span {{ font: 13px sans-serif; white-space: nowrap }}
i {{ font-style: normal; text-align: center; white-space: nowrap }}
"""


MARKS = """[...document.querySelectorAll("[data-mark]")].map((element) => {
    const box = element.getBoundingClientRect()
    return [element.dataset.mark, box.left, box.top, box.width, box.height]
})"""


@dataclass(frozen=True)
class Query:
    """A picture to search with, and the right answer."""

    condition: str
    icon: str  # the right answer, `prefix:name`; "" where the picture does not show exactly one icon
    picture: bytes  # PNG, JPEG or WebP
    pixels: float = 0  # the side of the icon in pixels that were drawn; 0: unknown
    traits: tuple[str, ...] = ()  # by which the report divides the queries of a kind, beside the condition
    drawn: str = ""  # the icon's SVG as the picture shows it, where that is not as the library has it


@dataclass
class Browser:
    """Chromium without a network, which draws HTML."""

    chromium: Chromium
    pages: dict[float, Page] = field(default_factory=dict)  # by the device pixels in a CSS px

    def screenshot(
        self, html: str, size: tuple[float, float], pixel_ratio: float = 1, transparent: bool = False, style: str = ""
    ) -> Image.Image:
        """A screenshot of the HTML, RGBA where it is transparent, else RGB, taken when its fonts are loaded.

        `size` is in CSS px; the picture has `pixel_ratio` times as many pixels a side.
        """
        if pixel_ratio not in self.pages:
            context = self.chromium.new_context(device_scale_factor=pixel_ratio, offline=True)
            self.pages[pixel_ratio] = context.new_page()
            self.pages[pixel_ratio].set_default_timeout(1000 * PAGE_TIMEOUT)
        page, (width, height) = self.pages[pixel_ratio], size
        page.set_viewport_size({"width": round(width), "height": round(height)})
        page.set_content(f"<!doctype html><meta charset=utf-8><style>{STYLE}{style}</style><body>{html}")
        page.evaluate("document.fonts.ready")
        picture = Image.open(io.BytesIO(page.screenshot(omit_background=transparent)))
        return picture.convert("RGBA" if transparent else "RGB")

    def capture(
        self, html: str, size: tuple[float, float], pixel_ratio: float = 1, style: str = ""
    ) -> tuple[Image.Image, dict[str, list[Box]]]:
        """An RGB screenshot, and where the elements with an attribute `data-mark` are, by its value, CSS px."""
        picture = self.screenshot(html, size, pixel_ratio, style=style)
        marks: dict[str, list[Box]] = {}
        for mark, left, top, width, height in self.pages[pixel_ratio].evaluate(MARKS):
            marks.setdefault(mark, []).append((left, top, width, height))
        return picture, marks

    def cells(self, cells: Sequence[tuple[Scene, Sequence[str]]], style: str = "") -> Iterator[tuple[int, bytes]]:
        """Yield the index and the cropped picture, encoded, of each cell.

        A cell is a scene and the HTML of its icon and of the neighbours of that.
        """
        pages: dict[tuple[float, bool], list[int]] = {}
        for index, (scene, _) in enumerate(cells):
            pages.setdefault((scene.pixel_ratio, scene.transparent), []).append(index)
        side = CELLS_A_SIDE * CELL
        for (pixel_ratio, transparent), members in pages.items():
            for start in range(0, len(members), CELLS_A_SIDE**2):
                indices = members[start : start + CELLS_A_SIDE**2]
                body = "".join(_cell_html(*cells[index], f"cell{index}-") for index in indices)
                html = f"<div class=cells>{body}</div>"
                page = self.screenshot(html, (side, side), pixel_ratio, transparent, style)
                for position, index in enumerate(indices):
                    corner = position % CELLS_A_SIDE * CELL, position // CELLS_A_SIDE * CELL
                    yield index, _cropped(page, corner, cells[index][0])


@contextmanager
def browser() -> Iterator[Browser]:
    """A running Chromium. Ends the program with a sentence where it is not installed."""
    if not (path := chromium.find()):
        sys.exit(f"The queries are made with Chromium, which is missing. Install it: {chromium.INSTALL}")
    with sync_playwright() as playwright:
        # The benchmark handles the signals itself, and then closes the browser.
        instance = playwright.chromium.launch(
            executable_path=path,
            args=chromium.ARGUMENTS,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
        try:
            yield Browser(instance)
        finally:
            instance.close()


def make_queries(
    drawer: Browser,
    icons: Mapping[str, str],
    chosen: Sequence[str],
    rng: Random,
    conditions: Mapping[str, Condition] = CONDITIONS,
    title: str = "",
    style: str = "",
) -> list[Query]:
    """Screenshots of the chosen icons under each condition in turn.

    `icons` are HTML by id: SVG, or an `i` element with a glyph; `style` is CSS for them. `title`, where given, takes
    the place of the names of the conditions. The same icons and random numbers give the same queries, as far as the
    browser draws the same.
    """
    names = [list(conditions)[index % len(conditions)] for index in range(len(chosen))]
    scenes = [conditions[name](rng) for name in names]
    ids = list(icons)
    cells = [
        (scene, [icons[icon], *(icons[rng.choice(ids)] for _ in scene.neighbours)])
        for scene, icon in zip(scenes, chosen, strict=True)
    ]
    screenshots = drawer.cells(cells, style)
    bar = tqdm(screenshots, title or "Screenshots", len(cells), unit=" queries", disable=None, leave=False)
    pictures = dict(bar)
    return [
        Query(title or name, icon, pictures[index], drawn_pixels(scenes[index]))
        for index, (name, icon) in enumerate(zip(names, chosen, strict=True))
    ]


def drawn_pixels(scene: Scene) -> float:
    """The side of the icon in the pixels that the browser draws it in."""
    return scene.side * (1 if scene.subpixels else scene.pixel_ratio)


def placed_icon(html: str, left: float, top: float, side: float, style: str, id_prefix: str) -> str:
    """The icon at this place, CSS px; its ids get the prefix, because two icons on a page may not share one."""
    css_of_place = f"{place(left, top, side, side)};font-size:{side:g}px;line-height:{side:g}px;{style}"
    return START_TAG.sub(rf'<\1 style="{css_of_place}" ', BEFORE_OWN_ID.sub(id_prefix, html), count=1)


def encode(picture: Image.Image, file_format: str = "PNG", quality: int = 0) -> bytes:
    """The picture as a file; a `quality` of 0 leaves the choice to Pillow."""
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **({"quality": quality} if quality else {}))
    return buffer.getvalue()


def _cell_html(scene: Scene, icons: Sequence[str], id_prefix: str) -> str:
    corner = (CELL - scene.side) // 2 + scene.offset
    style = f"color:{css(scene.ink)};{scene.style}"
    elements = [
        placed_icon(html, corner + distance, corner, scene.side, style, f"{id_prefix}{index}-")
        for index, (html, distance) in enumerate(zip(icons, (0, *scene.neighbours), strict=True))
    ]
    return f'<div style="background:{scene.background}">{scene.behind}{"".join(elements)}{scene.in_front}</div>'


def _cropped(page: Image.Image, corner: tuple[int, int], scene: Scene) -> bytes:
    """The crop of the scene whose cell has its upper left corner there, CSS px, as a file."""
    left, top, right, bottom = scene.crop
    x, y = corner
    edges = (x + left, y + top, x + right, y + bottom)
    if scene.subpixels:  # The crop has whole pixels of the screen, each of which is three here.
        left, top, right, bottom = (scene.pixel_ratio * round(edge) for edge in edges)
    else:
        left, top, right, bottom = (round(edge * scene.pixel_ratio) for edge in edges)
    crop = page.crop((left, top, right, bottom))
    if scene.subpixels:
        crop = fold(crop, scene.subpixels)
    if scene.enlargement > 1:
        size = crop.width * scene.enlargement, crop.height * scene.enlargement
        crop = crop.resize(size, scene.resampling)
    return encode(crop, scene.file_format, scene.quality)
