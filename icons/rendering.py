"""Pictures of SVG. This is the only module that knows the rasteriser, which runs in child processes.

Rasterisers crash and hang on hostile drawings: a drawing takes at most settings.RENDER_TIMEOUT seconds of the
processor's time, and a child that fails is replaced.
"""

import os
import sys
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image

from icons.child_processes import ChildPool
from icons.child_protocol import PATIENCE
from icons.rasteriser_child import REQUEST
from icons.svg.fixed_strokes import drawn_at

CHILDREN = min(4, os.cpu_count() or 1)  # rasteriser processes


class RenderError(Exception):
    """An SVG cannot be drawn; the message says why, in a sentence.

    It is translated when it is shown: a thread that draws does not know the reader's language.
    """

    def __init__(self, message: str | Promise, **params: object) -> None:
        """The message holds each of `params` as %(name)s."""
        super().__init__(message, params)
        self.message, self.params = message, params

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)


def command(rasteriser: str) -> list[str]:
    """The command line of a child process with this rasteriser, "resvg" or "cairosvg"."""
    return [sys.executable, "-m", "icons.rasteriser_child", rasteriser]


children = ChildPool(lambda: command(settings.RASTERISER), CHILDREN)


def render(svg: str, size: int) -> Image.Image:
    """An RGBA picture of a cleaned SVG, size × size pixels.

    The drawing keeps its proportions, fills the longer side, and is centred on a transparent ground. Raises
    RenderError where the SVG cannot be drawn, RuntimeError where the rasteriser does not start.
    """
    data, seconds = drawn_at(svg, size).encode(), settings.RENDER_TIMEOUT
    request = REQUEST.pack(size, seconds, len(data)) + data
    try:
        succeeded, payload = _ask(request, seconds * PATIENCE)
    except TimeoutError:
        raise RenderError(_("Drawing took longer than %(seconds)s seconds."), seconds=seconds) from None
    except OSError:
        raise RenderError(_("The rasteriser crashed on this icon.")) from None
    if not succeeded:
        why = payload.decode(errors="replace")
        raise RenderError(_("The rasteriser refused this icon: %(why)s"), why=why)
    return Image.frombytes("RGBA", (size, size), payload)


def _ask(request: bytes, seconds: float) -> tuple[bool, bytearray]:
    """What a child answers. If it crashes, another is asked: it may have been killed, which is no icon's fault."""
    try:
        with children.child() as child:
            return child.ask(request, seconds)
    except TimeoutError:
        raise
    except OSError:
        with children.child() as child:
            return child.ask(request, seconds)


def render_many(
    svgs: Sequence[str], size: int, deadline: float | None = None
) -> Generator[Image.Image | RenderError, None, None]:
    """For each SVG, in order, its picture as from render(), or the RenderError; they are drawn in parallel.

    After `deadline`, a time.monotonic() value in seconds, no drawing is started, and the iteration ends early. Raises
    RuntimeError where the rasteriser does not start.
    """

    def attempt(svg: str) -> Image.Image | RenderError | None:
        if deadline is not None and time.monotonic() >= deadline:
            return None
        try:
            return render(svg, size)
        except RenderError as error:
            return error

    executor = ThreadPoolExecutor(CHILDREN)
    try:
        for result in executor.map(attempt, svgs):
            if result is None:
                return
            yield result
    finally:
        executor.shutdown(cancel_futures=True)
