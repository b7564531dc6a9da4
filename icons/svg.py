"""SVG in, clean SVG out: rebuilt from an allow-list, bounded, and referring to nothing outside itself."""

import math
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, ParseError, SubElement

import cssselect2
import tinycss2
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.conf import settings
from django.core.exceptions import ValidationError

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GRADIENTS = frozenset({"linearGradient", "radialGradient", "stop"})
SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
ANIMATIONS = frozenset({"animate", "animateTransform", "animateMotion", "set"})
ELEMENTS = (
    GRADIENTS
    | SHAPES
    | ANIMATIONS
    | _words(
        """svg g defs symbol use mask clipPath pattern marker mpath filter feBlend feColorMatrix
    feComponentTransfer feComposite feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur
    feMerge feMergeNode feMorphology feOffset feTile"""
    )
)
DROPPED = frozenset({"title", "desc", "metadata", "style"})
REASONS = {
    "text": "The SVG contains <text>: convert text to paths first.",
    "image": "The SVG contains <image>: embedded pictures are not allowed.",
}

INHERITED = ("fill", "stroke", "marker-start", "marker-mid", "marker-end")
PRESENTATION = frozenset(INHERITED) | _words(
    """clip-path clip-rule color color-interpolation color-interpolation-filters display fill-opacity
    fill-rule filter flood-color flood-opacity mask mask-type opacity overflow paint-order shape-rendering
    stop-color stop-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width vector-effect visibility"""
)
STYLE_ONLY = _words("mix-blend-mode isolation transform transform-origin transform-box")
STYLED = PRESENTATION | STYLE_ONLY
ANIMATED = PRESENTATION | _words(
    """amplitude azimuth cx cy d dx dy edgeMode exponent fr fx fy gradientTransform gradientUnits height in
    in2 intercept k1 k2 k3 k4 markerHeight markerWidth mode offset operator orient pathLength
    patternTransform points preserveAspectRatio r radius refX refY rx ry slope spreadMethod stdDeviation
    tableValues transform transform-origin type values viewBox width x x1 x2 y y1 y2"""
)
ATTRIBUTES = ANIMATED | _words(
    """id accumulate additive attributeName attributeType begin by calcMode clipPathUnits dur end
    filterUnits from keyPoints keySplines keyTimes markerUnits maskContentUnits maskUnits max min origin
    path patternContentUnits patternUnits primitiveUnits repeatCount repeatDur restart result rotate
    to"""
)
ROOT_ATTRIBUTES = PRESENTATION | {"id", "preserveAspectRatio", "transform", "transform-origin", "style"}
FUNCTIONS = _words(
    """url rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix calc min max clamp var matrix matrix3d
    translate translatex translatey translate3d scale scalex scaley rotate skew skewx skewy blur brightness
    contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia"""
)

MAX_CSS = 300_000  # characters in all styles; tinycss2 reads that in about a second
MAX_MATCHES = 1_000_000  # selectors and declarations tried, over all elements
MAX_COMBINATORS, MAX_SELECTOR = 5, 1000  # in one selector; its characters
SELECTOR_COST = 10  # of making a character of a selector ready, in matches

_ID = r"[^\s'\"()\\<>]+"
_plain = re.compile(r"[^\\(:@&<>\"\t\n\r]*").fullmatch
_local_url = re.compile(rf"url\(\s*(['\"]?)#({_ID})\1\s*\)", re.IGNORECASE)
_unsafe = re.compile(rf"\\|url\((?!#{_ID}\))|javascript:|data:|@import", re.IGNORECASE).search
_function = re.compile(r"(?<![\w-])([\w-]*)\(").findall
_reference = re.compile(rf"url\(#({_ID})\)").findall
_local_link = re.compile(rf"\s*(#{_ID})\s*").fullmatch
_number = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
# States (:hover) never hold in a picture; what looks at siblings costs quadratic time.
_bounded_selector = re.compile(r"[^:~+]+").fullmatch

_Declaration = tuple[bool, str, str]  # important, property, value


@dataclass(frozen=True)
class CleanSVG:
    """Safe markup, whose width and height are those of its view box ("x y width height")."""

    svg: str
    view_box: str


