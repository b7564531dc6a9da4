"""The lock files hold what the requirements ask for; `make lock` renews them after a change."""

import re
from pathlib import Path

import pytest
from django.conf import settings

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)


def pins(file: str) -> dict[str, str]:
    """The version of each distribution in a file, by its normalised name (PEP 503)."""
    text = (Path(settings.BASE_DIR) / file).read_text()
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PIN.findall(text)}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_has_every_requirement(name: str) -> None:
    required, locked = pins(f"{name}.txt"), pins(f"{name}.lock")
    assert required.items() <= locked.items()


def test_tests_run_with_the_versions_that_the_site_runs_with() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()
