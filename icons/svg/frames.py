"""Frames: how a view box is fitted into the size that a root, an inner <svg> or a <symbol> has."""

import math
from typing import NamedTuple
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from icons.svg.lengths import Context, user_units, written
from icons.svg.limits import refuse
from icons.svg.values import paint
from icons.svg.view_box import ViewBox

DEFAULT_SIZE = (300.0, 150.0)  # px, of an SVG that says nothing of its size (CSS 2.1, 10.3.2)
SAME_PROPORTIONS = 0.01  # the share by which a size may differ from its view box, since editors round
MOST = 1e9  # user units; what is larger has no use, and passes what rasterisers can compute with
ALIGNMENTS = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}


class Fit(NamedTuple):
    """How coordinates of a view box become those of the viewport: x' = scale_x·x + shift_x, and so for y."""

    scale_x: float
    scale_y: float
    shift_x: float
    shift_y: float

    @property
    def transform(self) -> str:
        """The same as an attribute `transform` has it; empty where it changes nothing."""
        if self == (1, 1, 0, 0):
            return ""
        scale_x, scale_y, shift_x, shift_y = map(written, self)
        return f"matrix({scale_x} 0 0 {scale_y} {shift_x} {shift_y})"


def fit(view_box: ViewBox, width: float, height: float, preserve: str) -> Fit:
    """How the view box is placed in a viewport, by the rules of preserveAspectRatio (SVG 2, 8.7)."""
    words = [word for word in preserve.split() if word != "defer"]
    scale_x, scale_y = width / view_box.width, height / view_box.height
    align = words[0] if words else "xMidYMid"
    if align != "none":
        scale_x = scale_y = (max if words[1:] == ["slice"] else min)(scale_x, scale_y)
    across, down = ALIGNMENTS.get(align[1:4], 0.5), ALIGNMENTS.get(align[5:8], 0.5)
    return Fit(
        scale_x,
        scale_y,
        across * (width - view_box.width * scale_x) - view_box.left * scale_x,
        down * (height - view_box.height * scale_y) - view_box.top * scale_y,
    )


def written_view_box(element: Element) -> ViewBox | None:
    """The view box that an element declares, with sides above 0; None where it declares none that is valid."""
    try:
        view_box = ViewBox.parse(element.get("viewBox", element.get("viewbox", "")))
    except ValueError:
        return None
    return view_box if view_box.width > 0 and view_box.height > 0 and all(map(math.isfinite, view_box)) else None


def root_frame(root: Element) -> tuple[ViewBox, str]:
    """The view box that shows what a browser shows of the drawing, and how the drawing is stretched in it.

    The second is a value of `transform`, and nearly always empty: only preserveAspectRatio="none" stretches. Raises
    ValidationError where nothing is shown or a number is too large.
    """
    text = root.get("viewBox", root.get("viewbox", "")).strip()
    width, height = (_side(root, name) for name in ("width", "height"))
    try:
        view_box = ViewBox.parse(text) if text else None
    except ValueError:
        if width is None or height is None:
            refuse(_("The SVG needs a viewBox of four numbers, or a width and height in pixels."))
        view_box = None
    if view_box is None:
        default_width, default_height = DEFAULT_SIZE
        view_box = ViewBox(
            0.0, 0.0, default_width if width is None else width, default_height if height is None else height
        )
        _check(view_box)
        return view_box, ""
    _check(view_box)
    if width is None or height is None:
        return view_box, ""
    _check(ViewBox(0, 0, width, height))
    if abs(width * view_box.height / (height * view_box.width) - 1) <= SAME_PROPORTIONS:
        return view_box, ""
    placed = fit(view_box, width, height, root.get("preserveAspectRatio", ""))
    if placed.scale_x != placed.scale_y:
        return ViewBox(0.0, 0.0, width, height), placed.transform
    scale = placed.scale_x
    left, top = -placed.shift_x / scale, -placed.shift_y / scale
    shown = ViewBox(left, top, width / scale, height / scale).rounded()
    _check(shown)
    return shown, ""


def _side(root: Element, name: str) -> float | None:
    """The width or height of the root in pixels, None where it depends on the page around the drawing."""
    text = root.get(name, "")
    return None if "%" in text else user_units(text, "x", Context(*DEFAULT_SIZE))


def _check(view_box: ViewBox) -> None:
    if not (max(map(abs, view_box)) < MOST and view_box.width > 0 and view_box.height > 0):
        refuse(_("The SVG's width and height must be above 0 and its viewBox below 1,000,000,000."))


def background(css: str, shown: ViewBox) -> Element | None:
    """The rectangle that stands for the background of the root; None where it has no colour."""
    fill = next(filter(None, map(paint, [css, *css.split()])), None) if css else None
    if fill is None or fill == "none" or fill == "currentColor":
        return None
    left, top, width, height = map(written, shown)
    sides = {"x": left, "y": top, "width": width, "height": height, "fill": fill, "stroke": "none"}
    return Element("rect", {name: side for name, side in sides.items() if name not in ("x", "y") or side != "0"})
