"""Drawings made ready for tracing: in means that the tracer knows, and without what an outline does not show."""

import math
from collections.abc import Iterator, Mapping
from copy import deepcopy
from xml.etree.ElementTree import Element

from icons.svg.allowed import ANIMATIONS, SHAPES, references
from icons.svg.colours import parse_colour
from icons.svg.frames import fit, written_view_box
from icons.svg.geometry import number, path_data
from icons.svg.lengths import written
from icons.svg.paints import is_invisible, split_paint

MARKERS = ("marker-start", "marker-mid", "marker-end")
HELPERS = ("mask", "clipPath", "marker", "filter", "pattern", "linearGradient", "radialGradient")
INITIAL = {  # what the contents of a marker are painted with, unless the marker or what is around it says otherwise
    "fill": "black",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "stroke-miterlimit": "4",
    "stroke-dasharray": "none",
    "fill-rule": "nonzero",
    "fill-opacity": "1",
    "stroke-opacity": "1",
}
MAX_MARKERS = 500  # drawn in one icon
Corner = tuple[float, float, float, float]  # where a path turns, and the direction in which it goes on there


def make_traceable(root: Element) -> None:
    """Rewrite a cleaned drawing in place: markers are drawn out, and what nobody sees is dropped."""
    _drop(root, ANIMATIONS)
    _drop_hidden(root, "visible")
    targets = {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}
    parents = {child: parent for parent in root.iter() for child in parent}
    drawn = 0
    for element in [element for element in root.iter() if element.tag in SHAPES]:
        groups = [] if drawn > MAX_MARKERS else list(_markers(element, targets, parents))
        drawn += len(groups)
        parent = parents[element]
        at = list(parent).index(element) + 1
        parent[at:at] = groups
    for element in root.iter():
        for name in MARKERS:
            element.attrib.pop(name, None)
        for name in ("fill", "stroke"):
            if "url(#" in element.get(name, ""):
                element.set(name, _flat(element.attrib[name], targets))
    for mask in list(root.iter("mask")):
        for element in mask.iter():
            for name in ("fill", "stroke"):  # a mask lets light through, whose strength the tracer reads of its colour
                colour = parse_colour(element.get(name, ""))
                if colour is not None:
                    element.set(name, colour.as_css)
    _drop_unused(root)


def _drop(element: Element, tags: frozenset[str]) -> None:
    element[:] = [child for child in element if child.tag not in tags]
    for child in element:
        _drop(child, tags)


def _drop_hidden(element: Element, visibility: str) -> None:
    """Remove shapes that are not visible, and the attribute from the others."""
    for child in list(element):
        own = child.attrib.pop("visibility", visibility)
        unseen = child.tag in SHAPES and own != "visible"
        if unseen or number(child, "opacity", 1.0) == 0:
            element.remove(child)
        else:
            _drop_hidden(child, own)


def _flat(paint: str, targets: Mapping[str, Element]) -> str:
    """The colour that stands for a gradient or a pattern in a silhouette: that of the first stop that is seen."""
    server = targets.get(split_paint(paint)[0][5:-1])
    for _link in range(20):
        stops = [] if server is None else [stop for stop in server if stop.tag == "stop"]
        if server is None or stops:
            break
        server = targets.get(server.get("href", "")[1:])
    colours = [stop.get("stop-color", "#000000") for stop in stops if number(stop, "stop-opacity", 1.0) > 0]
    return next((colour for colour in colours if not is_invisible(colour)), "#000000" if not stops else "none")


def _drop_unused(root: Element) -> None:
    """Remove helpers that nothing refers to, such as the masks that editors leave."""
    while True:
        used = {link for element in root.iter() for value in element.attrib.values() for link in references(value)}
        used |= {element.get("href", "")[1:] for element in root.iter()}
        dropped = False
        for parent in root.iter():
            unused = [child for child in parent if child.tag in HELPERS and child.get("id") not in used]
            for child in unused:
                parent.remove(child)
            dropped = dropped or bool(unused)
        if not dropped:
            return


