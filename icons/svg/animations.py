"""Animations: how a drawing looks once its animations are over, or where they rest.

Readers that do not animate (a rasteriser, a font) draw an element as its attributes say, which for many animated icons
is the blank first frame. So the attributes are made to say how it looks at the end, and a <set> before the animations
gives browsers back what it was before they begin.
"""

import math
import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from icons.svg.lengths import is_number, written
from icons.svg.motion import rest_of_motion, rest_of_transforms, steps

SIMPLE = frozenset({"animate", "set"})
MARK = {"attributeName", "to"}
POSITIONS = ("x", "y", "cx", "cy", "x1", "x2", "y1", "y2", "stroke-dashoffset")
# What is 0 of these is not seen; the value where nothing is said.
SHOWING = {"opacity": "1", "fill-opacity": "1", "stroke-opacity": "1", "r": "0", "width": "0", "height": "0", "rx": "0",
           "ry": "0", "stroke-width": "1"}  # fmt: skip
DEFAULTS = {
    **dict.fromkeys(POSITIONS, "0"),
    **SHOWING,
    "stop-opacity": "1",
    "visibility": "visible",
    "display": "inline",
}
UNITS = {"h": 3600.0, "min": 60.0, "s": 1.0, "ms": 0.001}  # seconds
ROUNDS = 50  # of looking up when an animation begins that waits for another one
_clock = re.compile(r"\s*([+-]?[\d.]+)(h|min|s|ms)?\s*").fullmatch
_after = re.compile(r"\s*([^\s;+]+)\.(begin|end)\s*(?:([+-])\s*([\d.]+)(h|min|s|ms)?)?\s*").fullmatch


INHERITED = frozenset(
    ("stroke-dashoffset", "stroke-dasharray", "stroke-width", "stroke-opacity", "fill-opacity", "visibility")
) | {"fill", "stroke"}


def rest(root: Element, animated: list[Element], animations: list[Element]) -> None:
    """Let the attributes of the animated elements of a cleaned drawing say how they look at the end, in place.

    `animations` are all animations of the drawing, in the order of the document.
    """
    timeline = Timeline(animations)
    parents = {child: parent for parent in root.iter() for child in parent}
    targets = {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}
    for element in animated:
        _rest(element, timeline, parents)
        rest_of_transforms(element, timeline, parents)
        rest_of_motion(element, timeline, parents, targets)


def _inherited(element: Element | None, name: str, parents: Mapping[Element, Element]) -> str | None:
    """What an attribute is before the animations: said by the element or around it, or by default."""
    while element is not None:
        if name in element.attrib:
            return element.attrib[name]
        element = parents.get(element) if name in INHERITED else None
    return DEFAULTS.get(name)


def _rest(element: Element, timeline: "Timeline", parents: Mapping[Element, Element]) -> None:
    own = (None, f"#{element.get('id', '')}")
    simple = [child for child in element if child.tag in SIMPLE and child.get("href") in own]
    for name in dict.fromkeys(child.get("attributeName", "") for child in simple):
        animations = [child for child in simple if child.get("attributeName") == name]
        # A bare <set> before the others says what the attribute is before they begin, as this module writes it.
        marked = len(animations) > 1 and animations[0].tag == "set" and set(animations[0].attrib) == MARK
        before = animations.pop(0).get("to") if marked else _inherited(element, name, parents)
        value = timeline.final_value(animations, before) or _seen(before, name, animations)
        value = value or _held(name, animations, timeline)
        if value is None or (value == before and not marked) or (name == "d" and value.strip()[:1] not in ("M", "m")):
            continue
        element.set(name, value)
        if before is not None and not marked:
            element.insert(0, Element("set", {"attributeName": name, "to": before}))


def _seen(before: str | None, name: str, animations: list[Element]) -> str | None:
    """The greatest value of an animation without end, or its first path, if the element is not seen without it."""
    if name == "d" and not before:
        return steps(animations[0])[0].strip()
    if name not in SHOWING or before is None or not is_number(before) or float(before) != 0:
        return None
    values = [value.strip() for animation in animations for value in steps(animation)]
    return max((value for value in values if is_number(value)), key=float, default=None)


def _held(name: str, animations: list[Element], timeline: "Timeline") -> str | None:
    """The value at which an animation without end stands still for at least half of its time, if it shows there."""
    for animation in animations:
        values = [value.strip() for value in steps(animation)]
        times = [time for time in animation.get("keyTimes", "").split(";") if is_number(time)]
        if len(times) != len(values):
            times = [str(index / max(1, len(values) - 1)) for index in range(len(values))]
        spans: dict[str, float] = {}
        for index in range(len(values) - 1):
            if values[index] == values[index + 1]:
                spans[values[index]] = spans.get(values[index], 0.0) + float(times[index + 1]) - float(times[index])
        if spans and timeline.is_endless(animation) and timeline.begin(animation) is not None:
            value = max(spans, key=lambda value: spans[value])
            unseen = name in SHOWING and is_number(value) and float(value) == 0
            return value if spans[value] >= 0.5 and not unseen else None
    return None


