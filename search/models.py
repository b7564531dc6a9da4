"""The search index: derived from icons, and rebuilt from them by one command."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.db import connection, models, transaction
from django.db.models import OuterRef, Q
from django.db.models.functions import Coalesce
from numpy.typing import NDArray
from pgvector.django import HalfVectorField, HnswIndex, MaxInnerProduct

from icons.models import Icon, IconSet
from icons.pagination import estimated_rows
from search.embedding import DIMENSIONS, MODELS

# Up to this many icons in the library, or behind a filter, all are compared: that is exact and takes some 8 ms,
# where an index would be approximate, and thinned by the filter.
EXACT_UP_TO = 20_000
LONG_AGO = models.Value(datetime(1970, 1, 1, tzinfo=UTC))
EF_SEARCH = 200  # HNSW candidates; recall@10 0.986 at 390,000 icons


@dataclass(frozen=True, slots=True)
class Outcome:
    """What indexing one icon came to: a vector, or the reason why there is none."""

    icon_id: int
    svg_hash: str
    vector: NDArray[np.float32] | None = None  # (DIMENSIONS,), L2-normalised
    error: str = ""


class IconVectorQuerySet(models.QuerySet["IconVector"]):
    def nearest(
        self,
        model: str,
        vector: NDArray[np.float32] | Sequence[float],
        limit: int,
        sets: Collection[str] = (),
    ) -> list["IconVector"]:
        """The visible icons with the largest inner product, best first, each with it as `score`.

        `vector` is (DIMENSIONS,) and L2-normalised; `sets` are prefixes, none of them meaning all sets.
        """
        rows = self.filter(model=model, vector__isnull=False, icon__hidden=False)
        if sets:
            rows = rows.filter(icon__set__prefix__in=sets)
        distance = MaxInnerProduct("vector", vector)
        if self._few_to_compare(sets):
            distance = distance + 0.0  # an expression that the index does not know: all rows are compared
        rows = rows.annotate(score=-distance).order_by(distance, "icon_id").select_related("icon__set")
        with transaction.atomic(), connection.cursor() as cursor:
            # The index goes on until the filter has let enough through, in exact order.
            cursor.execute(
                "SELECT set_config('hnsw.iterative_scan', 'strict_order', true),"
                " set_config('hnsw.max_scan_tuples', '400000', true),"
                " set_config('hnsw.ef_search', %s, true)",
                [str(max(EF_SEARCH, limit))],
            )
            return list(rows.defer("vector", "icon__svg")[:limit])

    @staticmethod
    def _few_to_compare(sets: Collection[str]) -> bool:
        if sets:
            return Icon.objects.filter(set__prefix__in=sets)[: EXACT_UP_TO + 1].count() <= EXACT_UP_TO
        return estimated_rows(Icon) <= EXACT_UP_TO

    def current(self, model: str) -> "IconVectorQuerySet":
        """As a subquery of icons: the row that holds for an icon as it is now."""
        asked = Coalesce(OuterRef("set__reindexing__asked_at"), LONG_AGO)
        return self.filter(icon=OuterRef("pk"), model=model, svg_hash=OuterRef("svg_hash"), computed_at__gte=asked)

    def store(self, model: str, outcomes: Iterable[Outcome], started: datetime) -> int:
        """Write outcomes whose icon still is what they were computed from; returns how many.

        `started` is when the icons were read: whoever asks for re-indexing after that still gets it.

        An icon that somebody is changing at this moment is left to the indexing that follows its change.
        """
        by_icon = {outcome.icon_id: outcome for outcome in outcomes}
        with transaction.atomic():
            icons = Icon.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
            hashes = icons.filter(pk__in=by_icon).order_by("pk").values_list("pk", "svg_hash")
            current = [by_icon[pk] for pk, svg_hash in hashes if by_icon[pk].svg_hash == svg_hash]
            rows = [
                IconVector(
                    icon_id=outcome.icon_id,
                    model=model,
                    svg_hash=outcome.svg_hash,
                    vector=outcome.vector,
                    error=outcome.error,
                    computed_at=started,
                )
                for outcome in current
            ]
            self.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["icon", "model"],
                update_fields=["svg_hash", "vector", "error", "computed_at"],
            )
        return len(rows)

    def mark_stale(self, icons: Sequence[int]) -> None:
        """Have these icons indexed anew; until then their old vectors answer searches."""
        self.filter(icon__in=icons).update(svg_hash="")


class IconVector(models.Model):
    """The outcome of indexing one icon with one model: a vector, or an error."""

    icon = models.ForeignKey(Icon, on_delete=models.CASCADE, related_name="vectors")
    model = models.CharField(max_length=50)
    svg_hash = models.CharField(max_length=64, blank=True, help_text="Of the source it was computed from.")
    vector = HalfVectorField(dimensions=DIMENSIONS, null=True)
    error = models.TextField(blank=True, help_text="Why there is no vector.")
    computed_at = models.DateTimeField(help_text="When its computation began.")

    objects = IconVectorQuerySet.as_manager()

    class Meta:
        verbose_name = "indexed icon"
        constraints = [
            models.UniqueConstraint(fields=["icon", "model"], name="vector_unique_for_icon_and_model"),
            models.CheckConstraint(
                condition=Q(vector__isnull=False, error="") | Q(vector__isnull=True) & ~Q(error=""),
                name="vector_or_error",
            ),
        ]
        indexes = [
            # One index a model, so that another model's rows neither slow nor thin out the answers.
            *(
                HnswIndex(
                    name=f"hnsw_{model.replace('-', '_')}",
                    fields=["vector"],
                    m=16,
                    ef_construction=64,
                    opclasses=["halfvec_ip_ops"],
                    condition=Q(model=model),
                )
                for model in MODELS
            ),
            models.Index(fields=["model", "icon"], condition=~Q(error=""), name="vector_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.icon} in {self.model}"


class Reindexing(models.Model):
    """The wish to have a whole set indexed anew: what was computed before `asked_at` is stale.

    One row in place of a mark on each vector, which would rewrite all of them and the index over them.
    """

    set = models.OneToOneField(IconSet, on_delete=models.CASCADE, related_name="reindexing")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.set}, {self.asked_at}"
