"""The embedded servers, in programs of their own: a server runs for as long as a process uses it."""

import getpass
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

import psycopg
import pytest
import redis

from iconsite import embedded_servers
from iconsite.embedded_processes import EmbeddedServerError
from tests.conftest import wait_until

HOLD = """
import os, sys
from iconsite import embedded_servers
os.umask(embedded_servers.UMASK)
with embedded_servers.servers() as start_dead:
    print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
    while sys.stdin.readline() == "start dead\\n":
        print(*start_dead(), flush=True)
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

    def start_dead(self) -> str:
        """Have the program start the servers that have died; their names."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("start dead\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

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
    with pytest.raises(EmbeddedServerError, match="The disk under .* is full"):
        embedded_servers.check_folder()


def test_a_folder_that_cannot_be_written_is_reported_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(embedded_servers, "VAR_DIR", tmp_path / "file" / "var")
    with pytest.raises(EmbeddedServerError, match="Cannot write to .*: Not a directory. Set VAR_DIR."):
        embedded_servers.check_folder()


MOUNT = 'mount -t tmpfs none "$VAR_DIR" && mount -o remount,ro "$VAR_DIR" && exec "$@"'


@pytest.mark.parametrize(
    "command", [["-m", "iconsite.run"], ["manage.py", "check"], ["-m", "celery", "-A", "iconsite", "inspect", "ping"]]
)
@pytest.mark.parametrize("external", [False, True])
def test_on_a_read_only_disk_each_program_ends_with_a_sentence(
    tmp_path: Path, command: list[str], external: bool
) -> None:
    in_namespace = ["unshare", "--mount", "sh", "-c", MOUNT, "sh"]
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "PORT": "0"}
    environment |= dict.fromkeys(("DATABASE_URL", "REDIS_URL"), "")
    if external or "celery" in command:  # celery starts no servers
        environment |= {"DATABASE_URL": "postgres://u@localhost/x", "REDIS_URL": "redis://localhost/0"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        cwd = Path(embedded_servers.__file__).parent.parent
        return subprocess.run(arguments, env=environment, cwd=cwd, capture_output=True, text=True, timeout=120)

    if not shutil.which("unshare") or run(*in_namespace, "true").returncode:
        pytest.skip("A disk cannot be made read-only here: that takes Linux, and root.")
    ended = run(*in_namespace, sys.executable, *command)
    assert ended.returncode and f"Cannot write to {tmp_path}: Read-only file system. Set VAR_DIR." in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_dies_is_started_anew_with_its_data(var: Path) -> None:
    holder = Holder(var)
    postgres_url, valkey_url = holder.urls
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    client = redis.Redis(unix_socket_path=valkey_url.removeprefix("redis+socket://"))
    client.set("kept", "1")
    pids = [int((var / "postgres" / "postmaster.pid").read_text().split()[0]), client.info("server")["process_id"]]
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    started: set[str] = set()
    wait_until(lambda: started.update(holder.start_dead().split()) or started == {"PostgreSQL", "Valkey"})  # type: ignore[func-returns-value]
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)
    assert client.get("kept") == b"1"
    assert holder.start_dead() == ""
    holder.let_go()


def test_a_pid_file_that_names_another_process_is_not_believed(var: Path) -> None:
    Holder(var).let_go()
    (var / "postgres" / "postmaster.pid").write_text(
        f"{os.getpid()}\n{var / 'postgres'}\n1700000000\n5432\n{var / 'postgres'}\n\n  5432001   0\nready   \n"
    )
    holder = Holder(var)
    assert postgres_answers(holder.urls[0])
    holder.let_go()


def test_a_lock_that_a_power_loss_has_left_is_not_believed(var: Path) -> None:
    Holder(var).let_go()
    # The number in it may be another process' by now; PostgreSQL believes it where that is of the same user.
    other = subprocess.Popen(["sleep", "600"], user=(var / "postgres").stat().st_uid)
    lock = var / "postgres" / ".s.PGSQL.5432.lock"
    lock.write_text(f"{other.pid}\n{var / 'postgres'}\n1700000000\n5432\n{var / 'postgres'}\n")
    holder = Holder(var)
    assert postgres_answers(holder.urls[0])
    holder.let_go()
    other.kill()
    other.wait()


def test_with_a_long_path_the_sockets_are_in_a_folder_of_their_own(tmp_path: Path) -> None:
    var = tmp_path / ("long" * 30)
    holder = Holder(var)
    folder = Path(os.readlink(var / "sockets"))
    assert not folder.stat().st_mode & 0o022 and folder.stat().st_uid == os.getuid()
    assert str(folder) in holder.urls[0] and str(folder) in holder.urls[1]
    assert postgres_answers(holder.urls[0]) and valkey_answers(holder.urls[1])
    holder.let_go()
    folder.chmod(0o777)  # as if somebody else had made it
    again = Holder(var)
    assert Path(os.readlink(var / "sockets")) != folder and valkey_answers(again.urls[1])
    again.let_go()


def test_nobody_else_on_the_machine_gets_in(var: Path) -> None:
    (var / "secret_key").touch(mode=0o644)  # as an earlier version left it
    holder = Holder(var)
    assert [path.name for path in var.iterdir() if path.stat().st_mode & 0o077 and path.name != "postgres"] == []
    assert (var / "postgres").stat().st_mode & 0o777 == 0o700
    rules = (var / "postgres" / "pg_hba.conf").read_text()
    assert rules == "local all all peer map=iconsite\n"
    with psycopg.connect(holder.urls[0]) as connection:
        assert connection.execute("SELECT system_user").fetchone() == (f"peer:{getpass.getuser()}",)
    holder.let_go()


def test_two_sites_do_not_use_one_folder(monkeypatch: pytest.MonkeyPatch, var: Path) -> None:
    monkeypatch.setattr(embedded_servers, "VAR_DIR", var)
    with (
        embedded_servers.alone(),
        pytest.raises(EmbeddedServerError, match="Another `make run` uses the folder"),
        embedded_servers.alone(),
    ):
        pass
    with embedded_servers.alone():
        pass
