"""A site for the benchmark alone, in a temporary folder: database and queue, a worker, and a web server."""

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
# Variables that would lead to another database, queue or folder, or make the site refuse the benchmark's requests.
UNSET = ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "ALLOWED_HOSTS", "BEHIND_HTTPS_PROXY")
GRACE = 15  # seconds that a process gets to end by itself
START_TIMEOUT = 60  # seconds that the web server gets to listen


class BenchmarkError(SystemExit):
    """A sentence for the person who runs the benchmark, which ends with status 1."""


@contextmanager
def servers() -> Iterator[Path]:
    """Yield a temporary VAR_DIR in which PostgreSQL and Valkey run; Django is set up on them."""
    with tempfile.TemporaryDirectory(prefix="iconsite-bench-", ignore_cleanup_errors=True) as folder:
        for name in UNSET:
            os.environ.pop(name, None)
        os.environ.update(VAR_DIR=folder, TMPDIR=folder, DJANGO_SETTINGS_MODULE="iconsite.settings")
        # The database package writes a lock into the folder when the program ends; this runs after that.
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        # Python looks TMPDIR up anew, so that the files of TensorFlow and the servers are deleted as well.
        tempfile.tempdir = None
        from iconsite import embedded_servers  # reads VAR_DIR when imported

        with embedded_servers.servers():
            django.setup()
            from django.db import connections

            try:
                yield Path(folder)
            finally:
                connections.close_all()


def manage(*arguments: str) -> None:
    """Run a command of manage.py. Raises BenchmarkError if it fails."""
    if subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=False).returncode:
        raise BenchmarkError(f"manage.py {arguments[0]} failed: see above.")


@dataclass(frozen=True)
class Program:
    """A program that runs beside the benchmark."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise BenchmarkError if the program has ended."""
        if self.process.poll() is not None:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
            status = self.process.returncode
            raise BenchmarkError(f"The {self.name} ended (status {status}). The end of its log:\n{tail}")

    def memory(self) -> "Memory":
        """The memory that the program and its children take now."""
        return memory_of(psutil.Process(self.process.pid))


@contextmanager
def running(name: str, command: Sequence[str], folder: Path) -> Iterator[Program]:
    """Run a Python program with its log in the folder; end it together with all processes that it started."""
    log = folder / f"{name}.log"
    with open(log, "wb") as output:
        # In a session of its own it gets no Ctrl-C: the benchmark gets it, and then ends the programs in order.
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
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
    """Run a web server on a free port; yield its address, once it listens, and the program."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ["BIND"] = f"127.0.0.1:{port}"
    with running("web server", WEB, folder) as web:
        deadline = time.monotonic() + START_TIMEOUT
        while not _listens(port):
            web.check()
            if time.monotonic() > deadline:
                raise BenchmarkError(f"The web server does not listen after {START_TIMEOUT} seconds.")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/", web


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True)
class Memory:
    """Bytes of a program and all its children."""

    resident: int  # a page that several processes share counts once for each of them
    proportional: int  # a shared page is divided among its processes (PSS); 0 where the system does not tell


def memory_of(parent: psutil.Process) -> Memory:
    """The memory of a process and all its children."""
    resident = proportional = 0
    for process in (parent, *parent.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            resident += process.memory_info().rss
            proportional += getattr(process.memory_full_info(), "pss", 0)
    return Memory(resident, proportional)
