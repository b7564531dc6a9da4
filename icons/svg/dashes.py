"""Dashes in units of a path's own length, as pathLength sets them, which few readers of SVG know."""

from xml.etree.ElementTree import Element

from icons.svg.geometry import length, number
from icons.svg.lengths import Context, is_number, written
from icons.svg.values import dashes

DASHES = ("stroke-dasharray", "stroke-dashoffset")


def resolve_path_length(element: Element, context: Context) -> None:
    """Give the dashes of a cleaned shape in user units, and those of the animations in it, in place."""
    declared = number(element, "pathLength")
    del element.attrib["pathLength"]
    array, offset = (element.get(name, inherited) for name, inherited in zip(DASHES, context.dashes, strict=True))
    steps = [animation for animation in element if animation.get("attributeName") in DASHES]
    if declared <= 0 or not (array or steps):
        return
    scale = length(element) / declared
    if scale <= 0:
        return
    for name, value in zip(DASHES, (array, offset), strict=True):
        if value and value != "none":
            element.set(name, _scaled(value, scale))
    for animation in steps:
        for name in ("values", "from", "to", "by"):
            if name in animation.attrib:
                values = animation.attrib[name].split(";")
                animation.set(name, ";".join(_scaled(value, scale) for value in values))


def _scaled(value: str, scale: float) -> str:
    """A number, or several, times the scale; as it is where it is neither."""
    if is_number(value):
        return written(float(value) * scale)
    return dashes(value, Context(1, 1), scale) or value
