"""`make load`: a whole site under load, as many people, one greedy client and a large import bring it.

A site of its own runs as `make run` starts it, with the demo set indexed. Every client has an address of its own.
"""

import random
import statistics
import tempfile
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import psutil
import requests
from PIL import Image, ImageDraw

from bench.chaos_checks import Checks, wait_until_idle
from bench.chaos_clients import TIMEOUT, Account, collect_bag, free_port, sign_in, start_import, zip_of_icons
from bench.own_site import memory_of
from bench.whole_site import Site

SEARCHES = 0.75  # share of the requests that are searches by picture
PAGES = ("", "sets/", "sets/tabler/", "icons/?q=home", "icons/tabler/home/", "icons/tabler/home.svg")
ALONE = 20  # seconds
GREEDY = 8  # requests that one client has under way at once
SAMPLED_EVERY = 5  # seconds between two looks at the memory
SETTLED_AFTER = 60  # seconds
IMPORTED = 6000  # icons
REINDEXED = 10  # icons


@dataclass
class Load:
    """What clients were answered."""

    seconds: list[float] = field(default_factory=list)  # of each answer with status 200
    refused: list[float] = field(default_factory=list)  # of each with status 429
    statuses: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        """The figures in one line."""
        times = sorted(self.seconds) or [0.0]
        ranks = [(percent, min(len(times) - 1, len(times) * percent // 100)) for percent in (50, 95, 99)]
        parts = [f"p{percent} {times[rank]:.2f} s" for percent, rank in ranks]
        told = ", ".join(f"{count} × {status}" for status, count in self.statuses.most_common())
        refusals = f"; a refusal took {statistics.median(self.refused):.3f} s" if self.refused else ""
        return f"{', '.join(parts)}; {told}{refusals}"


def pictures(chance: random.Random, count: int = 40) -> list[bytes]:
    """Small pictures to search for."""
    made = []
    for _ in range(count):
        picture = Image.new("RGB", (chance.randrange(32, 200), chance.randrange(32, 200)), "white")
        points = [(chance.randrange(picture.width), chance.randrange(picture.height)) for _ in range(5)]
        ImageDraw.Draw(picture).line(points, fill="black", width=3)
        buffer = BytesIO()
        picture.save(buffer, "PNG")
        made.append(buffer.getvalue())
    return made


def ask(site: str, client: int, seed: int, until: Callable[[], bool], load: Load, searches: float = SEARCHES) -> None:
    """One client's requests, one after the other, until it is told to stop."""
    chance = random.Random(seed)
    queries = pictures(chance)
    with requests.Session() as session:
        session.trust_env = False
        session.headers["X-Forwarded-For"] = f"198.51.100.{client}"
        while not until():
            started = time.monotonic()
            try:
                if chance.random() < searches:
                    files = {"image": chance.choice(queries)}
                    reply = session.post(f"{site}api/v1/search/image/", files=files, timeout=TIMEOUT)
                else:
                    reply = session.get(site + chance.choice(PAGES), timeout=TIMEOUT)
                status = str(reply.status_code)
            except requests.RequestException as error:
                status = type(error).__name__
            took = time.monotonic() - started
            load.statuses[status] += 1
            if status == "200":
                load.seconds.append(took)
            elif status == "429":
                load.refused.append(took)


def run_clients(site: str, clients: Sequence[int], seconds: float, searches: float = SEARCHES) -> Load:
    """What these clients were answered in so many seconds, each asking one thing after the other."""
    load, deadline = Load(), time.monotonic() + seconds
    threads = [
        threading.Thread(target=ask, args=[site, client, seed, lambda: time.monotonic() > deadline, load, searches])
        for seed, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return load


class Memory:
    """Looks at the memory of the web server from time to time, for a `with` block."""

    def __init__(self, site: Site) -> None:
        """`site` runs."""
        self.site, self.samples, self.ended = site, list[tuple[float, int]](), threading.Event()
        self.thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        [web] = self.site.processes("web master")
        started = time.monotonic()
        while not self.ended.wait(SAMPLED_EVERY):
            with suppress(psutil.NoSuchProcess):
                self.samples.append((time.monotonic() - started, memory_of(web).resident))

    def __enter__(self) -> "Memory":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()

    def line(self) -> str:
        """The least and the most after the first minute, in MB."""
        settled = [size for at, size in self.samples if at > SETTLED_AFTER] or [size for _, size in self.samples]
        return f"{min(settled) / 1e6:,.0f} to {max(settled) / 1e6:,.0f} MB" if settled else "not looked at"


def reindex(account: Account, checks: Checks) -> float:
    """Have a few icons indexed anew in the admin; the seconds until they are."""
    ids = [str(row[0]) for row in checks.query("SELECT id FROM icons_icon ORDER BY id LIMIT 10")]  # REINDEXED
    waiting = "SELECT count(*) FROM search_iconvector WHERE svg_hash = '' AND rendition = 0"
    started = time.monotonic()
    account.post("admin/icons/icon/", {"action": "reindex_selected", "_selected_action": ids})
    while checks.query(waiting) != [(0,)] and time.monotonic() - started < TIMEOUT:
        time.sleep(0.1)
    return time.monotonic() - started


def main() -> None:
    """Run all loads as the command line says."""
    parser = ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=600)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="load-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)  # PostgreSQL runs as another user where this program runs as root
        site = Site(folder, free_port(), TRUSTED_PROXIES="1")
        stack.callback(site.stop)
        site.start()
        account = sign_in(site.address, site.log)
        checks = Checks(folder / "var", collect_bag(account))
        wait_until_idle(checks, account)
        run_clients(site.address, [1], ALONE)  # everything is loaded
        print(f"one client alone: {run_clients(site.address, [1], ALONE, 1).line()}", flush=True)
        with Memory(site) as memory:
            load = run_clients(site.address, range(1, options.clients + 1), options.seconds)
        print(f"{options.clients} clients: {load.line()}; memory of the web server {memory.line()}", flush=True)
        _greedy(site.address)
        _importing(site.address, account, checks)


def _greedy(address: str) -> None:
    greedy = Load()
    ended = threading.Event()
    threads = [
        threading.Thread(target=ask, args=[address, 99, seed, ended.is_set, greedy, 1]) for seed in range(GREEDY)
    ]
    for thread in threads:
        thread.start()
    others = run_clients(address, [1], ALONE, 1)
    ended.set()
    for thread in threads:
        thread.join()
    print(
        f"one client with {GREEDY} requests at once: {greedy.line()}\n  another meanwhile: {others.line()}", flush=True
    )


def _importing(address: str, account: Account, checks: Checks) -> None:
    start_import(account, *zip_of_icons("load", IMPORTED, random.Random(1)))
    searching = run_clients(address, [1], ALONE, 1)
    print(f"while {IMPORTED:,} icons are imported and indexed: {searching.line()}", flush=True)
    print(f"{REINDEXED} icons indexed anew meanwhile: {reindex(account, checks):.1f} s", flush=True)
    started = time.monotonic()
    wait_until_idle(checks, account)
    print(f"the rest of the import: {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
