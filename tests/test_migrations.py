"""A database from before the migrations were squashed ends up like a new one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

BEFORE = Path(__file__).parent / "data" / "database_before_squash.sql"
COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, character_maximum_length FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY 1, 2
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
CONSTRAINTS = """
    SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""


@pytest.fixture
def old_database(db: None) -> Iterator[str]:
    """The address of a database as of 2026-11-24, with three icons, two of them indexed, and a bag."""
    base, _, options = os.environ["DATABASE_URL"].partition("?")
    name = f"old_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        url = f"{base.rpartition('/')[0]}/{name}?{options}"
        try:
            with psycopg.connect(url, autocommit=True) as old:
                old.execute(BEFORE.read_text())
            yield url
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def migrate(url: str) -> subprocess.CompletedProcess[str]:
    """Migrate the database at this address, in a process of its own, and say how that ended."""
    return subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        env={**os.environ, "DATABASE_URL": url},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )


def test_an_old_database_ends_as_a_new_one(old_database: str) -> None:
    process = migrate(old_database)
    assert (process.returncode, process.stderr) == (0, "")
    with psycopg.connect(old_database) as old, connection.cursor() as new:
        for query in (COLUMNS, INDEXES, CONSTRAINTS):
            new.execute(query)
            assert old.execute(query).fetchall() == new.fetchall()


def test_what_was_in_an_old_database_is_kept(old_database: str) -> None:
    migrate(old_database)
    with psycopg.connect(old_database) as old:
        icons = old.execute("SELECT name, aliases, coloured, hidden FROM icons_icon ORDER BY name").fetchall()
        assert icons == [("dark", [], False, True), ("red", [], True, False), ("square", ["box"], False, False)]
        vectors = "SELECT model, length(signature) > 0 FROM search_iconvector WHERE model = %s"
        assert old.execute(vectors, ["vgg16-icons-1"]).fetchall() == [("vgg16-icons-1", True)] * 2
        assert old.execute("SELECT DISTINCT rendition FROM search_iconvector").fetchall() == [(0,)]
        assert old.execute("SELECT text, icons FROM search_term WHERE text = 'red'").fetchall() == [("red", 1)]
        assert old.execute("SELECT style FROM search_iconstyle").fetchall() == [("filled",)] * 2
        assert old.execute("SELECT count(*) FROM bags_bagicon").fetchone() == (2,)
        assert old.execute("SELECT status, added FROM icons_importrun").fetchall() == [("done", 3)]


def test_vectors_of_a_model_that_was_dropped_are_deleted(old_database: str) -> None:
    models = "SELECT DISTINCT model FROM search_iconvector ORDER BY model"
    with psycopg.connect(old_database) as old:
        assert ("vgg16-block4",) in old.execute(models).fetchall()
    migrate(old_database)
    with psycopg.connect(old_database) as old:
        assert old.execute(models).fetchall() == [("vgg16-icons-1",), ("vgg16-imagenet",)]


def test_a_database_with_only_some_of_the_old_migrations_is_refused(old_database: str) -> None:
    with psycopg.connect(old_database, autocommit=True) as old:
        old.execute("DELETE FROM django_migrations WHERE name = '0008_set_of_terms'")
    process = migrate(old_database)
    assert process.returncode == 1 and "0008_set_of_terms" not in process.stdout


def test_every_change_of_a_model_has_its_migration(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
