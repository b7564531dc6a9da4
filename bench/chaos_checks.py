"""What `make chaos` asks of a site after each kill: whether every icon, bag, account and import is still there."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import requests

from bench.chaos_clients import TIMEOUT, Account

IDLE_WITHIN = 900  # seconds in which all that was asked for has to be imported and indexed

PENDING = """
    SELECT count(*) FROM icons_icon WHERE NOT EXISTS (
        SELECT FROM search_iconvector WHERE icon_id = icons_icon.id AND search_iconvector.svg_hash = icons_icon.svg_hash
    )
"""
UNFINISHED = "SELECT count(*) FROM icons_importrun WHERE status IN ('queued', 'running')"
STALE = """
    SELECT count(*) FROM search_iconvector JOIN icons_icon ON icon_id = icons_icon.id
    WHERE search_iconvector.svg_hash <> icons_icon.svg_hash
"""
SETS = "SELECT prefix, count(*) FROM icons_icon JOIN icons_iconset ON set_id = icons_iconset.id GROUP BY prefix"
FAILED = "SELECT source, status, reason FROM icons_importrun WHERE status NOT IN ('queued', 'running', 'done')"
ERRORS = "SELECT error, count(*) FROM search_iconvector WHERE error <> '' GROUP BY error"


@dataclass
class Checks:
    """What has to be there: the icons of each set, and a bag."""

    var: Path
    bag: str
    expected: dict[str, int] = field(default_factory=lambda: {"tabler": 6268})

    def expect(self, prefix: str, icons: int) -> None:
        """From now on, a set with so many icons has to be there."""
        self.expected[prefix] = icons

    def query(self, statement: LiteralString) -> list[tuple[Any, ...]]:
        """The rows of a statement. Raises psycopg.OperationalError while the database is away."""
        folder = self.var / "postgres"
        with psycopg.connect(f"postgresql://postgres@/postgres?host={folder}", connect_timeout=5) as connection:
            return connection.execute(statement).fetchall()


def wait_until_idle(checks: Checks, account: Account) -> None:
    """Wait until nothing is left to import or to index."""
    deadline = time.monotonic() + IDLE_WITHIN
    while time.monotonic() < deadline:
        try:
            if checks.query(PENDING) == checks.query(UNFINISHED) == [(0,)]:
                return
        except psycopg.OperationalError:
            pass
        time.sleep(1)


def losses(checks: Checks) -> list[str]:
    """What is not as it has to be, in sentences."""
    lost = []
    sets: dict[str, int] = dict(checks.query(SETS))
    for prefix, icons in checks.expected.items():
        if sets.get(prefix) != icons:
            lost.append(f"{prefix} has {sets.get(prefix, 0)} of {icons} icons")
    lost += [f"{count} marked as “{error}”" for error, count in checks.query(ERRORS)]
    numbers = {"icons not indexed": PENDING, "indexed from an old source": STALE}
    for name, statement in (numbers | {"imports not finished": UNFINISHED}).items():
        [(count,)] = checks.query(statement)
        if count:
            lost.append(f"{count} {name}")
    lost += [f"{source}: {status} ({reason})" for source, status, reason in checks.query(FAILED)]
    page = requests.get(checks.bag, timeout=TIMEOUT)
    if not (page.ok and "tabler:home" in page.text):
        lost.append("the bag")
    return lost
