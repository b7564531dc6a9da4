"""The embedded PostgreSQL (with pgvector) and Valkey, for a machine that has no servers of its own.

`servers()` sets DATABASE_URL and REDIS_URL if the environment lacks them. Several processes may use the servers at
once (`make run`, and a `manage.py` in another shell): the first one starts them, the last one stops them. Each user
holds a shared lock on a file, which the kernel releases when a process is killed.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from iconsite import embedded_postgres, embedded_valkey
from iconsite.embedded_processes import EmbeddedServerError

# The folder of this machine's own data.
VAR_DIR = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var").resolve()
FREE_DISK_NEEDED = 500_000_000  # bytes
UMASK = 0o077  # files of this machine's own data are for their owner alone


@contextmanager
def servers() -> Iterator[Callable[[], list[str]]]:
    """Run the embedded servers that the environment does not replace, for as long as the `with` block takes.

    Yields a function that starts those anew that have died, and returns their names; it raises EmbeddedServerError,
    as this does, where one cannot run.
    """
    with addressed() as start:
        start()
        yield start


@contextmanager
def addressed() -> Iterator[Callable[[], list[str]]]:
    """The same, but nothing runs yet: programs can be started that need no server until they have been imported.

    The first call of the function that this yields starts the servers, whether they run or not: `stop()` ends those
    that this process has used.
    """
    needs_postgres, needs_valkey = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    if not (needs_postgres or needs_valkey):
        yield list
        return
    check_folder()
    with _locked("starting.lock", fcntl.LOCK_EX):
        users = _open_locked("users.lock", fcntl.LOCK_SH)
    if needs_postgres:
        os.environ["DATABASE_URL"] = embedded_postgres.url(VAR_DIR) or embedded_postgres.start(VAR_DIR)
    if needs_valkey:
        os.environ["REDIS_URL"] = embedded_valkey.url(VAR_DIR)
    used = False

    def start_dead() -> list[str]:
        nonlocal used
        dead: dict[str, Callable[[Path], str]] = {}
        if needs_valkey and not (used and embedded_valkey.answers(VAR_DIR)):
            dead["Valkey"] = embedded_valkey.start
        if needs_postgres and not (used and embedded_postgres.is_running(VAR_DIR)):
            dead["PostgreSQL"] = embedded_postgres.start
        if dead:
            with _locked("starting.lock", fcntl.LOCK_EX), ThreadPoolExecutor(len(dead)) as threads:
                for started in [threads.submit(start, VAR_DIR) for start in dead.values()]:
                    started.result()
        used = True
        return list(dead)

    try:
        yield start_dead
    finally:
        if needs_postgres:
            del os.environ["DATABASE_URL"]
        if needs_valkey:
            del os.environ["REDIS_URL"]
        with _locked("starting.lock", fcntl.LOCK_EX):
            users.close()
            _stop_unless_used()


@contextmanager
def alone() -> Iterator[None]:
    """For the `with` block, be the only site on this folder. Raises EmbeddedServerError where there is another."""
    check_folder()
    try:
        lock = _open_locked("run.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise EmbeddedServerError(
            f"Another `make run` uses the folder {VAR_DIR}: stop that program, or set VAR_DIR to another folder."
        ) from None
    with lock:
        yield


def check_folder() -> None:
    """Make the folder, if there is none, for its owner alone.

    Raises EmbeddedServerError where nothing can be written into it.
    """
    try:
        VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        _close_to_others()
        free = shutil.disk_usage(VAR_DIR).free
        with tempfile.TemporaryFile(dir=VAR_DIR):
            pass
    except OSError as error:
        raise EmbeddedServerError(f"Cannot write to {VAR_DIR}: {error.strerror}. Set VAR_DIR.") from None
    if free < FREE_DISK_NEEDED:
        raise EmbeddedServerError(
            f"The disk under {VAR_DIR} is full ({free // 1_000_000} MB free, {FREE_DISK_NEEDED // 1_000_000} MB "
            "needed): free some space, or set VAR_DIR to a folder on another disk."
        )


def _close_to_others() -> None:
    """What is in the folder is for its owner alone, also what an earlier version has left there.

    PostgreSQL sees to its own folder, which belongs to another user where this program runs as root. That user has to
    pass through the folder around it, which is why that is not enough.
    """
    for entry in VAR_DIR.iterdir():
        if entry.name != "postgres" and not entry.is_symlink():
            entry.chmod(entry.stat().st_mode & ~UMASK)


def _open_locked(name: str, operation: int) -> IO[str]:
    file = open(VAR_DIR / name, "w")  # noqa: SIM115  (the lock lasts until it is closed)
    try:
        fcntl.flock(file, operation)
    except BaseException:
        file.close()
        raise
    return file


@contextmanager
def _locked(name: str, operation: int) -> Iterator[None]:
    with _open_locked(name, operation):
        yield


def _stop_unless_used() -> None:
    try:
        no_users = _open_locked("users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    with no_users:
        embedded_valkey.stop(VAR_DIR)
        embedded_postgres.stop()
