"""What becomes of a download that takes long: it is asked for once, made by a worker, and told of meanwhile."""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.utils.translation import get_language

from bags.downloads.download import Download, with_strokes
from bags.downloads.formats import DOWNLOAD_FORMATS
from bags.models import Bag, PreparedDownload
from bags.prepared_downloads import SESSION_KEY
from icons.exporting.look import Look
from icons.models import Icon
from icons.prepared_files import SECONDS

MOST_OF_A_VISITOR = 20  # downloads that a session remembers
REPORT_INTERVAL = 1.0  # seconds

log = logging.getLogger(__name__)


class Busy(Exception):
    """The visitor's download before this one is still being made; `prepared` is that one."""

    def __init__(self, prepared: PreparedDownload) -> None:
        super().__init__(str(prepared))
        self.prepared = prepared


class TooManyWait(Exception):
    """More downloads wait for a worker than this site takes."""


def takes_long(file_format: str, download: Download) -> bool:
    """Whether a worker is to make it. Raises ValidationError if it cannot be made at all."""
    return DOWNLOAD_FORMATS[file_format].seconds(download) > settings.BAG_IMMEDIATE_SECONDS


def ask_for(request: HttpRequest, bag: Bag, file_format: str, download: Download) -> tuple[PreparedDownload, bool]:
    """The prepared download of this visitor, and whether it is new; who asks for the same again gets the same.

    Raises Busy while another of theirs is being made, and TooManyWait.
    """
    strokes = bag.strokes()
    digest = _digest(file_format, download, strokes)
    own = PreparedDownload.objects.of(request).order_by("pk")
    same = own.filter(digest=digest).exclude(status=PreparedDownload.Status.FAILED).last()
    if same and (not same.finished or same.path.exists()):
        return same, False
    if unfinished := own.unfinished().last():
        raise Busy(unfinished)
    if PreparedDownload.objects.unfinished().count() >= settings.LIMIT_WAITING_DOWNLOADS:
        raise TooManyWait
    prepared = PreparedDownload.objects.create(
        bag=bag,
        digest=digest,
        file_format=file_format,
        name=download.name,
        look=asdict(download.look),
        colour_glyphs=download.colour_glyphs,
        icons=[icon.pk for icon in download.icons],
        strokes=strokes,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    request.META[SECONDS] = DOWNLOAD_FORMATS[file_format].seconds(download)
    request.session[SESSION_KEY] = [*request.session.get(SESSION_KEY, ()), prepared.key][-MOST_OF_A_VISITOR:]
    return prepared, True


def _digest(file_format: str, download: Download, strokes: Mapping[int, float]) -> str:
    asked = [file_format, download.name, asdict(download.look), download.colour_glyphs, get_language()]
    icons = [[icon.pk, icon.svg_hash, strokes.get(icon.pk)] for icon in download.icons]
    return hashlib.sha256(json.dumps([asked, icons]).encode()).hexdigest()


def make(prepared: PreparedDownload) -> None:
    """Make it, or say why not, unless it has finished or another worker makes it."""

    def write(file: IO[bytes]) -> None:
        with _reported(prepared) as progress:
            file.write(DOWNLOAD_FORMATS[prepared.file_format].make(_download_of(prepared, progress)))

    prepared.make(write)


def _download_of(prepared: PreparedDownload, progress: "Progress") -> Download:
    icons = Icon.objects.select_related("set").in_bulk(prepared.icons)
    there = (icons[pk] for pk in prepared.icons if pk in icons)  # others have been deleted meanwhile
    return Download(
        with_strokes(there, {int(pk): width for pk, width in prepared.strokes.items()}),
        prepared.name,
        Look(**prepared.look),
        prepared.colour_glyphs,
        progress.add,
        time.monotonic() + settings.BAG_PREPARE_SECONDS,
    )


class Progress:
    """How many icons are drawn; any thread may add to it."""

    def __init__(self) -> None:
        self.done = 0
        self.ended = threading.Event()
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        """So many more are drawn."""
        with self._lock:
            self.done += count


@contextmanager
def _reported(prepared: PreparedDownload) -> Iterator[Progress]:
    """For the `with` block, a thread of its own writes the progress into the database, about every second."""
    progress = Progress()

    def report() -> None:
        try:
            while not progress.ended.wait(REPORT_INTERVAL):
                prepared.change(done=min(progress.done, prepared.total))
        except DatabaseError:
            log.warning("The progress of a download is not known any more: the database is away.")
        finally:
            connection.close()

    reporter = threading.Thread(target=report, daemon=True)
    reporter.start()
    try:
        yield progress
    finally:
        progress.ended.set()
        reporter.join()