class Timeline:
    """When the animations of a document begin and end, in seconds."""

    def __init__(self, animations: list[Element]) -> None:
        """The animations are cleaned elements, in the order of the document."""
        self.by_id = {animation.attrib["id"]: animation for animation in animations if "id" in animation.attrib}
        self.order = {animation: index for index, animation in enumerate(animations)}
        self._round_and_round = self._waiting_for_themselves()
        self._begins: dict[Element, float] = {}
        for _round in range(ROUNDS):
            known = len(self._begins)
            for animation in animations:
                begin = None if animation in self._begins else self._earliest(animation)
                if begin is not None:
                    self._begins[animation] = begin
            if len(self._begins) == known:
                break

    def final_value(self, animations: list[Element], before: str | None = None) -> str | None:
        """The value that an attribute keeps after these animations of it; None where it goes back to its own.

        `before` is what it is without them.
        """
        last: tuple[float, int, str] | None = None
        for animation in animations:
            endless = self.is_endless(animation)
            begin = self.begin(animation)
            stays = animation.get("fill") == "freeze" or (animation.tag == "set" and not animation.get("dur"))
            if begin is None or not (stays or endless):
                continue
            key = (begin, self.order.get(animation, 0), "" if endless else self._last_step(animation, before))
            if last is None or key[:2] >= last[:2]:
                last = key
        return last[2] or None if last else None

    def _last_step(self, animation: Element, before: str | None) -> str:
        """The value at which an animation ends."""
        values = [value.strip() for value in steps(animation)]
        last = values[-1] or animation.get("by", "").strip()
        if animation.tag == "animateTransform" or not is_number(last):
            return last
        number, count = float(last), animation.get("repeatCount", "1")
        repeats = float(count) if is_number(count) else 1.0
        part = repeats % 1
        if part and all(map(is_number, values)):  # it ends on its way
            at = part * (len(values) - 1)
            start, end = float(values[int(at)]), float(values[min(int(at) + 1, len(values) - 1)])
            number = start + (end - start) * (at % 1)
        if animation.get("accumulate") == "sum":
            number += float(last) * (math.ceil(repeats) - 1)
        is_sum = animation.get("additive") == "sum" or not values[-1]
        if is_sum and before is not None and is_number(before):
            number += float(before)
        return last if number == float(last) else written(number)

    def begin(self, animation: Element) -> float | None:
        """When it first begins; None where that is never, or when somebody clicks."""
        return self._begins.get(animation, 0.0 if animation in self._round_and_round else None)

    def is_endless(self, animation: Element) -> bool:
        """Whether it goes on for ever, by itself or since it waits for some that wait for one another."""
        return self.duration(animation) is None or animation in self._round_and_round

    def _earliest(self, animation: Element) -> float | None:
        """When it first begins, as far as it is known when the others do."""
        begins = []
        for text in animation.get("begin", "0").split(";"):
            if match := _clock(text):
                begins.append(_seconds(match[1], match[2]))
            elif match := _after(text):
                other = self.by_id.get(match[1])
                length = None if other is None else self.duration(other)
                if other in self._begins and length is not None:
                    shift = _seconds(match[4], match[5]) * (-1 if match[3] == "-" else 1) if match[4] else 0.0
                    begins.append(self._begins[other] + shift + (length if match[2] == "end" else 0.0))
        return min(begins, default=None)

    def _waiting_for_themselves(self) -> set[Element]:
        """The animations that wait for one another in a circle, and those that wait for these."""
        waits = {
            animation: {
                self.by_id[match[1]]
                for text in animation.get("begin", "").split(";")
                if (match := _after(text)) and match[1] in self.by_id
            }
            for animation in self.order
        }
        waited_by: dict[Element, list[Element]] = {}
        for animation, others in waits.items():
            for other in others:
                waited_by.setdefault(other, []).append(animation)
        free = [animation for animation, others in waits.items() if not others]
        while free:
            animation = free.pop()
            del waits[animation]
            for later in waited_by.get(animation, ()):
                waits[later].discard(animation)
                if not waits[later]:
                    free.append(later)
        return set(waits)

    def duration(self, animation: Element) -> float | None:
        """How long it lasts with all repeats; None where it has no end, 0 where it holds at once."""
        if "indefinite" in (animation.get("repeatCount"), animation.get("repeatDur")):
            return None
        text = animation.get("dur", "indefinite")
        match = _clock(text)
        if match is None:
            return 0.0 if animation.tag == "set" else None
        count = animation.get("repeatCount", "1")
        return _seconds(match[1], match[2]) * (float(count) if is_number(count) else 1.0)


def _seconds(number: str, unit: str | None) -> float:
    try:
        return float(number) * UNITS[unit or "s"]
    except ValueError:
        return 0.0
