"""Whether what leaves a site comes back: `python -m bench.round_trip FOLDER`.

FOLDER has JSON files of Iconify, such as those of @iconify/json. They are imported into a site and exported; what was
exported is imported into an empty site and exported again. The second export has to have the bytes of the first.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.own_site import manage, servers

NAME = "round_trip"  # of the database


class Exports(NamedTuple):
    """The files of both exports by name, and the seconds that each step took."""

    first: dict[str, bytes]
    second: dict[str, bytes]
    seconds: dict[str, float]

    @property
    def differing(self) -> list[str]:
        """The files that are not the same, or that are in one export alone."""
        names = self.first.keys() | self.second.keys()
        return sorted(name for name in names if self.first.get(name) != self.second.get(name))


def round_trip(source: Path, work: Path) -> Exports:
    """Import the source into an empty site, and have it come back; exports are written below `work`."""
    seconds: dict[str, float] = {}
    files: dict[str, dict[str, bytes]] = {}
    for name in ("first", "second"):
        with empty_site():
            manage("migrate", "--verbosity", "0")
            for step, arguments in (("import", [str(source)]), ("export", ["--output", str(work / name)])):
                began = time.monotonic()
                manage(f"{step}_icons", *arguments)
                seconds[f"{name} {step}"] = time.monotonic() - began
        files[name] = {path.name: path.read_bytes() for path in sorted((work / name).iterdir())}
        source = work / name
    return Exports(files["first"], files["second"], seconds)


@contextmanager
def empty_site() -> Iterator[None]:
    """For the `with` block, DATABASE_URL is that of a new database of the same server."""
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        connection.execute(f"CREATE DATABASE {NAME}")
        os.environ["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{NAME}"))
        try:
            yield
        finally:
            os.environ["DATABASE_URL"] = url
            connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def unlike_source(source: Path, first: dict[str, bytes]) -> dict[str, list[str]]:
    """The fields in which the first export says something else than its source, apart from bodies, by set."""
    unlike: dict[str, list[str]] = {}
    for path in sorted(source.glob("*.json")):
        data = json.loads(path.read_text())
        if "icons" not in data:
            continue
        fields = _differing(data, json.loads(first.get(path.name, b"{}")))
        if fields:
            unlike[data["prefix"]] = fields
    return unlike


def _differing(data: dict[str, Any], exported: dict[str, Any]) -> list[str]:
    fields = [key for key in data.keys() | exported.keys() if key not in ("icons", "info")]
    differing = [key for key in fields if data.get(key) != exported.get(key)]
    left, right = (each.get("icons", {}) for each in (data, exported))
    if list(left) != list(right):
        differing.append("names")
    if any(_sizes(left[name]) != _sizes(right[name]) for name in left.keys() & right.keys()):
        differing.append("sizes")
    infos = ({key: value for key, value in each.get("info", {}).items() if key != "total"} for each in (data, exported))
    if next(infos) != next(infos):
        differing.append("info")
    return sorted(differing)


def _sizes(icon: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in icon.items() if key != "body"}


def main(source: Path) -> None:
    """Print what came back; exits with 1 where anything differs."""
    with servers() as var:
        exports = round_trip(source, var)
    report(source, exports)


def report(source: Path, exports: Exports) -> None:
    """Print it; exits with 1 where anything differs."""
    for step, seconds in exports.seconds.items():
        print(f"{step}: {seconds:.0f} s")
    size = sum(map(len, exports.first.values()))
    print(f"{len(exports.first)} sets, {size:,} bytes; differing: {', '.join(exports.differing) or 'none'}")
    for prefix, fields in unlike_source(source, exports.first).items():
        print(f"unlike its source: {prefix}: {', '.join(fields)}")
    if exports.differing:
        raise SystemExit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
