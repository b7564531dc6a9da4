"""The child program of `tracing`: from drawings to the filled outlines that a font's glyphs are made of.

It is started as `python -m bags.downloads.tracing_child SECONDS`, reads a JSON list of SVG texts, whose colours are
spelt as normalise_paints of icons.svg.paints spells them, and writes one line of JSON for each: {"problem": a code of
bags.downloads.tracing.PROBLEMS, "detail": what a library said}, or {"outline": [[verb, [[x, y], ...]], ...],
"one_colour": whether the icon is of one colour and opaque, "faint": whether a second shade is left out}, where there
are several colours with "vanishing", those that one colour hides, and "layers", [[colour, opacity, outline], ...]. A
drawing that takes longer than SECONDS of the processor's time ends the process. It imports no Django.
"""

import json
import re
import signal
import sys
from typing import Any

import numpy as np
import pathops
from numpy.typing import NDArray
from picosvg.geometric_types import Rect
from picosvg.svg_pathops import skia_path
from picosvg.svg_types import SVGPath

from bags.downloads.colours_child import FAINT, strong, vanishing
from bags.downloads.masks_child import SVG_LETTERS, shapes_of
from icons.child_protocol import limit_memory
from icons.rasteriser_child import MEMORY, draw

NEARLY_WHITE = 0.95  # of the range of a channel; a colour counts as white if red, green and blue are at least this
HEX_CHANNELS = re.compile("#" + "([0-9a-f]{2})" * 3)
SIDES = (64, 512)  # px, the sizes at which an outline is compared with its icon: hairlines need the larger
VISIBLE = 0.1  # of full opacity; what has more counts as drawn in a drawing of several colours
MIN_OVERLAP = 0.9  # what both cover, as a fraction of what either covers
SVG_TAG = '<svg xmlns="http://www.w3.org/2000/svg"'
WARM_UP_SVG = f'{SVG_TAG} width="1" height="1" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'
Outline = list[tuple[str, list[tuple[float, float]]]]  # (verb, points) in units of the view box


def main(seconds: int) -> None:
    """Trace the drawings of the standard input, of which each may take so many seconds."""
    limit_memory(MEMORY)
    trace(WARM_UP_SVG)  # loads the modules that the libraries import late, so that no icon's time is spent on them
    for svg in json.load(sys.stdin):
        # Nothing else ends an operation on paths, which may take hours. The processor's time is counted, so that an
        # icon is not blamed for a busy machine.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        print(json.dumps(trace(svg)), flush=True)


def trace(svg: str) -> dict[str, Any]:
    """The line of JSON for one drawing, as described above."""
    if "<filter" in svg:
        return {"problem": "filter", "detail": ""}
    try:
        source, shapes = shapes_of(svg)
        view_box = source.view_box() or Rect(0, 0, 1, 1)
        if not shapes:
            return {"problem": "nothing-painted", "detail": ""}
        one_colour = len({shape.fill for shape in shapes}) == 1 and all(map(is_opaque, shapes))
        shown = strong(shapes)
        least = VISIBLE if len(shown) == len(shapes) else FAINT
        for path in (united(shown), concatenated(shown)):
            outline = clipped(path, view_box)
            if outline and any(covers_the_same(svg, outline, view_box, one_colour, side, least) for side in SIDES):
                line = {"outline": outline, "one_colour": one_colour, "faint": len(shown) < len(shapes)}
                return line if one_colour else line | colours_of(shapes, view_box)
    except Exception as error:  # whatever an odd drawing does to the libraries concerns this drawing alone
        return {"problem": "error", "detail": f"{type(error).__name__}: {error}"[:250]}
    return {"problem": "looks-different", "detail": ""}


def colours_of(shapes: list[SVGPath], view_box: Rect) -> dict[str, Any]:
    """What becomes of several colours: those that vanish where all are one, and the layers of a colour glyph."""
    layers = []
    for shape in shapes:
        outline = clipped(skia_path(shape.as_cmd_seq(), shape.fill_rule), view_box)
        if outline:
            layers.append((shape.fill, float(shape.opacity), outline))
    return {"vanishing": vanishing(shapes, is_white, view_box.w * view_box.h), "layers": layers}


