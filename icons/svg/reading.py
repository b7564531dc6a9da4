"""Reading an SVG: from text to a tree of bounded size, whose elements have plain names."""

import re
from html.entities import html5
from xml.etree.ElementTree import Element, SubElement
from xml.parsers import expat

from django.conf import settings
from django.utils.translation import gettext as _

from icons.svg.lenient import read_leniently
from icons.svg.limits import refuse, refuse_bytes, refuse_depth, refuse_elements

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
# What a prefix means where nothing declares it, as where somebody copied a part of a page or a cleaner removed it.
USUAL_PREFIXES = {"": SVG, "svg": SVG, "xlink": XLINK, "xml": "http://www.w3.org/XML/1998/namespace"}

MAX_CSS = 300_000  # characters in all styles of an SVG; tinycss2 reads as many in about a second
_entity = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
PREDEFINED = frozenset({"lt", "gt", "amp", "quot", "apos"})


def short(name: str) -> str:
    """The name of an element or attribute without its namespace, at most 40 characters, for a sentence."""
    return name.rpartition("}")[2][:40]


def svg_name(tag: str) -> str | None:
    """The name of an SVG element, else None."""
    return None if tag.startswith("{") else tag


class Reader:
    """Collects the elements and style sheets of a document.

    An SVG element, or one in no namespace, is called by its plain name, any other one by `{namespace}name`. Attributes
    of other namespaces are left out, except for xlink:href, which is called href. An element's `text` is what it holds
    beside spaces. The methods raise ValidationError as soon as the document passes a limit.
    """

    def __init__(self, room: int = 0) -> None:
        """`room` is how many elements and levels more than usual there may be."""
        self.root: Element
        self.css: list[tuple[str, str]] = []  # for each <style>, its media query and its text
        self.count = self.depth = self.css_length = 0
        self._open: list[Element] = []
        self._styles: set[str] = set()
        self._prefixes = USUAL_PREFIXES
        self._outer_prefixes: dict[int, dict[str, str]] = {}  # by the depth of the element that declared others
        self._max_count, self._max_depth = settings.SVG_MAX_ELEMENTS + room, settings.SVG_MAX_DEPTH + room

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        for name in attributes:
            if ":" in name or name == "xmlns":
                attributes = self._without_namespaces(attributes)
                break
        if ":" in tag or self._prefixes[""] != SVG:
            tag = self._full_name(tag)
        if self._open:
            element = SubElement(self._open[-1], tag, attributes)
        else:
            element = self.root = Element(tag, attributes)
        self._open.append(element)
        style = attributes.get("style")
        if style and style not in self._styles:  # equal ones are read once
            self._styles.add(style)
            self.css_length += len(style)
        self.count += 1
        if self.count > self._max_count:
            refuse_elements()
        if len(self._open) > self.depth:
            self.depth = len(self._open)
            if self.depth > self._max_depth:
                refuse_depth()
        if tag == "style":
            is_css = attributes.get("type", "").strip().lower() in ("", "text/css")
            self.css.append((attributes.get("media", "") if is_css else "not all", ""))

    def end(self, tag: str) -> None:
        """The innermost open element ends."""
        self._prefixes = self._outer_prefixes.pop(len(self._open), self._prefixes)
        self._open.pop()

    def data(self, text: str) -> None:
        """Text between tags."""
        element = self._open[-1]
        if element.tag == "style":
            media, before = self.css[-1]
            self.css[-1] = media, before + text
            self.css_length += len(text)
        elif not text.isspace():
            element.text = (element.text or "") + text

    def _without_namespaces(self, attributes: dict[str, str]) -> dict[str, str]:
        declared = {name[6:]: value for name, value in attributes.items() if name == "xmlns" or name[:6] == "xmlns:"}
        if declared:
            self._outer_prefixes[len(self._open) + 1] = self._prefixes
            self._prefixes = self._prefixes | declared
            self._prefixes[""] = self._prefixes[""] or SVG
        plain = {name: value for name, value in attributes.items() if ":" not in name and name != "xmlns"}
        if "href" not in plain:
            for name, value in attributes.items():
                prefix, _colon, local = name.partition(":")
                if local == "href" and self._prefixes.get(prefix) == XLINK:
                    plain["href"] = value
        return plain

    def _full_name(self, tag: str) -> str:
        prefix, _colon, name = tag.rpartition(":")
        namespace = self._prefixes.get(prefix, prefix) or SVG
        return name if namespace == SVG else f"{{{namespace}}}{name}"


def read(text: str, room: int = 0) -> Reader:
    """The document's elements, with their attributes as written.

    `room` is how many elements and levels more there may be than in a source. What is not well-formed XML is read as
    HTML is. Raises ValidationError where a part of it may be lost then, where it declares more than entities of plain
    text, or passes a limit.
    """
    reader = Reader(room)
    why = _read_xml(text, reader)
    if why:
        reader = Reader(room)
        if not read_leniently(text, reader):
            refuse(why)
    if reader.css_length > MAX_CSS:
        refuse(_("The SVG's styles are longer than %(most)s characters.") % {"most": f"{MAX_CSS:,}"})
    return reader


def _read_xml(text: str, reader: Reader) -> str:
    """Let the reader read XML; why it is not well-formed, else an empty text."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.data
    if "<!DOCTYPE" in text:
        _allow_text_entities(parser, text.count("&"))
    if "&" in text:  # HTML knows more entities than XML, and icons are copied from HTML
        text = _entity.sub(lambda match: _character(match, text), text)
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:  # the parser's own message is in English, whatever the reader's language
        return _("The SVG is not well-formed XML: see line %(line)s, column %(column)s.") % {
            "line": error.lineno,
            "column": error.offset + 1,
        }
    except ValueError:
        return _("The SVG is not well-formed XML.")
    return ""


def _character(match: re.Match[str], text: str) -> str:
    """The character that an entity of HTML stands for, unless XML or the document itself says what it stands for."""
    name = match[1]
    characters = html5.get(name + ";", "")
    if name in PREDEFINED or not characters or "<" in characters or "&" in characters or f"<!ENTITY {name}" in text:
        return match[0]
    return characters


def _allow_text_entities(parser: expat.XMLParserType, references: int) -> None:
    """Let the DOCTYPE declare entities of plain text, as Illustrator does for its namespaces, and nothing else.

    Entities of files, of markup and of other entities are refused, and those that could fill the memory when all of
    the document's `references` are to them.
    """

    def check_entity(name: str, is_parameter: bool, value: str | None, *rest: str | None) -> None:
        if is_parameter or value is None or "&" in value or "<" in value:
            refuse(_("The SVG declares entities, which is not allowed."))
        if len(value) * references > settings.SVG_MAX_BYTES:
            refuse_bytes()

    def check_attribute(element: str, name: str, kind: str, default: str | None, required: bool) -> None:
        if default is not None and not name.startswith("xmlns"):
            refuse(_("The SVG declares entities or attributes in its DOCTYPE, which is not allowed."))

    parser.EntityDeclHandler, parser.AttlistDeclHandler = check_entity, check_attribute
