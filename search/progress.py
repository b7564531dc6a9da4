"""What is indexed, what waits, and how to have it done anew."""

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Exists, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from icons.models import Icon, IconSet
from search.matching.embedding import MODELS, EmbeddingModel, active_model
from search.models import LONG_AGO, IconVector, IconVectorQuerySet, Reindexing

ANSWERING_MODEL_KNOWN_FOR = 30  # seconds: counting takes a part of one where icons are many


def pending_icons(model: str) -> QuerySet[Icon]:
    """The visible icons that have neither a vector nor an error as they are now."""
    return Icon.objects.visible().filter(~Exists(IconVector.objects.current(model)))


def ask_for_reindexing(sets: QuerySet[IconSet]) -> QuerySet[Icon]:
    """Have whole sets indexed anew; returns the icons. Until it is done their old vectors answer searches."""
    now = timezone.now()
    Reindexing.objects.bulk_create(
        [Reindexing(set=icon_set, asked_at=now) for icon_set in sets],
        update_conflicts=True,
        unique_fields=["set"],
        update_fields=["asked_at"],
    )
    return Icon.objects.visible().filter(set__in=sets.values("pk"))


def answering_model() -> EmbeddingModel:
    """The model whose vectors searches are answered with, known for ANSWERING_MODEL_KNOWN_FOR in this process.

    That is the active one; but while icons wait for it, the one with which the most icons are indexed.
    """
    active = active_model()
    key = f"answering-model:{active.id}"
    if (known := cache.get(key)) is None:
        known = _most_complete(active.id)
        cache.set(key, known, ANSWERING_MODEL_KNOWN_FOR)
    return MODELS[known]


def _most_complete(active: str) -> str:
    # Mostly there are no rows of other models, which a glance at an index tells.
    others = [model for model in MODELS if model != active and IconVector.objects.filter(model=model).exists()]
    if not others:
        return active
    # Of the columns of one index alone: the rows themselves are long.
    of_these = IconVector.objects.filter(model__in=[active, *others], rendition=0)
    rows = dict(of_these.values_list("model").annotate(rows=Count("*")))
    best = max([active, *others], key=lambda model: rows.get(model, 0))
    # Without the second condition, an icon hidden since would keep another model for ever.
    return best if best == active or pending_icons(active).exists() else active


def other_rows() -> IconVectorQuerySet:
    """What may be deleted once no icon waits for the active model: all that other models made."""
    if settings.KEEP_OTHER_MODELS:
        return IconVector.objects.none()
    active = active_model().id
    return IconVector.objects.filter(Q(model__lt=active) | Q(model__gt=active))  # unlike “not”, found by an index


def progress_by_set(model: str) -> list[dict[str, object]]:
    """For each set with visible icons: prefix, title, total, indexed, failed, pending."""
    current = Q(
        vectors__model=model,
        vectors__rendition=0,  # one row an icon
        vectors__svg_hash=F("svg_hash"),
        vectors__computed_at__gte=Coalesce("set__reindexing__asked_at", LONG_AGO),
    )
    rows = (
        Icon.objects.visible()
        .values(prefix=F("set__prefix"), title=F("set__title"))
        .annotate(
            total=Count("pk", distinct=True),
            indexed=Count("vectors", filter=current & Q(vectors__error="")),
            failed=Count("vectors", filter=current & ~Q(vectors__error="")),
        )
        .order_by("prefix")
    )
    return [{**row, "pending": row["total"] - row["indexed"] - row["failed"]} for row in rows]
