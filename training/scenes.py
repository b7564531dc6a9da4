"""Synthetic screenshots: an icon as it may stand in somebody's screenshot, cropped as a person crops.

The icon and the page around it are one SVG, so that the rasteriser draws the icon at its size on the page.
"""

import colorsys
import io
import random
import re
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from training.library import rasterised

Colour = tuple[int, int, int]  # RGB, 0 to 255
WORDS = ("Settings", "Save", "Open file", "Home", "Share", "New", "Edit", "12", "Delete", "3", "OK", "98%", "Log out")
SIZES = (12, 14, 16, 16, 16, 18, 20, 20, 24, 24, 24, 28, 32, 32, 40, 48, 64)  # px of the icon


def scene(rnd: random.Random, view_box: str, body: str, neighbour: tuple[str, str] | None) -> Image.Image:
    """A screenshot of one icon, RGB, or RGBA where the page is transparent.

    `view_box` and `body` are the icon's, `neighbour` those of an icon that may stand beside it. The same for the
    same state of `rnd`. Raises some exception if the rasteriser refuses one of the icons.
    """
    size = rnd.choice(SIZES) * rnd.choice((1, 1, 1, 1.25, 1.5))
    foreground, page = _theme(rnd)
    around = rnd.uniform(0.75, 1.5)  # share of the icon's size that the page shows on each side of it
    side = size * (1 + 2 * around)
    x = (side - size) / 2 + rnd.choice((0, 0, 0.25, 0.5, rnd.random()))
    y = (side - size) / 2 + rnd.choice((0, 0, 0.25, 0.5, rnd.random()))
    reach = size  # side of the square that the person means to crop
    parts = [_page(rnd, page, side)]
    if transparent := rnd.random() < 0.04:
        parts = []
    chance = rnd.random()
    if chance < 0.2 and not transparent:
        button, foreground, reach = _button(rnd, size, side, foreground, page)
        parts.append(button)
    parts.append(_icon(rnd, (view_box, body), x, y, size, foreground))
    if 0.2 <= chance < 0.3 and neighbour and not transparent:
        parts.append(_neighbour(rnd, neighbour, x, y, size, foreground))
    if rnd.random() < 0.03:
        parts.append(_badge(rnd, x, y, size))
    picture = rasterised(_svg(parts, side), max(1, round(side)))
    if not transparent:
        picture = picture.convert("RGB")
        if 0.3 <= chance < 0.42:
            _label(rnd, picture, x, y, size, foreground)
        elif chance > 0.97:
            picture = _photographic(rnd, picture)
    return _spoilt(rnd, _cropped(rnd, picture, side, reach))


