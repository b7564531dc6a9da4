"""Reading an SVG that is not well-formed XML, as the parsers of HTML in browsers do.

People copy icons out of pages and write them by hand: attributes without quotes or twice, a bare `&`, comments with two
dashes in them, shapes that nothing closes. All of this is understood. What may have lost a part is not: a drawing that
breaks off, or tags that do not fit one another.
"""

import re
from html import unescape
from typing import Protocol

from icons.svg.allowed import ATTRIBUTES, ELEMENTS, SHAPES

_forbidden = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML can hold these characters
_start_tag = re.compile(r"<([A-Za-z][^\s/>]*)((?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+)>").match
_end_tag = re.compile(r"</([A-Za-z][^\s>]*)[^>]*>").match
_more = re.compile(r"<[A-Za-z]").search
_attribute = re.compile(r"([^\s=/\"'<>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?").finditer
# HTML knows no case, SVG does.
NAMES = {name.lower(): name for name in (ELEMENTS | {"foreignObject", "textPath", "flowRoot", "flowRegion"})}
ATTRIBUTE_NAMES = {name.lower(): name for name in ATTRIBUTES | {"viewBox", "systemLanguage", "requiredExtensions"}}
INSIDE_SHAPES = frozenset({"animate", "animatetransform", "animatemotion", "set", "title", "desc", "mpath"})
LITERAL = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">"))  # what begins and ends what is no element


class Receiver(Protocol):
    """What takes the tags and texts, as `icons.svg.reading.Reader` does."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """The innermost open element ends."""

    def data(self, text: str) -> None:
        """Text between tags."""


def read_leniently(text: str, receiver: Receiver) -> bool:
    """Tell the receiver of the tags and texts of the first element; False where a part of it may be lost.

    Raises what the receiver raises.
    """
    if "<!ENTITY" in text:
        return False
    text = _forbidden.sub("", text)
    document = _Document(receiver)
    start = _more(text)
    position = start.start() if start else -1
    while position >= 0 and not document.is_over:
        after = _step(text, position, document)
        if after < 0:
            return False
        position = text.find("<", after)
        if document.open_tags:
            document.data(unescape(text[after : position if position >= 0 else len(text)]))
    is_last = position < 0 or not _more(text, position)
    return document.is_over and document.fits and is_last


class _Document:
    """What is open of a document that is being read."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver, self.open_tags = receiver, list[str]()
        self.is_over, self.fits = False, True

    def start(self, tag: str, attributes: dict[str, str], closed: bool) -> None:
        if self.open_tags and self.open_tags[-1] in SHAPES and tag.lower() not in INSIDE_SHAPES:
            self._close()
        self.open_tags.append(tag)
        self.receiver.start(tag, attributes)
        if closed:
            self._close()

    def end(self, tag: str) -> None:
        tag = NAMES.get(tag.lower(), tag)
        if tag not in self.open_tags:
            return
        while self.open_tags[-1] != tag:
            if self.open_tags[-1] not in SHAPES and len(self.open_tags) > 1 and tag != self.open_tags[0]:
                self.fits = False
            self._close()
        self._close()

    def data(self, text: str) -> None:
        if text:
            self.receiver.data(text)

    def _close(self) -> None:
        self.receiver.end(self.open_tags.pop())
        self.is_over = not self.open_tags


def _step(text: str, position: int, document: _Document) -> int:
    """Read what begins at a "<". The position after it, or -1 where it has no end."""
    for begin, end in LITERAL:
        if text.startswith(begin, position):
            at = text.find(end, position + len(begin))
            if begin == "<![CDATA[" and at >= 0 and document.open_tags:
                document.data(text[position + len(begin) : at])
            return at + len(end) if at >= 0 else -1
    if match := _end_tag(text, position):
        document.end(match[1])
        return match.end()
    if match := _start_tag(text, position):
        written = match[2].rstrip()
        attributes: dict[str, str] = {}
        for name, *values in (found.groups() for found in _attribute(written.removesuffix("/"))):
            name = ATTRIBUTE_NAMES.get(name.lower(), name)
            attributes.setdefault(name, unescape(next((value for value in values if value is not None), "")))
        document.start(NAMES.get(match[1].lower(), match[1]), attributes, written.endswith("/"))
        return match.end()
    if document.open_tags and not _more(text, position, position + 2):
        document.data("<")
        return position + 1
    return -1
