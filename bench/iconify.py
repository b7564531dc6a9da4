"""The Iconify server beside Iconify's own, on the same sets: `python -m bench.iconify FOLDER [EARLIER]`.

FOLDER has the JSON files of @iconify/json; `make iconify-server` installs the other server. EARLIER has the code of an
earlier version of the site, which is then measured on the same database, too. All answer the same requests one after
the other, over connections that are kept open. Each is asked twice, but those of ASKED_ONCE. Requests a second and core
are those for each second of the processor's time that a server takes, so that they do not depend on what else the
machine does; the database's time is told beside.
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
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil

from bench.iconify_search import compare_searches, table
from bench.own_site import ROOT, manage, servers

ASKED_ONCE = ("distinct SVGs", "distinct 50 icons")
ROUTES = (*ASKED_ONCE, "50 icons", "one SVG", "CSS of 10 icons", "search", "collection")
REQUESTS = {"50 icons": 600, "one SVG": 600, "CSS of 10 icons": 300, "search": 100, "collection": 60}
REQUESTS |= {"distinct SVGs": 3000, "distinct 50 icons": 1000}
Servers = dict[str, tuple[str, psutil.Process]]  # the address of each, and its process
SEED = 7
WORDS = (
    *("home", "user", "settings", "arrow left", "search", "heart", "cloud", "lock", "phone", "calendar", "mail"),
    *("star", "trash", "edit", "camera", "music", "map", "cart", "bell", "download", "upload", "sun", "moon"),
    *("flag", "car", "tree", "wifi", "battery", "key", "gift"),
)


def paths_of(route: str, names: dict[str, list[str]]) -> list[str]:
    """The requests of a route, always the same, for sets with these names."""
    chance, large = random.Random(f"{SEED} {route}"), large_sets(names)
    if route == "distinct SVGs":
        icons = [f"/{prefix}/{name}.svg?height=24" for prefix in large for name in names[prefix][1:]]
        return chance.sample(icons, REQUESTS[route])
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
            some = ",".join(sorted(chance.sample(names[prefix], 10 if route == "CSS of 10 icons" else 50)))
            paths.append(f"/{prefix}.{'css' if route == 'CSS of 10 icons' else 'json'}?icons={quote(some)}")
    return paths


def large_sets(names: dict[str, list[str]]) -> list[str]:
    """The prefixes of the sets that requests are about."""
    return [prefix for prefix in sorted(names) if len(names[prefix]) >= 100]


def measure(address: str, paths: list[str], processes: list[psutil.Process]) -> tuple[list[float], float]:
    """Milliseconds of each request, and seconds of the processor's time that the processes took for all of them."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
    before, times = cpu_seconds(processes), []
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", urlsplit(address).path + path)
        response = connection.getresponse()
        response.read()
        times.append((time.perf_counter() - started) * 1000)
        assert response.status == 200, (path, response.status)
    connection.close()
    return times, cpu_seconds(processes) - before


def cpu_seconds(processes: list[psutil.Process]) -> float:
    """The processor's time of processes and those that they have started."""
    everything = [each for process in processes for each in (process, *process.children(recursive=True))]
    return sum(sum(each.cpu_times()[:2]) for each in everything)


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


def main(folder: Path, earlier: Path | None = None) -> None:
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
        port = free_port()
        theirs = [str(shutil.which("node")), str(other / "lib" / "index.js")]
        node = f"http://127.0.0.1:{port}"
        node_options = {"ICONIFY_SOURCE": "none", "HOST": "127.0.0.1", "PORT": str(port)}
        postgres = psutil.Process(int((var / "postgres" / "postmaster.pid").read_text().split()[0]))
        with (
            site(ROOT, var) as ours,
            site(earlier, var) if earlier else nullcontext() as before,
            started(theirs, f"{node}/last-modified", Path(work), **node_options) as server,
        ):
            others: Servers = {"before": before} if before else {}
            compare({"ours": ours, **others, "node": (node, server)}, names, postgres)
            print(table(compare_searches(ours[0], node, WORDS)))


@contextmanager
def site(root: Path, var: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The Iconify server of the code in this folder, on the database of `var`: its address and process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:iconsite.gunicorn_conf", "iconsite.wsgi"]
    options = {"BIND": f"127.0.0.1:{port}", "LIMIT_RATE": "0", "VAR_DIR": str(var)}
    with started(command, f"http://127.0.0.1:{port}/iconify/version", root, **options) as process:
        yield f"http://127.0.0.1:{port}/iconify", process


def compare(servers: Servers, names: dict[str, list[str]], database: psutil.Process) -> None:
    """Print a row for each route and server, and the memory of the servers."""
    for address, process in servers.values():  # the first question about a set has its names read
        measure(address, [f"/{prefix}/{names[prefix][0]}.svg" for prefix in large_sets(names)], [process])
    print("| route | server | first, ms | p50, ms | p95, ms | requests a second and core | with the database's time |")
    print("|---|---|---|---|---|---|---|")
    for route in ROUTES:
        paths = paths_of(route, names)
        for title, (address, process) in servers.items():
            before = cpu_seconds([database])
            first, seconds = times, _ = measure(address, paths, [process])
            if route not in ASKED_ONCE:
                before = cpu_seconds([database])
                times, seconds = measure(address, paths, [process])
            with_database = seconds + (cpu_seconds([database]) - before if title != "node" else 0)
            p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            figures = [f"{milliseconds:.1f}" for milliseconds in (statistics.median(first), p50, p95)]
            figures += [f"{len(paths) / max(each, 0.01):.0f}" for each in (seconds, with_database)]
            print("|", " | ".join((route, title, *figures)), "|", flush=True)
    for title, (_address, process) in servers.items():
        processes = [process, *process.children(recursive=True)]
        memory = sum(each.memory_full_info().uss for each in processes)
        print(f"{title}: {memory / 1e6:.0f} MB")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
