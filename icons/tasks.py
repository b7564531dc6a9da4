"""Thin Celery shells: imports of uploaded files run in a worker."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from kombu.exceptions import OperationalError as QueueError

from icons.importing.importer import run_import
from icons.importing.sources import Options, open_source
from icons.models import ImportRun

log = logging.getLogger(__name__)

ATTEMPTS = 3
SIGN_OF_LIFE = timedelta(minutes=10)  # a batch takes seconds


@shared_task(time_limit=2 * 3600)
def import_upload(run_pk: int) -> None:
    """Import the uploaded file of this run. Safe to run twice: only who claims the run works on it."""
    run = ImportRun.objects.filter(pk=run_pk).first()
    if run is None or not run.claim():
        return
    options = {key: value for key, value in run.options.items() if key not in ("prune", "language")}
    packs = open_source(run.upload.path, Options(**options))
    run.added = run.changed = run.unchanged = run.rejected = run.pruned = 0
    run.expected = None
    run.problems.all().delete()
    with override(run.options.get("language")):  # what is told of icons that are left out is for who started it
        run_import(run, packs, prune=bool(run.options.get("prune")))
    log.info("%s: %s, %s", run, run.status, run.summary())


def start_import(run: ImportRun) -> None:
    """Queue the run; where the queue is out of reach, `resume_imports` takes it up later."""
    try:
        import_upload.delay(run.pk)
    except QueueError as error:
        log.warning("The queue is out of reach (%s): %s starts later.", error, run)


@shared_task
def resume_imports() -> None:
    """Take up the imports whose worker died; give up after ATTEMPTS tries. Runs periodically."""
    silent = ImportRun.objects.filter(status__in=ImportRun.UNFINISHED, updated_at__lt=timezone.now() - SIGN_OF_LIFE)
    for run in silent.filter(Q(upload="") | Q(attempts__gte=ATTEMPTS)):
        with override(run.options.get("language")):
            reason = _("It ended without a word: computer or worker stopped. Start it again: what is in is kept.")
            run.finish(ImportRun.Status.FAILED, reason)
    for run in silent:
        ImportRun.objects.filter(pk=run.pk).update(status=ImportRun.Status.QUEUED, updated_at=timezone.now())
        start_import(run)
