"""Sprites: a file that draws nothing itself, but holds many icons as <symbol>s, becomes these icons."""

from dataclasses import replace
from xml.etree.ElementTree import Element

from django.core.exceptions import ValidationError

from icons.importing.naming import Named, names_of
from icons.importing.packs import SourceIcon
from icons.svg.encodings import decode
from icons.svg.markup import attributes as written
from icons.svg.markup import escaped
from icons.svg.reading import SVG, read

KEPT_AROUND = ("defs", "linearGradient", "radialGradient", "clipPath", "mask", "pattern", "filter")
UNDRAWN = frozenset({*KEPT_AROUND, "style", "symbol", "title", "desc", "metadata"})
INHERITED = ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "fill-rule", "color")


def symbols_of(icon: SourceIcon) -> list[SourceIcon]:
    """The icons in a sprite, each named after the id of its symbol; empty where the file draws something itself."""
    data = icon.svg
    if not (b"<symbol" in data if isinstance(data, bytes) else "<symbol" in data):
        return []
    try:
        reader = read(decode(data))
    except ValidationError:
        return []  # cleaning will say what is wrong
    root = reader.root
    if root.tag != "svg" or any(child.tag not in UNDRAWN and not child.tag.startswith("{") for child in root):
        return []
    symbols = [symbol for symbol in root.iter("symbol") if "id" in symbol.attrib]
    around = [child for child in root if child.tag in KEPT_AROUND]
    for definitions in around:  # the other symbols would make each icon as large as the sprite
        definitions[:] = [child for child in definitions if child.tag != "symbol"]
    css = [f"@media {media or 'all'} {{{text}}}" for media, text in reader.css if text.count("{") == text.count("}")]
    ids = [symbol.attrib["id"] for symbol in symbols]
    names = names_of([Named(f"{icon.file_name}#{text}", (text,)) for text in ids])
    return [
        replace(icon, name=name, svg=_document(root, symbol, around, css), file_name=f"{icon.file_name}#{text}"[:255])
        for symbol, name, text in zip(symbols, names, ids, strict=True)
    ]


def _document(root: Element, symbol: Element, around: list[Element], css: list[str]) -> str:
    """A symbol as an SVG of its own, with what the sprite defines for all of them."""
    attributes = {name: root.attrib[name] for name in INHERITED if name in root.attrib}
    attributes |= {name: value for name, value in symbol.attrib.items() if name != "id"}
    style = f"<style>{escaped(''.join(css))}</style>" if css else ""
    return f'<svg xmlns="{SVG}"{written(attributes)}>{style}{"".join(map(_markup, [*around, *symbol]))}</svg>'


def _markup(element: Element) -> str:
    """The markup of an element that was read, with its text, which cleaning looks at."""
    namespace, _brace, name = element.tag.rpartition("}")
    tag, declared = (f"n:{name}", {"xmlns:n": namespace[1:]}) if namespace else (name, {})
    inside = escaped(element.text or "") + "".join(map(_markup, element))
    return f"<{tag}{written(declared | element.attrib)}>{inside}</{tag}>"
