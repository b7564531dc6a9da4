"""npm packages that the benchmark draws from, in a cache of its own: they are not part of the repository."""

import tempfile
from pathlib import Path

from bench.own_site import ROOT
from icons.importing import npm

CACHE = ROOT / "var" / "bench"


def package(name: str) -> Path:
    """The folder with the files of `name@version`, which is downloaded on first use. Raises SourceError."""
    folder = CACHE / name.replace("/", "+")
    if not folder.exists():
        print(f"Downloading {name} ...", flush=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as draft:
            npm.unpack(name, Path(draft)).rename(folder)
    return folder
