"""How an icon is to look where it is used, and its SVG drawn so."""

import re
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from icons.models import Icon
from icons.svg.markup import attributes, markup, parse
from icons.svg.paints import recolour, rescale_strokes, widest_stroke
from icons.svg.reading import SVG
from icons.svg.view_box import ViewBox, turned, view_box

FRAME = ("xmlns", "width", "height", "viewBox", "preserveAspectRatio")  # of a root, and of no use to a group
REFERENCE = re.compile(r"(?<=url\(#)[^\s'\"()\\<>]+(?=\))")
TIMED_BY = re.compile(r"[^\s;+]+(?=\.[a-zA-Z])")  # as in begin="other.end+1s"


@dataclass(frozen=True)
class Look:
    """What to change in an icon; the default is the icon as it is.

    `colour` is CSS's, in place of the current one; `size` the longer side in px; `stroke` the width of the
    widest stroke in units of the view box; `rotate` quarter turns clockwise, after the flips.
    """

    colour: str = ""
    size: int | None = None
    stroke: float | None = None
    rotate: int = 0
    flip_x: bool = False
    flip_y: bool = False


PLAIN = Look()


def drawn(icon: Icon, look: Look = PLAIN, credit: str = "") -> str:
    """The icon's SVG in that look, its ids made its own, and with `credit` as a comment where there is one.

    Raises ValidationError where the icon holds no SVG, which a saved one does.
    """
    root = parse(icon.svg)
    _own_ids(root, icon.public_id.replace(":", "-"))
    if look.colour:
        recolour(root, look.colour)
    if look.stroke is not None:
        rescale_strokes(root, look.stroke)
    frame, contents, box = dict(root.attrib), markup(*root), _box(root)
    if look.rotate % 4 or look.flip_x or look.flip_y:
        contents, box = turned(_body(root), box, look.rotate, look.flip_x, look.flip_y)
        width, height = (f"{side:g}" for side in box[2:])
        frame = {"xmlns": SVG, "width": width, "height": height, "viewBox": view_box(box)}
    if look.size:
        frame["width"], frame["height"] = (f"{side * look.size / max(box[2:]):g}" for side in box[2:])
    comment = f"<!-- {in_comment(credit)} -->" if credit else ""
    return f"<svg{attributes(frame)}>{comment}{contents}</svg>"


def stroke_width(icon: Icon) -> float | None:
    """The width of the widest stroke, in units of the view box; None where the icon has no strokes."""
    return widest_stroke(parse(icon.svg))


def credit(icon: Icon) -> str:
    """One line for whoever uses the icon: its name, set, author, licence and source, as far as they are known."""
    of = icon.set
    licence = of.licence or of.licence_spdx or "licence unknown"
    if of.licence_spdx not in ("", licence):
        licence += f" ({of.licence_spdx})"
    whose = f"{icon.public_id} from {of.title}" + (f" by {of.author}" if of.author else "")
    line = ", ".join(part for part in (whose, licence, of.source) if part)
    return "".join(character if character.isprintable() else " " for character in line)


def in_comment(text: str) -> str:
    """The text as it may stand in a comment of XML and its kin, which two hyphens would end."""
    return re.sub("-(?=-)", "- ", text)


def iconify_icon(icon: Icon) -> dict[str, Any]:
    """The icon as in Iconify JSON: `body`, `width`, `height`, and `left` and `top` where they are not 0."""
    root = parse(icon.svg)
    left, top, width, height = (int(number) if number.is_integer() else number for number in _box(root))
    corner = {key: value for key, value in (("left", left), ("top", top)) if value}
    return {"body": _body(root), "width": width, "height": height, **corner}


def _box(root: Element) -> ViewBox:
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    return left, top, width, height


def _body(root: Element) -> str:
    """What the root holds, in a group with what the root says on how to draw it."""
    group = Element("g", {name: value for name, value in root.attrib.items() if name not in FRAME})
    if not group.attrib:
        return markup(*root)
    if "transform" in group.attrib:  # a root turns about its middle, a group about 0, 0
        left, top, width, height = _box(root)
        group.attrib.setdefault("transform-origin", f"{left + width / 2:g} {top + height / 2:g}")
    group.extend(root)
    return markup(group)


def _own_ids(root: Element, prefix: str) -> None:
    """Number the ids behind the icon's name: on a page with other icons, equal ones would mix gradients up."""
    found = dict.fromkeys(element.attrib["id"] for element in root.iter() if "id" in element.attrib)
    ids = {old: f"{prefix}-{number}" for number, old in enumerate(found, 1)}
    if not ids:
        return
    for element in root.iter():
        for name, value in element.attrib.items():
            element.set(name, ids[value] if name == "id" else _with_ids(name, value, ids))


def _with_ids(name: str, value: str, ids: dict[str, str]) -> str:
    """The value of an attribute with what it refers to renamed."""
    if name == "href":
        return "#" + ids.get(value[1:], value[1:])
    reference = TIMED_BY if name in ("begin", "end") else REFERENCE
    return reference.sub(lambda found: ids.get(found[0], found[0]), value)
