"""References within a drawing: what points nowhere is replaced by what browsers draw instead."""

from xml.etree.ElementTree import Element

from icons.svg.allowed import GRADIENTS, references
from icons.svg.paints import split_paint

PAINT_SERVERS = GRADIENTS - {"stop"} | {"pattern"}
TARGETS = {  # the element that an attribute has to refer to
    "mask": "mask",
    "clip-path": "clipPath",
    "marker-start": "marker",
    "marker-mid": "marker",
    "marker-end": "marker",
    "filter": "filter",
}
MAX_CHAIN = 20  # gradients that take their stops from one another


def resolve_references(root: Element) -> bool:
    """Replace paints and drop attributes whose target is missing or draws nothing, in place; whether any was."""
    targets = {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}
    changed = False
    for element in root.iter():
        for name, value in [*element.attrib.items()]:
            if "url(#" not in value:
                continue
            if name in ("fill", "stroke"):
                reference, fallback = split_paint(value)
                if not _paints(targets.get(reference[5:-1]), targets):
                    element.set(name, fallback or "none")
                    changed = True
                elif fallback:
                    element.set(name, reference)
                    changed = True
            elif name in TARGETS and any(_tag(targets.get(link)) != TARGETS[name] for link in references(value)):
                del element.attrib[name]
                changed = True
    return changed


def _tag(element: Element | None) -> str:
    return "" if element is None else element.tag


def _paints(server: Element | None, targets: dict[str, Element]) -> bool:
    """Whether a gradient has stops, of its own or of one that it refers to, or the element is a pattern."""
    for _link in range(MAX_CHAIN):
        if server is None or server.tag not in PAINT_SERVERS:
            return False
        if server.tag == "pattern" or any(child.tag == "stop" for child in server):
            return True
        server = targets.get(server.get("href", "")[1:])
    return True  # a circle of references, which is refused elsewhere
