"""Animations: how a drawing looks once its animations are over, or where they rest.

Readers that do not animate (a rasteriser, a font) draw an element as its attributes say, which for many animated icons
is the blank first frame. So the attributes are made to say how it looks at the end, and a <set> before the animations
gives browsers back what it was before they begin.
"""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from icons.svg.declarations import Declaration
from icons.svg.lengths import is_number

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
_percent = re.compile(r"([\d.]+)%").findall


INHERITED = frozenset(
    ("stroke-dashoffset", "stroke-dasharray", "stroke-width", "stroke-opacity", "fill-opacity", "visibility")
) | {"fill", "stroke"}


def rest(root: Element, animated: list[Element], animations: list[Element]) -> None:
    """Let the attributes of the animated elements of a cleaned drawing say how they look at the end, in place.

    `animations` are all animations of the drawing, in the order of the document.
    """
    timeline = Timeline(animations)
    parents = {child: parent for parent in root.iter() for child in parent}
    for element in animated:
        _rest(element, timeline, parents)


def _inherited(element: Element | None, name: str, parents: Mapping[Element, Element]) -> str | None:
    """What an attribute is before the animations: said by the element or around it, or by default."""
    while element is not None:
        if name in element.attrib:
            return element.attrib[name]
        element = parents.get(element) if name in INHERITED else None
    return DEFAULTS.get(name)


def _rest(element: Element, timeline: "Timeline", parents: Mapping[Element, Element]) -> None:
    own = (None, f"#{element.get('id', '')}")
    _rest_of_transform(element, timeline)
    simple = [child for child in element if child.tag in SIMPLE and child.get("href") in own]
    for name in dict.fromkeys(child.get("attributeName", "") for child in simple):
        animations = [child for child in simple if child.get("attributeName") == name]
        # A bare <set> before the others says what the attribute is before they begin, as this module writes it.
        marked = len(animations) > 1 and animations[0].tag == "set" and set(animations[0].attrib) == MARK
        before = animations.pop(0).get("to") if marked else _inherited(element, name, parents)
        value = timeline.final_value(animations) or _seen(before, name, animations)
        if value is None or (value == before and not marked) or (name == "d" and value.strip()[:1] not in ("M", "m")):
            continue
        element.set(name, value)
        if before is not None and not marked:
            element.insert(0, Element("set", {"attributeName": name, "to": before}))


def _rest_of_transform(element: Element, timeline: "Timeline") -> None:
    """Let `transform` say where a single animation of it, which replaces it from the beginning on, comes to rest."""
    animations = [child for child in element if child.tag == "animateTransform"]
    if len(animations) != 1 or animations[0].get("additive") == "sum" or timeline.begin(animations[0]) != 0:
        return
    value = timeline.final_value(animations)
    if value:
        element.set("transform", f"{animations[0].get('type', 'translate')}({value})")


def _seen(before: str | None, name: str, animations: list[Element]) -> str | None:
    """The greatest value of an animation without end, if the element is not seen without it."""
    if name not in SHOWING or before is None or not is_number(before) or float(before) != 0:
        return None
    steps = [step.strip() for animation in animations for step in _steps(animation)]
    return max((step for step in steps if is_number(step)), key=float, default=None)


def _steps(animation: Element) -> list[str]:
    values = animation.get("values", "").split(";")
    return values if animation.get("values") else [animation.get("from", ""), animation.get("to", "")]


class Timeline:
    """When the animations of a document begin and end, in seconds."""

    def __init__(self, animations: list[Element]) -> None:
        """The animations are cleaned elements, in the order of the document."""
        self.by_id = {animation.attrib["id"]: animation for animation in animations if "id" in animation.attrib}
        self.order = {animation: index for index, animation in enumerate(animations)}

    def final_value(self, animations: list[Element]) -> str | None:
        """The value that an attribute keeps after these animations of it; None where it goes back to its own."""
        last: tuple[float, int, str] | None = None
        for animation in animations:
            round_and_round = self.begins_anew(animation)
            begin = 0.0 if round_and_round else self.begin(animation)
            endless = round_and_round or self.duration(animation) is None
            stays = animation.get("fill") == "freeze" or (animation.tag == "set" and not animation.get("dur"))
            if begin is None or not (stays or endless):
                continue
            key = (begin, self.order.get(animation, 0), "" if endless else _steps(animation)[-1].strip())
            if last is None or key[:2] >= last[:2]:
                last = key
        return last[2] or None if last else None

    def begin(self, animation: Element, rounds: int = ROUNDS) -> float | None:
        """When it first begins; None where that is never, or when somebody clicks."""
        for text in animation.get("begin", "0").split(";"):
            if match := _clock(text):
                return _seconds(match[1], match[2])
            if (match := _after(text)) and match[1] in self.by_id and rounds:
                other = self.by_id[match[1]]
                start, length = self.begin(other, rounds - 1), self.duration(other)
                if start is not None and length is not None:
                    shift = _seconds(match[4], match[5]) * (-1 if match[3] == "-" else 1) if match[4] else 0.0
                    return start + shift + (length if match[2] == "end" else 0.0)
        return None

    def begins_anew(self, animation: Element) -> bool:
        """Whether it waits, perhaps among others, for an animation that waits for it: they go round for ever."""
        waiting, seen = [animation], set()
        while waiting:
            for text in waiting.pop().get("begin", "").split(";"):
                match = _after(text)
                other = self.by_id.get(match[1]) if match else None
                if other is animation:
                    return True
                if other is not None and other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return False

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


def rest_of_css(
    properties: Mapping[str, str], keyframes: Mapping[str, list[tuple[str, list[Declaration]]]]
) -> dict[str, str]:
    """What the animations of CSS that an element has leave of its properties.

    After an animation that keeps its end, those of its last frame; of one without end, the frame that shows most of an
    element that would not be seen without it.
    """
    words = properties.get("animation", "").replace(",", " ").split()
    name = next((word for word in [properties.get("animation-name", ""), *words] if word in keyframes), None)
    if name is None:
        return {}
    words += [properties.get(f"animation-{key}", "") for key in ("fill-mode", "iteration-count")]
    frames = [(_offset(at), declarations) for at, declarations in keyframes[name]]
    if ("forwards" in words or "both" in words) and "infinite" not in words:
        return {key: value for at, frame in frames if at == 100 for _important, key, value in frame}
    present = properties.get("opacity", "1")
    if is_number(present) and float(present) == 0:
        shown = [value for _at, frame in frames for _important, key, value in frame if key == "opacity"]
        numbers = [value for value in shown if is_number(value)]
        return {"opacity": max(numbers, key=float)} if numbers else {}
    return {}


def _offset(selector: str) -> float:
    """The last moment of the frame, in per cent."""
    if "to" in selector.split():
        return 100.0
    return max(map(float, _percent(selector)), default=0.0)
