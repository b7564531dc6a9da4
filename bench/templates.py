"""What people crop of pages that others made, and how often a site names its icons.

`python -m bench.templates http://127.0.0.1:8000/` draws admin templates (`template_pages.py`), crops them, and posts
the crops to a running site that has all of Iconify. An answer is right if it looks the same as the icon that the page
names.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import ViewportSize
from tqdm import tqdm

from bench.client import ask_all
from bench.judging import Judge, quality
from bench.library import choose
from bench.regions import RegionCounts, count_regions
from bench.scenes import Box
from bench.screens import PlacedIcon, Screen, fractions
from bench.screenshots import Browser, Query, browser, encode
from bench.template_pages import SIZE, TEMPLATES, Template, Window, answer, files_of, named, windows_of

RATIOS = 1, 1, 2, 1.25  # device pixels in a CSS px, of one page after the other
PAGES = 16  # of each template
WINDOWS, LEAST_ICONS = 5, 4  # windows of each template that are searched as a whole, and icons on one at least
MARGINS = 1, 2, 3, 5  # CSS px around an icon alone
AROUND = 3.0, 6.0  # sides of an icon: least and largest side of a square of its surroundings
SEED = 5


@dataclass
class Crops:
    """What is searched for."""

    alone: list[Query] = field(default_factory=list)
    labelled: list[Query] = field(default_factory=list)
    surroundings: list[Screen] = field(default_factory=list)
    windows: list[Screen] = field(default_factory=list)


def crops(drawer: Browser, known: frozenset[str], seed: int) -> Crops:
    """Crops of all templates: of every icon of `known` the first that each template shows, and some windows."""
    made = Crops()
    for template in tqdm(TEMPLATES, "Templates", disable=None, leave=False):
        rng, cropped, whole = Random(f"{seed} {template.package}"), set[str](), 0
        for window in _windows(drawer, template, rng):
            names = [named(template, element.text) for element in window.elements]
            icons = [
                (name, element.ink, element.host)
                for name, element in zip(names, window.elements, strict=True)
                if name in known and element.ink
            ]
            inks = [ink for _, ink, _ in icons]
            for name, ink, host in icons:
                if name not in cropped:
                    cropped.add(name)
                    _crop(made, window, name, ink, host, inks, rng)
            if len(icons) >= LEAST_ICONS and whole < WINDOWS:
                whole += 1
                page = 0, 0, SIZE[0], SIZE[1]
                placed = tuple(_placed(name, ink, page) for name, ink, _ in icons)
                neutral = tuple(fractions(box, page) for box in window.neutral)
                made.windows.append(Screen(Query("window", "", encode(window.picture)), placed, neutral))
    return made


def _windows(drawer: Browser, template: Template, rng: Random) -> Iterator[Window]:
    paths = files_of(template)
    rng.shuffle(paths)
    for number, path in enumerate(paths[:PAGES]):
        ratio = RATIOS[number % len(RATIOS)]
        viewport = ViewportSize(width=SIZE[0], height=SIZE[1])
        context = drawer.chromium.new_context(device_scale_factor=ratio, viewport=viewport)
        try:
            context.route("**/*", partial(answer, template))
            yield from windows_of(context.new_page(), path, template, ratio)
        except BrowserError as error:
            print(f"{template.package} {path}: {error.message.splitlines()[0]}")
        finally:
            context.close()


def _crop(made: Crops, window: Window, name: str, ink: Box, host: Box | None, inks: Sequence[Box], rng: Random) -> None:
    """Add the crops of an icon: alone, with the text beside it if it alone is in its host, and its surroundings."""
    left, top, width, height = ink
    margin, pixels = rng.choice(MARGINS), window.ratio * max(width, height)
    tight = left - margin, top - margin, width + 2 * margin, height + 2 * margin
    made.alone.append(Query("alone", name, _cut(window, tight), pixels))
    if host and sum(_is_in(other, host) for other in inks) == 1:
        made.labelled.append(Query("labelled", name, _cut(window, host), pixels))
    side = rng.uniform(*AROUND) * max(width, height)
    across, down = (length / 2 + rng.uniform(-0.24, 0.24) * (side - length) for length in (width, height))
    square = _within(left + across - side / 2, top + down - side / 2, side)
    query = Query("surroundings", name, _cut(window, square), pixels)
    neutral = tuple(fractions(box, square) for box in (*window.neutral, *inks) if box != ink)
    made.surroundings.append(Screen(query, (_placed(name, ink, square),), neutral))


def _placed(name: str, ink: Box, part: Box) -> PlacedIcon:
    return PlacedIcon(name, (fractions(ink, part), fractions(ink, part)))


def _within(left: float, top: float, side: float) -> Box:
    """What of a square is within the window."""
    right, bottom = min(left + side, SIZE[0]), min(top + side, SIZE[1])
    return max(left, 0), max(top, 0), right - max(left, 0), bottom - max(top, 0)


def _is_in(box: Box, part: Box) -> bool:
    across, down = box[0] + box[2] / 2 - part[0], box[1] + box[3] / 2 - part[1]
    return 0 < across < part[2] and 0 < down < part[3]


def _cut(window: Window, part: Box) -> bytes:
    left, top, width, height = part
    edges = max(left, 0), max(top, 0), min(left + width, SIZE[0]), min(top + height, SIZE[1])
    first, highest, last, lowest = (round(edge * window.ratio) for edge in edges)
    return encode(window.picture.crop((first, highest, last, lowest)))


def measure(address: str, made: Crops, judge: Judge) -> None:
    """Print how often the site at this address is right."""
    for title, queries in (("an icon alone", made.alone), ("an icon with the text beside it", made.labelled)):
        answers = ask_all(address, queries)
        ranks = [judge.rank(query.icon, reply.icons) for query, reply in zip(queries, answers, strict=True)]
        twins = sum(
            rank == 1 or bool(reply.icons) and judge.looks_same_at(query.icon, reply.icons[0], query.pixels)
            for rank, query, reply in zip(ranks, queries, answers, strict=True)
        )
        told = quality(ranks)
        share = twins / len(queries)
        print(
            f"{title}, {told.queries}: R@1 {told.recall_at_1:.3f}, R@10 {told.recall_at_10:.3f}, with twins {share:.3f}"
        )
    for title, screens in (("a square of its surroundings", made.surroundings), ("windows", made.windows)):
        replies = ask_all(address, [screen.query for screen in screens])
        counts: RegionCounts = count_regions(screens, [reply.regions or () for reply in replies], judge.looks_same)
        shares = [number / counts.icons for number in (counts.regions, counts.right, counts.spurious)]
        print(
            f"{title}, {counts.icons} icons: a region {shares[0]:.3f}, right first {shares[1]:.3f},"
            f" {shares[2]:.3f} others an icon"
        )


def main() -> None:
    """Draw, search and print, as the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.templates", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address")
    parser.add_argument("--source", type=Path, help="folder of Iconify's JSON files, in place of a download")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    library = choose(["all"], options.source, options.seed)
    with browser() as drawer:
        made = crops(drawer, frozenset(library.icons), options.seed)
    measure(options.address, made, Judge(library.icons))


if __name__ == "__main__":
    main()
