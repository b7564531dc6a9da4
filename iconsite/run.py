"""`make run`: everything on one machine. Embedded servers where none are configured, the demo set, a worker,
the web server; Ctrl-C ends all of them.
"""

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from iconsite import embedded_servers

ROOT = Path(__file__).resolve().parent.parent
PORT_OPTION = "set PORT to another one: make run PORT=8001"
GRACE = 15  # seconds that a process gets to end by itself


def main() -> None:
    os.chdir(ROOT)
    os.environ.setdefault("BIND", f"127.0.0.1:{os.environ.get('PORT') or 8000}")
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        check_port(os.environ["BIND"])
        with embedded_servers.servers():
            run()
    except KeyboardInterrupt:
        print("\nStopped.")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.exit(f"The disk is full: free some space under {embedded_servers.VAR_DIR}.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def check_port(bind: str) -> None:
    host, _, port = bind.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                sys.exit(f"Port {port} is taken (by another `make run`?): stop that program, or {PORT_OPTION}")
            sys.exit(f"Cannot listen on {bind} ({error.strerror}): {PORT_OPTION}")
        except (ValueError, OverflowError):
            sys.exit(f"{port!r} is not a port: {PORT_OPTION}")


def run() -> None:
    manage("migrate", "--verbosity", "0")
    manage("collectstatic", "--noinput", "--verbosity", "0")
    manage("setup_demo", str(ROOT / "demo"))
    supervisor = Supervisor(embedded_servers.VAR_DIR / "log")
    celery = [sys.executable, "-m", "celery", "-A", "iconsite"]
    schedule = embedded_servers.VAR_DIR / "celerybeat-schedule"
    with supervisor:
        supervisor.start("worker", [*celery, "worker", "--concurrency", "1", "--loglevel", "info"])
        supervisor.start("beat", [*celery, "beat", "--schedule", str(schedule)])
        supervisor.start(
            "web", [sys.executable, "-m", "gunicorn", "-c", "python:iconsite.gunicorn_conf", "iconsite.wsgi"]
        )
        address = f"http://{os.environ['BIND']}/"
        print(f"Iconsite is at {address} – Ctrl-C stops it. Logs: {supervisor.logs}", flush=True)
        supervisor.start("indexing", [sys.executable, "manage.py", "index_icons", "--wait"], shown=True, once=True)
        supervisor.watch()


def manage(*arguments: str) -> None:
    """Run a management command to its end; where it fails, it has said why."""
    if subprocess.run([sys.executable, "manage.py", *arguments], check=False).returncode:
        sys.exit(1)


@dataclass
class Program:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes]
    once: bool
    started: float = field(default_factory=time.monotonic)


class Supervisor:
    """Starts programs, starts those anew that die, and ends all of them on leaving the block."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.programs: list[Program] = []
        logs.mkdir(exist_ok=True)

    def start(self, name: str, command: list[str], shown: bool = False, once: bool = False) -> None:
        # Sessions of their own: Ctrl-C reaches the supervisor alone, which then ends them in order.
        with open(self.logs / f"{name}.log", "ab") as log:
            out = None if shown else log
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        self.programs.append(Program(name, command, process, once))

    def watch(self) -> None:
        while True:
            time.sleep(0.5)
            for program in list(self.programs):
                if program.process.poll() is not None:
                    self.programs.remove(program)
                    self._replace(program)

    def _replace(self, program: Program) -> None:
        code = program.process.returncode
        if program.once:
            if not code:
                print("Every icon is indexed.", flush=True)
            return
        if time.monotonic() - program.started < 10:
            time.sleep(5)  # it fails at its start: do not turn in circles
        print(f"The {program.name} ended (status {code}) and is started anew; see {self.logs}", flush=True)
        self._kill_group(program, signal.SIGKILL)  # what it may have left behind
        self.start(program.name, program.command)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exception: object) -> None:
        # A second Ctrl-C must not cut this short.
        handlers = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
        for program in reversed(self.programs):
            program.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for program in reversed(self.programs):
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.process.wait(max(0.1, deadline - time.monotonic()))
            self._kill_group(program, signal.SIGKILL)
            program.process.wait()
        for number, handler in handlers.items():
            signal.signal(number, handler)

    @staticmethod
    def _kill_group(program: Program, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(program.process.pid, number)


if __name__ == "__main__":
    main()
