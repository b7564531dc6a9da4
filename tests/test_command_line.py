"""The command line as a new user has it: installed with pip in a clean virtual environment, against a real site."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from api.models import ApiKey, Scope
from icons.models import Icon, IconSet, ImportRun
from search import indexing
from tests.conftest import SHAPES, Worker, png_of, svg_of
from tests.live_site import live_site

INSTALLING = 300  # seconds that pip may take


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a virtual environment that has the client and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=INSTALLING)
    command: list[str | Path] = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--retries", "1"]
    try:
        result = subprocess.run(
            [*command, Path(settings.BASE_DIR) / "client"], capture_output=True, text=True, timeout=INSTALLING
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"THE COMMAND LINE WAS NOT TESTED: pip did not install it within {INSTALLING} seconds.")
    if result.returncode:
        pytest.skip(f"THE COMMAND LINE WAS NOT TESTED: pip cannot install it here: {result.stderr[-500:]}")
    return folder / "bin"


class Terminal:
    """Runs commands in a folder of their own, for a site."""

    def __init__(self, programs: Path, folder: Path, site: str, token: str) -> None:
        self.programs, self.folder = programs, folder
        self.environment = {
            "PATH": f"{folder / 'fakes'}:{programs}:{os.environ['PATH']}",
            "HOME": str(folder),
            "NO_PROXY": "127.0.0.1",
            "ICONSITE_URL": site,
            "ICONSITE_TOKEN": token,
        }

    def run(self, *words: str | Path, stdin: bytes = b"", **environment: str) -> tuple[int, str, str]:
        """The exit code of a command, its output and its remarks."""
        code, output, remarks = self.run_for_bytes(*words, stdin=stdin, **environment)
        return code, output.decode(), remarks

    def run_for_bytes(self, *words: str | Path, stdin: bytes = b"", **environment: str) -> tuple[int, bytes, str]:
        """The same, with the output as it is."""
        result = subprocess.run(
            [self.programs / "iconsite", *words],
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env={**self.environment, **environment},
            timeout=120,
        )
        return result.returncode, result.stdout, result.stderr.decode()

    def fake(self, name: str, script: str) -> None:
        """Put a program of the desktop into the path."""
        path = self.folder / "fakes" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)


@pytest.fixture
def terminal(
    installed: Path, worker: Worker, icon_set: IconSet, indexed_icons: dict[str, Icon], tmp_path: Path
) -> Iterator[Terminal]:
    """A terminal of somebody with a key of all scopes, beside a site with a worker that has the icons of SHAPES."""
    _, secret = ApiKey.objects.issue(User.objects.create_superuser("root"), "all", Scope.values)
    with live_site() as address:
        folder = tmp_path / "home"
        folder.mkdir()
        yield Terminal(installed, folder, address, secret)


def lines_of(output: str) -> list[list[str]]:
    """The columns of the lines that a program reads."""
    return [line.split("\t") for line in output.splitlines()]


def test_a_day_at_the_terminal(terminal: Terminal) -> None:
    house, ring = png_of(svg_of(SHAPES["home"])), png_of(svg_of(SHAPES["ring"]))
    (terminal.folder / "house.png").write_bytes(house)
    (terminal.folder / "ring.png").write_bytes(ring)
    finding(terminal, house)
    reading(terminal)
    whole_folders(terminal)
    going_wrong(terminal)


def finding(terminal: Terminal, house: bytes) -> None:
    """`find` and `words`."""
    code, output, remarks = terminal.run("find", "house.png")
    first = lines_of(output)[0]
    assert (code, first[0], first[2], first[4:6]) == (0, "house.png", "shapes:home", ["shapes", "MIT"]), remarks
    assert float(first[3]) > 0.5
    code, output, _ = terminal.run("find", "house.png", "ring.png", "-", "--limit", "1", "--json", stdin=house)
    answers = [json.loads(line) for line in output.splitlines()]
    assert code == 0 and [answer["picture"] for answer in answers] == ["house.png", "ring.png", "standard input"]
    best = [answer["results"][0]["icon"] for answer in answers]
    assert best == ["shapes:home", "shapes:ring", "shapes:home"]
    code, output, _ = terminal.run("find", "house.png", "--crop", "0.1,0.1,0.8,0.8", "--set", "shapes")
    assert code == 0 and "shapes:home" in output
    code, output, _ = terminal.run("find", "house.png", "--style", "duotone")
    assert (code, output) == (1, "")

    terminal.fake("xclip", f"cat {terminal.folder}/ring.png")
    code, output, remarks = terminal.run("find", "--paste", "--limit", "1", XDG_SESSION_TYPE="x11")
    assert code == 0 and lines_of(output)[0][:3:2] == ["clipboard", "shapes:ring"], remarks
    terminal.fake("xclip", "exit 1")
    code, _, remarks = terminal.run("find", "--paste", XDG_SESSION_TYPE="x11")
    assert code == 2 and "clipboard" in remarks
    terminal.fake("xdg-open", f'echo "$1" > {terminal.folder}/opened')
    code, *_ = terminal.run("find", "house.png", "--open")
    opened = (terminal.folder / "opened").read_text()
    assert code == 0 and opened.endswith("/icons/shapes/home/\n")

    code, output, _ = terminal.run("words", "home")
    assert (code, lines_of(output)) == (0, [["shapes:home", "shapes", "MIT"]])
    code, output, remarks = terminal.run("words", "xyzzyq")
    assert (code, output) == (1, "") and "No icon fits" in remarks
    code, output, _ = terminal.run("words", "home", "--json")
    assert json.loads(output)["total"] == 1


def reading(terminal: Terminal) -> None:
    """`get`, `export` and `status`."""
    code, output, _ = terminal.run("get", "shapes:home", "-f", "jsx", "--size", "20")
    assert code == 0 and "<svg" in output and "20" in output
    code, data, _ = terminal.run_for_bytes("get", "shapes:home", "-f", "png", "--size", "32")
    assert code == 0 and data.startswith(b"\x89PNG")
    code, *_ = terminal.run("get", "shapes:home", "shapes:ring", "-o", "out")
    assert code == 0 and sorted(os.listdir(terminal.folder / "out")) == ["shapes-home.svg", "shapes-ring.svg"]
    code, _, remarks = terminal.run("get", "shapes:home", "shapes:ring", "-f", "png")
    assert code == 2 and "-o" in remarks
    code, _, remarks = terminal.run("get", "shapes:nothing")
    assert code == 3 and "shapes:nothing" in remarks

    code, _, remarks = terminal.run("export", "shapes")
    assert code == 0 and f"{len(SHAPES)} icons" in remarks
    names = sorted(os.listdir(terminal.folder / "shapes"))
    assert names == sorted(["icon-set.json", *(f"{name}.svg" for name in SHAPES)])
    assert (terminal.folder / "shapes" / "ring.svg").read_text().startswith("<svg")
    code, *_ = terminal.run("export", "shapes", "-o", "shapes.zip")
    with zipfile.ZipFile(terminal.folder / "shapes.zip") as archive:
        assert code == 0 and sorted(archive.namelist()) == names
        assert json.loads(archive.read("icon-set.json"))["licence_spdx"] == "MIT"

    code, output, _ = terminal.run("status")
    rows = dict(lines_of(output))
    assert code == 0 and (rows["ready"], rows["index"], rows["sets"], rows["key"]) == ("yes", "yes", "1", "accepted")


def whole_folders(terminal: Terminal) -> None:
    """`add` and `have`."""
    folder = terminal.folder / "drawings"
    (folder / "more").mkdir(parents=True)
    star = svg_of('<path d="M12 2 15 9h7l-6 5 2 8-6-5-6 5 2-8-6-5h7z"/>')
    (folder / "star.svg").write_text(star)
    (folder / "more" / "bar.svg").write_text(svg_of('<path d="M2 10h20v4H2z"/>'))
    code, output, remarks = terminal.run("add", "drawings", "--set", "mine", "--title", "Mine", "--licence", "MIT")
    assert (code, lines_of(output)) == (0, [["2", "0", "0", "0"]]), remarks
    assert IconSet.objects.get(prefix="mine").title == "Mine"
    assert set(Icon.objects.filter(set__prefix="mine").values_list("name", flat=True)) == {"star", "bar"}
    (folder / "bad.svg").write_text("<svg><text>no</text></svg>")
    code, output, remarks = terminal.run("add", "drawings", "--set", "mine", "--json")
    run: dict[str, Any] = json.loads(output)
    assert code == 1 and (run["unchanged"], run["rejected"]) == (2, 1), remarks

    (folder / "bad.svg").unlink()
    indexing.index_icons(list(Icon.objects.filter(set__prefix="mine").values_list("pk", flat=True)))
    code, output, remarks = terminal.run("have", "drawings")
    assert code == 0 and "2 of 2" in remarks
    assert [(line[1], line[2]) for line in lines_of(output)] == [("yes", "mine:bar"), ("yes", "mine:star")]
    (folder / "broken.png").write_bytes(b"no picture")
    code, output, remarks = terminal.run("have", "drawings", "--missing")
    assert code == 1 and "2 of 3" in remarks
    assert [line[1] for line in lines_of(output)] == ["unreadable"]


def going_wrong(terminal: Terminal) -> None:
    """Sentences and exit codes."""
    code, _, remarks = terminal.run("find", "house.png", "nothing.png")
    assert code == 2 and "nothing.png cannot be read" in remarks
    code, _, remarks = terminal.run("find")
    assert code == 2 and "Name a picture" in remarks
    (terminal.folder / "text.png").write_text("no picture")
    code, output, remarks = terminal.run("find", "text.png", "house.png", "--limit", "1")
    assert code == 3 and "text.png: " in remarks and "shapes:home" in output
    code, _, remarks = terminal.run("add", "drawings", "--set", "mine", ICONSITE_TOKEN="")
    assert code == 3 and "send a key" in remarks
    code, _, remarks = terminal.run("status", ICONSITE_TOKEN="ico_wrong")
    assert code == 3 and "not valid" in remarks
    code, _, remarks = terminal.run("status", ICONSITE_URL="http://127.0.0.1:9")
    assert code == 4 and "does not answer" in remarks and "Traceback" not in remarks


def test_ctrl_c_stops_an_import(terminal: Terminal, worker: Worker) -> None:
    worker.kill()  # nobody works at the import
    (terminal.folder / "star.svg").write_text(svg_of(SHAPES["ring"]))
    process = subprocess.Popen(
        [terminal.programs / "iconsite", "add", "star.svg", "--set", "mine"],
        cwd=terminal.folder,
        env=terminal.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What a shell starts in the background ignores Ctrl-C, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr and "has begun" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, remarks = process.communicate(timeout=60)
    assert process.returncode == 3 and "Stopped" in remarks and "Traceback" not in remarks
    assert ImportRun.objects.get().status == ImportRun.Status.STOPPED


def test_an_installed_client_holds_neither_the_site_nor_its_libraries(installed: Path) -> None:
    listed = subprocess.run([installed / "python", "-m", "pip", "list", "--format", "json"], capture_output=True)
    names = {each["name"].lower() for each in json.loads(listed.stdout)}
    assert "iconsite-client" in names and not names & {"django", "tensorflow", "keras", "celery", "numpy"}
    typed = installed.parent.glob("lib/python*/site-packages/iconsite_client/py.typed")
    assert len(list(typed)) == 1
