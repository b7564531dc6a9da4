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

from icons.models import EarlierDrawing, Icon
from icons.rendering import RenderError, render_many
from search.matching.embedding import EmbeddingModel, NetworkInput
from search.metrics import INDEXED
from search.model_choice import active_model
from search.models import IconVector, Outcome, Reindexing, Rendition
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
    icons = list(
        pending_icons(model.id).filter(pk__in=pks).only("svg", "svg_hash").prefetch_related("earlier_drawings")
    )
    started = time.monotonic()
    drawings: list[Icon | EarlierDrawing] = []
    for icon in icons:
        drawings += [icon, *icon.earlier_drawings.all()]
    pictures = render_many([drawing.svg for drawing in drawings], model.size, started + settings.INDEX_BUDGET)
    outcomes = embed_icons(model, drawings, pictures)
    stored = IconVector.objects.store(model.id, outcomes, now)
    failed = sum(bool(outcome.error) for outcome in outcomes)
    INDEXED.labels("failed").inc(failed)
    INDEXED.labels("stored").inc(max(0, stored - failed))
    if stored:
        log.info("Indexed %d of %d icons in %.1f s", stored, len(pks), time.monotonic() - started)
    return [icon.pk for icon in icons[len(outcomes) :]]


def embed_icons(
    model: EmbeddingModel,
    drawings: Sequence[Icon | EarlierDrawing],
    pictures: Iterable[Image.Image | RenderError],
) -> list[Outcome]:
    """The outcome for each icon among the drawings; each is followed by its earlier drawings.

    `pictures` has for each drawing its picture or why there is none. It may end early: an icon that lacks some of its
    pictures has no outcome. The network embeds some while the next are drawn.
    """
    stored: list[list[bytes] | str] = []  # for each drawing its signatures, or why there are none
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
        made = [
            signatures if isinstance(signatures, str) else [(next(vectors), signature) for signature in signatures]
            for signatures in stored
        ]
    starts = [place for place, drawing in enumerate(drawings) if isinstance(drawing, Icon)]
    ends = [*starts[1:], len(drawings)] if starts else []
    return [
        _outcome(drawings[start:end], made[start:end])
        for start, end in zip(starts, ends, strict=True)
        if end <= len(made)
    ]


def _outcome(drawings: Sequence[Icon | EarlierDrawing], made: Sequence[Sequence[Rendition] | str]) -> Outcome:
    """Of an icon and its earlier drawings, given for each its renditions, or why there are none."""
    icon, *earlier = drawings
    hashes = frozenset(drawing.svg_hash for drawing in earlier)
    if isinstance(made[0], str):
        return Outcome(icon.pk, icon.svg_hash, error=made[0], earlier_hashes=hashes)
    before = {
        drawing.number: renditions
        for drawing, renditions in zip(earlier, made[1:], strict=True)
        if isinstance(drawing, EarlierDrawing) and not isinstance(renditions, str)
    }
    return Outcome(icon.pk, icon.svg_hash, made[0], earlier=before, earlier_hashes=hashes)
