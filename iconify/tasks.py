"""The one periodic task of the Iconify server."""

from datetime import timedelta

from celery import shared_task
from django.db.models import Exists, OuterRef
from django.utils import timezone

from iconify.models import SetChange


@shared_task
def fold_changes() -> int:
    """Delete the notes of changes that a later note of the same set makes superfluous; returns how many."""
    later = SetChange.objects.filter(set_id=OuterRef("set_id"), pk__gt=OuterRef("pk"))
    an_hour_ago = timezone.now() - timedelta(hours=1)
    return SetChange.objects.filter(Exists(later), changed_at__lt=an_hour_ago).delete()[0]
