"""Celery tasks that import uploaded files and npm packages."""

import logging
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.utils.translation import gettext as _

from icons import cleaning_anew
from icons.importing.importer import run_import
from icons.importing.sources import Options, open_source
from icons.models import ImportRun
from icons.queues import IMPORTS, logging_unreachable_queue, messages_waiting

log = logging.getLogger(__name__)

CLEANING_SECONDS = 45  # that one task cleans for; the next one goes on
MAX_ATTEMPTS = 3
IN_BACKGROUND = "background"  # the option of a run without an uploaded file that a worker may take up
OF_THE_RUN = ("prune", "earlier", "language", IN_BACKGROUND)  # options that say nothing of the source
# After so long, a message that waits nowhere is sent again, and it is asked whether the worker of an import is alive.
MAX_SILENCE = timedelta(seconds=30)


@shared_task(time_limit=2 * 3600)
def import_upload(run_pk: int) -> None:
    """Import the uploaded file of this run, or its npm package.

    It is safe to run twice: only the worker that claims the run does it.
    """
    run = ImportRun.objects.filter(pk=run_pk).first()
    if run is None:
        return
    with run.worked_on() as is_mine:
        if not is_mine or not run.claim():
            return
        options = {key: value for key, value in run.options.items() if key not in OF_THE_RUN}
        source = run.upload.path if run.upload else run.source
        with run.override_language():
            packs = open_source(source, Options(**options))
            run_import(run, packs, bool(run.options.get("prune")), earlier=bool(run.options.get("earlier")))
    ended = ImportRun.objects.filter(pk=run_pk).first()
    if ended:
        log.info("%s: %s, %s", ended, ended.status, ended.summary())
    else:
        log.info("Import %s was deleted while it ran.", run_pk)


def start_import(run: ImportRun) -> None:
    """Queue the run; where the queue cannot be reached, `resume_imports` takes it up later."""
    with logging_unreachable_queue("the import starts later"):
        import_upload.delay(run.pk)


@shared_task
def clean_anew() -> int:
    """Clean icons that an earlier version of the cleaner has stored; returns how many. Runs periodically."""
    cleaned = cleaning_anew.clean_anew(CLEANING_SECONDS)
    if cleaned:
        log.info("Cleaned %d icons anew.", cleaned)
    return cleaned


@shared_task
def resume_imports() -> None:
    """Take up the imports whose worker died or whose message is lost; give up after MAX_ATTEMPTS. Runs periodically."""
    for run in ImportRun.objects.silent(MAX_SILENCE):
        if _is_cared_for(run):
            continue
        if (run.upload or run.options.get(IN_BACKGROUND)) and run.attempts < MAX_ATTEMPTS:
            if run.requeue(MAX_SILENCE):
                start_import(run)
        else:
            with run.override_language():
                reason = _(
                    "The computer or the worker stopped. The icons imported so far are kept. Start the import again."
                )
            run.give_up(MAX_SILENCE, reason)
    # A worker that was killed just after its import had ended left the file.
    for run in ImportRun.objects.exclude(status__in=ImportRun.UNFINISHED).exclude(upload=""):
        run.discard_upload()


def _is_cared_for(run: ImportRun) -> bool:
    """Whether a worker runs it, or a message waits that may be its own."""
    if run.status == ImportRun.Status.QUEUED:
        return messages_waiting(IMPORTS) > 0
    with run.worked_on() as is_nobodys:
        return not is_nobodys


@worker_ready.connect
def resume_at_start(**kwargs: Any) -> None:
    """Take up what a worker that was killed has left."""
    with logging_unreachable_queue("imports are resumed later"):
        resume_imports.delay()
