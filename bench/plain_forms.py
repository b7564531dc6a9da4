"""Whether icons look as in Chromium once they are cleaned: `python -m bench.plain_forms FOLDER`.

FOLDER has the JSON files of @iconify/json. Icons of all sets are drawn by Chromium as they are, and by the site's
rasteriser in their plain form, at 64 px, and both drawings are correlated.

An animation is compared once it is over. One without end has no such moment: there, the moment counts that is most like
the plain form, out of those that Chromium shows in the first twelve seconds, since any of them is a right still of it.
"""

import argparse
import base64
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from html import escape
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from tqdm import tqdm

from tests import chromium

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")
os.environ.setdefault("DATABASE_URL", "postgres://nobody@localhost/none")

import django  # noqa: E402

SIDE = 64  # px, of a drawing
COLUMNS = 10  # drawings in a row of a page, and rows on it
GROUND = (205, 221, 238)  # on which neither black nor white is lost
ENOUGH = 0.98  # the correlation from which on two drawings look the same
OVER = (1000.0, 1000.37, 1001.1)  # seconds; an animation is over if it looks the same at all of them
MOMENTS = [number / 10 for number in range(121)]  # seconds
STYLE = f"body {{ margin: 0; background: rgb{GROUND} }} img, iframe {{ width: {SIDE}px; height: {SIDE}px; border: 0;"
STYLE += " float: left }"
# A frame has ids and a clock of its own.
FRAME = "<style>body { margin: 0 } body > svg { width: 100vw; height: 100vh; display: block }</style>"
SEEK = """(seconds) => Promise.all([...document.querySelectorAll("iframe")].map(({ contentDocument: frame }) => {
    for (const drawing of frame.querySelectorAll("body > svg")) {
        drawing.pauseAnimations()
        drawing.setCurrentTime(seconds)
    }
    for (const animation of frame.getAnimations()) {
        animation.pause()
        animation.currentTime = 1000 * seconds
    }
}))"""

Pixels = NDArray[np.float32]  # (SIDE, SIDE, 3), what differs from the ground


def read_sets(paths: Sequence[Path]) -> list[dict[str, str]]:
    """The icons of each file, hidden ones too: SVG by id. Raises SourceError."""
    from icons.importing.iconify_json import read_file
    from icons.importing.packs import SourceIcon

    packs = map(read_file, paths)
    return [
        {f"{pack.info.prefix}:{icon.name}": str(icon.svg) for icon in pack.icons if isinstance(icon, SourceIcon)}
        for pack in packs
    ]


def sample(sets: Sequence[Mapping[str, str]], number: int, rng: Random) -> dict[str, str]:
    """Icons of all sets, as many of each as can be, at least `number` of them where there are as many."""
    each = 1
    while sum(min(each, len(icons)) for icons in sets) < min(number, sum(map(len, sets))):
        each += 1
    return {icon: icons[icon] for icons in sets for icon in rng.sample(sorted(icons), min(each, len(icons)))}


def correlation(first: Pixels, second: Pixels) -> float:
    """How alike two drawings are, at most 1; 1 where both are blank, 0 where one is."""
    lengths = float(np.linalg.norm(first)), float(np.linalg.norm(second))
    if min(lengths) < 1:
        return float(max(lengths) < 1)
    return float((first * second).sum()) / lengths[0] / lengths[1]


def is_animated(svg: str) -> bool:
    """Whether the drawing may move."""
    return "<animate" in svg or "<set" in svg or "@keyframes" in svg


def still_drawings(page: Page, svgs: Sequence[str]) -> Iterator[Pixels]:
    """What Chromium draws of icons that do not move, in order."""
    for start in range(0, len(svgs), COLUMNS**2):
        batch = svgs[start : start + COLUMNS**2]
        # A size makes Chromium centre a drawing that is not square itself, which moves it by no part of a pixel.
        sized = (svg.replace("<svg ", f'<svg width="{SIDE}" height="{SIDE}" ', 1) for svg in batch)
        addresses = (base64.b64encode(svg.encode()).decode() for svg in sized)
        page.set_content(
            f"<style>{STYLE}</style>"
            + "".join(f'<img src="data:image/svg+xml;base64,{address}">' for address in addresses)
        )
        page.wait_for_function("[...document.images].every(image => image.complete)")
        yield from _tiles(page, len(batch))


