"""The embedded servers, in programs of their own: a server runs for as long as a process uses it."""

import os
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

import psycopg
import pytest
import redis

from iconsite import embedded_servers

HOLD = """
import os, sys
from iconsite import embedded_servers
with embedded_servers.servers():
    print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
    sys.stdin.readline()
"""


class Holder:
    """A program that uses the servers until it is told to let go."""

    def __init__(self, var: Path, **environment: str) -> None:
        clean = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD],
            env={**clean, "VAR_DIR": str(var), **environment},
            cwd=Path(embedded_servers.__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.urls = self.process.stdout.readline().split()
        assert self.urls, self.process.communicate()[1]

    def let_go(self) -> str:
        """End the program in order; what it wrote to its standard error."""
        return self.process.communicate("\n", timeout=60)[1]

    def kill(self) -> None:
        """End the program as `kill -9` does."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAR_DIR with a path short enough for a socket."""
    return tmp_path_factory.mktemp("v")


def postgres_answers(url: str) -> bool:
    """Whether a PostgreSQL with pgvector answers at this address."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.execute(
                "SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'"
            ).fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def valkey_answers(url: str) -> bool:
    """Whether a Valkey answers at this address."""
    try:
        return bool(redis.Redis(unix_socket_path=url.removeprefix("redis+socket://")).ping())
    except redis.ConnectionError:
        return False


def test_the_last_to_leave_stops_the_servers(var: Path) -> None:
    first = Holder(var)
    second = Holder(var)
    assert first.urls == second.urls
    first.let_go()
    assert postgres_answers(second.urls[0]) and valkey_answers(second.urls[1])
    second.let_go()
    assert not postgres_answers(second.urls[0]) and not valkey_answers(second.urls[1])


def test_postgres_has_memory_for_the_index_from_the_first_start_on(var: Path) -> None:
    for memory in ("", "shared_buffers = 24MB\n"):  # the second time, as an earlier version left it
        with open(var / "postgres" / "postgresql.conf", "a") if memory else nullcontext() as settings:
            if settings:
                settings.write(memory)
        holder = Holder(var)
        with psycopg.connect(holder.urls[0]) as connection:
            row = connection.execute("SELECT setting::bigint * 8192 FROM pg_settings WHERE name = 'shared_buffers'")
            (size,) = row.fetchone() or (0,)
        holder.let_go()
        assert 2**27 < size <= 2**30


def test_a_killed_holder_does_not_keep_them_running(var: Path) -> None:
    killed = Holder(var)
    killed.kill()
    after = Holder(var)
    assert postgres_answers(after.urls[0]) and valkey_answers(after.urls[1])
    after.let_go()
    assert not postgres_answers(after.urls[0]) and not valkey_answers(after.urls[1])


def test_a_postgres_that_is_still_starting_is_waited_for(var: Path) -> None:
    first = Holder(var)
    pid_file = var / "postgres" / "postmaster.pid"
    ready = pid_file.read_text()
    assert "ready   " in ready
    pid_file.write_text(ready.replace("ready   ", "starting"))  # as in a long recovery
    soon = threading.Timer(5, pid_file.write_text, [ready])
    soon.start()
    second = Holder(var)
    soon.join()
    assert second.urls == first.urls
    assert "PostgreSQL is still starting." in second.let_go()
    first.let_go()


def test_servers_that_are_configured_are_used(var: Path) -> None:
    holder = Holder(var, DATABASE_URL="postgres://h/n", REDIS_URL="redis://h/0")
    assert holder.urls == ["postgres://h/n", "redis://h/0"]
    holder.let_go()
    assert list(var.iterdir()) == []


def test_a_full_disk_is_reported_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_servers, "FREE_DISK_NEEDED", 10**18)
    with pytest.raises(embedded_servers.EmbeddedServerError, match="The disk under .* is full"):
        embedded_servers._check_disk()


def test_a_folder_that_cannot_be_written_is_reported_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(embedded_servers, "VAR_DIR", tmp_path / "file" / "var")
    with pytest.raises(embedded_servers.EmbeddedServerError, match="Cannot write to .*: Not a directory. Set VAR_DIR."):
        embedded_servers._check_disk()


def test_a_long_path_gets_a_short_socket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedded_servers, "VAR_DIR", tmp_path / ("long" * 40))
    assert len(os.fsencode(embedded_servers._valkey_socket())) <= embedded_servers.SOCKET_PATH_LIMIT
