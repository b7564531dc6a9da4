"""SVG in, clean SVG out: rebuilt from an allow-list, bounded, and referring to nothing outside itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from django.conf import settings
from django.utils.translation import gettext as _

from icons.svg.allowed import (
    ANIMATED,
    ANIMATIONS,
    ATTRIBUTES,
    DROPPED,
    ELEMENTS,
    REASONS,
    ROOT_ATTRIBUTES,
    local_link,
    plain,
    safe_value,
)
from icons.svg.expansion import Expansion
from icons.svg.limits import refuse, refuse_bytes
from icons.svg.markup import pieces
from icons.svg.reading import SVG, XLINK, decode, find_view_box, read, short, svg_name
from icons.svg.styles import Declaration, allowed_declarations, cascade, matched_rules

__all__ = ["CleanSVG", "clean_svg"]


@dataclass(frozen=True)
class CleanSVG:
    """Safe markup, whose width and height are those of its view box ("x y width height")."""

    svg: str
    view_box: str


def clean_svg(raw: str | bytes) -> CleanSVG:
    """The SVG rebuilt from what icons need; cleaning the result again changes nothing.

    Raises ValidationError, in one sentence, where a part would be missed or a limit is passed.
    """
    reader = read(decode(raw))
    source = reader.root
    if svg_name(source.tag) != "svg":
        refuse(_("The outermost element is <%(name)s>, not <svg>.") % {"name": short(source.tag)})
    view_box = find_view_box(source)
    try:
        root = _rebuild(source, "svg", matched_rules(reader))
    except RecursionError:
        refuse(_("The SVG's styles nest brackets too deep."))
    width, height = view_box.split()[2:]
    frame = {"xmlns": SVG, "width": width, "height": height, "viewBox": view_box}
    root.attrib = frame | {name: value for name, value in root.attrib.items() if name in ROOT_ATTRIBUTES}
    svg = _joined(pieces(root))
    if 'href="#' in svg or "url(#" in svg:
        Expansion(root).check()
    return CleanSVG(svg, view_box)


def _rebuild(source: Element, name: str, rules: dict[Element, list[Declaration]]) -> Element:
    """A copy with allowed elements and attributes only, styles turned into attributes."""
    copy = Element(name, _attributes(source, name, rules.get(source, [])))
    for child in source:
        child_name = svg_name(child.tag)
        if child_name is None or child_name in DROPPED:
            continue
        if child_name not in ELEMENTS:
            known = REASONS.get(child_name)
            refuse(known or _("The SVG contains <%(name)s>, which is not allowed.") % {"name": short(child_name)})
        if child_name not in ANIMATIONS or _may_animate(child, child_name):
            copy.append(_rebuild(child, child_name, rules))
    return copy


def _may_animate(source: Element, name: str) -> bool:
    return name == "animateMotion" or source.get("attributeName") in ANIMATED


def _attributes(source: Element, name: str, rules: list[Declaration]) -> dict[str, str]:
    kept = {}
    for key, value in source.attrib.items():
        if key in ATTRIBUTES:
            safe = value if plain(value) else safe_value(value)
            if safe is not None:
                kept[key] = safe
    style = source.get("style")
    inline = cascade(kept, rules + allowed_declarations(style)) if style or rules else ""
    link = source.get("href", source.get(f"{{{XLINK}}}href"))
    if link is not None:
        local = local_link(link)
        if local:
            kept["href"] = local[1]
        elif name == "use" and link.strip()[:1] not in ("", "#"):
            refuse(_("The SVG contains a <use> that refers to another file, which is not allowed."))
    if inline:
        kept["style"] = inline
    return kept


def _joined(markup: Iterable[str]) -> str:
    """The markup; a long value that a rule repeats on every element must not fill the memory."""
    room, parts = settings.SVG_MAX_BYTES, []
    for piece in markup:
        room -= len(piece) if piece.isascii() else len(piece.encode())
        if room < 0:
            refuse_bytes()
        parts.append(piece)
    return "".join(parts)