def moving_drawings(page: Page, svgs: Sequence[str]) -> Iterator[list[Pixels]]:
    """For each icon that moves, in order: how Chromium leaves it, or, if it never ends, how it looks at all moments."""
    for start in range(0, len(svgs), COLUMNS**2):
        batch = svgs[start : start + COLUMNS**2]
        page.set_content(
            f"<!doctype html><style>{STYLE}</style>"
            + "".join(f'<iframe srcdoc="{escape(f"<!doctype html>{FRAME}{svg}")}"></iframe>' for svg in batch)
        )
        moments = []
        for seconds in (*MOMENTS, *OVER):
            page.evaluate(SEEK, seconds)
            moments.append(list(_tiles(page, len(batch))))
        for index in range(len(batch)):
            looks = [tiles[index] for tiles in moments]
            last = looks[-len(OVER) :]
            is_over = all(np.array_equal(look, last[0]) for look in last)
            yield last[:1] if is_over else looks


def _tiles(page: Page, number: int) -> Iterator[Pixels]:
    sheet = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), np.float32) - GROUND
    for index in range(number):
        row, column = divmod(index, COLUMNS)
        yield sheet[row * SIDE : (row + 1) * SIDE, column * SIDE : (column + 1) * SIDE].astype(np.float32)


def our_drawing(svg: str) -> Pixels:
    """What the site draws of an icon's plain form; nothing where it is refused."""
    from django.core.exceptions import ValidationError

    from icons.rendering import RenderError, render
    from icons.svg import clean_svg

    ground = Image.new("RGBA", (SIDE, SIDE), GROUND)
    try:
        ground.alpha_composite(render(clean_svg(svg).svg, SIDE))
    except (ValidationError, RenderError) as error:
        print(f"Left out: {error}", file=sys.stderr)
    return np.asarray(ground.convert("RGB"), np.float32) - np.asarray(GROUND, np.float32)


def measure(icons: Mapping[str, str], page: Page) -> dict[str, float]:
    """The correlation of each icon's plain form with what Chromium draws of the icon; SVG by id."""
    still = [icon for icon, svg in icons.items() if not is_animated(svg)]
    moving = [icon for icon, svg in icons.items() if is_animated(svg)]
    drawings: Iterator[tuple[str, list[Pixels]]] = zip(
        still, ([look] for look in still_drawings(page, [icons[icon] for icon in still])), strict=True
    )
    measured = {}
    for icon, looks in tqdm(drawings, "Still icons", len(still)):
        measured[icon] = correlation(our_drawing(icons[icon]), looks[0])
    drawings = zip(moving, moving_drawings(page, [icons[icon] for icon in moving]), strict=True)
    for icon, looks in tqdm(drawings, "Animated icons", len(moving)):
        ours = our_drawing(icons[icon])
        measured[icon] = max(correlation(ours, look) for look in looks)
    return measured


def main() -> None:
    """Measure, and print how many icons look the same, and which do not."""
    parser = argparse.ArgumentParser(prog="python -m bench.plain_forms")
    parser.add_argument("folder", type=Path, help="the JSON files of @iconify/json")
    parser.add_argument("--icons", type=int, default=10_000, help="how many to compare at least, of all sets alike")
    parser.add_argument("--seed", type=int, default=7, help="of the choice of icons")
    parser.add_argument("--write", type=Path, help="a file for the correlation of each icon, as JSON")
    arguments = parser.parse_args()
    django.setup()
    sets = read_sets(sorted(arguments.folder.glob("*.json")))
    icons = sample(sets, arguments.icons, Random(arguments.seed))
    if not (path := chromium.find()):
        sys.exit(f"Chromium is missing. Install it: {chromium.INSTALL}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        with closing(browser):
            page = browser.new_page(viewport={"width": SIDE * COLUMNS, "height": SIDE * COLUMNS})
            page.set_default_timeout(120_000)
            measured = measure(icons, page)
    same = sum(value >= ENOUGH for value in measured.values())
    moving = sum(is_animated(svg) for svg in icons.values())
    print(f"{len(icons)} icons of {len(sets)} sets, {moving} of them animated: {same / len(icons):.4f} look the same")
    for icon, value in sorted(measured.items(), key=lambda pair: pair[1]):
        if value < ENOUGH:
            print(f"{value:.4f} {icon}{', animated' if is_animated(icons[icon]) else ''}")
    if arguments.write:
        arguments.write.write_text(json.dumps(measured, indent=0))


if __name__ == "__main__":
    main()
