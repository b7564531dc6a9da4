"""Which paints and strokes a drawing is made of, and changing them in place. Trees are of icons.svg.markup."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import tinycss2.color3

from icons.svg.allowed import ANIMATIONS, SHAPES

PAINTS = ("fill", "stroke", "color", "stop-color", "flood-color")
CURRENT, BLACK = "currentcolor", "black"
UNPAINTED = frozenset({"none", "transparent", "inherit", "initial", "context-fill", "context-stroke"})
LONGEST = 100  # characters; no colour takes more, and brackets nested deeper would pass Python's stack
DRAWN = SHAPES | {"use"}
HIDDEN = ("mask", "clipPath")  # the colours inside of these are seen by nobody


def recolour(root: Element, colour: str) -> None:
    """Give this colour to all that is of the current colour, or black by default; and where a drawing is
    of one grey or black alone, to all of it. Colours that a drawing chose for itself stay.
    """
    kept, default = fixed_paints(root), _takes_colour_by_default(root)
    unfilled = list(_unfilled(root))
    for element, name in _painted(root):
        if _is_own(element.attrib[name]) and element.attrib[name].lower() not in kept:
            element.set(name, colour)
    for element in root.iter():
        for name, value in element.attrib.items():
            if CURRENT in value.lower():  # also in the values of animations
                element.set(name, ";".join(colour if _is_current(part) else part for part in value.split(";")))
    if default:
        root.set("fill", colour)
        for element in unfilled:
            if element.tag == "mask":  # light and dark mean something there
                element.set("fill", BLACK)


def takes_colour(root: Element) -> bool:
    """Whether recolour() changes anything that is seen."""
    return not fixed_paints(root) or _has_current(root) or _takes_colour_by_default(root)


def fixed_paints(root: Element) -> set[str]:
    """The paints, in lower case, that a drawing keeps whatever colour it is given; none where it is of one colour."""
    own = {element.attrib[name].lower() for element, name in _painted(root) if _is_own(element.attrib[name])}
    different = {_value(paint) for paint in own | ({BLACK} if has_default(root) else set())}
    return set() if len(different) == 1 and not _has_current(root) and not any(map(_has_hue, own)) else own


def has_default(root: Element) -> bool:
    """Whether a shape is filled with black because nothing says what fills it."""
    return any(element.tag in DRAWN and element.tag != "line" for element in _unfilled(root))


def rescale_strokes(root: Element, width: float) -> None:
    """Scale all strokes alike, so that the widest one painted gets this width."""
    present = widest_stroke(root)
    if present is None:
        return
    root.attrib.setdefault("stroke-width", "1")
    for element in root.iter():
        stroke = _number(element.get("stroke-width"))
        if stroke is not None:
            element.set("stroke-width", f"{stroke * width / present:.4g}")


def widest_stroke(root: Element) -> float | None:
    """The width of the widest stroke painted, in units of the view box; None where nothing is stroked."""
    return max(filter(None, _strokes(root, "none", 1.0)), default=None)


def _has_current(root: Element) -> bool:
    return any(_is_current(element.attrib[name]) for element, name in _painted(root))


def _takes_colour_by_default(root: Element) -> bool:
    return has_default(root) and not any(map(_has_hue, fixed_paints(root)))


def _painted(element: Element) -> Iterator[tuple[Element, str]]:
    """Elements outside of masks with the names of their attributes that paint."""
    if element.tag in HIDDEN:
        return
    if element.tag not in ANIMATIONS:
        yield from ((element, name) for name in PAINTS if name in element.attrib)
    for child in element:
        yield from _painted(child)


def _unfilled(element: Element) -> Iterator[Element]:
    """The shapes and masks for which nothing says what fills them, so that it is black."""
    if "fill" in element.attrib or element.tag == "clipPath":
        return
    if element.tag in DRAWN or element.tag == "mask":
        yield element
        return
    for child in element:
        yield from _unfilled(child)


def _strokes(element: Element, stroke: str, width: float) -> Iterator[float]:
    stroke = element.get("stroke", stroke)
    given = _number(element.get("stroke-width"))
    width = width if given is None else given
    if element.tag in DRAWN and stroke not in ("none", "transparent"):
        yield width
    for child in element:
        yield from _strokes(child, stroke, width)


def _number(text: str | None) -> float | None:
    try:
        return float((text or "").removesuffix("px"))
    except ValueError:
        return None


def _is_current(paint: str) -> bool:
    return paint.strip().lower() == CURRENT


def _is_own(paint: str) -> bool:
    return not (_is_current(paint) or paint.lower() in UNPAINTED or paint.startswith("url("))


def _value(paint: str) -> object:
    return _parsed(paint) or paint


def _has_hue(paint: str) -> bool:
    value = _parsed(paint)
    return not (isinstance(value, tinycss2.color3.RGBA) and value.red == value.green == value.blue)


def _parsed(paint: str) -> object:
    return tinycss2.color3.parse_color(paint) if len(paint) <= LONGEST else None
