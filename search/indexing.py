"""From icons to stored vectors, in batches. Plain functions; `tasks.py` wraps them for the queue."""

import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop
from numpy.typing import NDArray
from PIL import Image

from icons.models import Icon
from icons.rendering import RenderError, render_many
from search.matching.embedding import EmbeddingModel, NetworkInput
from search.metrics import INDEXED
from search.model_choice import active_model
from search.models import IconVector, Outcome, Reindexing
from search.progress import pending_icons

INPUTS_AT_ONCE = 64  # inputs of the network that are embedded together
# An error is stored in English, since a worker indexes for nobody in particular. The admin translates it.
BLANK_ICON = gettext_noop("The drawing is blank.")

log = logging.getLogger(__name__)


def index_icons(pks: Sequence[int]) -> list[int]:
    """Embed and store those of the icons that need it; returns the ids of those for which there was no time left.

    Idempotent: it may run twice, out of order, and while icons change.
    """
    model = active_model()
    asked = Reindexing.objects.aggregate(last=Max("asked_at"))["last"]
    now = max(timezone.now(), asked or timezone.now())  # the clock may have been set back since somebody asked
    icons = list(pending_icons(model.id).filter(pk__in=pks).only("svg", "svg_hash"))
    started = time.monotonic()
    pictures = render_many([icon.svg for icon in icons], model.size, started + settings.INDEX_BUDGET)
    outcomes = embed_icons(model, icons, pictures)
    stored = IconVector.objects.store(model.id, outcomes, now)
    failed = sum(bool(outcome.error) for outcome in outcomes)
    INDEXED.labels("failed").inc(failed)
    INDEXED.labels("stored").inc(max(0, stored - failed))
    if stored:
        log.info("Indexed %d of %d icons in %.1f s", stored, len(pks), time.monotonic() - started)
    return [icon.pk for icon in icons[len(outcomes) :]]


def embed_icons(
    model: EmbeddingModel, icons: Sequence[Icon], pictures: Iterable[Image.Image | RenderError]
) -> list[Outcome]:
    """The outcome for each icon, given its picture or why there is none, for as many icons as there are pictures.

    The network embeds some while the next are drawn.
    """
    stored: list[list[bytes] | str] = []  # for each icon its signatures, or why there are none
    inputs: list[NetworkInput] = []
    with ThreadPoolExecutor(1) as pool:
        batches: list[Future[NDArray[np.float32]]] = []
        for picture in pictures:
            renditions = [] if isinstance(picture, RenderError) else model.of_icon(picture)
            error = str(picture) if isinstance(picture, RenderError) else BLANK_ICON
            stored.append([signature for _, signature in renditions] or error)
            inputs += [network_input for network_input, _ in renditions]
            if len(inputs) >= INPUTS_AT_ONCE:
                batches.append(pool.submit(model.embed, inputs))
                inputs = []
        batches.append(pool.submit(model.embed, inputs))
        vectors = (vector for batch in batches for vector in batch.result())
        return [
            Outcome(icon.pk, icon.svg_hash, error=signatures)
            if isinstance(signatures, str)
            else Outcome(icon.pk, icon.svg_hash, [(next(vectors), signature) for signature in signatures])
            for icon, signatures in zip(icons, stored, strict=False)
        ]
