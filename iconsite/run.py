"""`make run`: everything on one machine, which is the embedded servers if none are configured, the demo set, a worker
and the web server. Ctrl-C ends all of them.
"""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from iconsite import embedded_servers, preparation
from iconsite.supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent
PORT_OPTION = "set PORT to another one: make run PORT=8001"

PORT_PATIENCE = 3  # seconds
WEB_PATIENCE = 15  # seconds
A_SEARCH = "/api/v1/search/image/"
NICE = ["nice", "-n", "10"]  # searches come first


def main() -> None:
    """Run everything until Ctrl-C. What the operator can mend ends the program with a sentence."""
    os.chdir(ROOT)
    os.umask(embedded_servers.UMASK)
    os.environ.setdefault("BIND", f"127.0.0.1:{os.environ.get('PORT') or 8000}")
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        with embedded_servers.alone():
            check_port(os.environ["BIND"])
            with embedded_servers.addressed() as start_servers:
                run(start_servers)
    except KeyboardInterrupt:
        print("\nStopped.")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.exit(f"The disk is full: free some space under {embedded_servers.VAR_DIR}.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def check_port(bind: str) -> None:
    """Ends the program with a sentence if nothing can listen on `bind`, HOST:PORT.

    A port that is taken is tried for PORT_PATIENCE seconds: what a site that was killed has left is just being ended.
    """
    host, _, port = bind.rpartition(":")
    deadline = time.monotonic() + PORT_PATIENCE
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, int(port)))
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    sys.exit(f"Cannot listen on {bind} ({error.strerror}): {PORT_OPTION}")
                if time.monotonic() > deadline:
                    sys.exit(f"Port {port} is taken: stop the program that listens on it, or {PORT_OPTION}")
            except (ValueError, OverflowError):
                sys.exit(f"{port!r} is not a port: {PORT_OPTION}")
        time.sleep(0.1)


def run(start_servers: Callable[[], list[str]]) -> None:
    """Prepare the database, then run the web server, the workers and their schedule until KeyboardInterrupt.

    `start_servers` starts the embedded servers that do not run.
    """
    shutil.rmtree(embedded_servers.VAR_DIR / "metrics", ignore_errors=True)  # of processes that are no more
    celery = [sys.executable, "-m", "celery", "-A", "iconsite"]
    worker = [*NICE, *celery, "worker", "--concurrency", "1", "--loglevel", "info"]
    schedule = embedded_servers.VAR_DIR / "celerybeat-schedule"
    web = [sys.executable, "-m", "gunicorn", "-c", "python:iconsite.gunicorn_conf", "iconsite.wsgi"]
    with Supervisor(embedded_servers.VAR_DIR / "log", start_servers) as supervisor:
        with preparation.underway() as was_prepared:
            if was_prepared:  # the web server is imported while the database starts
                supervisor.start("web", web)
            start_servers()
            manage("prepare_site", str(ROOT / "demo"))
        if not was_prepared:
            supervisor.start("web", web)
        wait_for_searches(os.environ["BIND"])
        supervisor.start("worker", [*worker, "--hostname", "worker@%h", "--queues", "default,indexing"])
        # An import may take hours, and nobody who waits for a few icons is to wait for it.
        supervisor.start("importer", [*worker, "--hostname", "importer@%h", "--queues", "imports"])
        supervisor.start("downloader", [*worker, "--hostname", "downloader@%h", "--queues", "downloads"])
        supervisor.start("beat", [*NICE, *celery, "beat", "--schedule", str(schedule)])
        address = f"http://{os.environ['BIND']}/"
        print(f"Iconsite is at {address} – Ctrl-C stops it. Logs: {supervisor.logs}", flush=True)
        index = [*NICE, sys.executable, "manage.py", "index_icons", "--wait"]
        supervisor.start("indexing", index, shown=True, once=True)
        supervisor.watch()


def wait_for_searches(bind: str) -> None:
    """Wait until searches are answered, at most WEB_PATIENCE seconds: whatever starts beside that slows it down."""
    host, _, port = bind.rpartition(":")
    deadline = time.monotonic() + WEB_PATIENCE
    while (left := deadline - time.monotonic()) > 0:
        connection = HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host.strip("[]"), int(port), timeout=left)
        with closing(connection), suppress(OSError, HTTPException):
            connection.request("POST", A_SEARCH)  # without a picture: it is refused as soon as searches are answered
            if connection.getresponse().status != HTTPStatus.SERVICE_UNAVAILABLE:
                return
        time.sleep(0.1)


def manage(*arguments: str) -> None:
    """Run a management command to its end. If it fails, it has said why, and the program ends with status 1."""
    if subprocess.run([sys.executable, "manage.py", *arguments], check=False).returncode:
        sys.exit(1)


if __name__ == "__main__":
    main()
