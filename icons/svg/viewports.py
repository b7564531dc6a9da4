"""Viewports within a drawing: an inner <svg> and the <use> of a <symbol> become groups that are placed and clipped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from icons.svg.allowed import PRESENTATION
from icons.svg.attributes import Attributes, read_attributes
from icons.svg.frames import fit, written_view_box
from icons.svg.lengths import Context, is_number, written
from icons.svg.placing import clip_rectangle
from icons.svg.view_box import ViewBox

if TYPE_CHECKING:
    from icons.svg.rebuilding import Rebuilder

GROUPED = PRESENTATION | {"id", "style", "transform"}


def inner_svg(rebuilder: Rebuilder, source: Element, attributes: Attributes, context: Context) -> list[Element]:
    """The group that stands for an inner <svg>."""
    own = attributes.own
    x, y = _number(own, "x", 0.0), _number(own, "y", 0.0)
    width, height = _number(own, "width", context.width), _number(own, "height", context.height)
    if width <= 0 or height <= 0:
        return []
    view_box = written_view_box(source)
    group = rebuilder.created("g", {name: value for name, value in own.items() if name in GROUPED})
    visible = group.attrib.pop("overflow", "hidden") in ("visible", "auto")
    attributes.context = _inside(attributes.context, view_box, width, height)
    place = _place(view_box, x, y, width, height, own.get("preserveAspectRatio", ""))
    inner = group
    if place:
        inner = Element("g", {"transform": place})
    done = rebuilder.finished(inner, source, attributes)
    if inner is not group:
        group.append(inner)
    if not visible:
        group = _clipped(rebuilder, group, x, y, width, height)
    return [group] if done else []


def symbol(rebuilder: Rebuilder, source: Element, attributes: Attributes) -> list[Element]:
    """The contents of a <symbol> as a group that is drawn only where something refers to it."""
    view_box = written_view_box(source)
    context = attributes.context
    attributes.context = _inside(context, view_box, context.width, context.height)
    group = rebuilder.created("g", {name: value for name, value in attributes.own.items() if name in GROUPED})
    group.attrib.pop("overflow", None)
    definitions = Element("defs")
    definitions.extend(rebuilder.finished(group, source, attributes))
    return [definitions]


def use(rebuilder: Rebuilder, source: Element, attributes: Attributes, context: Context) -> list[Element]:
    """A <use> without a size; one of a <symbol> is placed and clipped by groups around it."""
    own = attributes.own
    link = own.get("href", "")
    target = rebuilder.sources.get(link[1:])
    width, height = _number(own, "width", context.width), _number(own, "height", context.height)
    if target is not None and target.tag == "svg" and ("width" in own or "height" in own):
        size = {name: value for name, value in own.items() if name in ("width", "height")}
        copy = rebuilder.copied(target, size)
        if copy is not None:
            group = rebuilder.created("g", {name: value for name, value in own.items() if name in GROUPED})
            shift = f"translate({own.get('x', 0)} {own.get('y', 0)})"
            group.set("transform", f"{own.get('transform', '')} {shift}".strip())
            group.extend(rebuilder.rebuild(copy, attributes.context))
            return rebuilder.finished(group, source, attributes)
    if target is None or target.tag != "symbol":
        own = {name: value for name, value in own.items() if name not in ("width", "height", "overflow")}
        return rebuilder.finished(rebuilder.created("use", own), source, attributes)
    inside = read_attributes(target, "symbol", rebuilder.styles, context).own
    width = width if "width" in own else _number(inside, "width", width)
    height = height if "height" in own else _number(inside, "height", height)
    if width <= 0 or height <= 0:
        return []
    x, y = _number(own, "x", 0.0), _number(own, "y", 0.0)
    view_box = written_view_box(target)
    place = _place(view_box, x, y, width, height, target.get("preserveAspectRatio", ""))
    drawn = Element("use", {**({"transform": place} if place else {}), "href": link})
    group = rebuilder.created("g", {name: value for name, value in own.items() if name in GROUPED})
    group.attrib.pop("overflow", None)
    group.append(drawn)
    if inside.get("overflow", "hidden") not in ("visible", "auto"):
        group = _clipped(rebuilder, group, x, y, width, height)
    return rebuilder.finished(group, source, attributes)


def _inside(context: Context, view_box: ViewBox | None, width: float, height: float) -> Context:
    sides = view_box[2:] if view_box else (width, height)
    return replace(context, width=sides[0], height=sides[1])


def _place(view_box: ViewBox | None, x: float, y: float, width: float, height: float, preserve: str) -> str:
    """The transformation from the inner user space to that around it; empty where they are the same."""
    shift = f"translate({written(x)} {written(y)})" if x or y else ""
    scale = fit(view_box, width, height, preserve).transform if view_box else ""
    return f"{shift} {scale}".strip()


def _clipped(rebuilder: Rebuilder, group: Element, x: float, y: float, width: float, height: float) -> Element:
    """The group, clipped to a rectangle of its user space before what else it says is done."""
    if "clip-path" in group.attrib:
        outer = Element("g", group.attrib)
        inner = Element("g")
        inner.extend(group)
        outer.append(inner)
        clip_rectangle(inner, rebuilder.make_id("clip"), x, y, width, height)
        if "id" in outer.attrib:
            rebuilder.targets[outer.attrib["id"]] = outer
        return outer
    clip_rectangle(group, rebuilder.make_id("clip"), x, y, width, height)
    return group


def _number(own: dict[str, str], name: str, default: float) -> float:
    text = own.get(name, "")
    return float(text) if is_number(text) else default
