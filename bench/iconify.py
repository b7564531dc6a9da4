"""The Iconify server beside Iconify's own, on the same sets: `python -m bench.iconify FOLDER`.

FOLDER has the JSON files of @iconify/json; `make iconify-server` installs the other server. Both answer the same
requests one after the other, over connections that are kept open. Requests a second and core are those for each
second of the processor's time that a server takes, so that they do not depend on what else the machine does.
"""

import http.client
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil

from bench.iconify_search import compare_searches, table
from bench.own_site import ROOT, manage, servers

ROUTES = ("50 icons", "one SVG", "CSS of 10 icons", "search", "collection")
REQUESTS = {"50 icons": 600, "one SVG": 600, "CSS of 10 icons": 300, "search": 100, "collection": 60}
SEED = 7
WORDS = (
    *("home", "user", "settings", "arrow left", "search", "heart", "cloud", "lock", "phone", "calendar", "mail"),
    *("star", "trash", "edit", "camera", "music", "map", "cart", "bell", "download", "upload", "sun", "moon"),
    *("flag", "car", "tree", "wifi", "battery", "key", "gift"),
)


def paths_of(route: str, names: dict[str, list[str]]) -> list[str]:
    """The requests of a route, always the same, for sets with these names."""
    chance, large = random.Random(SEED), [prefix for prefix in sorted(names) if len(names[prefix]) >= 100]
    paths = []
    for number in range(REQUESTS[route]):
        prefix = chance.choice(large)
        if route == "search":
            paths.append(f"/search?query={quote(WORDS[number % len(WORDS)])}&limit=999")
        elif route == "collection":
            paths.append(f"/collection?prefix={prefix}")
        elif route == "one SVG":
            paths.append(f"/{prefix}/{chance.choice(names[prefix])}.svg?height=24")
        else:
            some = ",".join(sorted(chance.sample(names[prefix], 50 if route == "50 icons" else 10)))
            paths.append(f"/{prefix}.{'json' if route == '50 icons' else 'css'}?icons={quote(some)}")
    return paths


def measure(address: str, paths: list[str], process: psutil.Process) -> tuple[list[float], float]:
    """Milliseconds of each request, and seconds of the processor's time that the server took for all of them."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
    before, times = cpu_seconds(process), []
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", urlsplit(address).path + path)
        response = connection.getresponse()
        response.read()
        times.append((time.perf_counter() - started) * 1000)
        assert response.status == 200, (path, response.status)
    connection.close()
    return times, cpu_seconds(process) - before


def cpu_seconds(process: psutil.Process) -> float:
    """The processor's time of a process and those that it has started."""
    return sum(sum(each.cpu_times()[:2]) for each in [process, *process.children(recursive=True)])


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def started(command: list[str], ready: str, cwd: Path, **environment: str) -> Iterator[psutil.Process]:
    """A server, once it answers at this address."""
    process = subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                connection = http.client.HTTPConnection(urlsplit(ready).netloc, timeout=300)
                connection.request("GET", urlsplit(ready).path)
                connection.getresponse().read()
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit(f"{command[0]} ended.") from None
                time.sleep(0.2)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def main(folder: Path) -> None:
    """Import the sets, start both servers and print how fast they are, and what they find."""
    files = sorted(folder.glob("*.json"))
    sets = {data["prefix"]: data for path in files if "icons" in (data := json.loads(path.read_text()))}
    names = {prefix: [*data["icons"]] for prefix, data in sets.items()}
    del sets
    other = ROOT / "var" / "iconify-server" / "node_modules" / "@iconify" / "api"
    with servers() as var, tempfile.TemporaryDirectory() as work:
        manage("migrate", "--verbosity", "0")
        began = time.monotonic()
        manage("import_icons", str(folder))
        print(f"{len(names)} sets imported in {time.monotonic() - began:.0f} s", flush=True)
        (Path(work) / "icons").symlink_to(folder.resolve())
        shutil.copy(other / "package.json", work)
        port, node_port = free_port(), free_port()
        ours = [sys.executable, "-m", "gunicorn", "-c", "python:iconsite.gunicorn_conf", "iconsite.wsgi"]
        theirs = [str(shutil.which("node")), str(other / "lib" / "index.js")]
        own, node = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{node_port}"
        node_options = {"ICONIFY_SOURCE": "none", "HOST": "127.0.0.1", "PORT": str(node_port)}
        site_options = {"BIND": f"127.0.0.1:{port}", "LIMIT_RATE": "0", "VAR_DIR": str(var)}
        with (
            started(ours, f"{own}/iconify/version", ROOT, **site_options) as site,
            started(theirs, f"{node}/last-modified", Path(work), **node_options) as server,
        ):
            compare((f"{own}/iconify", site), (node, server), names)
            print(table(compare_searches(f"{own}/iconify", node, WORDS)))


def compare(ours: tuple[str, psutil.Process], theirs: tuple[str, psutil.Process], names: dict[str, list[str]]) -> None:
    """Print a row for each route and server, and the memory of both."""
    print("| route | server | first, ms | p50, ms | p95, ms | requests a second and core |")
    print("|---|---|---|---|---|---|")
    for route in ROUTES:
        paths = paths_of(route, names)
        for title, (address, process) in (("ours", ours), ("node", theirs)):
            first, _seconds = measure(address, paths, process)
            times, seconds = measure(address, paths, process)
            p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            figures = f"{statistics.median(first):.1f} | {p50:.1f} | {p95:.1f} | {len(paths) / max(seconds, 0.01):.0f}"
            print(f"| {route} | {title} | {figures} |", flush=True)
    for title, (_address, process) in (("ours", ours), ("node", theirs)):
        processes = [process, *process.children(recursive=True)]
        memory = sum(each.memory_full_info().uss for each in processes)
        print(f"{title}: {memory / 1e6:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