def _inherited(element: Element, name: str, parents: Mapping[Element, Element]) -> str | None:
    while element is not None:
        if name in element.attrib:
            return element.attrib[name]
        element = parents.get(element)  # type: ignore[assignment]  # the root has no parent
    return None


def _markers(element: Element, targets: Mapping[str, Element], parents: Mapping[Element, Element]) -> Iterator[Element]:
    """The groups that draw the markers of a shape."""
    values = [_inherited(element, name, parents) or "" for name in MARKERS]
    markers = [targets.get((references(value) or [""])[0]) for value in values]
    corners = _corners(path_data(element)) if any(marker is not None for marker in markers) else []
    if not corners:
        return
    stroke = float(_inherited(element, "stroke-width", parents) or 1)
    for index, corner in enumerate(corners):
        start, end = index == 0, index == len(corners) - 1
        places = ((markers[0], start), (markers[1], not start and not end), (markers[2], end))
        for marker, is_here in places:
            if is_here and marker is not None and marker.tag == "marker":
                yield _marker(marker, corner, stroke, start and marker is markers[0], parents)


def _marker(
    marker: Element, corner: Corner, stroke: float, at_start: bool, parents: Mapping[Element, Element]
) -> Element:
    x, y, along_x, along_y = corner
    orient = marker.get("orient", "0")
    angle = math.degrees(math.atan2(along_y, along_x))
    if not orient.startswith("auto"):
        angle = number(marker, "orient")
    elif orient == "auto-start-reverse" and at_start:
        angle += 180
    width, height = number(marker, "markerWidth", 3.0), number(marker, "markerHeight", 3.0)
    view_box = written_view_box(marker)
    placed = fit(view_box, width, height, marker.get("preserveAspectRatio", "")) if view_box else None
    ref_x, ref_y = number(marker, "refX"), number(marker, "refY")
    unit = 1.0 if marker.get("markerUnits") == "userSpaceOnUse" else stroke
    scale_x, scale_y = (placed.scale_x, placed.scale_y) if placed else (1.0, 1.0)
    steps = (
        f"translate({written(x)} {written(y)}) rotate({written(angle)}) scale({written(unit)})"
        f" scale({written(scale_x)} {written(scale_y)}) translate({written(-ref_x)} {written(-ref_y)})"
    )
    paints = {name: _inherited(marker, name, parents) or value for name, value in INITIAL.items()}
    group = Element("g", paints | {"transform": steps})
    group.extend(deepcopy(child) for child in marker)
    return group


def _corners(d: str) -> list[Corner]:
    """The points at which the segments of a path meet, and the direction of the path at each (SVG 2, 11.6)."""
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path

    pen = RecordingPen()
    try:
        parse_path(d, pen)
    except Exception:  # the library raises all sorts of errors on a path that is not valid
        return []
    points: list[tuple[float, float]] = []
    leaving: list[tuple[float, float]] = []  # control points after each point, and before it
    arriving: list[tuple[float, float]] = []
    for verb, arguments in pen.value:
        if verb in ("closePath", "endPath") or not arguments:
            continue
        if points and verb != "moveTo":
            leaving[-1] = arguments[0]
        points.append(arguments[-1])
        arriving.append(arguments[-2] if len(arguments) > 1 else points[-2] if len(points) > 1 else arguments[-1])
        leaving.append(arguments[-1])
    return [
        (*point, *_direction(before, point, after))
        for before, point, after in zip(arriving, points, leaving, strict=True)
    ]


def _direction(
    before: tuple[float, float], point: tuple[float, float], after: tuple[float, float]
) -> tuple[float, float]:
    """The mean of the directions in which a path comes to a point and leaves it; one of them may be missing."""
    directions = []
    for start, end in ((before, point), (point, after)):
        length = math.dist(start, end)
        if length:
            directions.append(((end[0] - start[0]) / length, (end[1] - start[1]) / length))
    return sum(x for x, _y in directions), sum(y for _x, y in directions)
