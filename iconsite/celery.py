"""The Celery application: `celery -A iconsite worker`, `celery -A iconsite beat`."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import task_unknown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")

app = Celery("iconsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

log = logging.getLogger(__name__)


@task_unknown.connect
def explain_unknown_task(name: str, **kwargs: Any) -> None:
    """Say why a worker does not do what it was asked to; Celery has dropped the message, and sweeps send it again."""
    log.warning(
        "This worker is of another version of the site, and does not know %s: restart it. Nothing is lost.", name
    )
