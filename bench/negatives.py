"""Pictures that show no icon of the library: text, photographs, other parts of pages, and icons from elsewhere."""

from random import Random

import numpy as np
from PIL import Image
from tqdm import tqdm

from bench import packages
from bench.conditions import CONDITIONS, colour_pair, css
from bench.screenshots import Browser, Query, encoded, make_queries

FOREIGN = "@hashicorp/flight-icons@5.1.0"  # MPL 2.0; not in Iconify
FOREIGN_SCENES = ("plain", "small", "themed", "dark", "button", "jpeg")
VOCABULARY = (
    "the of and a to in is it was for on are with they be at one have this from by word but what some you had "
    "out about many then them write would like these her long make thing see him two has look more day could "
    "number sound people over water first find work place year every thought answer important children country "
    "Settings Report 2024 Total 37 Monday Berlin Invoice"
)
WORDS = VOCABULARY.split()
FAMILIES = ("sans-serif", "serif", "monospace")
PARTS = ("table", "form", "chart", "code")


def text(drawer: Browser, number: int, rng: Random) -> list[Query]:
    """Paragraphs of one to six lines."""
    queries = []
    for _ in _bar(number, "Texts"):
        ink, ground = colour_pair(rng) if rng.random() < 0.5 else ((30, 30, 30), (255, 255, 255))
        size, lines, width = rng.randint(11, 18), rng.randint(1, 6), rng.randint(90, 420)
        words = " ".join(rng.choice(WORDS) for _ in range(2 + lines * width // (4 * size)))
        height = round(1.4 * size * lines) + 8
        look = f"font:{size}px/1.4 {rng.choice(FAMILIES)};padding:4px;color:{css(ink)};background:{css(ground)}"
        html = f'<div style="{look};height:{height}px;overflow:hidden">{words}</div>'
        queries.append(Query("text", "", encoded(drawer.shot(html, (width, height)))))
    return queries


def photographs(number: int, rng: Random) -> list[Query]:
    """Clouds of colour from coarse to fine, as a sky or a lawn has them, some with soft blobs before them; JPEG."""
    queries = []
    for _ in _bar(number, "Photographs"):
        random = np.random.default_rng(rng.randrange(2**32))
        width, height = rng.randint(48, 320), rng.randint(48, 320)
        picture = np.zeros((height, width, 3))
        rough = rng.uniform(0.4, 0.8)  # how much of each octave is left in the next
        for octave in range(1, 7):
            grid = random.random((2**octave, 2**octave, 3)) * 255
            layer = Image.fromarray(grid.astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
            picture += rough**octave * (np.asarray(layer, dtype=np.float64) - 128)
        y, x = np.mgrid[:height, :width]
        for _ in range(rng.randrange(4)):
            across, down = rng.uniform(0, width), rng.uniform(0, height)
            radius = rng.uniform(0.1, 0.4) * min(width, height)
            blob = 1 / (1 + np.exp((np.hypot(x - across, y - down) - radius) / rng.uniform(1, 8)))
            picture += blob[..., None] * random.uniform(-120, 120, 3)
        picture = 128 + picture * rng.uniform(0.8, 1.6)
        image = Image.fromarray(picture.clip(0, 255).astype(np.uint8))
        queries.append(Query("photograph", "", encoded(image, "JPEG", rng.randint(60, 92))))
    return queries


def page_parts(drawer: Browser, number: int, rng: Random) -> list[Query]:
    """Tables, form fields, charts and code in turn."""
    queries = []
    for i in _bar(number, "Page parts"):
        width, height = rng.randint(180, 420), rng.randint(90, 240)
        html = {"table": _table, "form": _form, "chart": _chart, "code": _code}[PARTS[i % len(PARTS)]](rng)
        look = f"width:{width}px;height:{height}px;overflow:hidden;background:#fff;font:13px {rng.choice(FAMILIES)}"
        shot = drawer.shot(f'<div style="{look}">{html}</div>', (width, height))
        queries.append(Query("page part", "", encoded(shot)))
    return queries


def foreign_icons(drawer: Browser, number: int, rng: Random) -> tuple[list[Query], dict[str, str]]:
    """Icons of a set that is not in Iconify, and their SVG by id. Raises SourceError.

    Some have a look-alike in the library all the same: whoever judges the answers has to leave these out.
    """
    files = sorted((packages.package(FOREIGN) / "svg").glob("*-24.svg"))
    icons = {f"foreign:{file.stem}": file.read_text() for file in rng.sample(files, min(number, len(files)))}
    scenes = {name: CONDITIONS[name] for name in FOREIGN_SCENES}
    return make_queries(drawer, icons, list(icons), rng, scenes, title="icon from elsewhere"), icons


def _bar(number: int, what: str) -> tqdm:
    return tqdm(range(number), what, unit=" queries", disable=None, leave=False)


def _words(rng: Random, number: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(number))


def _table(rng: Random) -> str:
    look = f"border:1px solid #bbb;padding:{rng.randint(2, 6)}px"
    columns = rng.randint(3, 5)
    row = [
        f"<tr>{''.join(f'<td style={look!r}>{_words(rng, rng.randint(1, 2))}</td>' for _ in range(columns))}</tr>"
        for _ in range(8)
    ]
    return f'<table style="border-collapse:collapse">{"".join(row)}</table>'


def _form(rng: Random) -> str:
    look = (
        "display:block;box-sizing:border-box;width:90%;margin:4px;border:1px solid #999;border-radius:4px;padding:5px"
    )
    return "".join(
        f'<label style="margin:4px">{_words(rng, 2)}</label>'
        f'<div style="{look}">{_words(rng, rng.randrange(4))}&nbsp;</div>'
        for _ in range(4)
    )


def _chart(rng: Random) -> str:
    """A line over twenty bars, with a grid and numbers: more than any icon of a chart has."""
    heights = [rng.randint(10, 90) for _ in range(20)]
    bars = "".join(f'<rect x="{20 + 8 * i}" y="{100 - h}" width="5" height="{h}"/>' for i, h in enumerate(heights))
    line = " ".join(f"{22 + 8 * i},{rng.randint(5, 95)}" for i in range(20))
    grid = "".join(f'<path d="M20 {y}H180"/><text x="2" y="{y + 3}">{100 - y}</text>' for y in range(0, 101, 20))
    ink, other = colour_pair(rng)
    return (
        f'<svg viewBox="0 -5 182 110" width="100%" font-size="7"><g stroke="#ccc" stroke-width=".4">{grid}</g>'
        f'<g fill="{css(ink)}">{bars}</g><polyline points="{line}" fill="none" stroke="{css(other)}"/></svg>'
    )


def _code(rng: Random) -> str:
    lines = [f"{'  ' * rng.randrange(4)}{_words(rng, 2)}({_words(rng, 1)}) = {rng.randrange(999)};" for _ in range(14)]
    return f'<pre style="margin:4px;font:12px monospace">{"<br>".join(lines)}</pre>'
