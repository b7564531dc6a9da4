"""The lock files hold what the requirements ask for; `make lock` renews them after a change."""

import re
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)


def pins(file: str) -> dict[str, str]:
    """The version of each distribution in a file, by its normalised name (PEP 503)."""
    text = (Path(settings.BASE_DIR) / file).read_text()
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PIN.findall(text)}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_has_every_requirement(name: str) -> None:
    required, locked = pins(f"{name}.txt"), pins(f"{name}.lock")
    assert required.items() <= locked.items()


def requirements(name: str) -> Iterator[Requirement]:
    """The requirements in a file and in those that it includes."""
    for line in (Path(settings.BASE_DIR) / name).read_text().splitlines():
        if line.startswith("-r "):
            yield from requirements(line.removeprefix("-r "))
        elif line and not line.startswith("#"):
            yield Requirement(line)


def with_their_own(pending: list[Requirement]) -> Iterator[Requirement]:
    """These requirements, and what the installed distributions themselves require on this machine, transitively."""
    seen: set[tuple[str, str]] = set()
    while pending:
        requirement = pending.pop()
        yield requirement
        for extra in {"", *requirement.extras}:
            if (key := (canonicalize_name(requirement.name), extra)) not in seen:
                seen.add(key)
                own = map(Requirement, requires(requirement.name) or ())
                pending += [each for each in own if each.marker is None or each.marker.evaluate({"extra": extra})]


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_has_what_the_requirements_require_themselves(name: str) -> None:
    locked = pins(f"{name}.lock")
    for requirement in with_their_own(list(requirements(f"{name}.txt"))):
        version = locked.get(canonicalize_name(requirement.name))
        assert version and requirement.specifier.contains(version, prereleases=True), f"{requirement} is not locked."


def test_tests_run_with_the_versions_that_the_site_runs_with() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()
