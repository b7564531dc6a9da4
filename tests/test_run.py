"""`make run`: what it says when it cannot start, and its supervisor."""

import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
from django.conf import LazySettings, settings
from django.contrib.auth.models import User
from django.contrib.staticfiles.finders import get_finder
from django.core.management import call_command

from icons.management.commands import prepare_site
from icons.models import IconSet
from iconsite import run, supervisor
from iconsite.embedded_processes import EmbeddedServerError
from iconsite.supervisor import Supervisor
from tests.conftest import wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def test_a_taken_port_is_reported_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PORT_PATIENCE", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} is taken: .* make run PORT=8001"):
            run.check_port(f"127.0.0.1:{port}")


@pytest.mark.parametrize("port", ["http", "99999"])
def test_what_is_no_port_is_refused_with_a_sentence(port: str) -> None:
    with pytest.raises(SystemExit, match=f"'{port}' is not a port"):
        run.check_port(f"127.0.0.1:{port}")


def test_what_starts_after_the_web_server_waits_for_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            asked.append(self.path)
            self.send_error(400)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        run.wait_for_web(f"0.0.0.0:{server.server_port}")
        assert asked == ["/static/icon.svg"]
        port = server.server_port
    monkeypatch.setattr(run, "WEB_PATIENCE", 0.2)
    run.wait_for_web(f"127.0.0.1:{port}")  # nobody answers, and it goes on


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
        programs.start("once", [sys.executable, "-c", ""], once=True)
        sleeper, once = programs.programs
        died = sleeper.process
        died.kill()
        died.wait()
        once.process.wait()
        programs.look()
        assert programs.programs == [sleeper]
        assert sleeper.process.pid != died.pid and sleeper.process.poll() is None
    assert "The sleeper ended (status -9) and is started anew" in capsys.readouterr().out


def test_a_program_that_fails_again_and_again_is_started_after_a_pause(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "log") as programs:
        programs.start("failing", [sys.executable, "-c", "raise SystemExit(1)"])
        [program] = programs.programs
        for _ in range(2):
            program.process.wait()
            programs.look()
        assert program.start_at is not None and 0 < program.start_at - time.monotonic() <= supervisor.PAUSE


def test_servers_that_died_are_started_anew_and_tried_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers: list[Any] = [["PostgreSQL"], EmbeddedServerError("Valkey does not start."), []]

    def start_dead() -> list[str]:
        answer = answers.pop(0)
        if isinstance(answer, SystemExit):
            raise answer
        return cast(list[str], answer)

    with Supervisor(tmp_path / "log", start_dead) as programs:
        for _ in range(3):
            programs.look()
        assert len(answers) == 1 and programs.servers_at > time.monotonic()
        programs.servers_at = 0
        programs.look()
        assert answers == []
    printed = capsys.readouterr().out
    assert "PostgreSQL had ended and is started anew." in printed
    assert "Valkey does not start. It is tried again every 5 seconds." in printed


def test_a_supervisor_that_is_killed_takes_its_programs_along(tmp_path: Path) -> None:
    program = """
import subprocess, sys
from pathlib import Path
from iconsite.supervisor import Supervisor

with Supervisor(Path(sys.argv[1])) as programs:
    code = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    programs.start("parent", [sys.executable, "-c", code, *sys.argv[2:]])
    first = programs.reaper
    first.kill()  # it is replaced, and the new one knows all programs
    first.wait()
    programs.look()
    print(programs.programs[0].process.pid, flush=True)
    programs.watch()
"""
    killed = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "log"), *SLEEP], cwd=settings.BASE_DIR, stdout=subprocess.PIPE
    )
    assert killed.stdout
    parent = int(killed.stdout.readline())
    wait_until(lambda: len(children(parent)) == 1)
    pids = [parent, *children(parent)]
    killed.kill()
    killed.communicate()
    wait_until(lambda: not any(alive(pid) for pid in pids))


def test_static_files_are_collected_when_they_have_changed(settings: LazySettings, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("p { color: red }")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    collected = tmp_path / "static" / "a.css"
    get_finder.cache_clear()  # type: ignore[attr-defined]
    try:
        prepare_site.collect_static()
        assert collected.read_text() == "p { color: red }"
        collected.unlink()
        prepare_site.collect_static()
        assert not collected.exists()
        (source / "a.css").write_text("p { color: blue }")
        prepare_site.collect_static()
        assert collected.read_text() == "p { color: blue }"
    finally:
        get_finder.cache_clear()  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_site_may_start_without_the_demo_set(settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text('{"prefix": "demo", "icons": {"a": {"body": "<path d=\'M0 0h9v9z\'/>"}}}')
    settings.DEMO = False
    call_command("setup_demo", str(tmp_path), stdout=StringIO())
    assert not IconSet.objects.exists() and User.objects.filter(is_superuser=True).exists()
    settings.DEMO = True
    call_command("setup_demo", str(tmp_path), stdout=StringIO())
    assert IconSet.objects.get().prefix == "demo"
