"""Admin templates that other people made, drawn by Chromium with their own styles and icon fonts.

The packages come through the npm client; nothing of them is in this repository.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, Route

from bench.packages import package
from bench.scenes import Box

ADDRESS = "http://template.test/"  # that no machine has: all requests are answered from the packages
SIZE = 1440, 900  # CSS px of a window
SCROLLED = 0, 880, 1760  # CSS px
CHANGED = 10  # of 255: a pixel that differs so much without the icons belongs to them
LEAST_INK, LEAST_SIDE = 12, 5  # px of an icon's ink; CSS px
NOT_PAGES = re.compile(r"icon|flag|font|documentation|map|iframe|vendors|partials|gallery|error|weather")
FAMILIES = {"fas": "fa-solid", "fa": "fa-solid", "far": "fa-regular", "fab": "fa-brands"}
NO_NAMES = re.compile(r"fa-(fw|lg|xs|sm|\d+x|spin|pulse|inverse|border|li|ul|stack.*|pull-.*|solid|regular|brands)")
# The style sheets that the templates expect elsewhere: what their address holds, and the file that is taken for it.
ELSEWHERE = (
    ("fontawesome", "@fortawesome/fontawesome-free@5.15.4", r"((?:css|webfonts)/[^?]*)"),
    ("bootstrap-icons", "bootstrap-icons@1.11.3", r"bootstrap-icons[^/]*/([^?]*)"),
    ("material-icons", "material-icons@1.13.12", r"(iconfont/[^?]*|[^/?]*\.woff2?)"),
    ("Material+Icons+Round", "material-icons@1.13.12", "iconfont/round.css"),
    ("Material+Icons", "material-icons@1.13.12", "iconfont/material-icons.css"),
    ("bootstrap.min.css", "bootstrap@4.3.1", "dist/css/bootstrap.min.css"),
)
# What of a page may hold an icon: its classes or its letters, its box, and the box of the button or row that it is in.
ICONS_SCRIPT = """ligatures => {
  const seen = element => {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if (Math.min(box.width, box.height) < 7 || Math.max(box.width, box.height) > 128) return false;
    if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) return false;
    if (style.visibility !== "visible" || style.opacity < .3) return false;
    for (const pseudo of [undefined, "::before"])
      if (!["none", "matrix(1, 0, 0, 1, 0, 0)"].includes(getComputedStyle(element, pseudo).transform)) return false;
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return top && (element.contains(top) || top.contains(element));
  };
  const rect = element => (({x, y, width, height}) => [x, y, width, height])(element.getBoundingClientRect());
  const host = element => {
    let best = null;
    for (let above = element.parentElement, depth = 0; above && depth < 4; above = above.parentElement, depth++) {
      const box = above.getBoundingClientRect(), text = (above.innerText || "").trim();
      if (box.width > 340 || box.height > 80) break;
      if (text && text !== (element.innerText || "").trim()) {
        best = rect(above);
        if (["A", "BUTTON", "LI"].includes(above.tagName)) break;
      }
    }
    return best;
  };
  const glyph = element => /^"[\\ue000-\\uf8ff]"$/.test(getComputedStyle(element, "::before").content);
  const all = ligatures ? [...document.querySelectorAll(".material-icons, .material-icons-round")]
    : [...document.querySelectorAll("i[class], span[class]")].filter(glyph);
  return all.filter(seen).map(element =>
    [ligatures ? element.textContent.trim() : element.className, rect(element), host(element)]);
}"""
NEUTRAL_SCRIPT = """() => [...document.querySelectorAll(
  "img, svg, canvas, input, select, video, [style*=background-image], [class*=avatar], [class*=progress]"
)].map(element => element.getBoundingClientRect()).filter(box => box.width > 3 && box.height > 3)
  .map(({x, y, width, height}) => [x, y, width, height])"""
HIDDEN = """*::before, *::after, .material-icons, .material-icons-round { visibility: hidden !important;
  transition: none !important }"""


@dataclass(frozen=True)
class Template:
    """A package of pages, all of them under the MIT licence."""

    package: str  # name@version
    pages: str  # a pattern of their files
    prefix: str = ""  # of the names of its icons' classes; nothing: those of Font Awesome 5
    ligatures: str = ""  # what comes before the letters that the icons are, where they are no classes


TEMPLATES = (
    Template("admin-lte@3.2.0", "**/*.html"),
    Template("admin-lte@4.0.0-rc4", "dist/**/*.html", "bi"),
    Template("startbootstrap-sb-admin-2@4.1.4", "*.html"),
    Template("stisla@2.3.0", "*.html"),
    Template("notus-js@1.1.0", "**/*.html"),
    Template("adminbsb-materialdesign@1.0.7", "**/*.html", ligatures="ic:baseline-"),
    Template("material-dashboard@3.1.0", "pages/*.html", ligatures="ic:round-"),
    Template("tabler-ui@0.0.34", "dist/*.html", "feather"),
)


@dataclass(frozen=True)
class Element:
    """What may be an icon on a window."""

    text: str  # its classes, or its letters
    ink: Box | None  # CSS px; None where it shows no glyph
    host: Box | None  # of the button or the row with text that it is in, CSS px


@dataclass(frozen=True)
class Window:
    """A part of a page, as a screen shows it."""

    picture: Image.Image
    ratio: float  # px of the picture in a CSS px
    elements: Sequence[Element]
    neutral: Sequence[Box]  # pictures, fields and glyphs without a name, CSS px


def named(template: Template, text: str) -> str:
    """The id of the icon that an element's classes, or its letters, name; "" where they name none."""
    if template.ligatures:
        return template.ligatures + text.replace("_", "-")
    classes = text.split()
    start = "fa" if not template.prefix else {"feather": "fe"}.get(template.prefix, template.prefix)
    names = [name for name in classes if name.startswith(f"{start}-") and not NO_NAMES.fullmatch(name)]
    prefix = template.prefix or next((FAMILIES[name] for name in classes if name in FAMILIES), "")
    return f"{prefix}:{names[0].removeprefix(f'{start}-')}" if prefix and len(names) == 1 else ""


