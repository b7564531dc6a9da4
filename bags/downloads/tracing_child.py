"""The child program of `tracing`: from drawings to the filled outlines that a font's glyphs are made of.

It is started as `python -m bags.downloads.tracing_child SECONDS`, reads a JSON list of SVG texts, and writes one line
of JSON for each: {"outline": [[verb, [[x, y], ...]], ...], "plain": whether it is of one opaque colour}, or
{"reason": a sentence}. A drawing that takes longer than SECONDS of the processor's time ends the process. It
imports no Django.
"""

import json
import signal
import sys
from typing import Any

import numpy as np
import pathops
from numpy.typing import NDArray
from picosvg.svg import SVG
from picosvg.svg_pathops import skia_path
from picosvg.svg_types import SVGPath

from icons.rasteriser_child import draw, limit_memory

WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "rgb(255, 255, 255)"})
SIDE = 64  # pixels in which an outline is compared with its icon
ALIKE = 0.9  # of what either covers, what both cover
LETTERS = {"MOVE": "M", "LINE": "L", "QUAD": "Q", "CUBIC": "C", "CLOSE": "Z"}  # of a path in SVG
FIRST = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'
Outline = list[tuple[str, list[tuple[float, float]]]]


def main(seconds: int) -> None:
    limit_memory()
    traced(FIRST)  # loads what is loaded late, at no icon's cost
    for svg in json.load(sys.stdin):
        # Nothing else ends an operation on paths, which may take hours. Of the processor's time, so that an icon
        # is not blamed for a busy machine.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        print(json.dumps(traced(svg)), flush=True)


def traced(svg: str) -> dict[str, Any]:
    """The line of JSON for one drawing, as above."""
    try:
        source = SVG.fromstring(svg.replace(' href="#', ' xlink:href="#'))  # the only one that it knows
        box = source.view_box()
        shapes = [shape.as_path() for shape in source.topicosvg().shapes()]
        if not shapes:
            return {"reason": "Nothing of it is filled or stroked."}
        plain = len({shape.fill for shape in shapes}) == 1 and all(shape.opacity == 1 for shape in shapes)
        for outline in (in_box(merged(shapes), box), in_box(joined(shapes), box)):
            if outline and alike(svg, outline, box, plain):
                return {"outline": outline, "plain": plain}
    except Exception as error:  # whatever the libraries make of an odd drawing, it is only this one's matter
        return {"reason": f"It cannot be turned into outlines ({type(error).__name__}: {error})."[:300]}
    return {"reason": "Its outline would look different: it may have a mask, a filter or a pattern."}


def merged(shapes: list[SVGPath]) -> pathops.Path:
    """One outline of all shapes, for the non-zero rule; in an icon of several colours, what is white is cut out."""
    several = len({shape.fill for shape in shapes}) > 1
    whole = pathops.Path()
    for shape in shapes:
        cut = several and shape.fill.lower() in WHITE
        operation = pathops.PathOp.DIFFERENCE if cut else pathops.PathOp.UNION
        whole = pathops.op(whole, skia_path(shape.as_cmd_seq(), shape.fill_rule), operation, fix_winding=True)
    return whole


def joined(shapes: list[SVGPath]) -> pathops.Path:
    """The shapes one after the other: what is left where their union comes out wrong, as it does now and then."""
    whole = pathops.Path()
    for shape in shapes:
        whole.addPath(skia_path(shape.as_cmd_seq(), shape.fill_rule))
    return whole


def in_box(path: pathops.Path, box: Any) -> Outline:
    """The part of a path that the view box shows; the numbers of a font end at 32,767."""
    left, top, right, bottom = path.bounds
    if left < box.x or top < box.y or right > box.x + box.w or bottom > box.y + box.h:
        frame = pathops.Path()
        corners = [(box.x, box.y), (box.x + box.w, box.y), (box.x + box.w, box.y + box.h), (box.x, box.y + box.h)]
        frame.moveTo(*corners[0])
        for corner in corners[1:]:
            frame.lineTo(*corner)
        frame.close()
        path = pathops.op(path, frame, pathops.PathOp.INTERSECTION, fix_winding=True)
    return [(pathops.PathVerb(verb).name, list(points)) for verb, points in path]


def alike(svg: str, outline: Outline, box: Any, plain: bool) -> bool:
    """Whether the outline covers what the icon does, whose white counts for nothing where it has other colours."""
    d = "".join(LETTERS[verb] + " ".join(f"{x} {y}" for x, y in points) for verb, points in outline)
    frame = f'width="{box.w}" height="{box.h}" viewBox="{box.x} {box.y} {box.w} {box.h}"'
    one, other = ink(svg, plain), ink(f'<svg xmlns="http://www.w3.org/2000/svg" {frame}><path d="{d}"/></svg>', plain)
    return bool(np.minimum(one, other).sum() > ALIKE * np.maximum(one, other).sum())


def ink(svg: str, plain: bool) -> NDArray[np.float32]:
    """How much of each pixel a drawing covers, (SIDE, SIDE), 0 to 1."""
    pixels = np.asarray(draw("resvg", svg, SIDE), np.float32) / 255
    cover = pixels[..., 3]
    return cover if plain else np.float32((cover > 0.1) & (pixels[..., :3].min(axis=2) < 0.95))


if __name__ == "__main__":
    main(int(sys.argv[1]))
