"""Files that take long: a worker makes them, and whoever asked for one fetches it when it is there.

What is said here holds for all of them; an app says in a model of its own what its files are made of.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO, ClassVar, Self, TypeVar, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Sum, Window
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from icons.locks import lock

KEY_BYTES = 16  # random bytes: nobody guesses 128 bits
DRAFT = ".draft"  # how the name of a file ends that is being written
UNKNOWN_FOR = 3600  # seconds after which a file that belongs to nothing known is deleted
MAX_ATTEMPTS = 3  # after which a file is given up whose making ends each worker
SECONDS = "iconsite.worker_seconds"  # where a request says, in its META, how long a worker will be busy for it

log = logging.getLogger(__name__)


T = TypeVar("T", bound="PreparedFile")


class PreparedFileQuerySet(models.QuerySet[T]):
    """Prepared files by where they stand."""

    def alive(self) -> Self:
        """Those that are not yet as old as BAG_FILE_HOURS."""
        return self.filter(created_at__gt=timezone.now() - timedelta(hours=settings.BAG_FILE_HOURS))

    def unfinished(self) -> Self:
        """Those that wait or are being made."""
        return self.alive().filter(status__in=PreparedFile.UNFINISHED)

    def abandoned(self) -> Iterator[T]:
        """Those of the unfinished that no worker makes, the oldest first: its worker died, or its message is lost."""
        for prepared in self.unfinished().order_by("pk"):
            with prepared.worked_on() as is_nobodys:
                pass
            if is_nobodys:
                yield prepared

    def delete_old(self) -> int:
        """Delete what is older than BAG_FILE_HOURS, and the oldest beyond BAG_FILES_MAX_BYTES; returns how many."""
        newest_first = Window(Sum("size"), order_by=[F("created_at").desc(), F("pk").desc()])
        crowded = self.annotate(room=newest_first).filter(room__gt=settings.BAG_FILES_MAX_BYTES, size__gt=0)
        old = self.exclude(pk__in=self.alive().values("pk"))
        gone: set[T] = {*old, *cast(Iterable[T], crowded)}
        self.filter(pk__in=[prepared.pk for prepared in gone]).delete()
        for prepared in gone:
            prepared.path.unlink(missing_ok=True)
        self._delete_unknown_files()
        return len(gone)

    def _delete_unknown_files(self) -> None:
        """Delete what a worker has left that was killed, or whose row was deleted meanwhile."""
        folder = self.model.folder()
        files = list(folder.iterdir()) if folder.exists() else []
        known = set(self.values_list("key", flat=True))
        for file in files:
            # A file is there a moment before it is called ready, and a draft longer.
            if file.name not in known and file.stat().st_mtime < time.time() - UNKNOWN_FOR:
                file.unlink(missing_ok=True)


class PreparedFile(models.Model):
    """A file that a worker makes: what was asked for, and where it stands.

    The web server and several workers write it, so that each change is one UPDATE of the fields that it changes.
    """

    class Status(models.TextChoices):
        """Where it stands; programs read these words, too."""

        QUEUED = "queued"
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"

    UNFINISHED = (Status.QUEUED, Status.RUNNING)
    FOLDER: ClassVar[str]  # where the files are, below MEDIA_ROOT; web servers and workers share it
    LOCKS: ClassVar[int]  # the number of the database's locks that are those of these files

    key = models.CharField(max_length=22, unique=True, default=partial(secrets.token_urlsafe, KEY_BYTES))
    digest = models.CharField(max_length=64, help_text="The same where the file would be the same.")
    file_format = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED, db_index=True)
    reason = models.TextField(blank=True, help_text="Why it failed, in the visitor's language.")
    done = models.PositiveIntegerField(default=0, help_text="Icons that are drawn.")
    attempts = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes of the file.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name}, {self.file_format}, {self.status}"

    @classmethod
    def folder(cls) -> Path:
        """Where the files are."""
        return Path(settings.MEDIA_ROOT) / cls.FOLDER

    @property
    def path(self) -> Path:
        """Where the file is, if it is ready."""
        return self.folder() / self.key

    @property
    def finished(self) -> bool:
        """Whether nothing more happens to it."""
        return self.status not in self.UNFINISHED

    @property
    def before(self) -> int:
        """How many wait or are made before this."""
        return PreparedFileQuerySet(type(self)).unfinished().filter(pk__lt=self.pk).count()

    @property
    def kept_until(self) -> datetime:
        """When the file is deleted."""
        return self.created_at + timedelta(hours=settings.BAG_FILE_HOURS)

    def worked_on(self) -> AbstractContextManager[bool]:
        """For a `with` block, be who makes it; it yields False where somebody else does."""
        return lock(self.LOCKS, self.pk)

    def change(self, **fields: object) -> None:
        """Write these fields, and no others, unless it has finished or is deleted."""
        type(self)._default_manager.filter(pk=self.pk, status__in=self.UNFINISHED).update(**fields)

    def fail(self, reason: str) -> None:
        """Say why it cannot be made."""
        self.change(status=self.Status.FAILED, reason=reason)

    def make(self, write: Callable[[IO[bytes]], object]) -> None:
        """Have the file written, or say why not, unless it has finished or another worker makes it.

        `write` raises ValidationError where it cannot be made, with the sentence for whoever asked for it.
        """
        with self.worked_on() as is_mine:
            if not is_mine or not PreparedFileQuerySet(type(self)).unfinished().filter(pk=self.pk).exists():
                return
            self.refresh_from_db()
            with self.override_language():
                if self.attempts >= MAX_ATTEMPTS:
                    self.fail(_("This download could not be made. Choose fewer icons, or another format."))
                    return
                self.change(status=self.Status.RUNNING, attempts=self.attempts + 1, done=0)
                try:
                    self.keep(write)
                except ValidationError as error:
                    self.fail(" ".join(error.messages))
                except OSError:
                    log.exception("The file of a download cannot be written.")
                    self.fail(
                        _("The site cannot write this file: its disk is full or read-only. Tell whoever runs the site.")
                    )

    def keep(self, write: Callable[[IO[bytes]], object]) -> None:
        """Keep the file, and say that it is ready. Raises OSError where there is no room, and what `write` raises."""
        self.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path.with_suffix(DRAFT)
        try:
            with open(draft, "wb") as file:
                write(file)
                size = file.tell()
            draft.replace(self.path)  # a file under its own name is whole
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        self.change(status=self.Status.READY, size=size, done=self.total)

    @property
    def total(self) -> int:
        """How many icons were asked for."""
        raise NotImplementedError

    def override_language(self) -> translation.override:
        """A context in which texts are made in the visitor's language."""
        return translation.override(self.language)