def clean_svg(raw: str | bytes) -> CleanSVG:
    """The SVG rebuilt from what icons need; cleaning the result again changes nothing.

    Raises ValidationError, in one sentence, where a part would be missed or a limit is passed.
    """
    reader = _read(_decode(raw))
    source = reader.root
    if _svg_name(source.tag) != "svg":
        _refuse(f"The outermost element is <{_short(source.tag)}>, not <svg>.")
    view_box = _view_box(source)
    try:
        root = _rebuild(source, "svg", _matched_rules(reader))
    except RecursionError:
        _refuse("The SVG's styles nest brackets too deep.")
    width, height = view_box.split()[2:]
    frame = {"xmlns": SVG, "width": width, "height": height, "viewBox": view_box}
    root.attrib = frame | {name: value for name, value in root.attrib.items() if name in ROOT_ATTRIBUTES}
    svg = _joined(_markup(root))
    if 'href="#' in svg or "url(#" in svg:
        _Expansion(root).check()
    return CleanSVG(svg, view_box)


def _refuse(reason: str) -> NoReturn:
    raise ValidationError(reason)


def _refuse_bytes() -> NoReturn:
    _refuse(f"The SVG is larger than {settings.SVG_MAX_BYTES:,} bytes.")


def _refuse_depth() -> NoReturn:
    _refuse(f"The SVG nests elements more than {settings.SVG_MAX_DEPTH} deep.")


def _refuse_elements() -> NoReturn:
    _refuse(f"The SVG draws more than {settings.SVG_MAX_ELEMENTS:,} elements.")


def _short(name: str) -> str:
    return name.rpartition("}")[2][:40]


def _decode(raw: str | bytes) -> str:
    """Text without a byte order mark, no longer than SVG_MAX_BYTES."""
    if len(raw) > settings.SVG_MAX_BYTES:
        _refuse_bytes()
    try:
        data = raw.encode() if isinstance(raw, str) else raw
        text = data.decode() if isinstance(raw, bytes) else raw
    except UnicodeError:
        _refuse("The SVG is not UTF-8 text.")
    if len(data) > settings.SVG_MAX_BYTES:
        _refuse_bytes()
    return text.strip("\ufeff \t\r\n")