def united(shapes: list[SVGPath]) -> pathops.Path:
    """One outline of all shapes, for the non-zero rule. In an icon of several colours, white shapes are cut out."""
    several_colours = len({shape.fill for shape in shapes}) > 1
    union = pathops.Path()
    for shape in shapes:
        cut_out = several_colours and is_white(shape.fill)
        operation = pathops.PathOp.DIFFERENCE if cut_out else pathops.PathOp.UNION
        union = pathops.op(union, skia_path(shape.as_cmd_seq(), shape.fill_rule), operation, fix_winding=True)
    return union


def is_opaque(shape: SVGPath) -> bool:
    """Whether nothing shows through the shape."""
    return bool(shape.opacity == 1) and not shape.fill.startswith("rgba(")


def is_white(colour: str) -> bool:
    """Whether it is white, or nearly white, and opaque."""
    channels = HEX_CHANNELS.fullmatch(colour)
    return channels is not None and min(int(channel, 16) for channel in channels.groups()) >= NEARLY_WHITE * 255


def concatenated(shapes: list[SVGPath]) -> pathops.Path:
    """The shapes one after the other, for icons whose union comes out wrong, as happens now and then."""
    path = pathops.Path()
    for shape in shapes:
        path.addPath(skia_path(shape.as_cmd_seq(), shape.fill_rule))
    return path


def clipped(path: pathops.Path, view_box: Rect) -> Outline:
    """What the view box shows of a path. A font cannot hold coordinates above 32,767."""
    left, top, right, bottom = path.bounds
    edge_right, edge_bottom = view_box.x + view_box.w, view_box.y + view_box.h
    if left < view_box.x or top < view_box.y or right > edge_right or bottom > edge_bottom:
        frame = pathops.Path()
        frame.moveTo(view_box.x, view_box.y)
        for corner in ((edge_right, view_box.y), (edge_right, edge_bottom), (view_box.x, edge_bottom)):
            frame.lineTo(*corner)
        frame.close()
        path = pathops.op(path, frame, pathops.PathOp.INTERSECTION, fix_winding=True)
    return [(pathops.PathVerb(verb).name, list(points)) for verb, points in path]


def covers_the_same(svg: str, outline: Outline, view_box: Rect, one_colour: bool, side: int, least: float) -> bool:
    """Whether the outline covers what the icon covers. White counts as nothing in an icon of several colours."""
    d = "".join(SVG_LETTERS[verb] + " ".join(f"{x} {y}" for x, y in points) for verb, points in outline)
    x, y, width, height = view_box.x, view_box.y, view_box.w, view_box.h
    frame = f'{SVG_TAG} width="{width}" height="{height}" viewBox="{x} {y} {width} {height}"'
    drawings = (svg, f'{frame}><path d="{d}"/></svg>')
    of_icon, of_outline = (coverage(drawing, one_colour, side, least) for drawing in drawings)
    overlap, union = np.minimum(of_icon, of_outline).sum(), np.maximum(of_icon, of_outline).sum()
    return bool(overlap > MIN_OVERLAP * union)


def coverage(svg: str, one_colour: bool, side: int, least: float) -> NDArray[np.float32]:
    """How much of each pixel a drawing covers, (side, side), 0 to 1."""
    pixels: NDArray[np.float32] = np.asarray(draw("resvg", svg, side), np.float32) / np.float32(255)
    alpha: NDArray[np.float32] = pixels[..., 3]
    if one_colour:
        return alpha
    coloured: NDArray[np.bool_] = (alpha > least) & (pixels[..., :3].min(axis=2) < NEARLY_WHITE)
    return coloured.astype(np.float32)


if __name__ == "__main__":
    main(int(sys.argv[1]))
