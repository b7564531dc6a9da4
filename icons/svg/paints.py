"""What a drawing paints with: whether it has colours of its own, is pale, or takes a colour that somebody asks for.

Trees are those of icons.svg.markup and of cleaning. A cleaned SVG says what it paints with in attributes alone, since
cleaning turns styles into attributes.
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from icons.svg.allowed import ANIMATIONS, SHAPES
from icons.svg.colours import BLACK, Colour, is_current, parse_colour

PAINTS = ("fill", "stroke", "stop-color", "flood-color", "lighting-color", "color")  # attributes that hold a paint
STEPS = ("values", "from", "to", "by")  # attributes of an animation; those of a paint hold paints
UNPAINTED = frozenset({"", "none", "inherit", "initial", "unset", "context-fill", "context-stroke"})
UNSEEN = frozenset({"mask", "clipPath"})  # nobody sees the colours inside of these elements
TEMPLATES = frozenset({"defs", "symbol"})  # what is inside of these elements is seen through a <use> alone
SEEN = frozenset({"pattern", "marker"})  # what is inside of these elements is seen wherever they stand
DRAWN = SHAPES | {"use"}
PALE = 0.7  # luminance; what is at least as light cannot be seen on white, with a contrast of 1.4 to 1 at most

_reference = re.compile(r"\s*url\([^)]*\)").match


class Paint(NamedTuple):
    """What one spelling paints with."""

    text: str  # its colour, in lower case
    colour: Colour | None  # None where it cannot be read, which counts as a colour with a hue
    is_current: bool  # the colour of the text around the icon, which is black as far as anybody knows

    @property
    def has_hue(self) -> bool:
        """Whether it is neither black, white nor a grey."""
        return self.colour is None or self.colour.has_hue

    @property
    def identity(self) -> object:
        """The same for two spellings of one colour."""
        return self.text if self.colour is None else self.colour.in_bytes


def split_paint(value: str) -> tuple[str, str]:
    """The reference that a paint begins with, such as `url(#shade)`, and its colour; either may be empty."""
    reference = _reference(value)
    end = reference.end() if reference else 0
    return value[:end].strip(), value[end:].strip()


@lru_cache(maxsize=10_000)
def read_paint(value: str) -> Paint | None:
    """The paint that an attribute, or one step of an animation, says; None where it paints with no colour itself."""
    text = split_paint(value)[1].lower()
    if text in UNPAINTED:
        return None
    colour = parse_colour(text)
    if colour is not None and colour.alpha == 0:
        return None
    return Paint(text, colour, is_current(text))


def is_invisible(value: str) -> bool:
    """Whether this paint shows nothing: `none` or a transparent colour, in any spelling."""
    reference, text = split_paint(value)
    colour = parse_colour(text)
    return not reference and (text.lower() == "none" or (colour is not None and colour.alpha == 0))


class Palette:
    """What the drawing `root` paints with where it is seen: outside of masks and clip paths."""

    def __init__(self, root: Element) -> None:
        self._root = root
        values = {step for element, name in painted(root) for step in element.attrib[name].split(";")}
        self.paints = {paint for paint in map(read_paint, values) if paint is not None}

    @property
    def has_hue(self) -> bool:
        """Whether the drawing paints with red, blue or the like: it is coloured."""
        return any(paint.has_hue for paint in self.paints)

    @property
    def is_pale(self) -> bool:
        """Whether the drawing paints with white alone, or what is nearly white."""
        lights = [paint.colour.luminance if paint.colour else 0.0 for paint in self.paints]
        return bool(lights) and min(lights) >= PALE and not self.has_default

    @cached_property
    def has_default(self) -> bool:
        """Whether a shape is filled with black because nothing says what fills it."""
        return any(element.tag in SHAPES and element.tag != "line" for element in unfilled(self._root))

    @cached_property
    def has_current(self) -> bool:
        """Whether the drawing paints with the colour of the text around it."""
        return any(paint.is_current for paint in self.paints)

    @cached_property
    def fixed(self) -> set[Paint]:
        """The paints that the drawing keeps whatever colour it is given; none where it is of one colour."""
        own = {paint for paint in self.paints if not paint.is_current}
        different = {paint.identity for paint in own} | ({BLACK.in_bytes} if self.has_default else set())
        of_one_grey = len(different) == 1 and not self.has_current and not any(paint.has_hue for paint in own)
        return set() if of_one_grey else own

    @property
    def default_takes_colour(self) -> bool:
        """Whether shapes that are black by default are given the colour that somebody asks for."""
        return self.has_default and not any(paint.has_hue for paint in self.fixed)

    @property
    def takes_colour(self) -> bool:
        """Whether the colour that somebody asks for changes anything that is seen."""
        return not self.fixed or self.has_current or self.default_takes_colour


def painted(root: Element) -> Iterator[tuple[Element, str]]:
    """The elements outside of masks and clip paths, each with the name of an attribute that holds paints."""
    stack = [root]
    while stack:
        element = stack.pop()
        if element.tag not in UNSEEN:
            yield from ((element, name) for name in paint_attributes(element))
            stack.extend(element)


def paint_attributes(element: Element) -> list[str]:
    """The names of an element's attributes that hold a paint, or the paints of an animation between semicolons."""
    if element.tag not in ANIMATIONS:
        return [name for name in PAINTS if name in element.attrib]
    if element.get("attributeName") in PAINTS:
        return [name for name in STEPS if name in element.attrib]
    return []


def normalise_paints(root: Element) -> None:
    """Give each colour that can be read one spelling, Colour.as_css, and `none` to what is transparent, in place."""
    for element, name in painted(root):
        steps = element.attrib[name].split(";")
        element.set(name, ";".join(map(_normalised, steps)))


def _normalised(value: str) -> str:
    if is_invisible(value):
        return "none"
    paint, reference = read_paint(value), split_paint(value)[0]
    if paint is None or paint.colour is None or paint.is_current:
        return value
    return f"{reference} {paint.colour.as_css}".strip()


def unfilled(root: Element) -> Iterator[Element]:
    """The shapes that are seen, and the masks, for which nothing says what fills them, so that it is black.

    A shape inherits from each <use> that shows it, not from the <defs> or <symbol> that it stands in.
    """
    targets = {element.get("id"): element for element in root.iter()}
    followed: set[str] = set()  # ids of shapes and groups that a <use> without a fill shows
    stack = [(root, True)]  # elements, each with whether it is seen where it stands
    while stack:  # no recursion, since a chain of references is as long as its author likes
        element, seen = stack.pop()
        if "fill" in element.attrib or element.tag == "clipPath":
            continue
        if element.tag == "mask" or (seen and element.tag in SHAPES):
            yield element
        elif element.tag == "use":
            target_id = element.get("href", "")[1:]
            if seen and target_id in targets and target_id not in followed:
                followed.add(target_id)
                stack.append((targets[target_id], True))
        else:
            stack.extend((child, child.tag in SEEN or (seen and child.tag not in TEMPLATES)) for child in element)
