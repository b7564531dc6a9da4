"""Synthetic pages, drawn by Chromium, with the exact place of every icon and every line of text on them."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page as BrowserPage

from bench.packages import package
from training.detector.components import Maker
from training.detector.icon_source import COMMON_SHARE, IconSource
from training.detector.panels import body
from training.detector.themes import Theme, random_theme

# By family, all under the SIL Open Font License.
FONTS = {
    family: f"@fontsource/{family.lower().replace(' ', '-')}@5"
    for family in (
        "Inter",
        "Roboto",
        "Open Sans",
        "Lora",
        "Montserrat",
        "Poppins",
        "Nunito",
        "Ubuntu",
        "JetBrains Mono",
        "Noto Sans SC",
        "Noto Sans JP",
        "Noto Sans KR",
        "Noto Sans Arabic",
    )
}
MONOSPACE, OF_CHARACTERS = (
    "JetBrains Mono",
    "Noto Sans SC",
)  # of code, and of single characters on a page in Latin letters
FIRST_CHARACTER = "\u2e80"  # from which on letters are of no alphabet
FRAMEWORKS = {
    "bootstrap": ("bootstrap@5.3.9", "dist/css/bootstrap.min.css"),
    "bulma": ("bulma@1.0.4", "css/bulma.min.css"),
    "pico": ("@picocss/pico@2.1.1", "css/pico.classless.min.css"),
}  # all MIT
PIXEL_RATIOS = (1, 1, 1, 1.25, 1.5, 2, 2, 3)
# An icon as narrow as three dots one above the other is told with room beside it, since the detector tells nothing that
# is narrower than its stride: its shorter side is taken for this share of the longer, but at most so many times as long.
NARROW, WIDENED = 0.4, 2.0
PLACES_SCRIPT = """() => {
  const icons = [...document.querySelectorAll('svg.i')].map(svg => {
    const box = svg.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
    const seen = document.elementsFromPoint(x, y);
    const above = seen.slice(0, Math.max(0, seen.findIndex(e => svg === e || svg.contains(e))));
    const hidden = !seen.some(e => svg === e || svg.contains(e) || e.contains(svg));
    return [+svg.dataset.i, box.x, box.y, box.width, box.height, +(hidden || above.some(e => !e.contains(svg) && !svg.contains(e)))];
  });
  const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (walker.nextNode()) {
    if (!walker.currentNode.data.trim() || walker.currentNode.parentElement.closest('svg')) continue;
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) texts.push([box.x, box.y, box.width, box.height]);
  }
  return {icons, texts};
}"""


@dataclass(frozen=True)
class PagePicture:
    """A page as it was drawn, and what stands where, px."""

    pixels: NDArray[np.uint8]  # (height, width, 3) RGB
    icons: NDArray[np.float32]  # (n, 4): left, top, right, bottom of the ink of each icon
    unsure: NDArray[
        np.float32
    ]  # (m, 4): of icons that are covered, cut off or hardly seen, from which nothing is learnt
    texts: NDArray[np.float32]  # (k, 4): of each line of text

    def write(self, path: Path) -> None:
        """Keep the page in a file, which is whole or not there."""
        draft = path.with_suffix(".unfinished")
        png = io.BytesIO()
        Image.fromarray(self.pixels).save(png, "PNG")
        with open(draft, "wb") as file:
            data = np.frombuffer(png.getvalue(), np.uint8)
            np.savez(file, png=data, icons=self.icons, unsure=self.unsure, texts=self.texts)
        draft.rename(path)

    @staticmethod
    def read(path: Path) -> "PagePicture":
        """The page that `write` kept there, its narrow icons with room beside them."""
        with np.load(path) as data:
            pixels = np.asarray(Image.open(io.BytesIO(data["png"].tobytes())))
            return PagePicture(pixels, widened(data["icons"]), widened(data["unsure"]), data["texts"])


class Pages:
    """Draws one page after another."""

    def __init__(self, chromium: Any, source: IconSource, folder: Path) -> None:
        self.chromium, self.source, self.file = chromium, source, folder / "page.html"
        self.pages: dict[float, BrowserPage] = {}
        self.links = _style_links()

    def draw(self, seed: int) -> PagePicture | None:
        """The page of this seed; None where the browser does not manage it."""
        rng = Random(seed)
        theme, ratio = random_theme(rng), rng.choice(PIXEL_RATIOS)
        width, height = rng.randint(480, 1280) / ratio**0.5, rng.randint(400, 900) / ratio**0.5
        used: list[int] = []
        source = self.source
        main = rng.choice(source.plain_sets if rng.random() < 0.75 else source.sets)
        draw = partial(self._next, rng, used, main)
        maker = Maker(
            rng,
            theme,
            lambda: draw(source.common if rng.random() < COMMON_SHARE else source.by_set),
            partial(draw, source.small),
            partial(draw, source.dots),
            partial(draw, source.bullets),
        )
        content = body(maker, rng, rng.randint(8, 22))
        self.file.write_text(_document(theme, self.links, content))
        try:
            page = self._page(ratio)
            page.set_viewport_size({"width": round(width), "height": round(height)})
            page.goto(self.file.as_uri())
            page.evaluate("document.fonts.ready")
            places = page.evaluate(PLACES_SCRIPT)
            pixels = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
        except BrowserError:
            return None
        return self._picture(pixels, places, used, ratio)

    def _page(self, ratio: float) -> BrowserPage:
        if ratio not in self.pages:
            self.pages[ratio] = self.chromium.new_context(device_scale_factor=ratio, offline=True).new_page()
            self.pages[ratio].set_default_timeout(30_000)
        return self.pages[ratio]

    def _next(self, rng: Random, used: list[int], main: str, kind: Mapping[str, Sequence[int]]) -> str:
        """The next icon out of a kind of icons, by prefix: of the page's main set mostly, if it has any."""
        prefix = main if rng.random() < 0.85 else rng.choice(self.source.sets)
        index = rng.choice(kind.get(prefix) or kind[rng.choice(list(kind))])
        if len(self.source.library.source(index)[1]) > 8000:  # some flags and coats of arms take a second each
            return self._next(rng, used, rng.choice(self.source.plain_sets), kind)
        used.append(index)
        return self.source.svg(index, len(used) - 1)

    def _picture(
        self, pixels: NDArray[np.uint8], places: Mapping[str, Any], used: list[int], ratio: float
    ) -> PagePicture:
        height, width = pixels.shape[:2]
        icons: list[NDArray[Any]] = []
        unsure: list[NDArray[Any]] = []
        for number, x, y, wide, high, covered in places["icons"]:
            extent, side = self.source.extent(used[int(number)]), max(wide, high)
            if extent is None:
                continue
            view_box = [float(part) for part in self.source.library.source(used[int(number)])[0].split()]
            scale = min(wide / view_box[2], high / view_box[3]) * max(view_box[2:])
            drawn_x, drawn_y = (
                x + (wide - scale * view_box[2] / max(view_box[2:])) / 2,
                y + (high - scale * view_box[3] / max(view_box[2:])) / 2,
            )
            box = ratio * np.array([drawn_x, drawn_y, drawn_x, drawn_y]) + ratio * scale * np.array(extent)
            inside = box.clip(0, (width, height, width, height))
            if (inside[2:] - inside[:2]).min() < 2 or side < 4:
                continue
            whole = np.prod(inside[2:] - inside[:2]) > 0.85 * np.prod(box[2:] - box[:2])
            sure = whole and not covered and _is_seen(pixels, inside)
            (icons if sure else unsure).append(inside)
        texts = [
            (ratio * np.array([x, y, x + w, y + h])).clip(0, (width, height) * 2) for x, y, w, h in places["texts"]
        ]
        return PagePicture(pixels, _rows(icons), _rows(unsure), _rows(texts))


