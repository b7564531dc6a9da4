"""The test suite of resvg and the payloads of DOMPurify's tests, as icons, imports, queries and texts.

A few of each are tried, always the same; `make fuzz` tries all of them.
"""

import html
import json
import os
import re
import time
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from icons.importing.importer import run_import
from icons.importing.sources import Options, open_source
from icons.models import Icon, ImportRun
from tests import corpora
from tests.conftest import SHAPES, svg_of, upload
from tests.test_fuzz import SVG_HEAD, check_clean, check_harmless

WHOLE = "FUZZ_EXAMPLES" in os.environ
HANGS = 60  # seconds after which something counts as hanging, on however busy a machine
OF_RESVG = pytest.mark.skipif(not corpora.RESVG.is_there(), reason=corpora.RESVG.reason)
OF_DOMPURIFY = pytest.mark.skipif(not corpora.DOMPURIFY.is_there(), reason=corpora.DOMPURIFY.reason)


def drawings(most: int) -> list[tuple[str, bytes]]:
    return corpora.sample(corpora.drawings(), most, WHOLE)


def wrapped(payload: str) -> Iterator[str]:
    """A payload as it is, inside a drawing, and as a value of an attribute."""
    yield payload
    yield f'{SVG_HEAD}<path d="M4 4h16v16H4z"/>{payload}</svg>'
    yield f'{SVG_HEAD}<path d="M4 4h16v16H4z" class="{html.escape(payload)}" id="{html.escape(payload)}"/></svg>'


class Running(HTMLParser):
    """What of a page would run and is not the site's own."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element with a handler, an address that is a program, or a script of elsewhere or within the page."""
        fields = {name: value or "" for name, value in attrs}
        runs = any(name.startswith("on") for name in fields) or tag in ("iframe", "object", "embed", "base")
        runs |= any(re.match(r"\s*(javascript|vbscript|data:text)", fields.get(name, "")) for name in ("href", "src"))
        if runs or tag == "script" and not fields.get("src", "").startswith("/"):
            self.parts.append(self.get_starttag_text() or tag)


def zip_of(files: list[tuple[str, bytes]], folder: Path) -> Path:
    path = folder / "corpus.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, data) in enumerate(files):
            archive.writestr(f"{number}-{re.sub('[^a-z0-9]+', '-', name.lower())[-60:].strip('-')}.svg", data)
    return path


def import_all(path: Path, client: Client, least: int) -> None:
    """Import a file: whatever its entries hold, it ends well, and what it serves is harmless."""
    run = ImportRun.objects.create(source=path.name)
    run.claim()
    run_import(run, open_source(str(path), Options()))
    run.refresh_from_db()
    assert run.status == ImportRun.Status.DONE and run.added >= least
    assert all(problem.reason for problem in run.problems.all())
    for icon in Icon.objects.select_related("set"):
        served = client.get(icon.svg_url)
        assert served.status_code == 200 and "default-src 'none'" in served["Content-Security-Policy"]
        check_harmless(served.content.decode())


def search(client: Client, data: bytes, name: str = "query.svg") -> int:
    started = time.monotonic()
    reply = client.post("/api/v1/search/image/", {"image": upload(data, name)})
    assert reply.status_code in (200, 400), (name, reply.status_code)
    assert reply.status_code == 200 or all(reply.json().values())
    assert time.monotonic() - started < HANGS, name
    return reply.status_code


@OF_RESVG
def test_every_drawing_of_resvgs_suite_is_cleaned_or_refused() -> None:
    for _name, data in corpora.drawings():
        check_clean(data)


@OF_RESVG
@pytest.mark.django_db
def test_resvgs_suite_is_imported(client: Client, tmp_path: Path) -> None:
    files = drawings(400)
    import_all(zip_of(files, tmp_path), client, len(files) // 2)


@OF_RESVG
def test_resvgs_suite_is_searched_for(client: Client, indexed_icons: dict[str, Icon]) -> None:
    statuses = [search(client, data) for _name, data in drawings(30)]
    assert statuses.count(200) > len(statuses) // 2


@OF_DOMPURIFY
def test_every_payload_is_cleaned_or_refused() -> None:
    for payload in corpora.payloads():
        for document in wrapped(payload):
            check_clean(document)


@OF_DOMPURIFY
@pytest.mark.django_db
def test_payloads_are_imported(client: Client, tmp_path: Path) -> None:
    payloads = corpora.sample(corpora.payloads(), 100, WHOLE)
    documents = [document for payload in payloads for document in wrapped(payload)]
    files = [("payload", document.encode(errors="replace")) for document in documents]
    import_all(zip_of(files, tmp_path), client, len(payloads))


@OF_DOMPURIFY
@pytest.mark.django_db
def test_payloads_as_names_titles_and_words_stay_texts(client: Client, tmp_path: Path) -> None:
    payloads = corpora.sample(corpora.payloads(), 25, WHOLE)
    icons = {payload: {"body": SHAPES["ring"]} for payload in ("ring", *payloads)}  # with a name that is taken
    for number, payload in enumerate(payloads):
        info = {"name": payload, "author": {"name": payload, "url": payload}, "license": {"title": payload}}
        path = tmp_path / "set.json"
        path.write_text(
            json.dumps({"prefix": f"set{number}", "icons": icons, "info": info, "categories": {payload: ["ring"]}})
        )
        run = ImportRun.objects.create(source="set.json")
        run.claim()
        run_import(run, open_source(str(path), Options()))
        ended = ImportRun.objects.get(pk=run.pk)
        assert ended.status == ImportRun.Status.DONE, ended.reason
        words = {"q": payload}
        for address, query in ((f"/sets/set{number}/", {}), (f"/icons/set{number}/ring/", {}), ("/icons/", words)):
            reply = client.get(address, query)
            assert reply.status_code in (200, 400), address
            page = reply.content.decode()
            assert not any(text in page for text in payloads if "<" in text), address
            assert Running(page).parts == [], address


@OF_DOMPURIFY
def test_payloads_are_searched_for(client: Client, indexed_icons: dict[str, Icon]) -> None:
    for payload in corpora.sample(corpora.payloads(), 20, WHOLE):
        for document in wrapped(payload):
            search(client, document.encode(errors="replace"))
    assert search(client, svg_of(SHAPES["ring"]).encode()) == 200


def test_what_is_missing_is_fetched_or_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(corpora, "FOLDER", tmp_path)
    monkeypatch.setattr("shutil.which", lambda name: None)
    corpora.fetch()  # without apt-get nothing is done
    assert not corpora.RESVG.is_there() and list(tmp_path.iterdir()) == []
    corpora.RESVG.path.write_bytes(b"half of it")
    assert not corpora.RESVG.is_there() and "python -m tests.corpora" in corpora.RESVG.reason
