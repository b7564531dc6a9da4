"""Placing: transformations about an origin, and clips that are shapes of CSS, by means that SVG 1.1 has."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from icons.svg.attributes import Attributes, clip_shape
from icons.svg.declarations import PLACING
from icons.svg.geometry import fill_box
from icons.svg.lengths import Context, user_units, written
from icons.svg.transforms import Box, about, origin, svg_transform
from icons.svg.view_box import ViewBox

if TYPE_CHECKING:
    from icons.svg.rebuilding import Rebuilder

TRANSFORMED = {  # the attribute that the property `transform` stands for, where it has another name
    "linearGradient": "gradientTransform",
    "radialGradient": "gradientTransform",
    "pattern": "patternTransform",
}
VIEW_BOX = frozenset({"", "view-box"})


def transform_of(element: Element, attributes: Attributes, targets: Mapping[str, Element]) -> None:
    """Give an element the attribute `transform` that does what CSS says of it, in place."""
    extras, context = attributes.extras, attributes.context
    if PLACING.isdisjoint(extras):
        return
    box: Box | None = Box(0, 0, context.width, context.height)
    if extras.get("transform-box", "") not in VIEW_BOX:
        box = fill_box(element, targets)
    if box is None:
        return
    name = TRANSFORMED.get(element.tag, "transform")
    transform = _listed(element.get(name, ""), extras, context, box)
    where = extras.get("transform-origin", "")
    if any(child.tag == "animateTransform" for child in element) and where:
        # An animation replaces the transformation, and turns about the same origin.
        x, y = origin(where, context, box)
        element.set("transform-origin", f"{written(x)} {written(y)}")
    else:
        transform = about(transform, *origin(where, context, box))
    if transform:
        element.set(name, transform)
    else:
        element.attrib.pop(name, None)


def root_transform(extras: Mapping[str, str], context: Context, view_box: ViewBox, transform: str) -> str:
    """What the transformation of a root does to what it shows: by default it turns about the middle."""
    box = Box(*view_box)
    listed = _listed(transform, extras, context, box)
    return about(listed, *origin(extras.get("transform-origin", ""), context, box, middle=True))


def _listed(attribute: str, extras: Mapping[str, str], context: Context, box: Box) -> str:
    """All transformations of an element, in their order."""
    listed = []
    for name, separator in (("translate", ","), ("rotate", ","), ("scale", ",")):
        value = extras.get(name, "")
        if name == "rotate" and len(words := value.split()) == 2:  # an axis, and an angle about it
            axis = next((word for word in words if word in "xyz"), "")
            value = next((word for word in words if word != axis), "")
            name = f"rotate{axis}"
        if value and value != "none":
            listed.append(svg_transform(f"{name}({separator.join(value.split())})", context, box) or "")
    css = svg_transform(extras["transform"], context, box) if extras.get("transform") else None
    listed.append(attribute if css is None and "transform" not in extras else css or "")
    return " ".join(filter(None, listed))


def clip_to_shape(element: Element, attributes: Attributes, rebuilder: Rebuilder) -> list[Element]:
    """The element, after the <clipPath> that stands for a shape of CSS which clips it."""
    value = attributes.extras.get("clip-path", "")
    match = clip_shape(value) if value else None
    box = fill_box(element, rebuilder.targets) if match else None
    if match is None or box is None:
        return [element]
    if match[3] == "view-box":
        box = Box(0, 0, attributes.context.width, attributes.context.height)
    shape = _shape(match[1], match[2], attributes.context, box)
    if shape is None:
        return [element]
    clip = Element("clipPath", {"id": rebuilder.make_id("clip")})
    clip.append(shape)
    element.set("clip-path", f"url(#{clip.attrib['id']})")
    return [clip, element]


def _shape(name: str, text: str, context: Context, box: Box) -> Element | None:
    try:
        if name == "path":
            d = text.rpartition(",")[2] if text.lstrip()[:1] in "en" else text
            shift = f"translate({written(box.left)} {written(box.top)})"
            return Element("path", {"d": d.strip().strip("'\""), "transform": shift})
        if name == "polygon":
            return _polygon(text, context, box)
        if name in ("circle", "ellipse"):
            return _ellipse(name, text, context, box)
        return _rectangle(name, text, context, box)
    except ValueError:
        return None


def _length(text: str, axis: str, context: Context, box: Box) -> float:
    """Raises ValueError."""
    sides = {"x": box.width, "y": box.height, "r": math.hypot(box.width, box.height) / math.sqrt(2)}
    length = user_units(text, axis, context, whole=sides[axis])
    if length is None:
        raise ValueError(text)
    return length


def _polygon(text: str, context: Context, box: Box) -> Element:
    corners = [corner.split() for corner in text.split(",")]
    rule = corners.pop(0)[0] if corners and corners[0] in (["evenodd"], ["nonzero"]) else ""
    points = []
    for corner in corners:
        if len(corner) != 2:
            raise ValueError(text)
        x, y = (_length(part, axis, context, box) for part, axis in zip(corner, "xy", strict=True))
        points.append(f"{written(box.left + x)},{written(box.top + y)}")
    return Element("polygon", {"points": " ".join(points), **({"clip-rule": rule} if rule else {})})


def _ellipse(name: str, text: str, context: Context, box: Box) -> Element:
    radii, _at, where = text.partition("at ")
    x, y = origin(where or "center", context, box)
    across, down = (x - box.left, box.left + box.width - x), (y - box.top, box.top + box.height - y)
    words = radii.split() or ["closest-side"]
    if name == "circle":
        sides = {"closest-side": min(*across, *down), "farthest-side": max(*across, *down)}
        radius = sides[words[0]] if words[0] in sides else _length(words[0], "r", context, box)
        return Element("circle", {"cx": written(x), "cy": written(y), "r": written(max(0.0, radius))})
    lengths = []
    for word, ends, axis in zip(words * 2 if len(words) == 1 else words, (across, down), "xy", strict=True):
        sides = {"closest-side": min(ends), "farthest-side": max(ends)}
        lengths.append(sides[word] if word in sides else _length(word, axis, context, box))
    rx, ry = map(written, lengths)
    return Element("ellipse", {"cx": written(x), "cy": written(y), "rx": rx, "ry": ry})


def _rectangle(name: str, text: str, context: Context, box: Box) -> Element:
    text, _round, radii = text.partition("round ")
    words = text.split()
    if name == "xywh":
        x, y, width, height = (_length(word, axis, context, box) for word, axis in zip(words, "xyxy", strict=True))
    else:
        top, right, bottom, left = _four(words)
        y, x = _length(top, "y", context, box), _length(left, "x", context, box)
        far_x, far_y = _length(right, "x", context, box), _length(bottom, "y", context, box)
        width, height = (far_x - x, far_y - y) if name == "rect" else (box.width - x - far_x, box.height - y - far_y)
    shape = Element("rect", {"x": written(box.left + x), "y": written(box.top + y)})
    shape.attrib |= {"width": written(max(0.0, width)), "height": written(max(0.0, height))}
    if radii:
        shape.set("rx", written(_length(radii.split()[0], "x", context, box)))
    return shape


def _four(words: list[str]) -> list[str]:
    """What top, right, bottom and left are, where the later ones may be left out as in a margin of CSS."""
    if not 1 <= len(words) <= 4:
        raise ValueError(words)
    top = words[0]
    right = words[1] if len(words) > 1 else top
    return [top, right, words[2] if len(words) > 2 else top, words[3] if len(words) > 3 else right]


def clip_rectangle(parent: Element, clip_id: str, x: float, y: float, width: float, height: float) -> None:
    """Clip an element to a rectangle of its user space, in place."""
    clip = Element("clipPath", {"id": clip_id})
    sides = {"x": x, "y": y, "width": width, "height": height}
    SubElement(
        clip, "rect", {name: written(side) for name, side in sides.items() if side or name in ("width", "height")}
    )
    parent.insert(0, clip)
    parent.set("clip-path", f"url(#{clip_id})")