def files_of(template: Template) -> list[str]:
    """The addresses of a template's pages within its package."""
    folder = package(template.package)
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.glob(template.pages))
    return [path for path in paths if not NOT_PAGES.search(path)]


def answer(template: Template, route: Route) -> None:
    """Answer a request of a template's page with a file of its package, or of one that it expects elsewhere."""
    url = route.request.url
    file = package(template.package) / url.removeprefix(ADDRESS).split("?")[0]
    if not (url.startswith(ADDRESS) and file.is_file()):
        file = next((path for path in _elsewhere(url) if path.is_file()), Path("/"))
    if file.is_file():
        route.fulfill(path=file, headers={"access-control-allow-origin": "*"})
    else:
        route.abort()


def _elsewhere(url: str) -> Iterator[Path]:
    for holds, name, pattern in ELSEWHERE:
        if holds in url:
            match = re.search(pattern, url)
            path = match[1] if match and match.groups() else pattern
            yield from (package(name) / path, package(name) / "iconfont" / path)


def windows_of(page: Page, path: str, template: Template, ratio: float) -> Iterator[Window]:
    """Windows of a template's page, one below the other. Raises playwright's Error."""
    page.goto(ADDRESS + path)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(400)
    for top in SCROLLED:
        page.evaluate(f"scrollTo(0, {top})")
        page.wait_for_timeout(60)
        if page.evaluate("scrollY") < top:
            return
        elements, neutral = page.evaluate(ICONS_SCRIPT, bool(template.ligatures)), page.evaluate(NEUTRAL_SCRIPT)
        picture = _screenshot(page)
        style = page.add_style_tag(content=HIDDEN)
        page.wait_for_timeout(120)
        bare = _screenshot(page)
        style.evaluate("style => style.remove()")
        changed = np.abs(np.asarray(picture, int) - np.asarray(bare, int)).max(axis=2) > CHANGED
        shown = [Element(text, ink_of(box, changed, ratio), host) for text, box, host in elements]
        yield Window(picture, ratio, shown, [*neutral, *_areas(changed, ratio)])


def _screenshot(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def ink_of(box: Box, changed: NDArray[np.bool_], ratio: float) -> Box | None:
    """The part of an element's box in which pixels are an icon's, CSS px; None where there are too few."""
    left, top = (max(0, round((place - 2) * ratio)) for place in box[:2])
    right, bottom = (round((box[axis] + box[axis + 2] + 2) * ratio) for axis in (0, 1))
    ys, xs = np.nonzero(changed[top:bottom, left:right])
    if len(ys) < LEAST_INK:
        return None
    ink = left + int(xs.min()), top + int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1
    return (
        None if max(ink[2:]) < LEAST_SIDE * ratio else (ink[0] / ratio, ink[1] / ratio, ink[2] / ratio, ink[3] / ratio)
    )


def _areas(changed: NDArray[np.bool_], ratio: float) -> list[Box]:
    """The boxes of all that is drawn by pseudo-elements, among it icons of which no class tells the name."""
    close = cv2.dilate(changed.astype(np.uint8), np.ones((5, 5), np.uint8))
    stats = cv2.connectedComponentsWithStats(close)[2][1:, :4] / ratio
    return [tuple(box) for box in stats.tolist() if max(box[2:]) < 300]
