"""What an icon cannot keep: text, bitmaps, pages and scripts. It is dropped where nobody sees it, else refused.

While a drawing is rebuilt, a placeholder stands for each such part. Once the rest is there, it is known whether the
part is seen.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from xml.etree.ElementTree import Element

from django.conf import settings
from django.utils.translation import gettext as _

from icons.svg.allowed import references
from icons.svg.limits import refuse
from icons.svg.reading import svg_name

LOST = "lost"  # the tag of a placeholder, which no element of SVG has
NOT_DRAWN_THERE = frozenset(
    {"defs", "symbol", "mask", "clipPath", "pattern", "marker", "filter", "linearGradient", "radialGradient"}
)
MAX_SHOWN = 20  # characters of a text in a sentence
BITMAPS = {"png": b"\x89PNG\r\n", "jpeg": b"\xff\xd8", "jpg": b"\xff\xd8", "gif": b"GIF8", "webp": b"RIFF"}
_bitmap = re.compile(r"\s*data:image/(png|jpeg|jpg|gif|webp);base64,([A-Za-z0-9+/=\s%]+)\Z").match
_background = re.compile(r"(?:^|;)\s*background(?:-image|-color)?\s*:\s*(?!none|transparent)\S", re.IGNORECASE).search


def placeholder(source: Element, attributes: dict[str, str]) -> Element | None:
    """A placeholder for an element that an icon cannot hold; None where the element draws nothing.

    `attributes` are its cleaned ones. Raises ValidationError for a script.
    """
    if source.tag in ("text", "textPath"):
        words = " ".join("".join(element.text or "" for element in source.iter()).split())
        return _placeholder(_text_sentence(words), attributes | {"painted": "yes"}) if words else None
    if source.tag == "image":
        return _placeholder(_image_sentence(), attributes) if source.get("href", "").strip() else None
    if source.tag == "feImage" and source.get("href", "").strip():
        return _placeholder(_filter_image_sentence(), attributes)
    if source.tag == "foreignObject":
        sentence = _page_sentence(source)
        return _placeholder(sentence, attributes) if sentence else None
    if source.tag == "script" and ((source.text or "").strip() or source.get("href")):
        refuse(
            _("The SVG contains <script>, which is not allowed: export the icon as a plain SVG without interaction.")
        )
    return None


def kept_bitmap(source: Element, attributes: dict[str, str]) -> Element | None:
    """The <image> itself, where the operator allows bitmaps and it holds one that can be shown; else None."""
    match = _bitmap(source.get("href", "")) if settings.SVG_KEEP_BITMAPS else None
    if match is None:
        return None
    kind, text = match[1], "".join(match[2].replace("%20", "").replace("%0A", "").split())
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
    if not data.startswith(BITMAPS[kind]):
        return None
    kind = "jpeg" if kind == "jpg" else kind
    return Element("image", attributes | {"href": f"data:image/{kind};base64,{text}"})


def _placeholder(sentence: str, attributes: dict[str, str]) -> Element:
    # These are no attributes of SVG, and never written, since placeholders are removed.
    return Element(LOST, attributes | {"sentence": sentence})


def _text_sentence(words: str) -> str:
    shown = words if len(words) <= MAX_SHOWN else words[: MAX_SHOWN - 1] + "…"
    return _(
        "The SVG contains the text “%(text)s”: turn it into paths first (Illustrator: Type › Create Outlines; Figma:"
        " Flatten; Inkscape: Path › Object to Path)."
    ) % {"text": shown}


def _image_sentence() -> str:
    return _(
        "The SVG contains a bitmap (<image>): draw that part as shapes, or let it be traced (Illustrator: Object ›"
        " Image Trace; Inkscape: Path › Trace Bitmap)."
    )


def _filter_image_sentence() -> str:
    return _(
        "The SVG contains a filter with a picture in it (<feImage>), which icons cannot hold: export the icon with its"
        " effects as shapes."
    )


def _page_sentence(source: Element) -> str:
    """Why a <foreignObject> cannot be kept; empty where the page in it shows nothing."""
    for element in source.iter():
        style = element.get("style", "")
        if "conic-gradient" in style:
            return _(
                "The SVG contains an angular gradient, which SVG does not know: choose a linear or radial one (Figma:"
                " the type of the fill)."
            )
        shows = bool(_background(style)) or element.tag.endswith(("}img", "}canvas", "}video"))
        if shows or (element.text or "").strip() or (element is not source and svg_name(element.tag) is not None):
            return _(
                "The SVG contains <foreignObject>, a piece of a web page, which icons cannot hold: export the icon with"
                " its text and effects as shapes."
            )
    return ""


def remove_lost(root: Element, refuse_seen: bool) -> None:
    """Remove the placeholders from a rebuilt drawing. With `refuse_seen`, raise ValidationError if one is seen."""
    if refuse_seen:
        _refuse_seen(root)
    for element in [*root.iter()]:
        for child in [child for child in element if child.tag == LOST]:
            element.remove(child)


def _refuse_seen(root: Element) -> None:
    targets = {element.attrib["id"]: element for element in root.iter() if "id" in element.attrib}
    stack = [(root, True, True, "")]  # elements, each with whether its contents count, whether it is visible, its fill
    seen: set[tuple[Element, bool, bool]] = set()
    while stack:
        element, drawn, visible, fill = stack.pop()
        if (element, drawn, visible) in seen or float(element.get("opacity", "1")) == 0:
            continue
        seen.add((element, drawn, visible))
        fill = element.get("fill", fill)
        visible = element.get("visibility", "visible" if visible else "hidden") == "visible"
        if element.tag == LOST:
            unpainted = "painted" in element.attrib and fill == "none" and element.get("stroke", "none") == "none"
            if visible and not unpainted:
                refuse(element.attrib["sentence"])
            continue
        links = [link for value in element.attrib.values() if "url(#" in value for link in references(value)]
        links.append(element.get("href", "")[1:])
        stack += [(targets[link], True, visible, fill) for link in links if link in targets]
        if drawn:
            stack += [(child, child.tag not in NOT_DRAWN_THERE, visible, fill) for child in element]
