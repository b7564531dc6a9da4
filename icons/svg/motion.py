"""Where animated transformations, and motions along a path, come to rest."""

import math
import re
from collections.abc import Mapping
from typing import Protocol
from xml.etree.ElementTree import Element

from icons.svg.lengths import is_number, written
from icons.svg.transforms import affine

MARK = {"dur": "1ms", "fill": "freeze"}  # of an animation that says what holds before the others begin
IDENTITY = ("translate", "0 0")
SAMPLES = 20  # points of a curve, for its length
MAX_MOMENTS = 100  # that are looked at for the one that shows most
Point = tuple[float, float]
_function = re.compile(r"\s*(translate|scale|rotate|skewX|skewY)\(([^()]*)\)\s*").fullmatch


class Times(Protocol):
    """When animations begin, and what they leave, as `icons.svg.animations.Timeline` says it."""

    def begin(self, animation: Element) -> float | None:
        """When an animation first begins, in seconds; None where that is never."""

    def final_value(self, animations: list[Element]) -> str | None:
        """The value that these animations leave, if they leave one."""

    def is_endless(self, animation: Element) -> bool:
        """Whether an animation never ends."""


def steps(animation: Element) -> list[str]:
    """The values that an animation goes through."""
    values = animation.get("values", "").rstrip("; ").split(";")
    return values if animation.get("values") else [animation.get("from", ""), animation.get("to", "")]


def rest_of_transforms(element: Element, times: Times, parents: dict[Element, Element]) -> None:
    """Let the transformation of an element say where the animations of it come to rest, in place.

    Those without end count only where nothing would be seen without them. A mark before the animations, or a group
    around the element, gives browsers back what it was before.
    """
    animations = [child for child in element if child.tag == "animateTransform"]
    if not animations:
        return
    name = animations[0].get("attributeName", "transform")
    marked = len(animations) > 1 and _is_mark(animations[0])
    before = element.get(name, "")
    if marked:
        first = animations.pop(0)
        before = "" if _said(first) == IDENTITY else "{}({})".format(*_said(first))
    placed = _settled(animations, times) or _largest(before, animations, times)
    if placed is None:
        return
    after, keeps_before = placed
    if not marked and after == before:
        return
    if not marked and not any(_replaces(animation) and times.begin(animation) == 0 for animation in animations):
        function = _function(before) if before else None
        if before and function is None and keeps_before:
            if not _wrap(element, before, parents):
                return
            before = ""
        if not before or function:
            kind, value = (function[1], function[2]) if function else IDENTITY
            said = {"attributeName": name, "type": kind, "values": value}
            element.insert(0, Element("animateTransform", said | MARK))
    element.set(name, f"{before} {after}".strip() if keeps_before else after)


def _is_mark(animation: Element) -> bool:
    return (
        animation.tag == "animateTransform" and MARK.items() <= animation.attrib.items() and len(animation.attrib) == 5
    )


def _said(animation: Element) -> tuple[str, str]:
    return animation.get("type", "translate"), animation.get("values", "")


def _replaces(animation: Element) -> bool:
    says_by = "by" in animation.attrib and not {"values", "to"} & animation.attrib.keys()
    return animation.get("additive") != "sum" and not says_by


def _composed(animations: list[tuple[Element, str]]) -> tuple[str, bool]:
    """What animations with these values make in their order, and whether it comes after what was before."""
    functions: list[str] = []
    keeps_before = True
    for animation, value in animations:
        if _replaces(animation):
            functions, keeps_before = [], False
        functions.append(f"{animation.get('type', 'translate')}({value.strip()})")
    return " ".join(functions), keeps_before


def _settled(animations: list[Element], times: Times) -> tuple[str, bool] | None:
    ends = [(times.begin(animation), animation, times.final_value([animation])) for animation in animations]
    ordered = sorted(
        ((begin, animation, value) for begin, animation, value in ends if begin is not None and value),
        key=lambda end: end[0],
    )
    return _composed([(animation, value) for _begin, animation, value in ordered]) if ordered else None


def _largest(before: str, animations: list[Element], times: Times) -> tuple[str, bool] | None:
    """The moment at which an element without any size is largest, which it has only in animations without end."""
    endless = [animation for animation in animations if times.is_endless(animation)]
    if not endless or affine(before).scale > 0:
        return None
    listed = [(animation, steps(animation)) for animation in endless]
    moments = [
        _composed([(animation, values[min(index, len(values) - 1)]) for animation, values in listed])
        for index in range(min(MAX_MOMENTS, max(len(values) for _animation, values in listed)))
    ]
    largest = max(moments, key=lambda moment: affine(moment[0]).scale)
    return largest if affine(largest[0]).scale > 0 and not largest[1] else None