class _Reader:
    """A parser's target: collects elements and style sheets, and stops at the first limit passed."""

    def __init__(self) -> None:
        self.root: Element
        self.css: list[str] = []
        self.count = self.depth = self.css_length = 0
        self._open: list[Element] = []
        self._max_count, self._max_depth = settings.SVG_MAX_ELEMENTS, settings.SVG_MAX_DEPTH

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._open:
            element = SubElement(self._open[-1], tag, attributes)
        else:
            element = self.root = Element(tag, attributes)
        self._open.append(element)
        if "style" in attributes:
            self.css_length += len(attributes["style"])
        self.count += 1
        if self.count > self._max_count:
            _refuse_elements()
        if len(self._open) > self.depth:
            self.depth = len(self._open)
            if self.depth > self._max_depth:
                _refuse_depth()

    def end(self, tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        if _svg_name(self._open[-1].tag) == "style":
            self.css.append(text)
            self.css_length += len(text)


def _read(text: str) -> _Reader:
    """The document's elements, with their names and attributes as written."""
    if "xlink:" in text and "xmlns:xlink" not in text:  # HTML lets that pass, so some icon sets forget it
        text = text.replace("<svg", f'<svg xmlns:xlink="{XLINK}"', 1)
    reader = _Reader()
    parser = DefusedXMLParser(target=reader)
    parser.parser.StartDoctypeDeclHandler = _check_doctype
    try:
        parser.feed(text)
        parser.close()
    except DefusedXmlException:
        _refuse("The SVG declares entities, which is not allowed.")
    except (ParseError, ValueError) as error:
        _refuse(f"The SVG is not well-formed XML: {error}.")
    if reader.css_length > MAX_CSS:
        _refuse(f"The SVG's styles are longer than {MAX_CSS:,} characters.")
    return reader


def _check_doctype(name: str, system: str | None, public: str | None, has_internal_subset: bool) -> None:
    if has_internal_subset:
        _refuse("The SVG declares entities or attributes in its DOCTYPE, which is not allowed.")


def _svg_name(tag: str) -> str | None:
    """The name of an SVG element (or of one in no namespace), else None."""
    namespace, _, name = tag.rpartition("}")
    return name if namespace in ("", "{" + SVG) else None


def _view_box(root: Element) -> str:
    """The root's view box in its shortest spelling, else one made from width and height in pixels."""
    given = root.get("viewBox", "").strip()
    if given:
        numbers = re.split(r"\s*,\s*|\s+", given)
    else:
        numbers = ["0", "0", *(root.get(side, "").strip().removesuffix("px") for side in ("width", "height"))]
    if len(numbers) != 4 or not all(map(_number.fullmatch, numbers)):
        _refuse("The SVG needs a viewBox of four numbers, or a width and height in pixels.")
    x, y, width, height = box = [float(number) for number in numbers]
    if not (max(map(abs, box)) < 1e6 and width > 0 and height > 0):
        _refuse("The SVG's width and height must be above 0 and its viewBox below 1,000,000.")
    return " ".join(_shortest(number) for number in box)


def _shortest(number: float) -> str:
    return str(int(number)) if math.floor(number) == number else repr(number)


def _rebuild(source: Element, name: str, rules: dict[Element, list[_Declaration]]) -> Element:
    """A copy with allowed elements and attributes only, styles turned into attributes."""
    copy = Element(name, _attributes(source, name, rules.get(source, [])))
    for child in source:
        child_name = _svg_name(child.tag)
        if child_name is None or child_name in DROPPED:
            continue
        if child_name not in ELEMENTS:
            known = REASONS.get(child_name)
            _refuse(known or f"The SVG contains <{_short(child_name)}>, which is not allowed.")
        if child_name not in ANIMATIONS or _may_animate(child, child_name):
            copy.append(_rebuild(child, child_name, rules))
    return copy


def _may_animate(source: Element, name: str) -> bool:
    return name == "animateMotion" or source.get("attributeName") in ANIMATED


def _attributes(source: Element, name: str, rules: list[_Declaration]) -> dict[str, str]:
    kept = {}
    for key, value in source.attrib.items():
        if key in ATTRIBUTES:
            safe = value if _plain(value) else _safe(value)
            if safe is not None:
                kept[key] = safe
    style = source.get("style")
    inline = _cascade(kept, rules + _declarations(style)) if style or rules else ""
    link = source.get("href", source.get(f"{{{XLINK}}}href"))
    if link is not None:
        local = _local_link(link)
        if local:
            kept["href"] = local[1]
        elif name == "use" and link.strip()[:1] not in ("", "#"):
            _refuse("The SVG contains a <use> that refers to another file, which is not allowed.")
    if inline:
        kept["style"] = inline
    return kept


def _safe(value: str) -> str | None:
    """The value with url(...) in one spelling, or None where it could load or run anything."""
    value = _local_url.sub(r"url(#\2)", re.sub(r"[\t\n\r]", " ", value))
    if _unsafe(value) or not FUNCTIONS.issuperset(map(str.lower, filter(None, _function(value)))):
        return None
    return value


def _cascade(kept: dict[str, str], declarations: list[_Declaration]) -> str:
    """Puts declarations, weakest first, over the attributes; what only works as style is returned."""
    inline: dict[str, str] = {}
    for _, name, value in sorted(declarations, key=lambda declaration: declaration[0]):
        (kept if name in PRESENTATION else inline)[name] = value
    return ";".join(f"{name}:{value}" for name, value in inline.items())


def _declarations(css: str | list[Any] | None) -> list[_Declaration]:
    """The allowed declarations in a style attribute or in a parsed rule's block."""
    if not css or (isinstance(css, str) and "\\" in css):
        return []
    found = []
    for node in tinycss2.parse_blocks_contents(css):
        if node.type == "declaration" and node.lower_name in STYLED:
            value = _safe(tinycss2.serialize(node.value).strip())
            if value and "/*" not in value:
                found.append((node.important, node.lower_name, value))
    return found


def _matched_rules(reader: _Reader) -> dict[Element, list[_Declaration]]:
    """What the <style> elements declare for each element, by rising specificity and order."""
    if not reader.css:
        return {}
    matches, matcher = 0, cssselect2.Matcher()
    for selector, declarations in _rules("".join(reader.css)):
        combinators = len(re.split(r"[\s>]+", selector)) - 1
        if combinators > MAX_COMBINATORS or len(selector) > MAX_SELECTOR:
            _refuse("The SVG's <style> has a selector that is too complex.")
        matches += SELECTOR_COST * (10 + len(selector))
        matches += reader.count * (reader.depth**combinators + len(declarations))
        if matches > MAX_MATCHES:
            _refuse("The SVG's <style> has too many rules for its elements.")
        with suppress(cssselect2.SelectorError):
            for compiled in cssselect2.compile_selector_list(selector):
                matcher.add_selector(compiled, declarations)
    matched = {}
    for wrapper in cssselect2.ElementWrapper.from_xml_root(reader.root).iter_subtree():
        found = [declaration for match in matcher.match(wrapper) for declaration in match[-1]]
        if found:
            matched[wrapper.etree_element] = found
    return matched


def _rules(css: str) -> Iterator[tuple[str, list[_Declaration]]]:
    """Every selector of bounded cost with its declarations; at-rules have no say in a still picture."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        declarations = _declarations(rule.content) if rule.type == "qualified-rule" else []
        if declarations:
            for selector in tinycss2.serialize(rule.prelude).split(","):
                if _bounded_selector(selector):
                    yield selector.strip(), declarations


def _markup(element: Element) -> Iterator[str]:
    attributes = "".join([f' {name}="{_escaped(value)}"' for name, value in element.attrib.items()])
    if not len(element):
        yield f"<{element.tag}{attributes}/>"
        return
    yield f"<{element.tag}{attributes}>"
    for child in element:
        yield from _markup(child)
    yield f"</{element.tag}>"


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _joined(pieces: Iterable[str]) -> str:
    """The markup; a long value that a rule repeats on every element must not fill the memory."""
    room, parts = settings.SVG_MAX_BYTES, []
    for piece in pieces:
        room -= len(piece) if piece.isascii() else len(piece.encode())
        if room < 0:
            _refuse_bytes()
        parts.append(piece)
    return "".join(parts)


class _Expansion:
    """How many elements are drawn, and how deep, once every reference is followed.

    A vertex is an element or an id (its targets together). `done` holds for each vertex
    (elements drawn, corners of paths, height); corners count because markers are drawn at each.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        self.targets: dict[str, list[Element]] = {}
        self.inherited: dict[Element, dict[str, list[str]]] = {}
        self.done: dict[Element | str, tuple[int, int, int]] = {}
        self._inherit(root, {})

    def _inherit(self, element: Element, paints: dict[str, list[str]]) -> None:
        """Notes which ids paint each element: a pattern on a group is drawn for each shape in it."""
        own = {name: _reference(element.attrib[name])[:1] for name in INHERITED if name in element.attrib}
        self.inherited[element] = paints = paints | own if own else paints
        if "id" in element.attrib:
            self.targets.setdefault(element.attrib["id"], []).append(element)
        for child in element:
            self._inherit(child, paints)

    def check(self) -> None:
        """Depth first without recursion, since a chain of references is as long as its author likes."""
        stack: list[Element | str] = [self.root]
        entered: set[Element | str] = set()
        while stack:
            vertex = stack[-1]
            waiting = [] if vertex in self.done else [v for v in self._follow(vertex) if v not in self.done]
            if entered.intersection(waiting):
                _refuse("The SVG contains elements that refer to themselves.")
            if waiting:
                entered.add(vertex)
                stack.extend(waiting)
                continue
            self.done[stack.pop()] = self._measure(vertex)

    def _follow(self, vertex: Element | str) -> list[Element | str]:
        if isinstance(vertex, str):
            return [*self.targets.get(vertex, [])]
        painted = self._paints(vertex, "fill", "stroke") + self._markers(vertex)
        return [*vertex, *self._links(vertex), *painted]

    def _links(self, element: Element) -> list[str]:
        """Ids drawn once with the element: the target of <use>, masks, clips, filters."""
        values = (value for name, value in element.attrib.items() if name not in INHERITED)
        links = [link for value in values if "url(#" in value for link in _reference(value)]
        if "href" in element.attrib and element.tag not in ANIMATIONS and element.tag != "mpath":
            links.append(element.attrib["href"][1:])
        return links

    def _paints(self, element: Element, *names: str) -> list[str]:
        if element.tag not in SHAPES and element.tag != "use":
            return []
        return [link for name in names for link in self.inherited[element].get(name, [])]

    def _markers(self, element: Element) -> list[str]:
        return self._paints(element, "marker-start", "marker-mid", "marker-end")

    def _measure(self, vertex: Element | str) -> tuple[int, int, int]:
        below = [self.done[following] for following in self._follow(vertex)]
        height = max((deep for _, _, deep in below), default=0)
        if isinstance(vertex, str):
            return sum(cost for cost, _, _ in below), sum(corners for _, corners, _ in below), height
        inside = [self.done[following] for following in [*vertex, *self._links(vertex)]]
        corners = len(_number.findall(vertex.get("d", "") or vertex.get("points", "")))
        corners += sum(corner for _, corner, _ in inside)
        cost = (vertex.tag not in GRADIENTS) + sum(cost for cost, _, _ in inside)
        cost *= 1 + sum(self.done[paint][0] for paint in self._paints(vertex, "fill", "stroke"))
        cost += corners * sum(self.done[marker][0] for marker in self._markers(vertex))
        if height + 1 > settings.SVG_MAX_DEPTH:
            _refuse_depth()
        if cost > settings.SVG_MAX_ELEMENTS:
            _refuse_elements()
        return cost, corners, height + 1
