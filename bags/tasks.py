"""Celery tasks: make downloads that take long, and delete bags and files that nobody came back for."""

import logging
from importlib import import_module
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings

from bags import preparing
from bags.models import Bag, PreparedDownload
from icons.queues import DOWNLOADS, logging_unreachable_queue, messages_waiting

log = logging.getLogger(__name__)


@shared_task
def delete_old_bags() -> int:
    """Delete bags without an owner that nobody changed for BAG_DAYS, and expired sessions. Returns how many bags."""
    deleted = Bag.objects.delete_old()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    log.info("%d bags without an owner had not been changed for long and are deleted.", deleted)
    return deleted


@shared_task
def make_download(pk: int) -> None:
    """Make the prepared download. It is safe to run twice: one worker makes it, once."""
    prepared = PreparedDownload.objects.filter(pk=pk).first()
    if prepared:
        preparing.make(prepared)


def start_download(prepared: PreparedDownload) -> None:
    """Queue a prepared download; where the queue cannot be reached, `resume_downloads` takes it up later."""
    with logging_unreachable_queue("the download is made later"):
        make_download.delay(prepared.pk)


@shared_task
def resume_downloads() -> None:
    """Queue the downloads again whose worker died or whose message is lost. Runs periodically."""
    if messages_waiting(DOWNLOADS):
        return
    for prepared in PreparedDownload.objects.abandoned():
        start_download(prepared)


@shared_task
def delete_old_downloads() -> int:
    """Delete the files that were kept long enough or take too much room; returns how many."""
    return PreparedDownload.objects.delete_old()


@worker_ready.connect
def resume_at_start(**kwargs: Any) -> None:
    """Take up what a worker that was killed has left."""
    with logging_unreachable_queue("downloads are resumed later"):
        resume_downloads.delay()
