"""What was added, changed, renamed and removed, for programs that follow a set.

A trigger of the database writes the rows, in the transaction of each change, so that none is missed: neither bulk
writes nor cascades. Since transactions end in another order than they begin in, rows get their place among the others
only after the commit, one publisher at a time: whoever has read up to a place never misses a row before it.
"""

from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max, Q

PUBLISHED_AT_ONCE = 10_000  # rows
LOCK = 0x1C1  # the number of the database's lock that a publisher holds
SEQUENCE = "api_change_position"

PUBLISH = f"""
    UPDATE api_change SET position = placed.position
    FROM (
        SELECT id, nextval('{SEQUENCE}') AS position
        FROM (SELECT id FROM api_change WHERE position IS NULL ORDER BY id LIMIT %s) AS committed
    ) AS placed
    WHERE api_change.id = placed.id
"""


class ChangeQuerySet(models.QuerySet["Change"]):
    """The changes in the order in which they are told."""

    def publish(self) -> int:
        """Give committed changes their places; returns how many. To be called outside of any other transaction."""
        if not self.filter(position=None).exists():
            return 0
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            cursor.execute(PUBLISH, [PUBLISHED_AT_ONCE])
            return int(cursor.rowcount)

    def told(self) -> "ChangeQuerySet":
        """Those that have a place, in their order, without the mark of those that were deleted."""
        return self.filter(position__isnull=False).exclude(kind=Change.PRUNED).order_by("position")

    def after(self, position: int, prefixes: list[str]) -> "ChangeQuerySet":
        """Those after a place, of some sets or, where none is named, of all."""
        changes = self.told().filter(position__gt=position)
        return changes.filter(prefix__in=prefixes) if prefixes else changes

    def last_position(self) -> int:
        """The place of the last change, 0 where there was none."""
        return self.aggregate(last=Max("position"))["last"] or 0

    def pruned_to(self) -> int:
        """The place up to which changes were deleted, 0 where none were."""
        return self.filter(kind=Change.PRUNED).aggregate(last=Max("position"))["last"] or 0

    def prune(self, before: datetime) -> int:
        """Delete changes from before a time; returns how many. The last of them stays as a mark of what is gone."""
        old = self.filter(at__lt=before, position__isnull=False)
        last = old.aggregate(last=Max("position"))["last"]
        if last is None:
            return 0
        with transaction.atomic():
            marked = self.filter(position=last).exclude(kind=Change.PRUNED).update(kind=Change.PRUNED)
            return old.filter(position__lt=last).delete()[0] + marked


class Change(models.Model):
    """One change of an icon or a set."""

    class Kind(models.TextChoices):
        """What happened. An icon that is hidden counts as removed, one that is listed again as added."""

        ADDED = "added"
        CHANGED = "changed"
        RENAMED = "renamed"
        REMOVED = "removed"

    PRUNED = "pruned"  # the kind of the mark up to which changes were deleted

    position = models.BigIntegerField(null=True, unique=True, help_text="Its place; empty until it is published.")
    what = models.CharField(max_length=4, help_text="icon or set")
    kind = models.CharField(max_length=8)
    prefix = models.TextField()
    name = models.TextField(help_text="Empty for a set.")
    earlier = models.TextField(help_text="Of what was renamed: its public id, or prefix, before.")
    version = models.TextField(help_text="What changes with the drawing, as addresses have it.")
    at = models.DateTimeField()

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(position=None), name="change_unpublished"),
            models.Index(fields=["prefix", "position"], name="change_of_set"),
            models.Index(fields=["position"], condition=Q(kind="pruned"), name="change_pruned"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.prefix}:{self.name}".removesuffix(":")

    def data(self) -> dict[str, Any]:
        """The change as programs read it."""
        return {
            "what": self.what,
            "kind": self.kind,
            "set": self.prefix,
            "icon": f"{self.prefix}:{self.name}" if self.what == "icon" else None,
            "earlier": self.earlier,
            "version": self.version,
            "at": self.at.isoformat(),
        }
