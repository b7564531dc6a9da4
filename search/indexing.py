"""From icons to stored vectors, in batches. Plain functions; `tasks.py` wraps them for the queue."""

import logging
import time
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone
from PIL import Image

from icons.models import Icon
from icons.rendering import RenderError, render_many
from search.embedding import EmbeddingModel, active_model
from search.models import IconVector, Outcome
from search.progress import pending_icons

log = logging.getLogger(__name__)


def index_icons(pks: Sequence[int]) -> list[int]:
    """Embed and store those of the icons that need it; returns the ids of those that time did not allow.

    Idempotent: safe to run twice, out of order, and while icons change.
    """
    model, now = active_model(), timezone.now()
    icons = list(pending_icons(model.id).filter(pk__in=pks).only("svg", "svg_hash"))
    started = time.monotonic()
    drawings = list(render_many([icon.svg for icon in icons], model.size, started + settings.INDEX_BUDGET))
    drawn, left = icons[: len(drawings)], icons[len(drawings) :]
    stored = IconVector.objects.store(model.id, embed_icons(model, drawn, drawings), now)
    if stored:
        log.info("Indexed %d of %d icons in %.1f s", stored, len(pks), time.monotonic() - started)
    return [icon.pk for icon in left]


def embed_icons(
    model: EmbeddingModel, icons: Sequence[Icon], drawings: Sequence[Image.Image | RenderError]
) -> list[Outcome]:
    """The outcome for each icon, given its drawing (or why there is none)."""
    outcomes, shown, views = [], [], []  # `shown`: icons that look some way, each with its signatures
    for icon, drawing in zip(icons, drawings, strict=True):
        if isinstance(drawing, RenderError):
            outcomes.append(Outcome(icon.pk, icon.svg_hash, error=str(drawing)))
        elif looks := model.of_icon(drawing):
            views += [view for view, _ in looks]
            shown.append((icon, [signature for _, signature in looks]))
        else:
            outcomes.append(Outcome(icon.pk, icon.svg_hash, error="The drawing is blank."))
    vectors = iter(model.embed(views))
    for icon, signatures in shown:
        outcomes.append(Outcome(icon.pk, icon.svg_hash, [(next(vectors), signature) for signature in signatures]))
    return outcomes
