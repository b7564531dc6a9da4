"""How wide the strokes of a drawing are, and making them wider or narrower. Trees are those of icons.svg.markup."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from icons.svg.markup import attributes, markup, parse
from icons.svg.paints import DRAWN, is_invisible


def widest_stroke(root: Element) -> float | None:
    """The width of the widest stroke painted, in units of the view box; None where nothing is stroked."""
    return max(filter(None, _stroke_widths(root, "none", 1.0)), default=None)


def only_stroke(root: Element) -> float | None:
    """The width that all strokes painted have, in units of the view box; None where they differ or there are none."""
    widths = set(filter(None, _stroke_widths(root, "none", 1.0)))
    return widths.pop() if len(widths) == 1 else None


def rescale_strokes(root: Element, width: float) -> None:
    """Scale all strokes alike, in place, so that the widest one painted gets this width in units of the view box."""
    present = widest_stroke(root)
    if present is None:
        return
    root.attrib.setdefault("stroke-width", "1")
    for element in root.iter():
        stroke = _number(element.get("stroke-width"))
        if stroke is not None:
            element.set("stroke-width", f"{stroke * width / present:.4g}")


def at_stroke(svg: str, width: float) -> str:
    """A cleaned drawing whose widest stroke has this width in units of its view box; as it is where it has none."""
    root = parse(svg)
    rescale_strokes(root, width)
    return f"<svg{attributes(dict(root.attrib))}>{markup(*root)}</svg>"


def _stroke_widths(element: Element, stroke: str, inherited: float) -> Iterator[float]:
    """The widths of the strokes painted in an element, which inherits a paint and a width."""
    stroke = element.get("stroke", stroke)
    own = _number(element.get("stroke-width"))
    width = inherited if own is None else own
    if element.tag in DRAWN and not is_invisible(stroke):
        yield width
    for child in element:
        yield from _stroke_widths(child, stroke, width)


def _number(text: str | None) -> float | None:
    try:
        return float((text or "").removesuffix("px"))
    except ValueError:
        return None
