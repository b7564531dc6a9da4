"""A site of one's own, measured: with one model after the other, on the same servers."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from bench import own_site
from bench.client import Answer, ask
from bench.indexing import Indexing, measure_indexing
from bench.library import Library
from bench.screenshots import Query


@dataclass(frozen=True)
class SiteRun:
    indexing: Indexing
    answers: list[Answer]
    web: own_site.Memory
    worker: own_site.Memory


def measure_site(library: Library, queries: Sequence[Query], folder: Path) -> SiteRun:
    """Empty the site, import the icons, index them and ask."""
    own_site.manage("flush", "--noinput", "--verbosity", "0")
    files = library.write(folder / f"library-{len(library.icons)}")
    own_site.manage("import_icons", *map(str, files))
    with own_site.running("worker", own_site.WORKER, folder) as worker:
        indexing = measure_indexing(worker)
        with own_site.web_server(folder) as (address, web):
            answers = ask(address, queries)
            return SiteRun(indexing, answers, web.memory(), worker.memory())


@contextmanager
def model(name: str) -> Iterator[None]:
    """Within, this process and those that it starts use another EMBEDDING_MODEL."""
    from django.test import override_settings

    with patch.dict(os.environ, EMBEDDING_MODEL=name), override_settings(EMBEDDING_MODEL=name):
        yield
