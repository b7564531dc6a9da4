"""Errors in the configuration are reported before anything runs, each with an id and a hint."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.core.checks import run_checks
from django.db import connection, connections

from icons import checks as icon_checks
from search import checks


def ids(databases: list[str] | None = None) -> list[str | None]:
    """The ids of the problems, all of which must have a hint; the databases are checked where they are named."""
    problems = run_checks(databases=databases)
    assert all(problem.hint for problem in problems)
    return [problem.id for problem in problems]


@pytest.mark.django_db
def test_a_good_set_up_passes() -> None:
    assert ids(["default"]) == []


def test_a_site_behind_a_proxy_passes_the_checks_for_deployment() -> None:
    printed = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={**os.environ, "BEHIND_HTTPS_PROXY": "1", "DJANGO_ALLOW_ASYNC_UNSAFE": ""},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert printed.returncode == 0, printed.stderr


def test_an_unknown_model_is_reported(settings: LazySettings) -> None:
    settings.EMBEDDING_MODEL = "resnet"
    assert ids() == ["search.E001"]


def test_a_model_that_was_dropped_is_reported_with_those_that_there_are(settings: LazySettings) -> None:
    settings.EMBEDDING_MODEL = "vgg16-block4"
    (error,) = checks.check_model()
    assert error.hint == "Set EMBEDDING_MODEL to one of: vgg16-icons-2, vgg16-icons-1, vgg16-imagenet."


def test_missing_weights_are_reported(settings: LazySettings, tmp_path: Path) -> None:
    settings.WEIGHTS_DIR = tmp_path
    assert ids() == ["search.E002"] * 4  # of the model, the detector and the networks of places and pairs


@pytest.mark.django_db
def test_a_server_without_pgvector_is_reported() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE pg_available_extensions (name text)")
        cursor.execute("SET LOCAL search_path = pg_temp, public, pg_catalog")
        assert ids(["default"]) == ["search.E004"]


def test_another_database_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    assert [problem.id for problem in checks.check_database(databases=["default"])] == ["search.E003"]


def test_an_unknown_rasteriser_is_reported(settings: LazySettings) -> None:
    settings.RASTERISER = "inkscape"
    assert ids() == ["icons.E001"]


def test_a_missing_libcairo_is_reported(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RASTERISER = "cairosvg"
    assert ids() == []

    def fail(name: str) -> None:
        raise OSError("no library called cairo was found")

    monkeypatch.setattr(icon_checks, "import_module", fail)
    (problem,) = run_checks()
    assert problem.id == "icons.E002" and "apt-get install libcairo2" in (problem.hint or "")
