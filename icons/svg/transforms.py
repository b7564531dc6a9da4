"""Transformations: from what CSS says to the list that the attribute `transform` holds."""

import math
import re
from typing import NamedTuple

from icons.svg.lengths import Context, is_number, user_units, written

ANGLES = {"deg": 1.0, "rad": 180 / math.pi, "grad": 0.9, "turn": 360.0}  # degrees
MAX_FUNCTIONS = 100  # in one list
_call = re.compile(r"\s*([a-z0-9]+)\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*,?", re.IGNORECASE)
_angle = re.compile(r"\s*([+-]?[\d.]+(?:e[+-]?\d+)?)(deg|rad|grad|turn)?\s*", re.IGNORECASE | re.ASCII).fullmatch
_numbers = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE | re.ASCII)


class Affine(NamedTuple):
    """x' = a·x + c·y + e, y' = b·x + d·y + f, as the function matrix() has them."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def __matmul__(self, inner: "Affine") -> "Affine":
        """The transformation that does `inner` first."""
        return Affine(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )

    @property
    def scale(self) -> float:
        """By how much lengths grow, on an average over all directions."""
        return math.sqrt(abs(self.a * self.d - self.b * self.c))


class Box(NamedTuple):
    """The rectangle that percentages and the origin of a transformation are relative to, in user units."""

    left: float
    top: float
    width: float
    height: float


def affine(text: str) -> Affine:
    """What an attribute `transform` does; nothing from the first function on that is not valid."""
    result = Affine()
    for name, arguments in _call.findall(text)[:MAX_FUNCTIONS]:
        numbers = list(map(float, _numbers.findall(arguments)))
        step = _step(name, numbers)
        if step is None:
            break
        result = result @ step
    return result


def _step(name: str, numbers: list[float]) -> Affine | None:
    count = len(numbers)
    if name == "matrix" and count == 6:
        return Affine(*numbers)
    if name == "translate" and count in (1, 2):
        return Affine(e=numbers[0], f=numbers[1] if count == 2 else 0.0)
    if name == "scale" and count in (1, 2):
        return Affine(a=numbers[0], d=numbers[-1])
    if name == "rotate" and count in (1, 3):
        cosine, sine = math.cos(math.radians(numbers[0])), math.sin(math.radians(numbers[0]))
        turn = Affine(cosine, sine, -sine, cosine)
        x, y = numbers[1:] or (0.0, 0.0)
        return Affine(e=x, f=y) @ turn @ Affine(e=-x, f=-y)
    if name in ("skewX", "skewY") and count == 1:
        slope = math.tan(math.radians(numbers[0]))
        return Affine(c=slope) if name == "skewX" else Affine(b=slope)
    return None


def svg_transform(css: str, context: Context, box: Box) -> str | None:
    """The list of an attribute for the property `transform` of CSS; None where it is not valid in CSS.

    `box` is what percentages are relative to. Of transformations in space, what they do within the plane is kept.

    >>> svg_transform("translate(1px, 50%) rotate(.5turn)", Context(24, 24), Box(0, 0, 24, 24))
    'translate(1 12) rotate(180)'
    """
    text = css.strip()
    if text.lower() == "none":
        return ""
    position = 0
    steps: list[str] = []
    while position < len(text):
        match = _call.match(text, position)
        step = _svg_function(match[1].lower(), match[2].split(","), context, box) if match else None
        if match is None or step is None or len(steps) >= MAX_FUNCTIONS:
            return None
        steps.append(step)
        position = match.end()
    return " ".join(filter(None, steps))


def _svg_function(name: str, arguments: list[str], context: Context, box: Box) -> str | None:
    arguments = [argument.strip() for argument in arguments]
    try:
        if name.startswith("translate"):
            x, y = _shift(name.removeprefix("translate"), arguments, context, box)
            return f"translate({written(x)} {written(y)})"
        if name.startswith("scale"):
            x, y = _factors(name.removeprefix("scale"), arguments)
            return f"scale({written(x)} {written(y)})"
        if name in ("rotate", "rotatez", "skewx", "skewy"):
            function = {"skewx": "skewX", "skewy": "skewY"}.get(name, "rotate")
            return f"{function}({written(degrees(*arguments))})"
        if name in ("rotatex", "rotatey"):  # seen from the front, what turns about an axis gets narrower
            share = written(math.cos(math.radians(degrees(*arguments))))
            return f"scale(1 {share})" if name == "rotatex" else f"scale({share} 1)"
        if name == "rotate3d" and len(arguments) == 4:
            axes = [float(argument) for argument in arguments[:3]]
            turn = [axis for axis, share in zip("xyz", axes, strict=True) if share]
            sign = -1 if turn == ["z"] and axes[2] < 0 else 1
            angle = f"{sign * degrees(arguments[3])}deg"
            return _svg_function(f"rotate{turn[0]}", [angle], context, box) if len(turn) == 1 else None
        if name == "skew":
            x, y = (math.tan(math.radians(degrees(angle))) for angle in (arguments + ["0"])[:2])
            return f"matrix(1 {written(y)} {written(x)} 1 0 0)"
        if name in ("matrix", "matrix3d"):
            numbers = [float(argument) for argument in arguments]
            flat = [numbers[index] for index in (0, 1, 4, 5, 12, 13)] if name == "matrix3d" else numbers
            return f"matrix({' '.join(map(written, flat))})" if len(flat) == 6 else None
    except (ValueError, TypeError, IndexError):
        return None
    return "" if name == "perspective" else None


def _shift(axes: str, arguments: list[str], context: Context, box: Box) -> tuple[float, float]:
    x = _css_length(arguments[0], "x", context, box) if axes in ("", "x", "3d") else 0.0
    if axes == "y":
        return 0.0, _css_length(arguments[0], "y", context, box)
    return x, _css_length(arguments[1], "y", context, box) if axes in ("", "3d") and len(arguments) > 1 else 0.0


def _css_length(text: str, axis: str, context: Context, box: Box) -> float:
    """A length with its unit, as CSS wants it. Raises ValueError."""
    length = user_units(text, axis, context, whole=box.width if axis == "x" else box.height)
    if length is None or (is_number(text) and length != 0):
        raise ValueError(text)
    return length


def _factors(axes: str, arguments: list[str]) -> tuple[float, float]:
    factors = [float(text[:-1]) / 100 if text.endswith("%") else float(text) for text in arguments]
    if axes in ("x", "y", "z"):
        return (factors[0], 1.0) if axes == "x" else (1.0, factors[0] if axes == "y" else 1.0)
    return factors[0], factors[1] if len(factors) > 1 else factors[0]


def degrees(text: str) -> float:
    """An angle in degrees. Raises ValueError where it has no unit and is not 0, as in CSS."""
    match = _angle(text)
    if match is None or (match[2] is None and float(match[1]) != 0):
        raise ValueError(text)
    return float(match[1]) * ANGLES[(match[2] or "deg").lower()]


def origin(text: str, context: Context, box: Box, middle: bool = False) -> tuple[float, float]:
    """The point that `transform-origin` means: by default the corner of the user space, or the middle of the box."""
    x, y = (box.left + box.width / 2, box.top + box.height / 2) if middle else (0.0, 0.0)
    words = text.lower().replace(",", " ").split()[:2]
    if not words:
        return x, y
    if len(words) == 1:
        words = ["center", words[0]] if words[0] in ("top", "bottom") else [words[0], "center"]
    elif words[0] in ("top", "bottom") or words[1] in ("left", "right"):
        words.reverse()
    shares = {"left": "0%", "top": "0%", "center": "50%", "right": "100%", "bottom": "100%"}
    across = user_units(shares.get(words[0], words[0]), "x", context, whole=box.width)
    down = user_units(shares.get(words[1], words[1]), "y", context, whole=box.height)
    return (x, y) if across is None or down is None else (box.left + across, box.top + down)


def about(transform: str, x: float, y: float) -> str:
    """The transformation, done about this point."""
    if not transform or (x == 0 and y == 0):
        return transform
    return f"translate({written(x)} {written(y)}) {transform} translate({written(-x)} {written(-y)})"
