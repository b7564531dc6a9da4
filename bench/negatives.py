"""Pictures that show no icon of the library: text, photographs, other elements of pages, and icons from elsewhere."""

from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from bench import packages
from bench.conditions import CONDITIONS
from bench.scenes import colour_pair, css
from bench.screenshots import Browser, Query, encode, make_queries

FOREIGN_PACKAGE = "@hashicorp/flight-icons@5.1.0"  # MPL 2.0; its icons are not in Iconify
FOREIGN_CONDITIONS = ("plain", "small", "themed", "dark", "button", "jpeg")
VOCABULARY = (
    "the of and a to in is it was for on are with they be at one have this from by word but what some you had "
    "out about many then them write would like these her long make thing see him two has look more day could "
    "number sound people over water first find work place year every thought answer important children country "
    "Settings Report 2024 Total 37 Monday Berlin Invoice"
)
WORDS = VOCABULARY.split()
FONT_FAMILIES = ("sans-serif", "serif", "monospace")
ELEMENTS = ("table", "form", "chart", "code")


def texts(drawer: Browser, number: int, rng: Random) -> list[Query]:
    """Screenshots of paragraphs of one to six lines."""
    queries = []
    for _ in _bar(number, "Texts"):
        ink, background = colour_pair(rng) if rng.random() < 0.5 else ((30, 30, 30), (255, 255, 255))
        size, lines, width = rng.randint(11, 18), rng.randint(1, 6), rng.randint(90, 420)
        words = " ".join(rng.choice(WORDS) for _ in range(2 + lines * width // (4 * size)))
        height = round(1.4 * size * lines) + 8
        font = f"font:{size}px/1.4 {rng.choice(FONT_FAMILIES)}"
        style = f"{font};padding:4px;color:{css(ink)};background:{css(background)}"
        html = f'<div style="{style};height:{height}px;overflow:hidden">{words}</div>'
        queries.append(Query("text", "", encode(drawer.screenshot(html, (width, height)))))
    return queries


def photographs(number: int, rng: Random) -> list[Query]:
    """Clouds of colour from coarse to fine, like a sky or a lawn, some with soft blobs before them, as JPEG."""
    return [
        Query("photograph", "", photograph(rng.randint(48, 320), rng.randint(48, 320), rng))
        for _ in _bar(number, "Photographs")
    ]


def photograph(width: int, height: int, rng: Random) -> bytes:
    """A synthetic photograph of this size, px, as JPEG."""
    generator = np.random.default_rng(rng.randrange(2**32))
    picture = _clouds(width, height, generator, rng)
    _add_blobs(picture, generator, rng)
    picture = 128 + picture * rng.uniform(0.8, 1.6)
    return encode(Image.fromarray(picture.clip(0, 255).astype(np.uint8)), "JPEG", rng.randint(60, 92))


def page_elements(drawer: Browser, number: int, rng: Random) -> list[Query]:
    """Screenshots of tables, form fields, charts and code in turn."""
    queries = []
    for index in _bar(number, "Page elements"):
        width, height = rng.randint(180, 420), rng.randint(90, 240)
        makers = {"table": _table, "form": _form, "chart": _chart, "code": _code}
        html = makers[ELEMENTS[index % len(ELEMENTS)]](rng)
        font = f"font:13px {rng.choice(FONT_FAMILIES)}"
        style = f"width:{width}px;height:{height}px;overflow:hidden;background:#fff;{font}"
        screenshot = drawer.screenshot(f'<div style="{style}">{html}</div>', (width, height))
        queries.append(Query("page part", "", encode(screenshot)))
    return queries


def foreign_icons(drawer: Browser, number: int, rng: Random) -> tuple[list[Query], dict[str, str]]:
    """Screenshots of icons of a set that is not in Iconify, and SVG of these icons by id. Raises SourceError.

    Some have a look-alike in the library all the same: whoever judges the answers has to leave these out.
    """
    files = sorted((packages.package(FOREIGN_PACKAGE) / "svg").glob("*-24.svg"))
    icons = {f"foreign:{file.stem}": file.read_text() for file in rng.sample(files, min(number, len(files)))}
    conditions = {name: CONDITIONS[name] for name in FOREIGN_CONDITIONS}
    return make_queries(drawer, icons, list(icons), rng, conditions, title="icon from elsewhere"), icons


def _bar(number: int, title: str) -> "tqdm[int]":
    return tqdm(range(number), title, unit=" queries", disable=None, leave=False)


def _clouds(width: int, height: int, generator: np.random.Generator, rng: Random) -> NDArray[np.float64]:
    """(height, width, 3) of noise in six octaves, around 0."""
    picture = np.zeros((height, width, 3))
    persistence = rng.uniform(0.4, 0.8)  # the amplitude of an octave as a share of that of the octave before
    for octave in range(1, 7):
        grid = generator.random((2**octave, 2**octave, 3)) * 255
        layer = Image.fromarray(grid.astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
        picture += persistence**octave * (np.asarray(layer, dtype=np.float64) - 128)
    return picture


def _add_blobs(picture: NDArray[np.float64], generator: np.random.Generator, rng: Random) -> None:
    height, width, _ = picture.shape
    y, x = np.mgrid[:height, :width]
    for _ in range(rng.randrange(4)):
        centre_x, centre_y = rng.uniform(0, width), rng.uniform(0, height)
        radius = rng.uniform(0.1, 0.4) * min(width, height)
        distance = np.hypot(x - centre_x, y - centre_y) - radius
        blob = 1 / (1 + np.exp(distance / rng.uniform(1, 8)))
        picture += blob[..., None] * generator.uniform(-120, 120, 3)


def _words(rng: Random, number: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(number))


def _table(rng: Random) -> str:
    style = f"border:1px solid #bbb;padding:{rng.randint(2, 6)}px"
    columns = rng.randint(3, 5)
    rows = [
        f"<tr>{''.join(f'<td style={style!r}>{_words(rng, rng.randint(1, 2))}</td>' for _ in range(columns))}</tr>"
        for _ in range(8)
    ]
    return f'<table style="border-collapse:collapse">{"".join(rows)}</table>'


def _form(rng: Random) -> str:
    style = (
        "display:block;box-sizing:border-box;width:90%;margin:4px;border:1px solid #999;border-radius:4px;padding:5px"
    )
    return "".join(
        f'<label style="margin:4px">{_words(rng, 2)}</label>'
        f'<div style="{style}">{_words(rng, rng.randrange(4))}&nbsp;</div>'
        for _ in range(4)
    )


def _chart(rng: Random) -> str:
    """A line over twenty bars, with a grid and numbers, which is more than any icon of a chart has."""
    heights = [rng.randint(10, 90) for _ in range(20)]
    bars = "".join(
        f'<rect x="{20 + 8 * index}" y="{100 - height}" width="5" height="{height}"/>'
        for index, height in enumerate(heights)
    )
    line = " ".join(f"{22 + 8 * index},{rng.randint(5, 95)}" for index in range(20))
    grid = "".join(f'<path d="M20 {y}H180"/><text x="2" y="{y + 3}">{100 - y}</text>' for y in range(0, 101, 20))
    bar_colour, line_colour = colour_pair(rng)
    return (
        f'<svg viewBox="0 -5 182 110" width="100%" font-size="7"><g stroke="#ccc" stroke-width=".4">{grid}</g>'
        f'<g fill="{css(bar_colour)}">{bars}</g>'
        f'<polyline points="{line}" fill="none" stroke="{css(line_colour)}"/></svg>'
    )


def _code(rng: Random) -> str:
    lines = [f"{'  ' * rng.randrange(4)}{_words(rng, 2)}({_words(rng, 1)}) = {rng.randrange(999)};" for _ in range(14)]
    return f'<pre style="margin:4px;font:12px monospace">{"<br>".join(lines)}</pre>'
