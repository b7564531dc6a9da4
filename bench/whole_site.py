"""A site as `make run` starts it, with all its parts, for the campaigns that kill them or load them."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "iconsite.run"

# What is killed, and how its processes are told by their command line; each is a child of the supervisor or of these.
PARTS = {
    "worker": "--queues default,indexing",
    "importer": "--queues imports",
    "downloader": "--queues downloads",
    "beat": "celery -A iconsite beat",
    "web master": "gunicorn",
}
SERVERS = ("PostgreSQL", "a PostgreSQL backend", "Valkey")
OUTSIDE = ("supervisor", "power")  # after these, somebody has to start the site again
VICTIMS = (*PARTS, "worker child", "importer child", "web worker", "reader of pictures", *SERVERS, *OUTSIDE)


class Site:
    """A site as `make run` starts it, in a folder and on a port of its own."""

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        """`settings` are variables of its environment, beside its folder and port."""
        self.folder, self.address = folder, f"http://127.0.0.1:{port}/"
        self.environment = {**os.environ, "VAR_DIR": str(folder / "var"), "PORT": str(port), "TMPDIR": str(folder)}
        for name in ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "ALLOWED_HOSTS", "BEHIND_HTTPS_PROXY", "BIND"):
            self.environment.pop(name, None)
        self.environment |= settings
        self.log = folder / "run.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", COMMAND],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> None:
        """End it in order."""
        if self.process:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(60)
            for process in self.processes("power"):
                with suppress(psutil.NoSuchProcess):
                    process.kill()

    def processes(self, victim: str) -> list[psutil.Process]:
        """The processes that are to be killed."""
        assert self.process
        if victim == "supervisor":
            return [psutil.Process(self.process.pid)]
        own = [process for process in psutil.process_iter(["cmdline", "environ"]) if self._is_own(process)]
        lines = {process: " ".join(process.info["cmdline"] or ()) for process in own}
        if victim == "power":
            return own
        if victim == "PostgreSQL":
            return [process for process in own if "bin/postgres -D" in lines[process]]
        if victim == "a PostgreSQL backend":
            return [process for process in own if lines[process].startswith("postgres: postgres")]
        if victim == "Valkey":
            return [process for process in own if "valkey-server" in lines[process]]
        if victim == "reader of pictures":
            return [process for process in own if "search.decoding_child" in lines[process]]
        name = {"worker child": "worker", "importer child": "importer", "web worker": "web master"}.get(victim, victim)
        parents = [process for process in own if PARTS[name] in lines[process] and process.ppid() == self.process.pid]
        if victim == name:
            return parents
        return [child for parent in parents for child in parent.children() if PARTS[name] in " ".join(child.cmdline())]

    def _is_own(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error, OSError):
            is_server = str(process.cwd()).startswith(str(self.folder))
            return is_server or process.environ().get("VAR_DIR") == self.environment["VAR_DIR"]
        return False
