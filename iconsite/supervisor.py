"""A supervisor of programs: it starts them, starts those anew that die, and ends them all."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

GRACE = 15  # seconds in which all programs may end by themselves, before they are killed
POLL_INTERVAL = 0.5  # seconds
FAILED_AT_START = 10  # seconds; a program that ran for less than this is not started anew at once
PAUSE = 5  # seconds before such a program is started anew


@dataclass
class Program:
    """A program that runs; `once` says that it is not started anew when it has ended."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes]
    once: bool
    started: float = field(default_factory=time.monotonic)  # seconds, a time.monotonic() value


class Supervisor:
    """Starts programs, starts those anew that die, and ends them all when its `with` block is left."""

    def __init__(self, logs: Path) -> None:
        """`logs` is the folder for what the programs write, in a file for each."""
        self.logs = logs
        self.programs: list[Program] = []
        logs.mkdir(exist_ok=True)

    def start(self, name: str, command: list[str], shown: bool = False, once: bool = False) -> None:
        """Start a program. If it is `shown`, what it writes goes to the terminal and not to its log."""
        # Each has a session of its own: Ctrl-C reaches the supervisor alone, which then ends them in order.
        with open(self.logs / f"{name}.log", "ab") as log:
            output = None if shown else log
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        self.programs.append(Program(name, command, process, once))

    def watch(self) -> None:
        """Start programs anew as they die, for ever."""
        while True:
            time.sleep(POLL_INTERVAL)
            for program in list(self.programs):
                if program.process.poll() is not None:
                    self.programs.remove(program)
                    self._replace(program)

    def _replace(self, program: Program) -> None:
        status = program.process.returncode
        if program.once:
            if not status:
                print("The indexing is done.", flush=True)
            return
        if time.monotonic() - program.started < FAILED_AT_START:
            time.sleep(PAUSE)  # it would fail again, and keep the machine busy
        print(f"The {program.name} ended (status {status}) and is started anew; see {self.logs}", flush=True)
        self._kill_group(program)  # its children may have outlived it
        self.start(program.name, program.command)

    def __enter__(self) -> "Supervisor":
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
        for number, handler in handlers.items():
            signal.signal(number, handler)

    @staticmethod
    def _kill_group(program: Program) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(program.process.pid, signal.SIGKILL)
