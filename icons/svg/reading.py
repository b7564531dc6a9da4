"""Reading an SVG: from bytes or text to a tree of bounded size, and the view box of the tree."""

from xml.etree.ElementTree import Element, ParseError, SubElement

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.conf import settings
from django.utils.translation import gettext as _

from icons.svg.limits import refuse, refuse_bytes, refuse_depth, refuse_elements
from icons.svg.view_box import ViewBox

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

MAX_CSS = 300_000  # characters in all styles of an SVG; tinycss2 reads as many in about a second


def short(name: str) -> str:
    """The name of an element or attribute without its namespace, at most 40 characters, for a sentence."""
    return name.rpartition("}")[2][:40]


def decode(raw: str | bytes) -> str:
    """The text without a byte order mark and spaces around it.

    Raises ValidationError where it has more than SVG_MAX_BYTES bytes, or is not UTF-8.
    """
    if len(raw) > settings.SVG_MAX_BYTES:
        refuse_bytes()
    try:
        data = raw.encode() if isinstance(raw, str) else raw
        text = data.decode() if isinstance(raw, bytes) else raw
    except UnicodeError:
        refuse(_("The SVG is not UTF-8 text."))
    if len(data) > settings.SVG_MAX_BYTES:
        refuse_bytes()
    return text.strip("\ufeff \t\r\n")


class Reader:
    """A parser's target, which collects the elements and style sheets of a document.

    Its methods raise ValidationError as soon as the document passes a limit.
    """

    def __init__(self, room: int = 0) -> None:
        """`room` is how many elements and levels more than usual there may be."""
        self.root: Element
        self.css: list[str] = []  # the text of <style> elements
        self.count = self.depth = self.css_length = 0
        self._open: list[Element] = []
        self._max_count, self._max_depth = settings.SVG_MAX_ELEMENTS + room, settings.SVG_MAX_DEPTH + room

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._open:
            element = SubElement(self._open[-1], tag, attributes)
        else:
            element = self.root = Element(tag, attributes)
        self._open.append(element)
        if "style" in attributes:
            self.css_length += len(attributes["style"])
        self.count += 1
        if self.count > self._max_count:
            refuse_elements()
        if len(self._open) > self.depth:
            self.depth = len(self._open)
            if self.depth > self._max_depth:
                refuse_depth()

    def end(self, tag: str) -> None:
        """The innermost open element ends."""
        self._open.pop()

    def data(self, text: str) -> None:
        """Text between tags."""
        if svg_name(self._open[-1].tag) == "style":
            self.css.append(text)
            self.css_length += len(text)


def read(text: str, room: int = 0) -> Reader:
    """The document's elements, with their names and attributes as written.

    `room` is how many elements and levels more there may be than in a source.
    Raises ValidationError where it is not well-formed, declares entities or attributes, or passes a limit.
    """
    if "xlink:" in text and "xmlns:xlink" not in text:  # HTML needs no declaration, so that some icon sets omit it
        text = text.replace("<svg", f'<svg xmlns:xlink="{XLINK}"', 1)
    reader = Reader(room)
    parser = DefusedXMLParser(target=reader)
    parser.parser.StartDoctypeDeclHandler = _check_doctype
    try:
        parser.feed(text)
        parser.close()
    except DefusedXmlException:
        refuse(_("The SVG declares entities, which is not allowed."))
    except ParseError as error:  # the parser's own message is in English, whatever the reader's language
        line, column = error.position
        refuse(
            _("The SVG is not well-formed XML: see line %(line)s, column %(column)s.")
            % {"line": line, "column": column + 1}
        )
    except ValueError:
        refuse(_("The SVG is not well-formed XML."))
    if reader.css_length > MAX_CSS:
        refuse(_("The SVG's styles are longer than %(most)s characters.") % {"most": f"{MAX_CSS:,}"})
    return reader


def _check_doctype(name: str, system: str | None, public: str | None, has_internal_subset: bool) -> None:
    if has_internal_subset:
        refuse(_("The SVG declares entities or attributes in its DOCTYPE, which is not allowed."))


def svg_name(tag: str) -> str | None:
    """The name of an SVG element (or of one in no namespace), else None."""
    namespace, _, name = tag.rpartition("}")
    return name if namespace in ("", "{" + SVG) else None


def find_view_box(root: Element) -> ViewBox:
    """The root's view box, else one made from its width and height in pixels.

    Raises ValidationError where neither is there, where a side is not above 0, and where a number is too large.
    """
    text = root.get("viewBox", "").strip()
    width, height = (root.get(side, "").strip().removesuffix("px") for side in ("width", "height"))
    try:
        view_box = ViewBox.parse(text) if text else ViewBox.of_numbers("0", "0", width, height)
    except ValueError:
        refuse(_("The SVG needs a viewBox of four numbers, or a width and height in pixels."))
    if not (max(map(abs, view_box)) < 1e6 and view_box.width > 0 and view_box.height > 0):
        refuse(_("The SVG's width and height must be above 0 and its viewBox below 1,000,000."))
    return view_box
