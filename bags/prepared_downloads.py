"""Downloads that take long: a worker makes them, and whoever asked for one fetches the file when it is there."""

import secrets
import time
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Sum, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation

from icons.locks import lock

KEY_BYTES = 16  # random bytes: nobody guesses 128 bits
SESSION_KEY = "downloads"  # the session's entry with the keys of the visitor's own, the newest last
LOCKS = 0x1C1  # the number of the database's locks that are those of downloads
DRAFT = ".draft"  # how the name of a file ends that is being written
UNKNOWN_FOR = 3600  # seconds after which a file that belongs to no download is deleted


class PreparedDownloadQuerySet(models.QuerySet["PreparedDownload"]):
    """Prepared downloads by whose they are and where they stand."""

    def alive(self) -> "PreparedDownloadQuerySet":
        """Those that are not yet as old as BAG_FILE_HOURS."""
        return self.filter(created_at__gt=timezone.now() - timedelta(hours=settings.BAG_FILE_HOURS))

    def of(self, request: HttpRequest) -> "PreparedDownloadQuerySet":
        """Those that this session asked for."""
        return self.alive().filter(key__in=request.session.get(SESSION_KEY, ()))

    def unfinished(self) -> "PreparedDownloadQuerySet":
        """Those that wait or are being made."""
        return self.alive().filter(status__in=PreparedDownload.UNFINISHED)

    def delete_old(self) -> int:
        """Delete what is older than BAG_FILE_HOURS, and the oldest beyond BAG_FILES_MAX_BYTES; returns how many."""
        newest_first = Window(Sum("size"), order_by=[F("created_at").desc(), F("pk").desc()])
        crowded = self.annotate(room=newest_first).filter(room__gt=settings.BAG_FILES_MAX_BYTES, size__gt=0)
        old = self.exclude(pk__in=self.alive().values("pk"))
        gone = {*old, *crowded}
        self.filter(pk__in=[prepared.pk for prepared in gone]).delete()
        for prepared in gone:
            prepared.path.unlink(missing_ok=True)
        self._delete_unknown_files()
        return len(gone)

    def _delete_unknown_files(self) -> None:
        """Delete what a worker has left that was killed, or whose download was deleted meanwhile."""
        files = list(folder().iterdir()) if folder().exists() else []
        known = set(self.values_list("key", flat=True))
        for file in files:
            # A file is there a moment before its download is ready, and a draft longer.
            if file.name not in known and file.stat().st_mtime < time.time() - UNKNOWN_FOR:
                file.unlink(missing_ok=True)


class PreparedDownload(models.Model):
    """A download that a worker makes: what was asked for, and where it stands.

    The web server and several workers write it, so that each change is one UPDATE of the fields that it changes.
    """

    class Status(models.TextChoices):
        """Where it stands; programs read these words, too."""

        QUEUED = "queued"
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"

    UNFINISHED = (Status.QUEUED, Status.RUNNING)

    key = models.CharField(max_length=22, unique=True, default=partial(secrets.token_urlsafe, KEY_BYTES))
    bag = models.ForeignKey("bags.Bag", on_delete=models.SET_NULL, null=True)
    digest = models.CharField(max_length=64, help_text="The same where the file would be the same.")
    file_format = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    look = models.JSONField(default=dict)
    colour_glyphs = models.BooleanField(default=False)
    icons = models.JSONField(default=list, help_text="Primary keys, in order.")
    language = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED, db_index=True)
    reason = models.TextField(blank=True, help_text="Why it failed, in the visitor's language.")
    done = models.PositiveIntegerField(default=0, help_text="Icons that are drawn.")
    attempts = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes of the file.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = PreparedDownloadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name}, {self.file_format}, {self.status}"

    def get_absolute_url(self) -> str:
        """The address of the page that says where it stands."""
        return reverse("prepared-download", args=[self.key])

    def get_file_url(self) -> str:
        """The address of the file."""
        return reverse("prepared-file", args=[self.key])

    @property
    def path(self) -> Path:
        """Where the file is, if it is ready."""
        return folder() / self.key

    @property
    def finished(self) -> bool:
        """Whether nothing more happens to it."""
        return self.status not in self.UNFINISHED

    @property
    def total(self) -> int:
        """How many icons were asked for."""
        return len(self.icons)

    @property
    def before(self) -> int:
        """How many wait or are made before this."""
        return PreparedDownload.objects.unfinished().filter(pk__lt=self.pk).count()

    @property
    def kept_until(self) -> datetime:
        """When the file is deleted."""
        return self.created_at + timedelta(hours=settings.BAG_FILE_HOURS)

    def worked_on(self) -> AbstractContextManager[bool]:
        """For a `with` block, be who makes it; it yields False where somebody else does."""
        return lock(LOCKS, self.pk)

    def change(self, **fields: object) -> None:
        """Write these fields, and no others, unless it has finished or is deleted."""
        unfinished = PreparedDownload.objects.filter(pk=self.pk, status__in=self.UNFINISHED)
        unfinished.update(**fields)

    def fail(self, reason: str) -> None:
        """Say why it cannot be made."""
        self.change(status=self.Status.FAILED, reason=reason)

    def keep(self, contents: bytes) -> None:
        """Keep the file, and say that it is ready. Raises OSError where there is no room."""
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path.with_suffix(DRAFT)
        try:
            draft.write_bytes(contents)
            draft.replace(self.path)  # a file under its own name is whole
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        self.change(status=self.Status.READY, size=len(contents), done=self.total)

    def override_language(self) -> translation.override:
        """A context in which texts are made in the visitor's language."""
        return translation.override(self.language)


def folder() -> Path:
    """Where the files are; web servers and workers share it."""
    return Path(settings.MEDIA_ROOT) / "prepared_downloads"