def rest_of_motion(
    element: Element, times: Times, parents: dict[Element, Element], targets: Mapping[str, Element]
) -> None:
    """Put an element that moves along a path where it comes to rest, or where it starts if it never does.

    A group around it holds the place, so that in browsers it moves as before.
    """
    motions = [child for child in element if child.tag == "animateMotion" and times.begin(child) is not None]
    resting = [child for child in motions if child.get("fill") == "freeze" and not times.is_endless(child)]
    moving = resting or [child for child in motions if times.is_endless(child)]
    if not moving:
        return
    motion = max(moving, key=lambda child: times.begin(child) or 0.0)
    place = _place(motion, targets, bool(resting))
    parent = parents.get(element)
    if place is None or parent is None:
        return
    if not (parent.tag == "g" and len(parent) == 2 and _is_mark(parent[0])):
        if not _wrap(element, "", parents):
            return
        parent = parents[element]
        said = dict(zip(("attributeName", "type", "values"), ("transform", *IDENTITY), strict=True))
        parent.insert(0, Element("animateTransform", said | MARK))
    parent.set("transform", place)


def _wrap(element: Element, transform: str, parents: dict[Element, Element]) -> bool:
    """Put a group with this transformation around an element; False where no group may stand."""
    parent = parents.get(element)
    if parent is None or parent.tag == "clipPath":
        return False
    group = Element("g", {"transform": transform} if transform else {})
    if transform and "transform-origin" in element.attrib:
        group.set("transform-origin", element.attrib["transform-origin"])
    parent[list(parent).index(element)] = group
    group.append(element)
    parents[element], parents[group] = group, parent
    return True


def _place(motion: Element, targets: Mapping[str, Element], at_end: bool) -> str | None:
    """The transformation to the end or the start of the path; None where there is no path."""
    share = 1.0 if at_end else 0.0
    points = [point for point in motion.get("keyPoints", "").split(";") if is_number(point)]
    if points:
        share = float(points[-1 if at_end else 0])
    found = _at(_line(motion, targets), min(1.0, max(0.0, share)))
    if found is None:
        return None
    (x, y), (across, down) = found
    rotate = motion.get("rotate", "0")
    angle = float(rotate) if is_number(rotate) else math.degrees(math.atan2(down, across))
    angle += 180 if rotate == "auto-reverse" else 0
    turn = f" rotate({written(angle)})" if angle else ""
    return f"translate({written(x)} {written(y)}){turn}"


def _line(motion: Element, targets: Mapping[str, Element]) -> list[Point]:
    """The path of a motion as a line of many corners."""
    from fontTools.pens.basePen import BasePen
    from fontTools.svgLib.path import parse_path

    class Corners(BasePen):  # type: ignore[misc]  # fontTools has no types
        def __init__(self) -> None:
            super().__init__(None)
            self.points: list[Point] = []

        def _moveTo(self, point: Point) -> None:
            self.points.append(point)

        _lineTo = _moveTo

        def _closePath(self) -> None:
            self.points.append(self.points[0])

        def _curveToOne(self, first: Point, second: Point, end: Point) -> None:
            start = self.points[-1]
            for share in (step / SAMPLES for step in range(1, SAMPLES + 1)):
                weights = ((1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3)
                corners = (start, first, second, end)
                x, y = (sum(w * corner[axis] for w, corner in zip(weights, corners, strict=True)) for axis in (0, 1))
                self.points.append((x, y))

    mpath = next((child for child in motion if child.tag == "mpath"), None)
    d = motion.get("path", "")
    if mpath is not None:
        target = targets.get(mpath.get("href", "")[1:])
        d = "" if target is None else target.get("d", "")
    elif not d:
        d = "M" + " L".join(step for step in steps(motion) if step.strip())
    pen = Corners()
    try:
        parse_path(d, pen)
    except Exception:  # the library raises all sorts of errors on a path that is not valid
        return []
    return pen.points


def _at(line: list[Point], share: float) -> tuple[Point, Point] | None:
    """The point at a share of the length of a line, and the direction of the line there."""
    pairs = [(start, end) for start, end in zip(line, line[1:], strict=False) if start != end]
    if not pairs:
        return (line[0], (1.0, 0.0)) if line else None
    left = share * sum(math.dist(*pair) for pair in pairs)
    for start, end in pairs:
        length = math.dist(start, end)
        if left <= length or (start, end) == pairs[-1]:
            part = min(1.0, left / length)
            direction = (end[0] - start[0], end[1] - start[1])
            return (start[0] + part * direction[0], start[1] + part * direction[1]), direction
        left -= length
    return None
