"""Pictures of SVG. This is the only module that knows the rasteriser, which runs in child processes.

Rasterisers crash and hang on hostile drawings: a drawing takes at most settings.RENDER_TIMEOUT seconds, and a child
that fails is replaced. (multiprocessing does not serve here: processes of Celery may not have its children.)
"""

import atexit
import os
import select
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, LifoQueue
from typing import IO

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image

from icons.rasteriser_child import READY, REPLY, REQUEST
from icons.svg.fixed_strokes import drawn_at

CHILDREN = min(4, os.cpu_count() or 1)  # rasteriser processes
START_TIMEOUT = 60  # seconds; imports from a cold disk are slow, which is no icon's fault


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


class _Child:
    """One rasteriser process, which one thread uses at a time."""

    def __init__(self, rasteriser: str) -> None:
        """Start it. Raises RuntimeError where the rasteriser does not start, which is no icon's fault."""
        self.rasteriser = rasteriser
        # Unbuffered, since a forked copy of this object would flush what is half written into the pipe, too.
        self.process = subprocess.Popen(
            command(rasteriser),
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        assert self.process.stdin and self.process.stdout
        self.requests, self.replies = self.process.stdin, self.process.stdout
        os.set_blocking(self.requests.fileno(), False)
        try:
            self._read(len(READY), time.monotonic() + START_TIMEOUT)
        except OSError as error:
            self.stop()
            raise RuntimeError(f"The rasteriser {rasteriser!r} does not start.") from error

    def draw(self, svg: str, size: int) -> Image.Image:
        """An RGBA picture of size × size pixels. Raises RenderError; after a crash, `usable` is False."""
        data, seconds = svg.encode(), settings.RENDER_TIMEOUT
        deadline = time.monotonic() + seconds
        try:
            self._write(REQUEST.pack(size, int(seconds) + 5, len(data)) + data, deadline)
            succeeded, length = REPLY.unpack(self._read(REPLY.size, deadline))
            payload = self._read(length, deadline)
        except TimeoutError:
            self.stop()
            raise RenderError(_("Drawing took longer than %(seconds)s seconds."), seconds=seconds) from None
        except OSError:
            self.stop()
            raise RenderError(_("The rasteriser crashed on this icon.")) from None
        except BaseException:  # the reply is still to come, and would be taken for the next icon's
            self.stop()
            raise
        if not succeeded:
            why = payload.decode(errors="replace")
            raise RenderError(_("The rasteriser refused this icon: %(why)s"), why=why)
        return Image.frombytes("RGBA", (size, size), payload)

    def usable(self) -> bool:
        """Whether it runs, with the rasteriser that the settings name."""
        return self.process.poll() is None and self.rasteriser == settings.RASTERISER

    def stop(self) -> None:
        """End the process."""
        self.close_pipes()
        self.process.kill()
        self.process.wait()

    def close_pipes(self) -> None:
        """Close this end of its pipes; the process ends once no other process holds them open."""
        for pipe in (self.requests, self.replies):
            with suppress(OSError):
                pipe.close()

    def _write(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            _wait(self.requests, select.POLLOUT, deadline)
            view = view[self.requests.write(view) or 0 :]

    def _read(self, length: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < length:
            _wait(self.replies, select.POLLIN, deadline)
            chunk = self.replies.read(length - len(data))
            if not chunk:
                raise BrokenPipeError
            data += chunk
        return bytes(data)


def _wait(pipe: IO[bytes], event: int, deadline: float) -> None:
    """Return when the pipe is ready or broken. Raises TimeoutError at the deadline."""
    poll = select.poll()  # select() takes no file with a number above 1023
    poll.register(pipe, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError


_children: LifoQueue[_Child | None]  # idle ones; None stands for a child that is not started yet


def _new_children() -> None:
    global _children
    _children = LifoQueue()
    for none_yet in [None] * CHILDREN:
        _children.put(none_yet)


def _forget_children() -> None:
    """In a forked process: the children are those of the parent, and open pipes here would keep them alive."""
    for child in _children.queue:
        if child:
            child.close_pipes()
    _new_children()


def stop_children() -> None:
    """End the children that are idle; the next drawing starts new ones."""
    idle = []
    with suppress(Empty):
        while True:
            idle.append(_children.get_nowait())
    for child in idle:
        if child:
            child.stop()
        _children.put(None)


def command(rasteriser: str) -> list[str]:
    """The command line of a child process with this rasteriser, "resvg" or "cairosvg"."""
    return [sys.executable, "-m", "icons.rasteriser_child", rasteriser]


def render(svg: str, size: int) -> Image.Image:
    """An RGBA picture of a cleaned SVG, size × size pixels.

    The drawing keeps its proportions, fills the longer side, and is centred on a transparent ground. Raises
    RenderError where the SVG cannot be drawn, RuntimeError where the rasteriser does not start.
    """
    child = _children.get()
    try:
        if child is None or not child.usable():
            if child:
                child.stop()
            child = None  # goes back into the queue where no new child starts
            child = _Child(settings.RASTERISER)
        return child.draw(drawn_at(svg, size), size)
    finally:
        _children.put(child)


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


_new_children()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_children)
atexit.register(stop_children)
