"""Celery tasks, thin around `indexing` and the models. They take ids, may run twice, and may be lost: sweeps repair."""

import logging
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import InterfaceError, OperationalError

from icons.batches import batched
from icons.queues import INDEXING, PROMPT, logging_unreachable_queue, messages_waiting
from search import indexing
from search.model_choice import active_model
from search.models import IconStyle, IconTerms, IconVector, KeptPicture, Term
from search.progress import ANSWERING_MODEL_KNOWN_FOR, other_rows, pending_icons

PROMPT_ICONS = 64  # icons that a worker indexes in a second or two
DELETED_AT_ONCE = 2000  # rows in one transaction, which is so short that nobody waits for it

log = logging.getLogger(__name__)


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=True, max_retries=5)
def index_icons(pks: Sequence[int]) -> None:
    """Index these icons; those for which there was no time left are queued again."""
    if left := indexing.index_icons(pks):
        enqueue(left, prompt=False)


@shared_task
def sweep(unless_busy: bool = True) -> int:
    """Queue every icon whose vector is missing or stale; returns how many. Runs periodically.

    With `unless_busy`, nothing is queued while messages wait. Where no icon is pending, the rows of other models are
    deleted a little later.
    """
    if unless_busy and messages_waiting(INDEXING):
        return 0  # these messages have the icons that a sweep would find; a later sweep finds what they leave
    pending = pending_icons(active_model().id).order_by("pk").values_list("pk", flat=True)
    queued = enqueue(pending.iterator(), prompt=False)
    if not queued and other_rows().exists():
        with logging_unreachable_queue("a later sweep deletes the rows of other models"):
            # By then, no web process has in mind any more that another model answers.
            delete_other_rows.apply_async(countdown=2 * ANSWERING_MODEL_KNOWN_FOR)
    return queued


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=True, max_retries=5)
def delete_other_rows() -> None:
    """Delete the rows of all models but the active one, unless an icon still waits for the active one."""
    if not pending_icons(active_model().id).exists():
        for pks in batched(other_rows().values_list("pk", flat=True).iterator(), DELETED_AT_ONCE):
            IconVector.objects.filter(pk__in=pks).delete()


def enqueue(pks: Iterable[int], prompt: bool = True) -> int:
    """Queue the icons for indexing; returns how many. Those that do not reach the queue, a sweep finds.

    If they are PROMPT_ICONS or fewer, and `prompt`, they come before all that waits: somebody looks at them.
    """
    queued = 0
    batches = batched(pks, settings.INDEX_BATCH)
    first, second = next(batches, []), next(batches, [])
    queue = PROMPT if prompt and not second and len(first) <= PROMPT_ICONS else INDEXING
    with logging_unreachable_queue("a sweep will find the icons later"):
        for batch in filter(None, chain([first, second], batches)):
            index_icons.apply_async((batch,), queue=queue)
            queued += len(batch)
    return queued


@shared_task
def sweep_terms() -> int:
    """Store the terms of icons that have none, and count all terms if any have changed; returns how many icons."""
    missing = IconTerms.objects.missing().values_list("pk", flat=True)
    stored = sum(IconTerms.objects.store(pks) for pks in batched(missing.iterator(), settings.IMPORT_BATCH))
    Term.objects.recount()
    return stored


@shared_task
def sweep_styles() -> int:
    """Store the styles of icons that were indexed before there were styles; returns how many."""
    model = active_model().id
    without_style = IconVector.objects.filter(model=model, rendition=0, vector__isnull=False, icon__drawn_in=None)
    rows = without_style.values_list("icon_id", "icon__name", "signature").iterator()
    icons = ((pk, name, bytes(signature)) for pk, name, signature in rows)
    return sum(IconStyle.objects.store(batch) for batch in batched(icons, settings.IMPORT_BATCH))


@shared_task
def delete_old_pictures() -> int:
    """Delete the pictures that were kept long enough or take too much room; returns how many."""
    return KeptPicture.objects.delete_old()


@worker_ready.connect
def sweep_at_start(**kwargs: Any) -> None:
    """Queue what was lost while no worker ran."""
    sweep.delay()
