"""The SVG of an icon in the look that somebody asks for, and the icon as Iconify JSON."""

import re
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from icons.exporting.credit import in_comment
from icons.exporting.look import PLAIN, Look
from icons.exporting.own_ids import give_own_ids
from icons.exporting.recolour import recolour
from icons.exporting.strokes import rescale_strokes, widest_stroke
from icons.models import Icon, hash_svg
from icons.svg.markup import attributes, markup, parse
from icons.svg.reading import SVG
from icons.svg.view_box import ViewBox, flip_and_turn, shortest

FRAME = ("xmlns", "width", "height", "viewBox", "preserveAspectRatio")  # attributes of a root that no group has
# A cleaned drawing whose root says nothing but its frame: its view box, and what is in it.
PLAIN_ROOT = re.compile(
    rf'<svg xmlns="{re.escape(SVG)}" width="[^"]*" height="[^"]*" viewBox="([^"]*)">(.*)</svg>', re.DOTALL
)


def icon_svg_text(icon: Icon, look: Look = PLAIN, credit: str = "") -> str:
    """The icon's SVG in that look, with ids of its own, and with the credit as a comment unless it is empty.

    Raises ValidationError where the icon holds no SVG, which a saved icon does.
    """
    root = parse(icon.svg)
    give_own_ids(root, icon.public_id.replace(":", "-"))
    if look.colour:
        recolour(root, look.colour)
    if look.stroke is not None:
        rescale_strokes(root, look.stroke)
    frame, contents, view_box = dict(root.attrib), markup(*root), view_box_of(root)
    if look.turns_or_flips:
        contents, view_box = flip_and_turn(_body(root), view_box, look.rotate, look.flip_x, look.flip_y)
        shown = view_box.rounded()
        size = {"width": shortest(shown.width), "height": shortest(shown.height)}
        frame = {"xmlns": SVG, **size, "viewBox": str(shown)}
    if look.size:
        frame["width"], frame["height"] = (f"{side * look.size / view_box.longer_side:g}" for side in view_box[2:])
    comment = f"<!-- {in_comment(credit)} -->" if credit else ""
    return f"<svg{attributes(frame)}>{comment}{contents}</svg>"


def stroke_width(icon: Icon) -> float | None:
    """The width of the widest stroke, in units of the view box; None where the icon has no strokes."""
    return widest_stroke(parse(icon.svg))


def iconify_icon(icon: Icon) -> dict[str, Any]:
    """The icon as in Iconify JSON: `body`, `width`, `height`, and `left` and `top` where they are not 0.

    The form is that of https://iconify.design/docs/types/iconify-json.html; lengths are in user units.
    """
    return iconify_drawing(icon.svg)


def iconify_drawing(svg: str, svg_hash: str = "") -> dict[str, Any]:
    """The same of a cleaned drawing. Where it still has the hash that was stored with it, it need not be parsed."""
    written = PLAIN_ROOT.fullmatch(svg) if svg_hash and hash_svg(svg) == svg_hash else None
    if written:
        return {"body": written[2], **_sizes(written[1])}
    root = parse(svg)
    return {"body": _body(root), **_sizes(root.attrib["viewBox"])}


@lru_cache(1000)
def _sizes(view_box: str) -> dict[str, float]:
    """What Iconify JSON says of a view box; most drawings have the same few."""
    left, top, width, height = (int(number) if number.is_integer() else number for number in ViewBox.parse(view_box))
    corner = {key: value for key, value in (("left", left), ("top", top)) if value}
    return {"width": width, "height": height, **corner}


def view_box_of(root: Element) -> ViewBox:
    """The view box of a cleaned drawing."""
    return ViewBox.parse(root.attrib["viewBox"])


def _body(root: Element) -> str:
    """The contents of the root, in a group with what the root says on how to draw them."""
    group = Element("g", {name: value for name, value in root.attrib.items() if name not in FRAME})
    if not group.attrib:
        return markup(*root)
    if "transform" in group.attrib:  # a root turns about its middle, a group about 0, 0
        view_box = view_box_of(root)
        middle = f"{view_box.left + view_box.width / 2:g} {view_box.top + view_box.height / 2:g}"
        group.attrib.setdefault("transform-origin", middle)
    group.extend(root)
    return markup(group)
