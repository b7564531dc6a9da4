"""The geometry of shapes: their outlines as paths, how long these are, and the box that they fill."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from icons.svg.allowed import SHAPES
from icons.svg.lengths import is_number, written
from icons.svg.transforms import Affine, Box, affine

MAX_DEPTH = 32  # of references that a box is looked for through
CONTAINERS = frozenset({"g", "svg", "use"})


def number(element: Element, name: str, default: float = 0.0) -> float:
    """The number in an attribute of a cleaned element, or the default."""
    text = element.get(name, "")
    return float(text) if is_number(text) else default


def path_data(element: Element) -> str:
    """The attribute `d` of a path with the outline of a shape, which begins where SVG says that its dashes begin.

    Empty where nothing is drawn. Source: SVG 2, chapter 10, “Basic Shapes”.
    """
    if element.tag == "path":
        return element.get("d", "")
    if element.tag == "rect":
        return _rectangle(element)
    if element.tag in ("circle", "ellipse"):
        rx, ry = _radii(element)
        x, y = number(element, "cx"), number(element, "cy")
        if rx <= 0 or ry <= 0:
            return ""
        corners = ((x, y + ry), (x - rx, y), (x, y - ry), (x + rx, y))
        arcs = "".join(f"A{written(rx)} {written(ry)} 0 0 1 {written(a)} {written(b)}" for a, b in corners)
        return f"M{written(x + rx)} {written(y)}{arcs}Z"
    if element.tag == "line":
        ends = [written(number(element, name)) for name in ("x1", "y1", "x2", "y2")]
        return f"M{ends[0]} {ends[1]}L{ends[2]} {ends[3]}"
    points = element.get("points", "").replace(",", " ").split()
    if len(points) < 2 or not all(map(is_number, points)):
        return ""
    pairs = " ".join(points[: len(points) // 2 * 2])
    return f"M{pairs}" + ("Z" if element.tag == "polygon" else "")


def _rectangle(element: Element) -> str:
    x, y, width, height = (number(element, name) for name in ("x", "y", "width", "height"))
    if width <= 0 or height <= 0:
        return ""
    rx, ry = _radii(element)
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    if rx <= 0 or ry <= 0:
        return f"M{written(x)} {written(y)}h{written(width)}v{written(height)}h{written(-width)}Z"
    across, down = written(width - 2 * rx), written(height - 2 * ry)
    steps = (("h", across, rx, ry), ("v", down, -rx, ry), ("h", f"-{across}", -rx, -ry), ("v", f"-{down}", rx, -ry))
    corners = "".join(
        f"{letter}{side}a{written(rx)} {written(ry)} 0 0 1 {written(dx)} {written(dy)}"
        for letter, side, dx, dy in steps
    )
    return f"M{written(x + rx)} {written(y)}{corners}Z"


def _radii(element: Element) -> tuple[float, float]:
    if element.tag == "circle":
        return number(element, "r"), number(element, "r")
    rx, ry = number(element, "rx", -1), number(element, "ry", -1)
    return (rx if rx >= 0 else ry, ry if ry >= 0 else rx)


def length(element: Element) -> float:
    """How long the outline of a shape is, in user units; 0 where it cannot be read."""
    from fontTools.pens.perimeterPen import PerimeterPen
    from fontTools.svgLib.path import parse_path

    pen = PerimeterPen(tolerance=0.01)
    try:
        parse_path(path_data(element), pen)
    except Exception:  # the library raises all sorts of errors on a path that is not valid
        return 0.0
    return float(pen.value)


def fill_box(element: Element, targets: Mapping[str, Element]) -> Box | None:
    """The smallest box around what an element fills, in its own user space; None where it fills nothing.

    `targets` are the elements by id.
    """
    from fontTools.pens.boundsPen import BoundsPen

    pen = BoundsPen(None)
    _draw(element, Affine(), pen, targets, MAX_DEPTH)
    if pen.bounds is None:
        return None
    left, top, right, bottom = pen.bounds
    return Box(left, top, right - left, bottom - top)


def _draw(element: Element, matrix: Affine, pen: object, targets: Mapping[str, Element], depth: int) -> None:
    from fontTools.pens.transformPen import TransformPen
    from fontTools.svgLib.path import parse_path

    if element.tag in SHAPES:
        try:
            parse_path(path_data(element), TransformPen(pen, tuple(matrix)))
        except Exception:  # the library raises all sorts of errors on a path that is not valid
            return
    if element.tag not in CONTAINERS or depth == 0:
        return
    children = list(element)
    if element.tag == "use" and element.get("href", "")[1:] in targets:
        children = [targets[element.attrib["href"][1:]]]
        matrix = matrix @ Affine(e=number(element, "x"), f=number(element, "y"))
    for child in children:
        _draw(child, matrix @ affine(child.get("transform", "")), pen, targets, depth - 1)
