"""A site of the benchmark's own, measured from the import to the answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import own_site
from bench.client import Answer, ask_all
from bench.indexing import Indexing, measure_indexing
from bench.library import Library
from bench.screenshots import Query


@dataclass(frozen=True)
class SiteRun:
    """The measurements; memory is taken at the end."""

    indexing: Indexing
    answers: list[Answer]
    web: own_site.Memory
    worker: own_site.Memory


def measure_site(library: Library, queries: Sequence[Query], folder: Path) -> SiteRun:
    """Import the icons into the empty site, index them and ask the queries; logs and files go to the folder."""
    files = library.write(folder / "library")
    own_site.manage("import_icons", *map(str, files))
    with own_site.running("worker", own_site.WORKER, folder) as worker:
        indexing = measure_indexing(worker)
        with own_site.web_server(folder) as (address, web):
            answers = ask_all(address, queries)
            return SiteRun(indexing, answers, web.memory(), worker.memory())
