"""Thin Celery shells around `indexing`: ids in, idempotent, safe to lose (the sweep finds what was lost)."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from celery import current_app, shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as QueueError

from icons.batches import batched
from search import indexing
from search.matching.embedding import active_model
from search.models import IconStyle, IconTerms, IconVector, KeptPicture, Term
from search.progress import ANSWERING_MODEL_KNOWN_FOR, other_rows, pending_icons

INDEXING_QUEUE = settings.CELERY_TASK_ROUTES["search.tasks.index_icons"]["queue"]

DELETED_AT_ONCE = 2000  # rows: short transactions, which nobody waits for

log = logging.getLogger(__name__)


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=True, max_retries=5)
def index_icons(pks: Sequence[int]) -> None:
    if left := indexing.index_icons(pks):
        enqueue(left)


@shared_task
def sweep(unless_busy: bool = True) -> int:
    """Enqueue every icon whose vector is missing or stale; returns how many. Runs periodically.

    Where none is, what other models made is deleted, a little later.
    """
    if unless_busy and messages_waiting():
        return 0  # they hold what this would find; a later sweep finds what they leave
    pending = pending_icons(active_model().id).order_by("pk").values_list("pk", flat=True)
    queued = enqueue(pending.iterator())
    if not queued and other_rows().exists():
        with queue_out_of_reach("a later sweep deletes what other models made"):
            # By then, no web process believes any more that it should search in what another model made.
            delete_other_rows.apply_async(countdown=2 * ANSWERING_MODEL_KNOWN_FOR)
    return queued


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=True, max_retries=5)
def delete_other_rows() -> None:
    """Delete what other models than the active one made, unless an icon still waits for the active one."""
    if not pending_icons(active_model().id).exists():
        for pks in batched(other_rows().values_list("pk", flat=True).iterator(), DELETED_AT_ONCE):
            IconVector.objects.filter(pk__in=pks).delete()


def enqueue(pks: Iterable[int]) -> int:
    """Queue the icons for indexing; returns how many. Where the queue is out of reach, the sweep repairs."""
    queued = 0
    with queue_out_of_reach("a sweep will find the icons later"):
        for batch in batched(pks, settings.INDEX_BATCH):
            index_icons.delay(batch)
            queued += len(batch)
    return queued


@contextmanager
def queue_out_of_reach(then: str) -> Iterator[None]:
    """Log, where the queue cannot be reached in the block, what happens instead."""
    try:
        yield
    except QueueError as error:
        log.warning("The queue is out of reach (%s): %s.", error, then)


def messages_waiting() -> int:
    with current_app.connection_for_read() as connection, connection.channel() as channel:
        return channel.queue_declare(INDEXING_QUEUE).message_count


@shared_task
def sweep_terms() -> int:
    """Store the terms of icons that have none, and count all terms where some are new; returns how many icons."""
    missing = IconTerms.objects.missing().values_list("pk", flat=True)
    stored = sum(IconTerms.objects.store(pks) for pks in batched(missing.iterator(), settings.IMPORT_BATCH))
    if Term.objects.uncounted().exists():
        Term.objects.count_anew()
    return stored


@shared_task
def sweep_styles() -> int:
    """Find out the styles of indexed icons that have none: those indexed before there were styles."""
    drawn = IconVector.objects.filter(model=active_model().id, rendition=0, vector__isnull=False, icon__drawn_in=None)
    rows = drawn.values_list("icon_id", "icon__name", "signature")
    return sum(IconStyle.objects.store(some) for some in batched(rows.iterator(), settings.IMPORT_BATCH))


@shared_task
def delete_old_pictures() -> int:
    return KeptPicture.objects.delete_old()


@worker_ready.connect
def sweep_at_start(**kwargs: Any) -> None:
    sweep.delay()
