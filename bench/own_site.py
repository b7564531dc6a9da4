"""A site for the benchmark alone, in a temporary folder: servers, icons, a worker, a web server."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import django
import psutil

ROOT = Path(__file__).resolve().parent.parent
WORKER = ("-m", "celery", "-A", "iconsite", "worker", "--concurrency", "1", "--loglevel", "info")
WEB = ("-m", "gunicorn", "-c", "python:iconsite.gunicorn_conf", "iconsite.wsgi")
# What would lead to another database, queue or folder, or make the site refuse the benchmark's requests.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "ALLOWED_HOSTS", "BEHIND_HTTPS_PROXY")
GRACE = 15  # seconds that a process gets to end by itself
START = 60  # seconds that the web server gets to listen


class Failure(SystemExit):
    """A sentence for whoever runs the benchmark; ends it with status 1."""


@contextmanager
def servers() -> Iterator[Path]:
    """A temporary VAR_DIR with PostgreSQL and Valkey running in it, and Django set up on them."""
    with tempfile.TemporaryDirectory(prefix="iconsite-bench-", ignore_cleanup_errors=True) as folder:
        for name in FOREIGN:
            os.environ.pop(name, None)
        os.environ.update(VAR_DIR=folder, TMPDIR=folder, DJANGO_SETTINGS_MODULE="iconsite.settings")
        # The database package writes a lock into the folder in its own last act, which comes before this.
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        tempfile.tempdir = None  # looked up anew: what TensorFlow and the servers drop is cleared away, too
        from iconsite import embedded_servers  # reads VAR_DIR when imported

        with embedded_servers.servers():
            django.setup()
            from django.db import connections

            try:
                yield Path(folder)
            finally:
                connections.close_all()


def manage(*arguments: str) -> None:
    if subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=False).returncode:
        raise Failure(f"manage.py {arguments[0]} failed: see above.")


@dataclass(frozen=True)
class Program:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise Failure if it has ended."""
        if self.process.poll() is not None:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
            raise Failure(f"The {self.name} ended (status {self.process.returncode}). It said last:\n{tail}")

    def memory(self) -> "Memory":
        return memory_of(psutil.Process(self.process.pid))


@contextmanager
def running(name: str, command: Sequence[str], folder: Path) -> Iterator[Program]:
    """The program, with its log in the folder; ended together with all that it started."""
    log = folder / f"{name}.log"
    with open(log, "wb") as out:
        # A session of its own: Ctrl-C reaches the benchmark alone, which then ends it in order.
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield Program(name, process, log)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def web_server(folder: Path) -> Iterator[tuple[str, Program]]:
    """The address of a web server that listens, and the server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ["BIND"] = f"127.0.0.1:{port}"
    with running("web server", WEB, folder) as web:
        deadline = time.monotonic() + START
        while not _listens(port):
            web.check()
            if time.monotonic() > deadline:
                raise Failure(f"The web server does not listen after {START} seconds.")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/", web


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True)
class Memory:
    """Bytes of a program and all its children."""

    resident: int  # pages that several of them share are counted once for each
    proportional: int  # shared pages are divided among all that share them; 0 where the system cannot tell


def memory_of(parent: psutil.Process) -> Memory:
    resident = proportional = 0
    for process in (parent, *parent.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            resident += process.memory_info().rss
            proportional += getattr(process.memory_full_info(), "pss", 0)
    return Memory(resident, proportional)
