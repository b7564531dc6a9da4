"""Strokes that are as wide at every size (vector-effect="non-scaling-stroke"), for readers that do not know them."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from icons.svg.lengths import Context, is_number, written
from icons.svg.markup import markup, parse
from icons.svg.transforms import Affine, affine
from icons.svg.values import dashes
from icons.svg.view_box import ViewBox

NON_SCALING = "non-scaling-stroke"
INHERITED = {"stroke-width": "1", "stroke-dasharray": "none", "stroke-dashoffset": "0"}  # and what they are by default


def drawn_at(svg: str, size: int) -> str:
    """A cleaned SVG whose strokes are as wide as browsers draw them when its longer side has `size` pixels."""
    if NON_SCALING not in svg:
        return svg
    root = parse(svg)
    scale = size / ViewBox.parse(root.attrib["viewBox"]).longer_side
    _fix(root, Affine(a=scale, d=scale), INHERITED)
    return markup(root)


def _fix(element: Element, matrix: Affine, inherited: Mapping[str, str]) -> None:
    matrix = matrix @ affine(element.get("transform", ""))
    inherited = {name: element.get(name, value) for name, value in inherited.items()}
    if element.attrib.pop("vector-effect", "") == NON_SCALING and matrix.scale > 0:
        for name, value in inherited.items():
            if is_number(value):
                element.set(name, written(float(value) / matrix.scale))
            else:
                element.set(name, dashes(value, Context(1, 1), 1 / matrix.scale) or value)
    for child in element:
        _fix(child, matrix, inherited)
