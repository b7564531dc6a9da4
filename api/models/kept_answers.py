"""Answers to requests that changed something, kept so that the same request, sent again, changes nothing twice."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

KEPT_FOR = timedelta(hours=24)
MAX_KEY = 255  # characters


class KeptAnswerQuerySet(models.QuerySet["KeptAnswer"]):
    """Answers that are kept."""

    def delete_old(self) -> int:
        """Delete those that were kept for KEPT_FOR; returns how many."""
        return self.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]


class KeptAnswer(models.Model):
    """What was answered to a request with an Idempotency-Key.

    The row is written in the transaction of the change: where that is rolled back, nothing is kept, and another
    request with the key waits until it has ended.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=MAX_KEY)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of what was asked for.")
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="answer_unique_for_owner_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"