def _svg(parts: Sequence[str], side: float) -> str:
    """The page with all that is drawn on it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {side} {side}" width="{side}" height="{side}">{"".join(parts)}</svg>'
    )


def _icon(rnd: random.Random, icon: tuple[str, str], x: float, y: float, size: float, colour: Colour) -> str:
    """The icon, sometimes half transparent or with a shadow."""
    view_box, body = icon
    opacity = f' opacity="{rnd.uniform(0.45, 0.95):.2f}"' if rnd.random() < 0.08 else ""
    definition = shadow = ""
    if rnd.random() < 0.04:
        offset, blur = rnd.uniform(0, 0.06) * size, rnd.uniform(0.02, 0.08) * size
        definition = (
            f'<filter id="drop"><feDropShadow dx="0" dy="{offset}" stdDeviation="{blur}" flood-opacity="0.4"/></filter>'
        )
        shadow = ' filter="url(#drop)"'
    return definition + (
        f'<g{opacity}{shadow} color="{_css(colour)}">'
        f'<svg x="{x}" y="{y}" width="{size}" height="{size}" viewBox="{view_box}">{body}</svg></g>'
    )


def _css(colour: Colour) -> str:
    return "rgb({},{},{})".format(*colour)


def _luminance(colour: Colour) -> float:
    """0 to 255, by ITU-R BT.709, without its gamma."""
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def _any_colour(rnd: random.Random) -> Colour:
    r, g, b = colorsys.hsv_to_rgb(rnd.random(), rnd.uniform(0, 1), rnd.uniform(0.1, 1))
    return int(255 * r), int(255 * g), int(255 * b)


def _contrasting(rnd: random.Random, ground: Colour) -> Colour:
    while True:
        colour = _any_colour(rnd)
        if abs(_luminance(colour) - _luminance(ground)) > 55:
            return colour


def _grey(rnd: random.Random, least: int, most: int) -> Colour:
    level = rnd.randint(least, most)
    return level, min(255, level + rnd.choice((0, 0, 4))), min(255, level + rnd.choice((0, 0, 10)))


def _theme(rnd: random.Random) -> tuple[Colour, Colour]:
    """Foreground and background of the page."""
    chance = rnd.random()
    if chance < 0.3:
        return _grey(rnd, 0, 120), rnd.choice(((255, 255, 255), (255, 255, 255), _grey(rnd, 225, 255)))
    if chance < 0.5:
        return _grey(rnd, 150, 255), _grey(rnd, 0, 60)
    if chance < 0.65:
        page = _grey(rnd, 235, 255)
        return _contrasting(rnd, page), page
    page = _any_colour(rnd)
    return _contrasting(rnd, page), page


def _page(rnd: random.Random, page: Colour, side: float) -> str:
    rectangle = f'<rect width="{side}" height="{side}" fill="{{}}"/>'
    if rnd.random() < 0.93:
        return rectangle.format(_css(page))
    return _gradient(rnd, page, "page") + rectangle.format("url(#page)")


def _gradient(rnd: random.Random, colour: Colour, name: str) -> str:
    def moved(most: int) -> Colour:
        r, g, b = (min(255, max(0, v + rnd.randint(-most, most))) for v in colour)
        return r, g, b

    x, y = rnd.choice((("0", "1"), ("1", "0"), ("1", "1")))
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="{x}" y2="{y}"><stop stop-color="{_css(moved(25))}"/>'
        f'<stop offset="1" stop-color="{_css(moved(45))}"/></linearGradient>'
    )


def _button(
    rnd: random.Random, size: float, side: float, foreground: Colour, page: Colour
) -> tuple[str, Colour, float]:
    """The button under the icon, the icon's colour on it, and the button's side, px."""
    width = size * rnd.uniform(1.3, 1.9)
    edge, radius = (side - width) / 2, rnd.choice((0.08, 0.15, 0.25, 0.5)) * width
    rectangle = f'x="{edge}" y="{edge}" width="{width}" height="{width}" rx="{radius}"'
    chance = rnd.random()
    if chance < 0.2:  # an outline
        stroke = rnd.choice((foreground, _contrasting(rnd, page)))
        return (
            f'<rect {rectangle} fill="none" stroke="{_css(stroke)}" stroke-width="{rnd.uniform(1, 3):.1f}"/>',
            foreground,
            width + 3,
        )
    ground = _contrasting(rnd, page) if rnd.random() < 0.8 else _any_colour(rnd)
    foreground = _contrasting(rnd, ground)
    if chance < 0.4:
        return _gradient(rnd, ground, "button") + f'<rect {rectangle} fill="url(#button)"/>', foreground, width
    return f'<rect {rectangle} fill="{_css(ground)}"/>', foreground, width


def _neighbour(rnd: random.Random, icon: tuple[str, str], x: float, y: float, size: float, colour: Colour) -> str:
    view_box, body = icon
    away = size * rnd.uniform(1.3, 1.8)
    dx, dy = rnd.choice(((away, 0), (-away, 0), (0, away), (0, -away)))
    body = re.sub(r'(\bid="|url\(#|href="#)', r"\1n-", body)
    return (
        f'<svg x="{x + dx}" y="{y + dy}" width="{size}" height="{size}" viewBox="{view_box}" '
        f'color="{_css(colour)}">{body}</svg>'
    )


def _badge(rnd: random.Random, x: float, y: float, size: float) -> str:
    radius = size * rnd.uniform(0.1, 0.18)
    return (
        f'<circle cx="{x + size * rnd.uniform(0.85, 1)}" cy="{y + size * rnd.uniform(0, 0.15)}" r="{radius}" '
        f'fill="{rnd.choice(("#e11", "#f44336", "#2a7", "#f80"))}"/>'
    )


def _label(rnd: random.Random, picture: Image.Image, x: float, y: float, size: float, colour: Colour) -> None:
    font = ImageFont.load_default(rnd.randint(9, 15))
    gap = rnd.uniform(0.1, 0.35) * size
    place = rnd.choice(((x + size + gap, y + size * 0.25), (x, y + size + gap), (x - gap - 40, y + size * 0.25)))
    ImageDraw.Draw(picture).text(place, rnd.choice(WORDS), colour, font)


def _photographic(rnd: random.Random, picture: Image.Image) -> Image.Image:
    """The page seen over a soft photograph."""
    noise = np.random.default_rng(rnd.getrandbits(32)).integers(0, 255, (4, 4, 3), dtype=np.uint8)
    photo = Image.fromarray(noise).resize(picture.size, Image.Resampling.BICUBIC)
    return Image.blend(picture, photo, rnd.uniform(0.05, 0.25))


def _cropped(rnd: random.Random, picture: Image.Image, side: float, reach: float) -> Image.Image:
    scale = picture.width / side
    margins = [rnd.uniform(0.5, max(3, rnd.choice((0.15, 0.3, 0.6)) * reach)) for _ in range(4)]
    if rnd.random() < 0.12:
        margins[rnd.randrange(4)] = -rnd.uniform(0.01, 0.09) * reach
    centre, half = side / 2, reach / 2
    edges = (
        centre - half - margins[0],
        centre - half - margins[1],
        centre + half + margins[2],
        centre + half + margins[3],
    )
    left, top, right, bottom = (round(min(max(v, 0), side) * scale) for v in edges)
    return picture.crop((left, top, max(right, left + 4), max(bottom, top + 4)))


def _spoilt(rnd: random.Random, picture: Image.Image) -> Image.Image:
    """What happens to a screenshot on its way: scaled, softened, sharpened, compressed."""
    resample = Image.Resampling
    chance = rnd.random()
    if chance < 0.12:
        factor = rnd.choice((1.5, 2, 2, 3))
        method = rnd.choice((resample.BICUBIC, resample.BILINEAR, resample.NEAREST, resample.LANCZOS))
        picture = picture.resize((round(picture.width * factor), round(picture.height * factor)), method)
    elif chance < 0.17 and min(picture.size) > 30:
        factor = rnd.uniform(0.5, 0.9)
        picture = picture.resize((round(picture.width * factor), round(picture.height * factor)), resample.BICUBIC)
    elif chance < 0.21:
        picture = picture.filter(ImageFilter.GaussianBlur(rnd.uniform(0.3, 0.9)))
    elif chance < 0.23 and picture.mode == "RGB":
        picture = picture.filter(ImageFilter.UnsharpMask(1, rnd.randint(30, 120), 0))
    if picture.mode == "RGB" and (chance := rnd.random()) < 0.16:
        buffer = io.BytesIO()
        if chance < 0.13:
            picture.save(buffer, "JPEG", quality=rnd.randint(28, 85))
        else:
            picture.save(buffer, "WEBP", quality=rnd.randint(30, 85))
        picture = Image.open(buffer).convert("RGB")
    return picture
