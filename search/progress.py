"""What is indexed, what waits, and how to have it done anew."""

from django.db.models import Count, Exists, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from icons.models import Icon, IconSet
from search.models import LONG_AGO, IconVector, Reindexing


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


def progress_by_set(model: str) -> list[dict[str, object]]:
    """For each set with visible icons: prefix, title, total, indexed, failed, pending."""
    current = Q(
        vectors__model=model,
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
