"""Ends the programs of a supervisor that was killed: what it started would hold the port, and nobody would watch it.

The supervisor starts this as a program and writes the ids of its programs, one a line, to its standard input; a line
`-ID` takes one back. When the input ends and programs are left, the supervisor has died, and they are killed. Their
tasks are safe: they are queued until they are done. It imports nothing of the project.
"""

import contextlib
import os
import signal
import sys


def main() -> None:
    """Read ids until the input ends, then kill the programs that are left, each with all that it started."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    running: set[int] = set()
    for line in sys.stdin:
        pid = int(line)
        if pid > 0:
            running.add(pid)
        else:
            running.discard(-pid)
    for pid in running:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
