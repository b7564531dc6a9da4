"""`make run`: everything on one machine, which is the embedded servers if none are configured, the demo set, a worker
and the web server. Ctrl-C ends all of them.
"""

import errno
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType

from iconsite import embedded_servers
from iconsite.supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent
PORT_OPTION = "set PORT to another one: make run PORT=8001"


def main() -> None:
    """Run everything until Ctrl-C. What the operator can mend ends the program with a sentence."""
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
    """Ends the program with a sentence if nothing can listen on `bind`, HOST:PORT."""
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
    """Prepare the database, then run the worker, its schedule and the web server until KeyboardInterrupt."""
    manage("migrate", "--verbosity", "0")
    manage("collectstatic", "--noinput", "--verbosity", "0")
    manage("setup_demo", str(ROOT / "demo"))
    celery = [sys.executable, "-m", "celery", "-A", "iconsite"]
    schedule = embedded_servers.VAR_DIR / "celerybeat-schedule"
    with Supervisor(embedded_servers.VAR_DIR / "log") as supervisor:
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
    """Run a management command to its end. If it fails, it has said why, and the program ends with status 1."""
    if subprocess.run([sys.executable, "manage.py", *arguments], check=False).returncode:
        sys.exit(1)


if __name__ == "__main__":
    main()
