"""Single icons with the label beside them, cropped as people crop: the button, the row, the tab, the field."""

import math
from collections.abc import Sequence
from random import Random

from PIL import Image
from tqdm import tqdm

from bench.components import COMPONENTS
from bench.drafts import Draft, random_skin
from bench.library import Library
from bench.scenes import Box
from bench.screens import cut_out, joined
from bench.screenshots import Browser, Query, encode

PIXEL_RATIOS = (1, 1, 1.5, 2)
PAGE = 640, 220  # CSS px, in which every component fits
MOST_TEXT = 12  # icon widths that a label is meant to take at most
TEXT_BOUNDS = (1, 2, 4, 8)  # icon widths between the rows of the report
JPEG_SHARE = 0.2
WHOLE_SHARE = 0.7  # of the crops that go around the component, and not around icon and label alone


def labelled(drawer: Browser, library: Library, icons: Sequence[str], rng: Random) -> list[Query]:
    """A screenshot of each of the icons with a label, in components in turn. Raises SourceError."""
    names = list(COMPONENTS)
    bar = tqdm(icons, "Labelled icons", unit=" queries", disable=None, leave=False)
    return [_query(drawer, library, icon, names[index % len(names)], rng) for index, icon in enumerate(bar)]


def _query(drawer: Browser, library: Library, icon: str, component: str, rng: Random) -> Query:
    skin, pixel_ratio = random_skin(rng), rng.choice(PIXEL_RATIOS)
    width = skin.side * math.exp(rng.uniform(0, math.log(MOST_TEXT)))
    draft = Draft(rng, skin, [(icon, library.icons[icon])], text_width=width)
    offset = rng.choice((0, 0, 0.25, 0.5))
    content = COMPONENTS[component](draft)
    html = f'<div style="position:absolute;left:{40 + offset}px;top:{40 + offset}px">{content}</div>'
    page, marks = drawer.capture(html, PAGE, pixel_ratio, skin.style)
    [box], text = marks["icon 0"], joined(marks["text"])
    whole = rng.random() < WHOLE_SHARE
    target, least = (marks["crop"][0], -1) if whole else (joined([box, text]), 2)
    picture, file_format = crop(page, target, least, pixel_ratio, rng)
    beside = component != "tab"
    traits = (
        f"language {skin.language}",
        text_bucket((text[2] if beside else max(text[2] - box[2], 0)) / box[2]),
        "dark" if skin.dark else "light",
        f"{pixel_ratio:g}×",
        file_format,
    )
    return Query(component, icon, picture, box[2] * pixel_ratio, traits)


def crop(page: Image.Image, target: Box, least: float, pixel_ratio: float, rng: Random) -> tuple[bytes, str]:
    """A crop around the target with margins from the least, CSS px, to 8, as a file, and its format."""
    left, top, width, height = target
    before, above, after, below = (rng.uniform(least, 8) for _ in range(4))
    part = left - before, top - above, width + before + after, height + above + below
    picture, _ = cut_out(page, part, pixel_ratio)
    if rng.random() < JPEG_SHARE:
        return encode(picture, "JPEG", rng.randint(55, 90)), "JPEG"
    return encode(picture), "PNG"


def text_bucket(widths: float) -> str:
    """The row of the report for a text that is so many icon widths wide."""
    for least, most in zip((0, *TEXT_BOUNDS), TEXT_BOUNDS, strict=False):
        if widths < most:
            return f"text {least}–{most} icon widths" if least else f"text below {most} icon width"
    return f"text from {TEXT_BOUNDS[-1]} icon widths"
