"""References within a drawing: what points nowhere is replaced by what browsers draw instead."""

from xml.etree.ElementTree import Element

from icons.svg.allowed import GRADIENTS, SHAPES, references
from icons.svg.lengths import Context, user_units, written
from icons.svg.paints import split_paint
from icons.svg.transforms import affine
from icons.svg.values import AXES
from icons.svg.view_box import ViewBox

PAINT_SERVERS = GRADIENTS - {"stop"} | {"pattern"}
TARGETS = {  # the element that an attribute has to refer to
    "mask": "mask",
    "clip-path": "clipPath",
    "marker-start": "marker",
    "marker-mid": "marker",
    "marker-end": "marker",
    "filter": "filter",
}
MARKERS = ("marker-start", "marker-mid", "marker-end")
ROUND = frozenset({"rect", "circle", "ellipse"})
MAX_CHAIN = 20  # gradients that take their stops from one another
# What a paint server takes from one that it refers to: from any, and from one of its own kind.
SHARED = ("gradientUnits", "gradientTransform", "spreadMethod")
OWN = {
    "linearGradient": ("x1", "y1", "x2", "y2"),
    "radialGradient": ("cx", "cy", "r", "fx", "fy", "fr"),
    "pattern": ("x", "y", "width", "height", "patternUnits", "patternContentUnits", "patternTransform", "viewBox",
                "preserveAspectRatio"),
}  # fmt: skip


def resolve_references(root: Element) -> bool:
    """Replace paints and drop attributes whose target is missing or draws nothing, in place; whether any was."""
    targets = {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}
    changed = _unmark(root, False)
    for mask in root.iter("mask"):  # browsers mask no mask
        changed = mask.attrib.pop("mask", "") != "" or changed
    for clip in root.iter("clipPath"):  # which browsers let a <use> add shapes to, but nothing that uses others
        for child in clip.findall("use"):
            if _tag(targets.get(child.get("href", "")[1:])) not in SHAPES:
                clip.remove(child)
                changed = True
    for server in [element for element in root.iter() if "href" in element.attrib and element.tag in OWN]:
        changed = _inherit(server, targets, root) or changed
    for element in root.iter():
        for name, value in [*element.attrib.items()]:
            if "url(#" not in value:
                continue
            if name in ("fill", "stroke"):
                reference, fallback = split_paint(value)
                target = targets.get(reference[5:-1])
                if not _paints(target, targets):
                    element.set(name, "none" if _tag(target) in PAINT_SERVERS else fallback or "none")
                    changed = True
                elif fallback:
                    element.set(name, reference)
                    changed = True
            elif name in TARGETS and any(_tag(targets.get(link)) != TARGETS[name] for link in references(value)):
                del element.attrib[name]
                changed = True
    return changed


def _unmark(element: Element, marked: bool) -> bool:
    """Say that shapes without corners have no markers, as browsers have it; whether any would have had some."""
    marked = marked or any(name in element.attrib for name in MARKERS)
    changed = False
    if marked and element.tag in ROUND:
        before = dict(element.attrib)
        for name in MARKERS:
            element.attrib.pop(name, None)
        element.attrib.update(dict.fromkeys(MARKERS, "none"))
        changed = before != element.attrib
    for child in element:
        changed = _unmark(child, marked) or changed
    return changed


def _inherit(server: Element, targets: dict[str, Element], root: Element) -> bool:
    """Give a gradient or pattern the attributes that it takes from others, which few readers follow throughout."""
    before = dict(server.attrib)
    link = server.attrib.pop("href")
    other = targets.get(link[1:])
    for _link in range(MAX_CHAIN):
        if other is None or other.tag not in OWN:
            break
        for name in (*SHARED, *OWN[other.tag]):
            if name in other.attrib and (name in OWN[server.tag] or name in SHARED and server.tag != "pattern"):
                server.attrib.setdefault(name, other.attrib[name])
        other = targets.get(other.get("href", "")[1:])
    units = server.get("patternUnits" if server.tag == "pattern" else "gradientUnits")
    sides = ViewBox.parse(root.attrib["viewBox"])
    whole = None if units == "userSpaceOnUse" else 1.0
    for name in OWN[server.tag]:
        if name in AXES and server.get(name, "").endswith("%"):
            share = user_units(server.attrib[name], AXES[name], Context(sides.width, sides.height), whole)
            server.set(name, "0" if share is None else written(share))
    server.attrib["href"] = link
    return dict(server.attrib) != before


def _tag(element: Element | None) -> str:
    return "" if element is None else element.tag


def _paints(server: Element | None, targets: dict[str, Element]) -> bool:
    """Whether a gradient has stops, of its own or of one that it refers to, or the element is a pattern."""
    for _link in range(MAX_CHAIN):
        if server is None or server.tag not in PAINT_SERVERS:
            return False
        matrix = server.get("patternTransform" if server.tag == "pattern" else "gradientTransform", "")
        if matrix and affine(matrix).scale == 0:
            return False
        if server.tag == "pattern" or any(child.tag == "stop" for child in server):
            return True
        server = targets.get(server.get("href", "")[1:])
    return True  # a circle of references, which is refused elsewhere
