"""Masks as outlines, in the child program of `tracing`: what a mask hides is cut off, since the tracer knows no masks.

It imports no Django.
"""

from copy import deepcopy
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

import pathops
from picosvg.svg import SVG
from picosvg.svg_pathops import skia_path
from picosvg.svg_types import SVGPath

NAMESPACE = "{http://www.w3.org/2000/svg}"
SIDES = ("x", "y", "width", "height")
HALF = 0.5  # of the light of a mask: what lets through less is taken for hidden

PAINTED = ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
           "stroke-dasharray", "stroke-dashoffset", "fill-rule", "fill-opacity", "stroke-opacity")  # fmt: skip
SVG_LETTERS = {"MOVE": "M", "LINE": "L", "QUAD": "Q", "CUBIC": "C", "CLOSE": "Z"}  # by the verbs of pathops


def shapes_of(svg: str) -> tuple[SVG, list[SVGPath]]:
    """The drawing as the tracer sees it, and the filled shapes in it, with nothing of what masks hide."""
    if "<mask" in svg:
        svg = _without_masks(svg)
    source = SVG.fromstring(svg.replace(' href="#', ' xlink:href="#'))  # type: ignore[no-untyped-call]  # picosvg
    return source, [shape.as_path() for shape in source.topicosvg().shapes()]


def _without_masks(svg: str) -> str:
    root = fromstring(svg)
    masks = {element.get("id"): element for element in root.iter(f"{NAMESPACE}mask")}
    _resolve(root, root, masks, {})
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag == f"{NAMESPACE}mask"]:
            parent.remove(child)
    return tostring(root, encoding="unicode").replace("ns0:", "").replace("xmlns:ns0=", "xmlns=")


def _resolve(element: Element, root: Element, masks: dict[str | None, Element], inherited: dict[str, str]) -> None:
    """Replace the masked elements below an element by paths, the innermost first."""
    inherited = inherited | {name: element.attrib[name] for name in PAINTED if name in element.attrib}
    for index, child in enumerate(list(element)):
        if child.tag == f"{NAMESPACE}mask":
            continue
        _resolve(child, root, masks, inherited)
        mask = masks.get(child.attrib.pop("mask", "")[5:-1])
        if mask is None:
            continue
        light = _light(mask, root, masks, child.get("transform", ""))
        light = pathops.op(light, _region(mask, child, root), pathops.PathOp.INTERSECTION, fix_winding=True)
        group = Element(f"{NAMESPACE}g", {"stroke": "none", "fill-opacity": "1"})
        for shape in _alone(child, root, inherited):
            left = pathops.op(_path(shape), light, pathops.PathOp.INTERSECTION, fix_winding=True)
            d = "".join(
                SVG_LETTERS[pathops.PathVerb(verb).name] + " ".join(f"{x} {y}" for x, y in points)
                for verb, points in left
            )
            if d:
                SubElement(group, f"{NAMESPACE}path", {"d": d, "fill": shape.fill, "opacity": str(shape.opacity)})
        element[index] = group


def _light(mask: Element, root: Element, masks: dict[str | None, Element], transform: str) -> pathops.Path:
    """What a mask lets through, in the user space around the element that it hides parts of."""
    mask = deepcopy(mask)
    _resolve(mask, root, masks, {})
    group = Element(f"{NAMESPACE}g", {"transform": transform} if transform else {})
    group.extend(mask)
    own = {name: mask.attrib[name] for name in PAINTED if name in mask.attrib}
    alpha, light = mask.get("mask-type") == "alpha", pathops.Path()
    for shape in _alone(group, root, {"fill": "#000000", "stroke": "none"} | own):
        lets_through = shape.opacity * (1.0 if alpha else _luminance(shape.fill)) >= HALF
        if lets_through or not alpha:
            operation = pathops.PathOp.UNION if lets_through else pathops.PathOp.DIFFERENCE
            light = pathops.op(light, _path(shape), operation, fix_winding=True)
    return light


def _region(mask: Element, element: Element, root: Element) -> pathops.Path:
    """The rectangle beyond which a mask hides everything, in the user space around the element that it masks."""
    x, y, width, height = (
        float(mask.get(name, default)) for name, default in zip(SIDES, (-0.1, -0.1, 1.2, 1.2), strict=True)
    )
    if mask.get("maskUnits") != "userSpaceOnUse":
        left, top, right, bottom = _fill_box(element, root)
        x, width = left + x * (right - left), width * (right - left)
        y, height = top + y * (bottom - top), height * (bottom - top)
    sides = {name: str(side) for name, side in zip(SIDES, (x, y, width, height), strict=True)}
    group = Element(f"{NAMESPACE}g", {"transform": element.get("transform", "")})
    SubElement(group, f"{NAMESPACE}rect", sides)
    return next((_path(shape) for shape in _alone(group, root, {})), pathops.Path())


def _fill_box(element: Element, root: Element) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of what an element would fill, in its own user space."""
    filled = deepcopy(element)
    filled.attrib.pop("transform", None)
    for shape in filled.iter():
        for name in ("fill", "stroke", "fill-opacity", "opacity", "clip-path"):
            shape.attrib.pop(name, None)
    boxes = [_path(shape).bounds for shape in _alone(filled, root, {"fill": "#000000", "stroke": "none"})]
    if not boxes:
        return 0.0, 0.0, 0.0, 0.0
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _alone(element: Element, root: Element, inherited: dict[str, str]) -> list[SVGPath]:
    """The filled shapes of an element in the user space around it, painted as it inherits."""
    document = Element(f"{NAMESPACE}svg", {"viewBox": root.attrib["viewBox"]})
    definitions = SubElement(document, f"{NAMESPACE}defs")
    definitions.extend(deepcopy(clip) for clip in root.iter(f"{NAMESPACE}clipPath"))
    inside = {child.get("id") for child in element.iter()}
    links = {child.get("href", "")[1:] for child in [*element.iter(), *definitions.iter()]} - inside
    definitions.extend(deepcopy(target) for target in root.iter() if target.get("id") in links)
    group = SubElement(document, f"{NAMESPACE}g", inherited)
    group.append(deepcopy(element))
    svg = tostring(document, encoding="unicode").replace("ns0:", "").replace("xmlns:ns0=", "xmlns=")
    svg = svg.replace("<svg ", '<svg xmlns:xlink="http://www.w3.org/1999/xlink" ', 1)
    return shapes_of(svg.replace(' href="#', ' xlink:href="#'))[1]


def _path(shape: SVGPath) -> pathops.Path:
    return skia_path(shape.as_cmd_seq(), shape.fill_rule)


def _luminance(colour: str) -> float:
    """How light a colour is, 0 to 1 (SVG 1.1, 14.4); colours are spelt #rrggbb, or are black."""
    if len(colour) != 7:
        return 0.0
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2125 * red + 0.7154 * green + 0.0721 * blue
