"""What the embedded servers share: their error, a short path for sockets, and their processes on this machine."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

SOCKET_PATH_LIMIT = 100  # bytes; Linux allows 107, macOS 103
GRACE = 10  # seconds in which a process that was told to end has ended


class EmbeddedServerError(SystemExit):
    """An embedded server cannot run. The message is a sentence for the operator; the program ends with status 1."""


def socket_folder(folder: Path) -> Path:
    """A folder with a short path for sockets, whose own folder has too long a path; nobody else can write into it.

    `folder` has a link to it. A folder that this user does not own, or that others can write into, is not taken.
    """
    link = folder / "sockets"
    with suppress(OSError):
        target = Path(os.readlink(link))
        state = os.lstat(target)
        if stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o022:
            return target
    target = Path(tempfile.mkdtemp(prefix="iconsite-"))
    draft = link.with_suffix(f".{os.getpid()}")
    draft.symlink_to(target)
    draft.replace(link)
    return target


def works_in(process: psutil.Process, folder: Path, name: str) -> bool:
    """Whether a process runs whose program's name begins so and that works in this folder.

    One that has ended and that nobody has taken note of yet does not run.
    """
    try:
        return process.name().startswith(name) and Path(process.cwd()) == folder
    except (psutil.Error, OSError):  # it has just ended, or is somebody else's
        return False


def end_processes_in(folder: Path, name: str) -> None:
    """End all processes whose program's name begins so and that work in this folder.

    They are what a server that was killed has left, or a server whose socket is gone.
    """
    left = [process for process in psutil.process_iter() if works_in(process, folder, name)]
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=GRACE)
