"""`make run`: what it says when it cannot start, and its supervisor."""

import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
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
from django.test import Client
from django.urls import resolve

from icons.management.commands import prepare_site
from icons.models import IconSet
from iconsite import middleware, preparation, run, supervisor, warm_up
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


def test_what_starts_after_the_web_server_waits_until_it_answers_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_error(503 if len(asked) < 3 else 400)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        run.wait_for_searches(f"0.0.0.0:{server.server_port}")
        assert asked == [run.A_SEARCH] * 3 and resolve(run.A_SEARCH).view_name in middleware.SEARCHES
        server.shutdown()
        port = server.server_port
    monkeypatch.setattr(run, "WEB_PATIENCE", 0.2)
    run.wait_for_searches(f"127.0.0.1:{port}")  # nobody answers, and it goes on


def test_a_web_server_that_starts_while_the_site_is_prepared_says_when_to_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(preparation, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(preparation, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(warm_up, "PATIENCE", 0.01)
    client = Client()
    with preparation.underway() as was_prepared:
        assert not was_prepared
        for path in ("/", "/icons/", "/api/v1/sets/", "/login/"):
            reply = client.get(path)
            assert (reply.status_code, reply["Retry-After"]) == (503, str(warm_up.AGAIN_AFTER))
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").json()["database"] is False
        assert not preparation.is_over()
    assert preparation.is_over() and client.get("/login/").status_code == 200


def test_a_version_is_prepared_once_and_a_changed_file_makes_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(preparation, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(preparation, "ROOT", tmp_path / "site")
    (tmp_path / "site/static").mkdir(parents=True)
    for name in (preparation.LIBRARIES, "static/page.css"):
        (tmp_path / "site" / name).write_text("a")
    with suppress(KeyboardInterrupt), preparation.underway():
        raise KeyboardInterrupt  # in the middle of it
    for expected in (False, True):
        with preparation.underway() as was_prepared:
            assert was_prepared is expected
    (tmp_path / "site/static/page.css").write_text("ab")
    with preparation.underway() as was_prepared:
        assert not was_prepared


def test_the_version_has_every_package_of_the_site() -> None:
    packages = {path.parent.name for path in preparation.ROOT.glob("*/__init__.py")}
    assert packages - {"bench", "tests", "training"} <= set(preparation.SOURCES)
    assert all((preparation.ROOT / name).exists() for name in (*preparation.SOURCES, preparation.LIBRARIES))


def test_logs_do_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOG_MAX_BYTES", 1000)
    monkeypatch.setattr(supervisor, "LOGS_EVERY", 0)
    writer = "import time\nwhile True:\n    print('x' * 99, flush=True)\n    time.sleep(0.005)"
    with Supervisor(tmp_path / "log") as programs:
        programs.start("writer", [sys.executable, "-c", writer])
        log, before = tmp_path / "log/writer.log", tmp_path / "log/writer.log.1"
        wait_until(lambda: log.stat().st_size > 2000)
        programs.look()
        assert before.stat().st_size > 2000 and b"\0" not in before.read_bytes()
        wait_until(lambda: log.stat().st_size > 200)  # it goes on at the beginning
        assert b"\0" not in log.read_bytes()


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
