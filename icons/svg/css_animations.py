"""Animations of CSS: what they leave of an element's properties once they are over."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from icons.svg.declarations import Declaration
from icons.svg.lengths import is_number

DIRECTIONS = ("normal", "reverse", "alternate", "alternate-reverse")
FILLS = ("none", "forwards", "backwards", "both")
_percent = re.compile(r"([\d.]+)%").findall
_commas = re.compile(r",(?![^(]*\))").split


class Run(NamedTuple):
    """How one animation of an element runs."""

    name: str
    fill: str
    repeats: str
    direction: str

    @property
    def end(self) -> float:
        """The offset at which it ends, in per cent."""
        backward = self.direction in ("reverse", "alternate-reverse")
        even = is_number(self.repeats) and float(self.repeats) % 2 == 0
        return 0.0 if backward != (even and self.direction.startswith("alternate")) else 100.0


def rest_of_css(
    properties: Mapping[str, str], keyframes: Mapping[str, list[tuple[str, list[Declaration]]]]
) -> dict[str, str]:
    """What the animations of CSS that an element has leave of its properties.

    After an animation that keeps its end, those of its last frame; of one without end, the frame that shows most of an
    element that would not be seen without it.
    """
    left: dict[str, str] = {}
    for run in _runs(properties, keyframes):
        frames = [(_offsets(at), declarations) for at, declarations in keyframes[run.name]]
        if run.repeats != "infinite":
            if run.fill in ("forwards", "both"):
                left |= {key: value for at, frame in frames if run.end in at for _important, key, value in frame}
            continue
        present = left.get("opacity", properties.get("opacity", "1"))
        if is_number(present) and float(present) == 0:
            shown = [value for _at, frame in frames for _important, key, value in frame if key == "opacity"]
            numbers = [value for value in shown if is_number(value)]
            left |= {"opacity": max(numbers, key=float)} if numbers else {}
    return left


def _runs(properties: Mapping[str, str], names: Mapping[str, object]) -> list[Run]:
    """The animations with keyframes that an element has, in their order."""
    listed = [part.split() for part in _commas(properties.get("animation", ""))]
    declared = [name.strip() for name in properties.get("animation-name", "").split(",")]
    if any(declared):
        listed = [[name, *(listed[index] if index < len(listed) else [])] for index, name in enumerate(declared)]
    runs = []
    for index, words in enumerate(listed):
        name = next((word for word in words if word.strip("'\"") in names), None)
        if name is None:
            continue
        rest = [word for word in words if word != name]
        count = next((word for word in rest if word == "infinite" or is_number(word)), "1")
        fill = next((word for word in rest if word in FILLS), "none")
        direction = next((word for word in rest if word in DIRECTIONS), "normal")
        runs.append(
            Run(
                name.strip("'\""),
                _listed(properties, "animation-fill-mode", index) or fill,
                _listed(properties, "animation-iteration-count", index) or count,
                _listed(properties, "animation-direction", index) or direction,
            )
        )
    return runs


def _listed(properties: Mapping[str, str], name: str, index: int) -> str:
    """What a property says of the animation of this index; lists that are too short begin anew."""
    values = properties.get(name, "").split(",")
    return values[index % len(values)].strip()


def _offsets(selector: str) -> list[float]:
    """The moments of a frame, in per cent."""
    words = selector.replace(",", " ").split()
    return [*map(float, _percent(selector)), *([0.0] if "from" in words else []), *([100.0] if "to" in words else [])]
