"""Child processes that do what may crash or hang: a child is asked and answers over pipes, and replaced if it fails.

(multiprocessing does not serve here: processes of Celery may not have its children.)
"""

import atexit
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, LifoQueue
from typing import IO, ClassVar
from weakref import WeakSet

from django.conf import settings

from icons.child_protocol import OUT_OF_TIME, READY, REPLY

START_TIMEOUT = 60  # seconds; imports from a cold disk are slow, which is no drawing's fault
ENDING = 1  # second that a child whose pipes have closed may take to end by itself
PIPE_BYTES, SET_PIPE_SIZE = 2**20, 1031  # bytes of a pipe's buffer, and the command F_SETPIPE_SZ of Linux's fcntl
# Memory that a child needs no more goes back to the system at once (glibc).
ENVIRONMENT = {"MALLOC_MMAP_THRESHOLD_": "1000000"}


class ChildProcess:
    """One child process, which one thread uses at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it. Raises RuntimeError where it does not start."""
        self.command = command
        # Unbuffered, since a forked copy of this object would flush what is half written into the pipe, too.
        self.process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env={**ENVIRONMENT, **os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        assert self.process.stdin and self.process.stdout
        self.requests, self.replies = self.process.stdin, self.process.stdout
        for pipe in (self.requests, self.replies):
            _enlarge(pipe)
        os.set_blocking(self.requests.fileno(), False)
        try:
            self._read(len(READY), time.monotonic() + START_TIMEOUT)
        except OSError as error:
            self.stop()
            raise RuntimeError(f"The child program {list(command[1:4])} does not start.") from error

    def ask(self, request: bytes, seconds: float) -> tuple[bool, bytearray]:
        """Send a request; whether the child could do what it was asked for, and its reply.

        Raises TimeoutError where this takes longer than so many seconds, or the child has used up the time that it
        gave itself; BrokenPipeError where it crashes. The process has ended then.
        """
        deadline = time.monotonic() + seconds
        try:
            self._write(request, deadline)
            succeeded, length = REPLY.unpack(self._read(REPLY.size, deadline))
            return succeeded, self._read(length, deadline)
        except TimeoutError:
            self.stop()
            raise
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(ENDING)
            self.stop()
            if self.process.returncode in OUT_OF_TIME:
                raise TimeoutError from None
            raise BrokenPipeError from None
        except BaseException:  # the reply is still to come, and would be taken for the next request's
            self.stop()
            raise

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

    def _read(self, length: int, deadline: float) -> bytearray:
        data = bytearray(length)
        view = memoryview(data)
        while view:
            _wait(self.replies, select.POLLIN, deadline)
            count = self.replies.readinto(view)  # type: ignore[attr-defined]  # an unbuffered pipe has it
            if not count:
                raise BrokenPipeError
            view = view[count:]
        return data


def _enlarge(pipe: IO[bytes]) -> None:
    """Let a pipe hold so much that a picture crosses it in few steps; without it, it only takes a little longer."""
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.fcntl(pipe, SET_PIPE_SIZE, PIPE_BYTES)


def _wait(pipe: IO[bytes], event: int, deadline: float) -> None:
    """Return when the pipe is ready or broken. Raises TimeoutError at the deadline."""
    poll = select.poll()  # select() takes no file with a number above 1023
    poll.register(pipe, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError


class ChildPool:
    """A number of children with the same program, which threads share. Children start when they are needed."""

    pools: ClassVar["WeakSet[ChildPool]"] = WeakSet()

    def __init__(self, command: Callable[[], Sequence[str]], size: int) -> None:
        """`command` gives the command line; a child with another than the present one is replaced."""
        self.command, self.size = command, size
        self._forget()
        self.pools.add(self)

    @contextmanager
    def child(self) -> Iterator[ChildProcess]:
        """A child for the `with` block, which waits until one is idle. Raises RuntimeError where none starts."""
        child = self._idle.get()
        try:
            command = self.command()
            if child is None or child.process.poll() is not None or child.command != command:
                if child:
                    child.stop()
                child = None  # goes back into the queue where no new child starts
                child = ChildProcess(command)
            yield child
        finally:
            self._idle.put(child)

    def stop(self) -> None:
        """End the children that are idle; new ones start when they are needed."""
        idle = []
        with suppress(Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for child in idle:
            if child:
                child.stop()
            self._idle.put(None)

    def forget(self) -> None:
        """In a forked process: the children are those of the parent, and open pipes here would keep them alive."""
        for child in self._idle.queue:
            if child:
                child.close_pipes()
        self._forget()

    def _forget(self) -> None:
        self._idle: LifoQueue[ChildProcess | None] = LifoQueue()
        for none_yet in [None] * self.size:
            self._idle.put(none_yet)


def stop_children() -> None:
    """End all children that are idle; new ones start when they are needed."""
    for pool in list(ChildPool.pools):
        pool.stop()


def _forget_children() -> None:
    for pool in list(ChildPool.pools):
        pool.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_children)
atexit.register(stop_children)
