"""Giving a drawing another colour, in place. Trees are those of icons.svg.markup."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from icons.svg.colours import parse_colour
from icons.svg.paints import Paint, Palette, paint_attributes, painted, read_paint, split_paint, unfilled


def recolour(root: Element, colour: str) -> None:
    """Give this colour to all that is of the current colour or black by default, or to all of a drawing in one grey.

    Colours that a drawing chose for itself stay, and what is translucent stays translucent.
    """
    palette, black_by_default = Palette(root), list(unfilled(root))
    fixed, default_takes_colour = palette.fixed, palette.default_takes_colour
    for element, name in painted(root):
        _replace(element, name, colour, lambda paint: paint not in fixed)
    for element in root.iter():  # also in masks, where the current colour is that of the text around, too
        for name in paint_attributes(element):
            _replace(element, name, colour, lambda paint: paint.is_current)
    if default_takes_colour:
        root.set("fill", colour)
        for element in black_by_default:
            if element.tag == "mask":  # light and dark mean something there
                element.set("fill", "black")


def _replace(element: Element, name: str, colour: str, replaceable: Callable[[Paint], bool]) -> None:
    """Put the colour in place of those paints in an attribute that are replaceable."""
    steps = element.attrib[name].split(";")
    element.set(name, ";".join(_replaced(step, colour, replaceable) for step in steps))


def _replaced(step: str, colour: str, replaceable: Callable[[Paint], bool]) -> str:
    paint = read_paint(step)
    if paint is None or not replaceable(paint):
        return step
    reference, new_colour = split_paint(step)[0], parse_colour(colour)
    if new_colour is not None and paint.colour is not None and paint.colour.alpha < 1:
        colour = new_colour._replace(alpha=new_colour.alpha * paint.colour.alpha).as_css
    return f"{reference} {colour}" if reference else colour
