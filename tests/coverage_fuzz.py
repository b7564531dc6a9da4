"""`make fuzz`: what reads strangers' files, on inputs that atheris makes up by what code they reach.

`python -m tests.coverage_fuzz` runs each target for FUZZ_SECONDS. An input that fails is kept in var/fuzz. Atheris has
releases for Linux alone; elsewhere a sentence says so. https://github.com/google/atheris
"""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "fuzz"
SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))  # for each target
HANGS = 30  # seconds after which an input counts as one that hangs
MEMORY = 2048  # MB
LONGEST = 20_000  # bytes of an input
READERS = ["icons.svg", "search.decoding", "icons.importing"]  # packages whose branches are watched
TARGETS = ("cleaner", "upload", "drawing", "set")


def main() -> int:
    """Run all targets, each in a process of its own; 1 where one of them has failed."""
    if not importlib.util.find_spec("atheris"):
        print("atheris is not installed (there is none for this system): inputs are not made up by coverage.")
        return 0
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "iconsite.settings", "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment.setdefault("DATABASE_URL", "postgres://nobody@localhost/none")  # which nothing here connects to
    failed = []
    for target in TARGETS:
        folder = FOLDER / target
        (folder / "corpus").mkdir(parents=True, exist_ok=True)
        print(f"atheris: {target}, {SECONDS} s ...", flush=True)
        command = [sys.executable, "-m", "tests.coverage_fuzz", target]
        log = folder / "log"
        with open(log, "wb") as output:
            done = subprocess.run(command, cwd=ROOT, env=environment, stdout=output, stderr=output, check=False)
        lines = log.read_text(errors="replace").splitlines()
        print("\n".join(line for line in lines if line.startswith("Done ")) or "\n".join(lines[-40:]), flush=True)
        if done.returncode:
            failed.append(target)
    if failed:
        print(f"An input failed ({', '.join(failed)}): it and the log are in {FOLDER}.", file=sys.stderr)
    return int(bool(failed))


def run(target: str) -> None:
    """Run one target until its time is over; the process ends with a status other than 0 where an input fails."""
    import atheris

    with atheris.instrument_imports(include=READERS, enable_loader_override=False):
        import django

        django.setup()
        from tests import test_fuzz
    tests: dict[str, Callable[[bytes], object]] = {
        "cleaner": test_fuzz.check_clean,
        "upload": test_fuzz.check_picture,
        # What hypothesis makes of the bytes is well formed, and gets further.
        "drawing": test_fuzz.test_an_svg_is_cleaned_or_refused.hypothesis.fuzz_one_input,  # type: ignore[attr-defined]
        "set": test_fuzz.test_any_set_of_icons_is_read_entry_by_entry.hypothesis.fuzz_one_input,  # type: ignore[attr-defined]
    }
    folder = FOLDER / target
    for number, seed in enumerate(seeds(target)):
        (folder / "corpus" / f"seed-{number}").write_bytes(seed)
    (folder / "words").write_text("".join(f'"{word}"\n' for word in words()))
    options = [f"-max_total_time={SECONDS}", f"-timeout={HANGS}", f"-rss_limit_mb={MEMORY}", f"-max_len={LONGEST}"]
    options += [f"-artifact_prefix={folder}/", "-print_final_stats=0"]
    options += [f"-dict={folder / 'words'}"] if target == "cleaner" else []
    atheris.Setup([sys.argv[0], str(folder / "corpus"), *options], tests[target])
    atheris.Fuzz()


def seeds(target: str) -> list[bytes]:
    """Inputs to begin with."""
    from tests import corpora, test_fuzz

    if target != "cleaner":
        return test_fuzz.FILES if target == "upload" else [bytes(range(256))]
    drawings = [data for _name, data in corpora.drawings()] if corpora.RESVG.is_there() else []
    own = [f"{test_fuzz.SVG_HEAD}{payload}</svg>".encode() for payload in test_fuzz.PAYLOADS]
    return [*own, *(data for data in drawings if len(data) < LONGEST // 4)]


def words() -> list[str]:
    """What an SVG is made of."""
    from icons.svg.allowed import ATTRIBUTES, ELEMENTS

    return sorted({*ELEMENTS, *ATTRIBUTES, "script", "onload", "javascript:", "url(#", "style", "currentColor", "&#"})


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(sys.argv[1])
    else:
        sys.exit(main())
