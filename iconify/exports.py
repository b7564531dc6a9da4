"""Exports for programs: small ones are made while somebody waits, a worker makes the others."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from iconify.export_formats import MEDIA_TYPES, file_name, write_exported
from iconify.exporting import Selection
from iconify.selections import count
from iconify.sets import served_set
from icons.models import IconSet
from icons.prepared_files import PreparedFile, PreparedFileQuerySet

Rows = list[list[Any]]  # a prefix, and ids of icons in the database or None, of each set
SECONDS_OF_ICON = 0.0002  # of the processor's time, measured on all of Iconify


class Export(PreparedFile):
    """Sets, or icons of them, as one file."""

    FOLDER, LOCKS = "exports", 0x1C2

    selections = models.JSONField(help_text="[prefix, primary keys of icons or null for all] of each set.")
    version = models.CharField(max_length=50, blank=True, help_text="Of npm packages.")
    icons = models.PositiveIntegerField(help_text="How many.")
    asked_by = models.CharField(max_length=64, db_index=True, help_text="Digest of who asked.")

    objects = PreparedFileQuerySet["Export"].as_manager()

    @property
    def total(self) -> int:
        """How many icons were asked for."""
        return self.icons

    @property
    def content_type(self) -> str:
        """The media type of the file."""
        return MEDIA_TYPES[self.name.rpartition(".")[2]]

    @property
    def seconds(self) -> float:
        """About how many seconds of the processor's time it takes."""
        return self.icons * SECONDS_OF_ICON

    @property
    def takes_long(self) -> bool:
        """Whether a worker is to make it."""
        return self.seconds > settings.BAG_IMMEDIATE_SECONDS

    def write(self) -> None:
        """Make the file, or say why not, unless it has finished or another worker makes it."""
        self.make(self._write)

    def _write(self, file: IO[bytes]) -> None:
        done = 0

        def progress(more: int) -> None:
            nonlocal done
            done += more
            self.change(done=min(done, self.icons))

        sets = {each.prefix: each for each in IconSet.objects.filter(prefix__in=[row[0] for row in self.selections])}
        try:
            selections = [_selection(sets, *row) for row in self.selections]
            write_exported(selections, self.file_format, file, self.version, progress)
        except IconSet.DoesNotExist as error:
            raise ValidationError(_("The set %(prefix)s has just been deleted.") % {"prefix": error}) from None


def _selection(sets: Mapping[str, IconSet], prefix: str, pks: list[int] | None) -> Selection:
    if prefix not in sets:
        raise IconSet.DoesNotExist(prefix)
    return Selection(sets[prefix], None if pks is None else frozenset(pks))


class Busy(Exception):
    """The asker's export before this one is still being made."""


class TooManyWait(Exception):
    """More exports wait for a worker than this site takes."""


def ask_for(asked_by: str, selections: Sequence[Selection], file_format: str, version: str) -> tuple[Export, bool]:
    """The export, and whether it is new: whoever asks for the same again gets the same, unless icons have changed.

    Raises Busy while another of theirs is being made, and TooManyWait.
    """
    asker = hashlib.sha256(f"{settings.SECRET_KEY} {asked_by}".encode()).hexdigest()
    rows: Rows = [[each.icon_set.prefix, sorted(each.pks) if each.pks is not None else None] for each in selections]
    digest = _digest(rows, file_format, version)
    own = Export.objects.alive().filter(asked_by=asker).order_by("pk")
    same = own.filter(digest=digest).exclude(status=Export.Status.FAILED).last()
    if same and (not same.finished or same.path.exists()):
        return same, False
    if own.unfinished().exists():
        raise Busy
    if Export.objects.unfinished().count() >= settings.LIMIT_WAITING_DOWNLOADS:
        raise TooManyWait
    export = Export.objects.create(
        digest=digest,
        file_format=file_format,
        name=file_name(selections, file_format),
        selections=rows,
        version=version,
        icons=count(selections),
        asked_by=asker,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return export, True


def _digest(rows: Rows, file_format: str, version: str) -> str:
    versions = [served.version if (served := served_set(str(prefix))) else None for prefix, _pks in rows]
    return hashlib.sha256(json.dumps([rows, versions, file_format, version]).encode()).hexdigest()
