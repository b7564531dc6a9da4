"""Imports and the icons that they left out.

Several processes write the same run: the worker that imports, one that took the run up again, and whoever stops or
deletes it. So every change of state is one UPDATE that names the state it expects, and no run is ever saved whole.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icons.locks import lock
from icons.texts import storable

LOCKS = 0x1C0  # the number of the database's locks that are those of imports
COUNTS = ("added", "changed", "unchanged", "rejected", "pruned")  # numbers of icons


class AttemptEnded(Exception):
    """This attempt must write nothing more: its run was stopped, deleted or taken up by another worker."""


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Runs by what is to be done about them."""

    def unfinished(self) -> "ImportRunQuerySet":
        """The runs that are queued or running."""
        return self.filter(status__in=ImportRun.UNFINISHED)

    def silent(self, silence: timedelta) -> "ImportRunQuerySet":
        """The unfinished runs that gave no sign of life for so long."""
        return self.unfinished().filter(updated_at__lt=timezone.now() - silence)

    def delete_locked(self) -> int:
        """Delete these runs; returns how many there were.

        The rows are locked first, so that no worker adds a problem to a run whose problems are already deleted.
        """
        with transaction.atomic():
            pks = list(self.select_for_update().order_by("pk").values_list("pk", flat=True))
            return ImportRun.objects.filter(pk__in=pks).delete()[1].get("icons.ImportRun", 0)


class ImportRun(models.Model):
    """One import: where it stands, what it did, and the icons that it had to leave out."""

    class Status(models.TextChoices):
        """Where an import stands."""

        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    UNFINISHED = (Status.QUEUED, Status.RUNNING)
    PROBLEMS_KEPT = 10_000  # rows of ImportProblem; what a run leaves out beyond them is only counted

    source = models.CharField(_("source"), max_length=500)
    upload = models.FileField(upload_to="imports/", blank=True, editable=False)
    options = models.JSONField(default=dict, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED, db_index=True)
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why the import stopped or failed."))
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    pruned = models.PositiveIntegerField(_("pruned"), default=0)
    expected = models.PositiveIntegerField(null=True, help_text="Icons in the source, as far as known.")
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(
        _("updated"), default=timezone.now, help_text=_("When the import last made progress.")
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("import"), _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return gettext("Import %(number)s from %(source)s") % {"number": self.pk, "source": self.source}

    @property
    def seen(self) -> int:
        """How many icons of the source were dealt with so far."""
        return self.added + self.changed + self.unchanged + self.rejected

    @property
    def finished(self) -> bool:
        """Whether nothing more happens to this run."""
        return self.status not in self.UNFINISHED

    def summary(self) -> str:
        """The counts in one line of English, for logs and the command line."""
        return ", ".join(f"{getattr(self, name)} {name}" for name in COUNTS)

    def override_language(self) -> translation.override:
        """A context in which texts are made in the language of the person who started this run."""
        return translation.override(self.options.get("language") or settings.LANGUAGE_CODE)

    def worked_on(self) -> AbstractContextManager[bool]:
        """For a `with` block, be who works on this run; it yields False where somebody else does."""
        return lock(LOCKS, self.pk)

    def claim(self) -> bool:
        """Begin an attempt, with counts at 0 and no problems; False where the run does not wait in the queue any more.

        Of all workers that may have got the message, one succeeds. `attempts` then tells this attempt from others.
        """
        fresh: dict[str, Any] = dict.fromkeys(COUNTS, 0)
        with transaction.atomic():
            claimed = ImportRun.objects.filter(pk=self.pk, status=self.Status.QUEUED).update(
                **fresh,
                expected=None,
                status=self.Status.RUNNING,
                attempts=models.F("attempts") + 1,
                updated_at=timezone.now(),
            )
            if claimed:
                self.problems.all().delete()
                self.refresh_from_db()
        return bool(claimed)

    def record(self, **counts: int) -> None:
        """Add to the counts, and to `expected`; also a sign of life. Raises AttemptEnded.

        Called within the transaction that writes the icons counted, it undoes them where the attempt has ended.
        """
        sums = {name: Coalesce(models.F(name), 0) + count for name, count in counts.items()}
        if not self._attempt().update(**sums, updated_at=timezone.now()):
            raise AttemptEnded

    def keep_problems(self, problems: Sequence[tuple[str, str]]) -> None:
        """Store (name, reason) of icons that were left out, up to PROBLEMS_KEPT a run."""
        room = max(0, self.PROBLEMS_KEPT - self.problems.count())
        rows = [
            ImportProblem(run=self, icon=storable(name, 300), reason=storable(why)) for name, why in problems[:room]
        ]
        ImportProblem.objects.bulk_create(rows)

    def finish(self, status: "ImportRun.Status", reason: str = "") -> bool:
        """End this attempt and its run; False where the attempt had ended before, and nothing is changed."""
        return self._end(self._attempt(), status, reason)

    def stop(self, reason: str) -> bool:
        """Stop the run, whoever works on it; False where it has finished before, and nothing is changed."""
        return self._end(ImportRun.objects.unfinished().filter(pk=self.pk), self.Status.STOPPED, reason)

    def give_up(self, silence: timedelta, reason: str) -> bool:
        """Fail the run if it is still silent; returns whether it was."""
        return self._end(ImportRun.objects.silent(silence).filter(pk=self.pk), self.Status.FAILED, reason)

    def requeue(self, silence: timedelta) -> bool:
        """Queue the run again if it is still silent; returns whether it was. The attempt before it ends."""
        silent = ImportRun.objects.silent(silence).filter(pk=self.pk)
        return bool(silent.update(status=self.Status.QUEUED, updated_at=timezone.now()))

    def discard_upload(self) -> None:
        """Delete the uploaded file of a run that has finished."""
        if self.upload:
            self.upload.delete(save=False)
            ImportRun.objects.filter(pk=self.pk).update(upload="")

    def _attempt(self) -> ImportRunQuerySet:
        """The run's row while this attempt holds it, else nothing."""
        return ImportRun.objects.filter(pk=self.pk, status=self.Status.RUNNING, attempts=self.attempts)

    def _end(self, rows: ImportRunQuerySet, status: "ImportRun.Status", reason: str) -> bool:
        reason = storable(reason)
        if not rows.update(status=status, reason=reason, updated_at=timezone.now()):
            return False
        self.status, self.reason = status, reason
        transaction.on_commit(self.discard_upload, robust=True)
        return True


class ImportProblem(models.Model):
    """An icon that an import left out, and why."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    icon = models.CharField(_("icon"), max_length=300)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("icon left out")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.icon}: {self.reason}"
