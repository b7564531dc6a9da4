"""The view box of a drawing, which is the rectangle of its coordinates that is shown; and turning a drawing in it."""

import re
from typing import NamedTuple

from icons.svg import lengths

NUMBER = re.compile(lengths.NUMBER, re.IGNORECASE | re.ASCII)


class ViewBox(NamedTuple):
    """A rectangle in user units; y goes down. As text it is what the attribute viewBox holds."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def parse(cls, text: str) -> "ViewBox":
        """The view box in an attribute viewBox: four numbers with spaces or commas between them. Raises ValueError.

        >>> str(ViewBox.parse("0 -1.50 24 24.0"))
        '0 -1.5 24 24'
        """
        return cls.of_numbers(*re.split(r"\s*,\s*|\s+", text.strip()))

    @classmethod
    def of_numbers(cls, *numbers: str) -> "ViewBox":
        """The view box of these four numbers: left, top, width and height. Raises ValueError."""
        if len(numbers) != 4 or not all(map(NUMBER.fullmatch, numbers)):
            raise ValueError(numbers)
        left, top, width, height = map(float, numbers)
        return cls(left, top, width, height)

    def __str__(self) -> str:
        return " ".join(map(shortest, self))

    @property
    def longer_side(self) -> float:
        """The width or the height, whichever is more."""
        return max(self.width, self.height)

    def rounded(self) -> "ViewBox":
        """The same with six significant digits, which hides what adding fractions leaves behind."""
        return ViewBox(*(float(f"{number:g}") for number in self))

    def turned(self, quarters: int) -> "ViewBox":
        """The box turned about its own middle by quarter turns."""
        if quarters % 2 == 0:
            return self
        x, y = 2 * self.left + self.width, 2 * self.top + self.height
        return ViewBox((x - self.height) / 2, (y - self.width) / 2, self.height, self.width)


def shortest(number: float) -> str:
    """A number in its shortest spelling that reads back the same."""
    return str(int(number)) if number.is_integer() else repr(number)


def flip_and_turn(body: str, view_box: ViewBox, quarters: int, flip_x: bool, flip_y: bool) -> tuple[str, ViewBox]:
    """Contents of an SVG, flipped and then turned clockwise about the middle of their view box, and their new view box.

    `quarters` are quarter turns.
    """
    x, y = 2 * view_box.left + view_box.width, 2 * view_box.top + view_box.height
    if flip_x:
        body = f'<g transform="translate({x:g} 0) scale(-1 1)">{body}</g>'
    if flip_y:
        body = f'<g transform="translate(0 {y:g}) scale(1 -1)">{body}</g>'
    if turns := quarters % 4:
        body = f'<g transform="rotate({90 * turns} {x / 2:g} {y / 2:g})">{body}</g>'
    return body, view_box.turned(turns)
