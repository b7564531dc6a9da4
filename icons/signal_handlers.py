"""What follows when an import is deleted, wherever it is deleted from."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from icons.models import ImportRun


@receiver(post_delete, sender=ImportRun)
def delete_upload(instance: ImportRun, **kwargs: Any) -> None:
    """Delete the uploaded file of an import that is no more, once the deletion is committed."""
    name = instance.upload.name
    if name:
        transaction.on_commit(lambda: instance.upload.storage.delete(name), robust=True)
