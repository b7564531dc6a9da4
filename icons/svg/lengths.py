"""Lengths: from the units and percentages that people write to numbers of user units."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?"
is_number = re.compile(rf"\s*{NUMBER}\s*", re.IGNORECASE | re.ASCII).fullmatch
_length = re.compile(rf"\s*({NUMBER})([a-z]+|%)?\s*", re.IGNORECASE | re.ASCII).fullmatch
FUNCTIONS = ("calc(", "min(", "max(", "clamp(")
_operand = re.compile(rf"calc|min|max|clamp|(?<![\w.%)]){NUMBER}(?:[a-z]+|%)?|[-+*/()]|\S", re.IGNORECASE | re.ASCII)
PIXELS = {"": 1.0, "px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54, "q": 2.4 / 2.54, "pt": 4 / 3, "pc": 16.0}
FONT_SIZE = 16.0  # px, where nothing says another
MAX_CALC = 200  # characters of a calc()
MAX_NESTED = 20  # brackets within one another in a calc()


@dataclass(frozen=True, slots=True)
class Context:
    """What the lengths and variables in a part of a drawing are relative to."""

    width: float  # of the nearest viewport, in user units, as the height
    height: float
    em: float = FONT_SIZE
    rem: float = FONT_SIZE  # the size of text of the root
    variables: Mapping[str, str] = field(default_factory=dict)  # custom properties of CSS
    dashes: tuple[str, str] = ("", "")  # stroke-dasharray and stroke-dashoffset that are inherited
    template: bool = False  # whether it is drawn where something refers to it

    def side(self, axis: str) -> float:
        """What 100 % are along an axis, "x" or "y", or of a length that has no direction."""
        if axis == "x":
            return self.width
        return self.height if axis == "y" else math.hypot(self.width, self.height) / math.sqrt(2)


def written(number: float) -> str:
    """A number with at most seven significant digits, as SVG writes it."""
    text = f"{number:.7g}"
    return "0" if text == "-0" else text


def user_units(text: str, axis: str, context: Context, whole: float | None = None) -> float | None:
    """The length in user units; None where the text is no length. `whole` is what 100 % are, if not the viewport's.

    >>> user_units("1in", "x", Context(24, 24)), user_units("50%", "x", Context(24, 24))
    (96.0, 12.0)
    """
    match = _length(text)
    if match is None:
        lower = text.strip().lower()
        computed = lower.startswith(FUNCTIONS) and len(text) < MAX_CALC
        return _calc(lower, axis, context, whole) if computed else None
    number, unit = float(match[1]), (match[2] or "").lower()
    if unit in PIXELS:
        number *= PIXELS[unit]
    elif unit == "%":
        number *= (context.side(axis) if whole is None else whole) / 100
    elif unit in ("em", "ic", "ex", "ch"):
        number *= context.em if unit in ("em", "ic") else context.em / 2
    elif unit == "rem":
        number *= context.rem
    elif unit in ("vw", "vh", "vi", "vb", "vmin", "vmax"):
        sides = {"vw": context.width, "vi": context.width, "vh": context.height, "vb": context.height}
        number *= sides.get(unit, (min if unit == "vmin" else max)(sides.values())) / 100
    else:
        return None
    return number if math.isfinite(number) else None


def _calc(text: str, axis: str, context: Context, whole: float | None) -> float | None:
    """The value of calc(), min(), max() or clamp(), by the rules of arithmetic; None where it is not valid."""
    tokens = _operand.findall(text)
    position = 0

    def operand(depth: int) -> float:
        nonlocal position
        token = tokens[position]
        position += 1
        if token in ("min", "max", "clamp"):
            values = list[float]()
            while not values or tokens[position] == ",":
                position += 1
                values.append(total(depth + 1))
            position += 1
            if token == "clamp":
                return max(values[0], min(values[1], values[2]))
            return min(values) if token == "min" else max(values)
        if token == "calc":
            return operand(depth + 1)
        if depth > MAX_NESTED:
            raise ValueError(token)
        if token != "(":
            value = user_units(token, axis, context, whole)
            if value is None:
                raise ValueError(token)
            return value
        value = total(depth + 1)
        if tokens[position] != ")":
            raise ValueError(token)
        position += 1
        return value

    def product(depth: int) -> float:
        nonlocal position
        value = operand(depth)
        while position < len(tokens) and tokens[position] in "*/":
            position += 1
            value = value * operand(depth) if tokens[position - 1] == "*" else value / operand(depth)
        return value

    def total(depth: int) -> float:
        nonlocal position
        value = product(depth)
        while position < len(tokens) and tokens[position] in "+-":
            sign = 1 if tokens[position] == "+" else -1
            position += 1
            value += sign * product(depth)
        return value

    try:
        value = operand(0)
    except (ValueError, IndexError, ArithmeticError):
        return None
    return value if position == len(tokens) and math.isfinite(value) else None
