"""What an icon cannot keep: text, bitmaps, pages and scripts. It is dropped where nobody sees it, else refused.

While a drawing is rebuilt, a placeholder stands for each such part. Once the rest is there, it is known whether the
part is seen.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from enum import Enum
from xml.etree.ElementTree import Element

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from icons.svg.allowed import references
from icons.svg.lengths import is_number
from icons.svg.limits import refuse
from icons.svg.reading import svg_name
from icons.svg.transforms import Affine, Box, affine
from icons.svg.view_box import ViewBox

LOST = "lost"  # the tag of a placeholder, which no element of SVG has
NOT_DRAWN_THERE = frozenset(
    {"defs", "symbol", "mask", "clipPath", "pattern", "marker", "filter", "linearGradient", "radialGradient"}
)
MAX_SHOWN = 20  # characters of a text in a sentence
BITMAPS = {"png": b"\x89PNG\r\n", "jpeg": b"\xff\xd8", "jpg": b"\xff\xd8", "gif": b"GIF8", "webp": b"RIFF"}
_bitmap = re.compile(r"\s*data:image/(png|jpeg|jpg|gif|webp);base64,([A-Za-z0-9+/=\s%]+)\Z").match
_vertical = re.compile(r"writing-mode\s*:\s*(?:tb|vertical)").search
_background = re.compile(r"(?:^|;)\s*background(?:-image|-color)?\s*:\s*(?!none|transparent)\S", re.IGNORECASE).search


class Bitmaps(Enum):
    """What becomes of the bitmaps that a drawing shows."""

    REFUSE = "refuse"
    KEEP = "keep"  # if it is embedded, and of a kind that can be shown; else it is refused
    DROP = "drop"


class BitmapSeen(ValidationError):
    """A drawing needs a bitmap, which it cannot keep."""


def placeholder(source: Element, attributes: dict[str, str]) -> Element | None:
    """A placeholder for an element that an icon cannot hold; None where the element draws nothing.

    `attributes` are its cleaned ones. Raises ValidationError for a script.
    """
    if source.tag in ("text", "textPath"):
        words = " ".join("".join(element.text or "" for element in source.iter()).split())
        return _placeholder(_text_sentence(words), attributes | {"painted": "yes"}) if words else None
    if source.tag == "image":
        marked = attributes | {"bitmap": "yes"}
        return _placeholder(_image_sentence(), marked) if source.get("href", "").strip() else None
    if source.tag == "feImage" and source.get("href", "").strip():
        return _placeholder(_filter_image_sentence(), attributes)
    if source.tag == "foreignObject":
        sentence = _page_sentence(source)
        return _placeholder(sentence, attributes) if sentence else None
    if source.tag == "script" and ((source.text or "").strip() or source.get("href")):
        refuse(
            _("The SVG contains <script>, which is not allowed: export the icon as a plain SVG without interaction.")
        )
    return None


def text_box(source: Element, em: float) -> Box | None:
    """A rectangle that a text surely lies within, in its own user space, in user units; None where none is known.

    `em` is the greatest size of its letters.
    """
    parts = list(source.iter())
    words = " ".join("".join(part.text or "" for part in parts).split())
    if any(part.tag == "textPath" or _vertical(part.get("style", "")) for part in parts):
        return None
    spread = {"x": [0.0] if "x" not in source.attrib else [], "y": [0.0] if "y" not in source.attrib else []}
    for part in parts:
        for name, axis in (("x", "x"), ("y", "y"), ("dx", "x"), ("dy", "y")):
            for text in part.get(name, "").replace(",", " ").split():
                if not is_number(text) or (name in ("dx", "dy") and float(text) != 0):
                    return None
                spread[axis].append(float(text))
    long = len(words) * em
    left, top = min(spread["x"]) - long, min(spread["y"]) - 1.2 * em
    return Box(left, top, max(spread["x"]) + long - left, max(spread["y"]) + 0.4 * em - top)


def image_box(attributes: dict[str, str]) -> Box | None:
    """The rectangle of a bitmap in its own user space; None where its size is not known."""
    sides = [attributes.get(name, "0" if name in "xy" else "") for name in ("x", "y", "width", "height")]
    return Box(*map(float, sides)) if all(map(is_number, sides)) else None


def _beside(element: Element, matrix: Affine | None, view_box: ViewBox) -> bool:
    """Whether all of a placeholder lies beside the view box, where nobody sees it."""
    if matrix is None or "box" not in element.attrib:
        return False
    box, matrix = Box(*map(float, element.attrib["box"].split())), matrix @ affine(element.get("transform", ""))
    corners = [(box.left + x * box.width, box.top + y * box.height) for x in (0, 1) for y in (0, 1)]
    xs = [matrix.a * x + matrix.c * y + matrix.e for x, y in corners]
    ys = [matrix.b * x + matrix.d * y + matrix.f for x, y in corners]
    right, bottom = view_box.left + view_box.width, view_box.top + view_box.height
    return max(xs) <= view_box.left or min(xs) >= right or max(ys) <= view_box.top or min(ys) >= bottom


def kept_bitmap(source: Element, attributes: dict[str, str]) -> Element | None:
    """The <image> itself, where it holds a bitmap that can be shown; else None."""
    match = _bitmap(source.get("href", ""))
    if match is None:
        return None
    kind, text = match[1], "".join(match[2].replace("%20", "").replace("%0A", "").split())
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
    if not data.startswith(BITMAPS[kind]):
        return None
    kind = "jpeg" if kind == "jpg" else kind
    return Element("image", attributes | {"href": f"data:image/{kind};base64,{text}"})


def _placeholder(sentence: str, attributes: dict[str, str]) -> Element:
    # Some of these are no attributes of SVG, and never written, since placeholders are removed.
    return Element(LOST, attributes | {"sentence": sentence})


def _text_sentence(words: str) -> str:
    shown = words if len(words) <= MAX_SHOWN else words[: MAX_SHOWN - 1] + "…"
    return _(
        "The SVG contains the text “%(text)s”: turn it into paths first (Illustrator: Type › Create Outlines; Figma:"
        " Flatten; Inkscape: Path › Object to Path)."
    ) % {"text": shown}


def _image_sentence() -> str:
    return _(
        "The SVG contains a bitmap (<image>): draw that part as shapes, or let it be traced (Illustrator: Object ›"
        " Image Trace; Inkscape: Path › Trace Bitmap)."
    )


def _filter_image_sentence() -> str:
    return _(
        "The SVG contains a filter with a picture in it (<feImage>), which icons cannot hold: export the icon with its"
        " effects as shapes."
    )


def _page_sentence(source: Element) -> str:
    """Why a <foreignObject> cannot be kept; empty where the page in it shows nothing."""
    for element in source.iter():
        style = element.get("style", "")
        if "conic-gradient" in style:
            return _(
                "The SVG contains an angular gradient, which SVG does not know: choose a linear or radial one (Figma:"
                " the type of the fill)."
            )
        shows = bool(_background(style)) or element.tag.endswith(("}img", "}canvas", "}video"))
        if shows or (element.text or "").strip() or (element is not source and svg_name(element.tag) is not None):
            return _(
                "The SVG contains <foreignObject>, a piece of a web page, which icons cannot hold: export the icon with"
                " its text and effects as shapes."
            )
    return ""


def remove_lost(root: Element, view_box: ViewBox, refuse_seen: bool) -> None:
    """Remove the placeholders from a rebuilt drawing. With `refuse_seen`, raise ValidationError if one is seen."""
    if refuse_seen:
        _refuse_seen(root, view_box)
    for element in [*root.iter()]:
        for child in [child for child in element if child.tag == LOST]:
            element.remove(child)


def _refuse_seen(root: Element, view_box: ViewBox) -> None:
    targets = {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}
    # Elements, each with whether its contents count, whether it is visible, its fill, and where it is if that is known.
    stack: list[tuple[Element, bool, bool, str, Affine | None]] = [(root, True, True, "", Affine())]
    seen: set[tuple[Element, bool, bool, bool]] = set()
    while stack:
        element, drawn, visible, fill, matrix = stack.pop()
        done = (element, drawn, visible, matrix is None)
        if (matrix is None and done in seen) or float(element.get("opacity", "1")) == 0:
            continue
        seen.add(done)
        fill = element.get("fill", fill)
        visible = element.get("visibility", "visible" if visible else "hidden") == "visible"
        if element.tag == LOST:
            unpainted = "painted" in element.attrib and fill == "none" and element.get("stroke", "none") == "none"
            if visible and not unpainted and not _beside(element, matrix, view_box):
                if "bitmap" in element.attrib:
                    raise BitmapSeen(element.attrib["sentence"])
                refuse(element.attrib["sentence"])
            continue
        if matrix is not None and "transform" in element.attrib and element is not root:
            matrix = matrix @ affine(element.attrib["transform"])
        links = [link for value in element.attrib.values() if "url(#" in value for link in references(value)]
        links.append(element.get("href", "")[1:])
        stack += [(targets[link], True, visible, fill, None) for link in links if link in targets]
        if drawn:
            stack += [(child, child.tag not in NOT_DRAWN_THERE, visible, fill, matrix) for child in element]
