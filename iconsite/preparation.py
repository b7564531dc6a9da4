"""What `make run` does before the site is in service, and how a web server that was started meanwhile learns of it.

A web server takes seconds to be imported and to load its networks, and needs neither the database nor the queue for it.
So it is started while these start, and answers 503 until the database is as this version needs it. Whoever prepares
holds a lock on a file, which the kernel releases where they are killed.
"""

import fcntl
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from iconsite.embedded_servers import VAR_DIR

ROOT = Path(__file__).resolve().parent.parent
LOCK = VAR_DIR / "preparing.lock"
STAMP = VAR_DIR / "prepared"  # for which version of the site this folder was prepared last
INTERVAL = 0.05  # seconds between two looks
# What makes a version of the site: code, pages, static files, and the libraries.
SOURCES = ("api", "bags", "client", "iconify", "icons", "iconsite", "search", "templates", "static")
LIBRARIES = "requirements.lock"


@contextmanager
def underway() -> Iterator[bool]:
    """For the `with` block, in which the site is prepared; yields whether this version was prepared here before.

    If it was not, static files may be missing or old, which a web server reads once, when it starts.
    """
    version = _version()
    with open(LOCK, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield STAMP.exists() and STAMP.read_text() == version
        STAMP.write_text(version)


def is_over(patience: float = 0) -> bool:
    """Whether nobody prepares the site; waits so many seconds for it."""
    deadline = time.monotonic() + patience
    while not _is_over():
        if time.monotonic() >= deadline:
            return False
        time.sleep(INTERVAL)
    return True


def _is_over() -> bool:
    try:
        with open(LOCK) as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:  # this web server was not started by `make run`
        return True
    except BlockingIOError:
        return False
    return True


def _version() -> str:
    """A digest of the paths, sizes and times of what makes a version of the site."""
    files = [path for folder in SOURCES for path in (ROOT / folder).rglob("*") if path.suffix != ".pyc"]
    digest = hashlib.sha256()
    for path in [ROOT / LIBRARIES, *sorted(files)]:
        state = path.stat()
        if stat.S_ISREG(state.st_mode):
            digest.update(os.fsencode(f"{path} {state.st_size} {state.st_mtime_ns}\n"))
    return digest.hexdigest()
