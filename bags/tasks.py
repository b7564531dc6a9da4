"""Celery tasks: delete the bags that nobody came back for."""

import logging
from importlib import import_module

from celery import shared_task
from django.conf import settings

from bags.models import Bag

log = logging.getLogger(__name__)


@shared_task
def delete_old_bags() -> int:
    """Delete bags without an owner that nobody changed for BAG_DAYS, and expired sessions. Returns how many bags."""
    deleted = Bag.objects.delete_old()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    log.info("%d bags without an owner had not been changed for long and are deleted.", deleted)
    return deleted
