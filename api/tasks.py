"""Celery tasks of the API: telling webhooks, and deleting what was kept long enough. All may run twice."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from api.models import Change, Delivery, KeptAnswer
from api.webhooks import send_due

SENDING_SECONDS = 45  # after which a task leaves the rest to the next one
DELIVERIES_KEPT = timedelta(days=30)


@shared_task
def send_webhooks() -> int:
    """Tell webhooks what has changed; returns how many messages were delivered. Runs periodically."""
    Change.objects.publish()
    return send_due(SENDING_SECONDS)


@shared_task
def tidy() -> int:
    """Delete old answers, changes and messages; returns how many. Runs periodically."""
    now = timezone.now()
    deleted = KeptAnswer.objects.delete_old() + Change.objects.prune(now - timedelta(days=settings.CHANGES_DAYS))
    return deleted + Delivery.objects.filter(delivered=True, updated_at__lt=now - DELIVERIES_KEPT).delete()[0]
