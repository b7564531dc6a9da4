"""Thin Celery shells: what nobody came back for is deleted."""

import logging
from importlib import import_module

from celery import shared_task
from django.conf import settings

from bags.models import Bag

log = logging.getLogger(__name__)


@shared_task
def delete_old_bags() -> int:
    """Delete bags that are nobody's and were left, and sessions that have ended; returns how many bags."""
    deleted = Bag.objects.delete_old()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    log.info("%d bags were left and are deleted.", deleted)
    return deleted
