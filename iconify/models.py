"""What tells web processes that a set has changed, so that they never serve one of before; and exports."""

from django.db import models
from django.db.models.functions import Now

from iconify.exports import Export as Export  # defined beside its subject


class SetChange(models.Model):
    """A note that a set or icons of it were written or deleted.

    A trigger of the database adds it (see the first migration), in the transaction of the write, so that no way to
    change icons is missed. Notes are only ever added by writers, which therefore never wait for one another.
    """

    set_id = models.BigIntegerField(help_text="Of a set that may be gone.")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["set_id"], name="iconify_change_of_set")]

    def __str__(self) -> str:
        return f"Change {self.pk} of set {self.set_id}"
