"""Pictures of SVG: the only place that knows the rasteriser, which runs in child processes.

Rasterisers crash and hang on hostile drawings, so each drawing is bounded by settings.RENDER_TIMEOUT and a
child that fails is replaced. (multiprocessing is no use: Celery's own processes may not have children.)
"""

import atexit
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, LifoQueue
from threading import Timer

from django.conf import settings
from PIL import Image

from icons.rasterise import READY, REPLY, REQUEST

CHILDREN = min(4, os.cpu_count() or 1)
START_TIMEOUT = 60  # seconds; imports on a cold disk are slow, and no icon's fault


class RenderError(Exception):
    """This SVG cannot be drawn; the message says why, in a sentence."""


class _Child:
    """One rasteriser process. Used by one thread at a time."""

    def __init__(self, rasteriser: str) -> None:
        """Raises RuntimeError where the rasteriser does not start: then no icon is to blame."""
        self.rasteriser = rasteriser
        # Unbuffered, so that nothing half-written is flushed into the pipe by a forked copy of this object.
        self.process = subprocess.Popen(
            command(rasteriser),
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        try:
            with _Limit(self.process, START_TIMEOUT):
                self._read(len(READY))
        except OSError as error:
            self.stop()
            raise RuntimeError(f"The rasteriser {rasteriser!r} does not start.") from error

    def draw(self, svg: str, size: int) -> Image.Image:
        """An RGBA picture of size × size pixels. Raises RenderError; after a crash, `usable` is false."""
        data, seconds = svg.encode(), settings.RENDER_TIMEOUT
        limit = _Limit(self.process, seconds)
        try:
            with limit:
                self._write(REQUEST.pack(size, int(seconds) + 5, len(data)) + data)
                drawn, length = REPLY.unpack(self._read(REPLY.size))
                payload = self._read(length)
        except OSError:
            self.stop()
            if limit.passed:
                raise RenderError(f"Drawing took longer than {seconds} seconds.") from None
            raise RenderError("The rasteriser crashed on this icon.") from None
        if not drawn:
            raise RenderError(f"The rasteriser refused this icon: {payload.decode(errors='replace')}")
        return Image.frombytes("RGBA", (size, size), payload)

    def usable(self) -> bool:
        return self.process.poll() is None and self.rasteriser == settings.RASTERISER

    def stop(self) -> None:
        self.close_pipes()
        self.process.kill()
        self.process.wait()

    def close_pipes(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                pipe.close()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self.process.stdin.write(view) :]

    def _read(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            part = self.process.stdout.read(length - len(data))
            if not part:
                raise BrokenPipeError
            data += part
        return bytes(data)


class _Limit(Timer):
    """Kills the process after so many seconds, which ends reads and writes that wait for it."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        super().__init__(seconds, self._kill)
        self.daemon = True
        self.process, self.passed = process, False

    def _kill(self) -> None:
        self.passed = True
        self.process.kill()

    def __enter__(self) -> "_Limit":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()


_children: LifoQueue[_Child | None]  # None stands for a child not started yet


def _new_children() -> None:
    global _children
    _children = LifoQueue()
    for _ in range(CHILDREN):
        _children.put(None)


def _forget_children() -> None:
    """In a forked process: they are the parent's, and a pipe held open here would keep them alive."""
    for child in _children.queue:
        if child:
            child.close_pipes()
    _new_children()


def stop_children() -> None:
    """Ends the idle ones; the next drawing starts new ones."""
    idle = []
    with suppress(Empty):
        while True:
            idle.append(_children.get_nowait())
    for child in idle:
        if child:
            child.stop()
        _children.put(None)


def command(rasteriser: str) -> list[str]:
    return [sys.executable, "-m", "icons.rasterise", rasteriser]


def render(svg: str, size: int) -> Image.Image:
    """An RGBA picture, size × size pixels, of a cleaned SVG: aspect kept, centred, transparent around.

    Raises RenderError where this SVG cannot be drawn, RuntimeError where the rasteriser does not start.
    """
    child = _children.get()
    try:
        if child is None or not child.usable():
            if child:
                child.stop()
            child = None  # what goes back should no other start
            child = _Child(settings.RASTERISER)
        return child.draw(svg, size)
    finally:
        _children.put(child)


def render_many(
    svgs: Sequence[str], size: int, deadline: float | None = None
) -> Iterator[Image.Image | RenderError]:
    """For each SVG in order its picture as from render(), or the RenderError, drawn in parallel.

    After `deadline`, a time.monotonic() value, no drawing is started and the iteration ends early.
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
