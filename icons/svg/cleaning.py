"""Cleaning: an SVG rebuilt from the allow-list, with its styles turned into attributes."""

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
from icons.svg.markup import tags
from icons.svg.paints import Palette
from icons.svg.reading import SVG, XLINK, decode, find_view_box, read, short, svg_name
from icons.svg.styles import Declaration, allowed_declarations, cascade, matched_rules
from icons.svg.view_box import shortest


@dataclass(frozen=True)
class CleanSVG:
    """Safe markup, whose width and height are those of its view box, and what it paints with."""

    svg: str
    view_box: str  # "left top width height"
    coloured: bool  # paints with a colour other than black, grey and white
    pale: bool  # paints with white alone, or nearly


def clean_svg(raw: str | bytes) -> CleanSVG:
    """The SVG rebuilt from what icons need; cleaning the result again changes nothing.

    Raises ValidationError, with one sentence, where the drawing needs what is not allowed, or passes a limit.
    """
    reader = read(decode(raw))
    source = reader.root
    if svg_name(source.tag) != "svg":
        refuse(_("The outermost element is <%(name)s>, not <svg>.") % {"name": short(source.tag)})
    view_box = find_view_box(source)
    try:
        root = _rebuild(source, "svg", matched_rules(reader))
    except RecursionError:
        refuse(_("The SVG's styles nest brackets too deeply."))
    size = {"width": shortest(view_box.width), "height": shortest(view_box.height)}
    frame = {"xmlns": SVG, **size, "viewBox": str(view_box)}
    root.attrib = frame | {name: value for name, value in root.attrib.items() if name in ROOT_ATTRIBUTES}
    svg = _joined(tags(root))
    if 'href="#' in svg or "url(#" in svg:
        Expansion(root).check()
    palette = Palette(root)
    return CleanSVG(svg, str(view_box), palette.has_hue, palette.is_pale)


def _rebuild(source: Element, name: str, rules: dict[Element, list[Declaration]]) -> Element:
    """A copy with allowed elements and attributes only, styles turned into attributes."""
    copy = Element(name, _attributes(source, name, rules.get(source, [])))
    for child in source:
        child_name = svg_name(child.tag)
        if child_name is None or child_name in DROPPED:
            continue
        if child_name not in ELEMENTS:
            if child_name in REASONS:
                refuse(str(REASONS[child_name]))
            refuse(_("The SVG contains <%(name)s>, which is not allowed.") % {"name": short(child_name)})
        if child_name not in ANIMATIONS or _may_animate(child, child_name):
            copy.append(_rebuild(child, child_name, rules))
    return copy


def _may_animate(source: Element, name: str) -> bool:
    return name == "animateMotion" or source.get("attributeName") in ANIMATED


def _attributes(source: Element, name: str, rules: list[Declaration]) -> dict[str, str]:
    allowed = {}
    for key, value in source.attrib.items():
        if key in ATTRIBUTES:
            safe = value if plain(value) else safe_value(value)
            if safe is not None:
                allowed[key] = safe
    style = source.get("style")
    inline = cascade(allowed, rules + allowed_declarations(style)) if style or rules else ""
    link = source.get("href", source.get(f"{{{XLINK}}}href"))
    if link is not None:
        local = local_link(link)
        if local:
            allowed["href"] = local[1]
        elif name == "use" and link.strip()[:1] not in ("", "#"):
            refuse(_("The SVG contains a <use> that refers to another file, which is not allowed."))
    if inline:
        allowed["style"] = inline
    return allowed


def _joined(markup: Iterable[str]) -> str:
    """The tags as one text.

    Its length is bounded, since a long value that a style repeats on every element could fill the memory.
    """
    room, checked = settings.SVG_MAX_BYTES, []
    for tag in markup:
        room -= len(tag) if tag.isascii() else len(tag.encode())
        if room < 0:
            refuse_bytes()
        checked.append(tag)
    return "".join(checked)