def widened(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 4): boxes of ink, left, top, right, bottom, as icons are told: narrow ones with room beside them."""
    sides = boxes[:, 2:] - boxes[:, :2]
    longer = sides.max(axis=1, keepdims=True, initial=0)
    more = (np.minimum(NARROW * longer, WIDENED * sides) - sides).clip(0) / 2
    return np.concatenate([boxes[:, :2] - more, boxes[:, 2:] + more], axis=1)


def _rows(boxes: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
    return np.array(boxes, np.float32).reshape(-1, 4)


def _is_seen(pixels: NDArray[np.uint8], box: NDArray[Any]) -> bool:
    """Whether what is in the box stands out from its ground."""
    left, top, right, bottom = box.round().astype(int)
    part = pixels[top : max(bottom, top + 1), left : max(right, left + 1)].reshape(-1, 3)
    return len(part) > 0 and int(np.ptp(part, axis=0).max()) > 30


def _document(theme: Theme, links: Mapping[str, str], content: str) -> str:
    families = {theme.font, MONOSPACE, *([OF_CHARACTERS] if max(content) >= FIRST_CHARACTER else [])}
    # Only the fonts that the page shows, since those of all scripts take most of the time that it needs to be loaded.
    fonts = "".join(links.get(family, "") for family in FONTS if family in families)
    attributes = f'data-theme="{"dark" if theme.dark else "light"}" data-bs-theme="{"dark" if theme.dark else "light"}"'
    return (
        f'<!doctype html><html lang="{theme.script.language}" {attributes}><meta charset=utf-8>'
        f"{fonts}{links.get(theme.framework, '')}<style>{theme.css()}</style><body>{content}"
    )


def _style_links() -> dict[str, str]:
    """HTML that loads each font and each framework's style sheet, by name; all are downloaded on first use."""

    def link(path: Path) -> str:
        return f'<link rel="stylesheet" href="{path.as_uri()}">'

    fonts = {
        family: "".join(link(package(font) / file) for file in ("400.css", "700.css")) for family, font in FONTS.items()
    }
    return {**fonts, **{name: link(package(archive) / file) for name, (archive, file) in FRAMEWORKS.items()}}
