"""A cleaned SVG as a tree with plain names, and back as text."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from icons.svg.reading import SVG, read

OF_A_LOOK = 4  # groups that turn, flip and frame what was within the limits when it was cleaned


def parse(svg: str) -> Element:
    """The tree of a cleaned SVG, without namespaces. Raises ValidationError where the text is no SVG."""
    root = read(svg, OF_A_LOOK).root
    root.attrib = {"xmlns": SVG} | root.attrib
    return root


def tags(element: Element) -> Iterator[str]:
    """The markup of an element, tag by tag."""
    if not len(element):
        yield f"<{element.tag}{attributes(element.attrib)}/>"
        return
    yield f"<{element.tag}{attributes(element.attrib)}>"
    for child in element:
        yield from tags(child)
    yield f"</{element.tag}>"


def markup(*elements: Element) -> str:
    """The markup of elements, one after the other."""
    return "".join(tag for element in elements for tag in tags(element))


def attributes(pairs: dict[str, str]) -> str:
    """Attributes as they stand in a tag, each with a space before it."""
    return "".join([f' {name}="{escaped(value)}"' for name, value in pairs.items()])


def escaped(value: str) -> str:
    """The value as it may stand in double quotes in XML."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
