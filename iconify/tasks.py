"""Celery tasks: make exports that take long, and tidy what the Iconify server keeps."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.db.models import Exists, OuterRef
from django.utils import timezone

from iconify.models import Export, SetChange
from icons.queues import DOWNLOADS, logging_unreachable_queue, messages_waiting


@shared_task
def fold_changes() -> int:
    """Delete the notes of changes that a later note of the same set makes superfluous; returns how many."""
    later = SetChange.objects.filter(set_id=OuterRef("set_id"), pk__gt=OuterRef("pk"))
    an_hour_ago = timezone.now() - timedelta(hours=1)
    return SetChange.objects.filter(Exists(later), changed_at__lt=an_hour_ago).delete()[0]


@shared_task
def make_export(pk: int) -> None:
    """Make the file of an export. It is safe to run twice: one worker makes it, once."""
    if export := Export.objects.filter(pk=pk).first():
        export.write()


def start_export(export: Export) -> None:
    """Queue an export; where the queue cannot be reached, `resume_exports` takes it up later."""
    with logging_unreachable_queue("the export is made later"):
        make_export.delay(export.pk)


@shared_task
def resume_exports() -> None:
    """Queue the exports again whose worker died or whose message is lost. Runs periodically."""
    if messages_waiting(DOWNLOADS):
        return
    for export in Export.objects.abandoned():
        start_export(export)


@shared_task
def delete_old_exports() -> int:
    """Delete the files that were kept long enough or take too much room; returns how many."""
    return Export.objects.delete_old()


@worker_ready.connect
def resume_at_start(**kwargs: Any) -> None:
    """What a worker left unfinished that was stopped is made at once, and not only at the next look."""
    with logging_unreachable_queue("unfinished exports are made later"):
        resume_exports.delay()
