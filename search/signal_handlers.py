"""What follows when icons change: their terms are stored at once, their vectors are computed after the commit."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from icons.signals import icons_changed
from search.models import IconStyle, IconTerms, IconVector
from search.tasks import enqueue


@receiver(icons_changed)
def enqueue_on_commit(redrawn: Sequence[int], **kwargs: Any) -> None:
    """Queue the icons that are drawn anew, once workers can see them."""
    if redrawn:
        pks = list(redrawn)
        # No functools.partial: Django logs the name of what fails after a commit, and a partial has none.
        transaction.on_commit(lambda: enqueue(pks), robust=True)


@receiver(icons_changed)
def store_terms(pks: Sequence[int], **kwargs: Any) -> None:
    """Store the terms within the transaction, so that searches by words find the icons as they are."""
    IconTerms.objects.store(pks)


@receiver(icons_changed)
def store_styles(pks: Sequence[int], **kwargs: Any) -> None:
    """Store the styles of indexed icons anew: a rename may change the style, but does not index the icon again."""
    IconStyle.objects.update_names(pks)


@receiver(icons_changed)
def keep_vectors(redrawn: Sequence[int], rehashed: Mapping[int, str] | None = None, **kwargs: Any) -> None:
    """After a new cleaning, let vectors of icons that look as before count for their new sources, and no others."""
    if rehashed is not None:
        IconVector.objects.rehash(rehashed)
        IconVector.objects.mark_stale(redrawn)  # some look different although their source is the same
