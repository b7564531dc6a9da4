"""The child program that draws for icons.rendering, since rasterisers crash and hang.

It is started as `python -m icons.rasteriser_child resvg`, says READY, and then answers requests on stdin with
replies on stdout until stdin ends: with its parent, however that ends. It imports neither Django nor numpy.
"""

import io
import os
import signal
import struct
import sys
from typing import BinaryIO

from PIL import Image

REQUEST = struct.Struct("<III")  # size in pixels, seconds allowed, bytes of SVG that follow
REPLY = struct.Struct("<?I")  # drawn, bytes that follow: RGBA rows, or the reason as text
READY = b"\x01"
MEMORY = 2 * 1024**3  # bytes of address space


def main(rasteriser: str) -> None:
    # Whatever a library prints must not end up among the replies.
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
    """Lets an icon that grows without end kill this process alone; some platforms have no such limit."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        pass


def answer(rasteriser: str, svg: str, size: int, seconds: int, replies: BinaryIO) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)  # ends this process should the parent be gone and unable to
    try:
        drawn, payload = True, draw(rasteriser, svg, size).tobytes()
    except Exception as error:
        drawn, payload = False, str(error).encode(errors="replace")[:500]
    if hasattr(signal, "alarm"):
        signal.alarm(0)
    replies.write(REPLY.pack(drawn, len(payload)) + payload)
    replies.flush()


def draw(rasteriser: str, svg: str, size: int) -> Image.Image:
    """The drawing fitted into and centred on a transparent size × size RGBA picture."""
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


if __name__ == "__main__":
    main(sys.argv[1])
