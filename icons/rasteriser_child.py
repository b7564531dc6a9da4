"""The child program that draws for icons.rendering, since rasterisers crash and hang.

It is started as `python -m icons.rasteriser_child resvg`, and then answers requests on stdin with replies on stdout:
RGBA rows, or the reason as text. It ends when stdin does, and so with its parent, however the parent ends. It imports
neither Django nor numpy.
"""

import io
import re
import struct
import sys
from typing import BinaryIO

from PIL import Image

from icons.child_protocol import PATIENCE, limit_memory, limit_time, open_pipes, write_ready, write_reply

REQUEST = struct.Struct("<IdI")  # side in pixels, seconds of the processor allowed, and bytes of SVG that follow
SIDES = re.compile(r'\A(<svg xmlns="[^"]*" width=")[\d.e+-]+(" height=")[\d.e+-]+(?=")')  # as a cleaned SVG begins
VIEW_BOX = re.compile(r'<svg [^>]*viewBox="[\d.e+-]+ [\d.e+-]+ ([\d.e+-]+) ([\d.e+-]+)"').match
MEMORY = 2 * 1024**3  # bytes of address space that the process may have, so that an icon that needs more ends it alone


def main(rasteriser: str) -> None:
    """Answer requests until stdin ends; the rasteriser is "resvg" or "cairosvg"."""
    requests, replies = open_pipes()
    limit_memory(MEMORY)
    draw(rasteriser, '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', 1)
    write_ready(replies)
    while header := requests.read(REQUEST.size):
        size, seconds, length = REQUEST.unpack(header)
        answer(rasteriser, requests.read(length).decode(), size, seconds, replies)


def answer(rasteriser: str, svg: str, size: int, seconds: float, replies: BinaryIO) -> None:
    """Draw one SVG in size × size pixels and write the reply; ends the process where this takes longer."""
    limit_time(seconds, seconds * PATIENCE)
    try:
        succeeded, payload = True, draw(rasteriser, svg, size).tobytes()
    except Exception as error:
        succeeded, payload = False, str(error).encode(errors="replace")[:500]
    limit_time(0, 0)
    write_reply(replies, succeeded, payload)


def draw(rasteriser: str, svg: str, size: int) -> Image.Image:
    """The drawing on a transparent RGBA picture of size × size pixels, centred, its longer side filling the picture.

    Raises whatever the rasteriser raises.
    """
    svg = squared(svg, size)
    if rasteriser == "cairosvg":
        import cairosvg

        png = cairosvg.svg2png(bytestring=svg.encode(), output_width=size, output_height=size)
    else:
        import resvg_py

        png = resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True)
    drawing = Image.open(io.BytesIO(bytes(png))).convert("RGBA")
    if drawing.size == (size, size):
        return framed(drawing, svg)
    square = Image.new("RGBA", (size, size))
    square.paste(drawing, ((size - drawing.width) // 2, (size - drawing.height) // 2))
    return square


def framed(drawing: Image.Image, svg: str) -> Image.Image:
    """The picture of a squared SVG without what lies beside the view box, which browsers do not show."""
    match = VIEW_BOX(svg)
    if match is None or match[1] == match[2]:
        return drawing
    width, height, size = float(match[1]), float(match[2]), drawing.width
    share = min(width, height) / max(width, height)
    edge = int(size * (1 - share) / 2)  # pixels that are beside the view box altogether, at either side
    if edge:
        sides = ((0, 0), (0, size - edge)) if width > height else ((0, 0), (size - edge, 0))
        bar = (size, edge) if width > height else (edge, size)
        for corner in sides:
            drawing.paste((0, 0, 0, 0), (*corner, corner[0] + bar[0], corner[1] + bar[1]))
    return drawing


def squared(svg: str, size: int) -> str:
    """A cleaned SVG as a square of this size, in which the drawing is centred; any other SVG stays as it is.

    Rasterisers round the size that an SVG has before they scale it, which cuts a drawing of 6.35 units, and moves one
    of 7 × 4 by a part of a pixel.
    """
    return SIDES.sub(rf"\g<1>{size}\g<2>{size}", svg, count=1)


if __name__ == "__main__":
    main(sys.argv[1])
