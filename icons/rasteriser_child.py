"""The child program that draws for icons.rendering, since rasterisers crash and hang.

It is started as `python -m icons.rasteriser_child resvg`, writes READY, and then answers requests on stdin with
replies on stdout. It ends when stdin does, and so with its parent, however the parent ends. It imports neither Django
nor numpy.
"""

import io
import os
import re
import signal
import struct
import sys
from typing import BinaryIO

from PIL import Image

REQUEST = struct.Struct("<III")  # side in pixels, seconds allowed, and bytes of SVG that follow
REPLY = struct.Struct("<?I")  # whether it is drawn, and bytes that follow: RGBA rows, or the reason as text
READY = b"\x01"
SIDES = re.compile(r'\A(<svg xmlns="[^"]*" width=")[\d.e+-]+(" height=")[\d.e+-]+(?=")')  # as a cleaned SVG begins
MEMORY = 2 * 1024**3  # bytes of address space that the process may have


def main(rasteriser: str) -> None:
    """Answer requests until stdin ends; the rasteriser is "resvg" or "cairosvg"."""
    # Replies have a stdout of their own, so that nothing that a library prints gets among them.
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory()
    draw(rasteriser, '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', 1)
    replies.write(READY)
    replies.flush()
    while header := requests.read(REQUEST.size):
        size, seconds, length = REQUEST.unpack(header)
        answer(rasteriser, requests.read(length).decode(), size, seconds, replies)


def limit_memory() -> None:
    """Bound the memory of this process, so that an icon that needs too much ends it alone; not on all platforms."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        pass


def answer(rasteriser: str, svg: str, size: int, seconds: int, replies: BinaryIO) -> None:
    """Draw one SVG in size × size pixels and write the reply; ends the process where this takes longer."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)  # in case that the parent, which would end this process, is gone
    try:
        succeeded, payload = True, draw(rasteriser, svg, size).tobytes()
    except Exception as error:
        succeeded, payload = False, str(error).encode(errors="replace")[:500]
    if hasattr(signal, "alarm"):
        signal.alarm(0)
    replies.write(REPLY.pack(succeeded, len(payload)) + payload)
    replies.flush()


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
        return drawing
    square = Image.new("RGBA", (size, size))
    square.paste(drawing, ((size - drawing.width) // 2, (size - drawing.height) // 2))
    return square


def squared(svg: str, size: int) -> str:
    """A cleaned SVG as a square of this size, in which the drawing is centred; any other SVG stays as it is.

    Rasterisers round the size that an SVG has before they scale it, which cuts a drawing of 6.35 units, and moves one
    of 7 × 4 by a part of a pixel.
    """
    return SIDES.sub(rf"\g<1>{size}\g<2>{size}", svg, count=1)


if __name__ == "__main__":
    main(sys.argv[1])
