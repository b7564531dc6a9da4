"""`make run`: what it says when it cannot start, and its supervisor."""

import socket
import sys
import time
from pathlib import Path

import psutil
import pytest

from iconsite import run, supervisor
from iconsite.supervisor import Supervisor
from tests.conftest import wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def test_a_taken_port_is_reported_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} is taken .* make run PORT=8001"):
            run.check_port(f"127.0.0.1:{port}")


@pytest.mark.parametrize("port", ["http", "99999"])
def test_what_is_no_port_is_refused_with_a_sentence(port: str) -> None:
    with pytest.raises(SystemExit, match=f"'{port}' is not a port"):
        run.check_port(f"127.0.0.1:{port}")


def test_everything_that_was_started_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Supervisor(tmp_path / "log") as programs:
        programs.start("sleeper", SLEEP)
        # A program that does not listen, and has a child.
        stubborn = "import signal, subprocess, sys; signal.signal(15, signal.SIG_IGN); subprocess.run(sys.argv[1:])"
        programs.start("stubborn", [sys.executable, "-c", stubborn, *SLEEP])
        processes = [program.process for program in programs.programs]
        wait_until(lambda: len(children(processes[1].pid)) == 1)
        grandchildren = children(processes[1].pid)
        monkeypatch.setattr(supervisor, "GRACE", 1)
    assert all(process.poll() is not None for process in processes)
    wait_until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() and alive(pid) for pid in grandchildren))


def children(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children()]


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_program_that_died_is_started_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Supervisor(tmp_path / "log") as programs:
        programs.start("sleeper", SLEEP)
        (program,) = programs.programs
        program.started = time.monotonic() - 60
        program.process.kill()
        program.process.wait()
        programs.programs.clear()
        programs._replace(program)
        (again,) = programs.programs
        assert again.process.pid != program.process.pid and again.process.poll() is None
    assert "The sleeper ended (status -9) and is started anew" in capsys.readouterr().out
