"""What a child process shares with its parent (icons.child_processes): how they talk, and what a child may take.

Children import this module, so it imports neither Django nor numpy.
"""

import os
import signal
import struct
from typing import BinaryIO

REPLY = struct.Struct("<?I")  # whether it could be done, and bytes that follow
READY = b"\x01"  # what a child writes first
PATIENCE = 5  # seconds on the clock for a second of the processor, on a busy machine
# The status of a child that its own clock has ended.
OUT_OF_TIME = (-signal.SIGALRM, -signal.SIGPROF)


def open_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The child's requests and replies, which have a stdout of their own: nothing that a library prints gets among
    them. Ctrl-C is left to the parent, with which the child ends.
    """
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return requests, replies


def limit_memory(most: int) -> None:
    """Bound the memory of this process to so many bytes of addresses; not on all platforms."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ImportError, ValueError, OSError):
        pass


def limit_time(processor: float, clock: float) -> None:
    """End this process when it has used so many seconds of the processor, or so many have passed; 0 lifts a limit."""
    signal.setitimer(signal.ITIMER_PROF, processor)
    signal.setitimer(signal.ITIMER_REAL, clock)


def write_ready(replies: BinaryIO) -> None:
    """Tell the parent that this child can be asked."""
    replies.write(READY)
    replies.flush()


def write_reply(replies: BinaryIO, succeeded: bool, *parts: bytes) -> None:
    """Answer a request; the parts are written one after another."""
    replies.write(REPLY.pack(succeeded, sum(map(len, parts))))
    for part in parts:
        replies.write(part)
    replies.flush()
