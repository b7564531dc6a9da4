"""Colours of a drawing in the child program of `tracing`: what becomes of them in a letter of one colour."""

from typing import Any

import pathops
from picosvg.svg_pathops import skia_path
from picosvg.svg_types import SVGPath

FAINT = 0.5  # of full opacity; what is less opaque is the second shade of an icon in two shades
HIDDEN = 0.6  # of the area of a shape; as much of it on another colour cannot be told from that in one colour
MIN_AREA = 0.004  # of the view box; smaller shapes are not missed


def strong(shapes: list[SVGPath]) -> list[SVGPath]:
    """The shapes without those that are much fainter than others: in one colour these would hide the icon on them."""
    opaque = [shape for shape in shapes if shape.opacity >= FAINT]
    return opaque or shapes


def vanishing(shapes: list[SVGPath], is_white: Any, area: float) -> list[str]:
    """The colours that lie on another one, and cannot be seen where both become one; white is cut out, and stays."""
    below: dict[str, pathops.Path] = {}
    lost: dict[str, None] = {}
    for shape in shapes:
        path = skia_path(shape.as_cmd_seq(), shape.fill_rule)
        size = abs(path.area)
        for colour, ground in below.items():
            if colour != shape.fill and not is_white(colour) and not is_white(shape.fill) and size > MIN_AREA * area:
                common = pathops.op(path, ground, pathops.PathOp.INTERSECTION, fix_winding=True)
                if abs(common.area) > HIDDEN * size:
                    lost[shape.fill] = None
        ground = below.get(shape.fill, pathops.Path())
        below[shape.fill] = pathops.op(ground, path, pathops.PathOp.UNION, fix_winding=True)
    return list(lost)
