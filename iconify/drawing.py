"""An icon as SVG, sized, flipped and turned as a client asks: the same bytes that Iconify's own server sends."""

import math
import re
from typing import Any

from iconify.js import number_text, real

Json = dict[str, Any]
Box = tuple[float, float, float, float]  # left, top, width and height in user units
NUMBERS = re.compile(r"(-?[0-9.]*[0-9]+[0-9.]*)")
UNSET = frozenset({"unset", "undefined", "none"})
SIDES = {"left": 0, "top": 0, "width": 16, "height": 16}
TURN_UNITS = {"%": 25, "deg": 90}  # how many make a quarter turn


def svg_of(icon: Json, query: dict[str, str]) -> str:
    """The SVG of an icon of iconify.resolving, in the size, colour and position of the query."""
    changes: Json = {"rotate": quarter_turns(query["rotate"]) if query.get("rotate") else 0}
    for flip in re.split(r"[\s,]+", query.get("flip", "")):
        changes |= {"horizontal": {"hFlip": True}, "vertical": {"vFlip": True}}.get(flip, {})
    body, box = placed(icon, changes)
    attributes = _sizes(cleaned(query.get("width")), cleaned(query.get("height")), box)
    attributes["viewBox"] = view_box_text(box)
    if query.get("box"):
        left, top, width, height = (number_text(icon.get(key) or default) for key, default in SIDES.items())
        rectangle = f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="rgba(255, 255, 255, 0)" />'
        body = rectangle + body
    text = document(body, attributes)
    colour = cleaned(query.get("color"))
    return text.replace("currentColor", colour) if colour else text


def cleaned(value: str | None) -> str | None:
    """The value without the characters that mean something in markup; None where there is no value."""
    return re.sub("['\"<>&]", "", value) if value else None


def placed(icon: Json, changes: Json | None = None) -> tuple[str, Box]:
    """The icon's body and its box once it is flipped and turned, first by itself, then by the changes."""
    left, top, width, height = (float(icon.get(key, default)) for key, default in SIDES.items())
    body = icon["body"]
    for each in (icon, changes or {}):
        steps, turns = [], each.get("rotate", 0)
        if each.get("hFlip") and each.get("vFlip"):
            turns += 2
        elif each.get("hFlip"):
            steps = [f"translate({number_text(width + left)} {number_text(-top)})", "scale(-1 1)"]
            left = top = 0.0
        elif each.get("vFlip"):
            steps = [f"translate({number_text(-left)} {number_text(height + top)})", "scale(1 -1)"]
            left = top = 0.0
        turns %= 4
        if turns == 2:
            steps.insert(0, f"rotate(180 {number_text(width / 2 + left)} {number_text(height / 2 + top)})")
        elif turns:
            middle = number_text(height / 2 + top if turns == 1 else width / 2 + left)
            steps.insert(0, f"rotate({90 if turns == 1 else -90} {middle} {middle})")
            left, top, width, height = top, left, height, width
        if steps:
            body = _grouped(body, " ".join(steps))
    return body, (left, top, width, height)


def document(body: str, attributes: dict[str, str]) -> str:
    """The body in an element <svg> with these attributes."""
    xlink = ' xmlns:xlink="http://www.w3.org/1999/xlink"' if "xlink:" in body else ""
    pairs = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<svg xmlns="http://www.w3.org/2000/svg"{xlink}{pairs}>{body}</svg>'


def view_box_text(box: Box) -> str:
    """The box as the attribute viewBox has it."""
    return " ".join(map(number_text, box))


def scaled(size: str | float, ratio: float) -> str | float:
    """The size times the ratio, rounded up to two decimals; in a text, each of its numbers.

    >>> scaled("1em", 1.2345), scaled("calc(10px + 2.5rem)", 2), scaled("none", 2)
    ('1.24em', 'calc(20px + 5rem)', 'none')
    """
    if ratio == 1:
        return size
    if not isinstance(size, str):
        return _rounded_up(size * ratio)
    parts = NUMBERS.split(size)
    for index in range(1, len(parts), 2):
        if (number := real(parts[index])) is not None:
            parts[index] = number_text(_rounded_up(number * ratio))
    return "".join(parts)


def quarter_turns(text: str) -> int:
    """How many quarter turns a text means: "1", "90deg" or "25%"; 0 where it means nothing.

    >>> [quarter_turns(text) for text in ("1", "-90deg", "50%", "45deg", "1rad", "5")]
    [1, 3, 2, 0, 0, 1]
    """
    match = re.match(r"-?[0-9.]*", text)
    unit = text[match.end() :] if match else text
    number = real(text[: len(text) - len(unit)])
    if number is None or not math.isfinite(number):
        return 0
    if not unit:
        return int(math.fmod(int(number), 4)) % 4
    turns = number / TURN_UNITS[unit] if unit in TURN_UNITS else 0.5
    return int(turns % 4) if turns == int(turns) else 0


def _rounded_up(number: float) -> float:
    hundredfold = number * 100
    return math.ceil(hundredfold) / 100 if math.isfinite(hundredfold) else number


def _grouped(body: str, transform: str) -> str:
    """The body in a group, with its definitions before it."""
    definitions = ""
    start = body.find("<defs")
    while start >= 0:
        inside, end = body.find(">", start), body.find("</defs")
        after = body.find(">", end) if end >= 0 else -1
        if inside < 0 or end < 0 or after < 0:
            break
        definitions += body[inside + 1 : end].strip()
        body = body[:start].strip() + body[after + 1 :]
        start = body.find("<defs")
    group = f'<g transform="{transform}">{body}</g>'
    return f"<defs>{definitions}</defs>{group}" if definitions else group


def _sizes(asked_width: str | None, asked_height: str | None, box: Box) -> dict[str, str]:
    _left, _top, box_width, box_height = box
    width: str | float
    height: str | float
    if asked_width:
        width = box_width if asked_width == "auto" else asked_width
        if asked_height:
            height = box_height if asked_height == "auto" else asked_height
        else:
            height = scaled(width, box_height / box_width)
    else:
        height = box_height if asked_height == "auto" else asked_height or "1em"
        width = scaled(height, box_width / box_height)
    sizes = {"width": width, "height": height}
    return {
        key: size if isinstance(size, str) else number_text(size) for key, size in sizes.items() if size not in UNSET
    }
