"""Corpora for the tests: drawings and payloads that others have collected. `python -m tests.corpora` fetches them.

They are the test suite of resvg (SVGs of every feature) and the payloads of DOMPurify's tests, and come out of the
sources of two of Debian's packages. They are kept in var/corpora and are no part of this repository.
"""

import hashlib
import json
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")
FOLDER = Path(__file__).resolve().parent.parent / "var" / "corpora"
RELEASE = "trixie"  # of Debian, whose sources are fetched whichever release the machine has
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PATIENCE = 120  # seconds for each call of apt-get
STRING = re.compile(r'"payload"\s*:\s*("(?:[^"\\\n]|\\.)*")')


@dataclass(frozen=True)
class Corpus:
    """A package, the archive of its source, and that archive's SHA-256."""

    package: str
    archive: str
    digest: str

    @property
    def path(self) -> Path:
        """Where the archive is kept."""
        return FOLDER / self.archive

    def is_there(self) -> bool:
        """Whether it has been fetched whole."""
        return self.path.exists() and hashlib.sha256(self.path.read_bytes()).hexdigest() == self.digest

    @property
    def reason(self) -> str:
        """Why a test is skipped that needs it."""
        return f"The corpus of {self.package} is missing. On Debian, fetch it: python -m tests.corpora"


RESVG = Corpus("resvg", "resvg_0.45.1.orig.tar.gz", "5563fa965bbe9e7d521815abfc74b98959d41349b55e5a9b85c825f7fbf8ef6c")
DOMPURIFY = Corpus(
    "node-dompurify",
    "node-dompurify_3.1.7+dfsg+~3.0.5.orig.tar.xz",
    "f85f569619f5b7c31a5d7072b1a5382dc0952f50deca74993d222df83c9e9404",
)


def drawings() -> list[tuple[str, bytes]]:
    """The SVGs of resvg's test suite, each with its path within the source."""
    with tarfile.open(RESVG.path) as archive:
        files = [member for member in archive if member.isfile() and member.name.endswith((".svg", ".svgz"))]
        return [(member.name.partition("/")[2], _read(archive, member)) for member in files]


def payloads() -> list[str]:
    """What DOMPurify's tests try to smuggle through, each text once."""
    with tarfile.open(DOMPURIFY.path) as archive:
        [member] = [member for member in archive if member.name.endswith("test/fixtures/expect.mjs")]
        source = _read(archive, member).decode()
    return list(dict.fromkeys(json.loads(text.replace("\\'", "'"), strict=False) for text in STRING.findall(source)))


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file
    with file:
        return file.read()


def sample(items: Sequence[Item], most: int, whole: bool) -> list[Item]:
    """So many of the items, always the same, in their order; with `whole` all of them."""
    chosen = range(len(items)) if whole else sorted(random.Random(13).sample(range(len(items)), min(most, len(items))))
    return [items[index] for index in chosen]


def fetch() -> None:
    """Fetch what is missing with apt-get, which checks the signatures; where there is none, do nothing."""
    missing = [corpus for corpus in (RESVG, DOMPURIFY) if not corpus.is_there()]
    if not missing or not shutil.which("apt-get") or not KEYS.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    targets = _run(["apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)"], FOLDER).splitlines()
    address = next((line.partition(" ")[2] for line in targets if line.startswith("Debian ")), "")
    if not address:
        return
    print("Fetching corpora for the tests ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        sources, lists = Path(folder) / "sources.list", Path(folder) / "lists"
        sources.write_text(f"deb-src [signed-by={KEYS}] {address} {RELEASE} main\n")
        (lists / "partial").mkdir(parents=True)
        options = [f"-oDir::Etc::sourcelist={sources}", "-oDir::Etc::sourceparts=-", f"-oDir::State::lists={lists}"]
        _run(["apt-get", "update", "-qq", *options], FOLDER)
        for corpus in missing:
            # Of the files of a source only the archive is of use, whether or not the others come.
            _run(["apt-get", "source", "--download-only", "-qq", *options, corpus.package], Path(folder))
            if (archive := Path(folder) / corpus.archive).exists():
                shutil.move(archive, corpus.path)


def _run(command: list[str], folder: Path) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return done.stdout


if __name__ == "__main__":
    fetch()
    for corpus in (RESVG, DOMPURIFY):
        if not corpus.is_there():
            print(f"{corpus.reason} Its tests are skipped.", file=sys.stderr)
