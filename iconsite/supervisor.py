"""A supervisor of programs: it starts them, starts those anew that die, and ends them all."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

GRACE = 15  # seconds in which all programs may end by themselves, before they are killed
POLL_INTERVAL = 0.2  # seconds
FAILED_AT_START = 10  # seconds; a program that ran for less than this twice in a row is not started anew at once
PAUSE = 5  # seconds before such a program is started anew, or a server that does not start is tried again
LOG_MAX_BYTES = (
    50_000_000  # of a log, beside as much of what came before: whoever asks for nonsense must not fill the disk
)
LOGS_EVERY = 10  # seconds between two looks at them
REAPER = Path(__file__).with_name("reaper.py")


@dataclass
class Program:
    """A program that runs, or that has ended and waits to be started anew; `once` says that it is not."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes]
    once: bool
    failures: int = 0  # how often in a row it has ended soon after its start
    started: float = field(default_factory=time.monotonic)  # seconds, a time.monotonic() value
    start_at: float | None = None  # when it is started anew, the same


class Supervisor:
    """Starts programs, starts those anew that die, and ends them all when its `with` block is left."""

    def __init__(self, logs: Path, start_dead_servers: Callable[[], list[str]] = list) -> None:
        """`logs` is the folder for what the programs write, in a file for each.

        `start_dead_servers` starts servers anew that have died and that are no programs of this supervisor; it returns
        their names, and raises SystemExit with a sentence where that fails.
        """
        self.logs = logs
        self.programs: list[Program] = []
        self.start_dead_servers = start_dead_servers
        self.servers_at = 0.0  # when to look for dead servers next, a time.monotonic() value
        self.logs_at = 0.0  # when to look at the logs next, the same
        self.reaper: subprocess.Popen[bytes] | None = None
        logs.mkdir(mode=0o700, exist_ok=True)

    def start(self, name: str, command: list[str], shown: bool = False, once: bool = False) -> None:
        """Start a program. If it is `shown`, what it writes goes to the terminal and not to its log."""
        self.programs.append(Program(name, command, self._run(name, command, shown), once))

    def _run(self, name: str, command: list[str], shown: bool = False) -> subprocess.Popen[bytes]:
        # Each has a session of its own: Ctrl-C reaches the supervisor alone, which then ends them in order.
        with open(self.logs / f"{name}.log", "ab") as log:
            output = None if shown else log
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        self._tell_reaper(process.pid)
        return process

    def watch(self) -> None:
        """Start programs and servers anew as they die, for ever."""
        while True:
            time.sleep(POLL_INTERVAL)
            self.look()

    def look(self) -> None:
        """Start what has died since the last look, if it is time."""
        self._look_after_servers()
        self._look_after_logs()
        if self.reaper is None or self.reaper.poll() is not None:
            self._start_reaper()
        for program in list(self.programs):
            if program.start_at is None and program.process.poll() is not None:
                self._note_end(program)
            if program.start_at is not None and time.monotonic() >= program.start_at:
                program.process, program.start_at = self._run(program.name, program.command), None
                program.started = time.monotonic()

    def _look_after_servers(self) -> None:
        if time.monotonic() < self.servers_at:
            return
        try:
            for server in self.start_dead_servers():
                print(f"{server} had ended and is started anew.", flush=True)
        except (SystemExit, OSError) as error:
            print(f"{error} It is tried again every {PAUSE} seconds.", flush=True)
            self.servers_at = time.monotonic() + PAUSE

    def _look_after_logs(self) -> None:
        if time.monotonic() < self.logs_at:
            return
        self.logs_at = time.monotonic() + LOGS_EVERY
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LOG_MAX_BYTES:
                with contextlib.suppress(OSError):  # the disk is full
                    shutil.copyfile(log, log.with_suffix(".log.1"))
                os.truncate(log, 0)  # programs go on writing at its end

    def _note_end(self, program: Program) -> None:
        status = program.process.returncode
        self._tell_reaper(-program.process.pid)
        self._kill_group(program)  # its children may have outlived it
        if program.once:
            self.programs.remove(program)
            if not status:
                print("The indexing is done.", flush=True)
            return
        soon = time.monotonic() - program.started < FAILED_AT_START
        program.failures = program.failures + 1 if soon else 0
        # One that fails again and again would keep the machine busy.
        program.start_at = time.monotonic() + (PAUSE if program.failures > 1 else 0)
        print(f"The {program.name} ended (status {status}) and is started anew; see {self.logs}", flush=True)

    def _start_reaper(self) -> None:
        command = [sys.executable, "-I", str(REAPER)]
        self.reaper = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        for program in self.programs:
            if program.start_at is None:
                self._tell_reaper(program.process.pid)

    def _tell_reaper(self, number: int) -> None:
        if self.reaper and self.reaper.stdin:
            with contextlib.suppress(OSError):  # it has just been killed, and another learns of all programs
                self.reaper.stdin.write(f"{number}\n".encode())
                self.reaper.stdin.flush()

    def __enter__(self) -> "Supervisor":
        self._start_reaper()
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # A second Ctrl-C must not cut this short.
        handlers = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
        for program in reversed(self.programs):
            program.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for program in reversed(self.programs):
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.process.wait(max(0.1, deadline - time.monotonic()))
            self._kill_group(program)
            program.process.wait()
            self._tell_reaper(-program.process.pid)
        if self.reaper:
            self.reaper.communicate()
        for number, handler in handlers.items():
            signal.signal(number, handler)

    @staticmethod
    def _kill_group(program: Program) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(program.process.pid, signal.SIGKILL)
