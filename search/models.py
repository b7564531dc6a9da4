"""The search index: derived from icons, and rebuilt from them by one command."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.contrib.postgres.indexes import OpClass
from django.db import connection, models, transaction
from django.db.models import OuterRef, Q
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.django import HalfVectorField, HnswIndex

from icons.models import Icon, IconSet
from icons.pagination import estimated_rows
from search.embedding import DIMENSIONS
from search.filters import ALL, Filter
from search.kept import KeptPicture  # these, too, are models of this app
from search.second_stage import Found
from search.styles import IconStyle
from search.vocabulary import IconTerms, Term

__all__ = ["IconStyle", "IconTerms", "IconVector", "KeptPicture", "Reindexing", "Term"]

EXACT_UP_TO = 2_000  # icons in the library: up to this many all are compared, which is exact
LONG_AGO = models.Value(datetime(1970, 1, 1, tzinfo=UTC))
EF_SEARCH = 64  # HNSW candidates: of screenshots of 380,000 icons, 100 find one in 600 more
NEAREST = 64  # icons that the second stage orders, for each view of a query

SEARCHED_SQL = """
    SELECT iv.icon_id, iv.vector, iv.signature
    FROM search_iconvector iv JOIN icons_icon icon ON icon.id = iv.icon_id
    WHERE iv.model = %(model)s AND iv.vector IS NOT NULL AND {condition}
"""
# <#> is the negative inner product. Its expression must be the index's own for the index to be used.
NEAREST_SQL = """
    {before}
    SELECT found.icon_id, (views.number - 1)::int, found.inner_product, found.signature
    FROM unnest(%(vectors)s::halfvec[]) WITH ORDINALITY AS views (vector, number)
    CROSS JOIN LATERAL (
        SELECT seen.icon_id, seen.signature, -(seen.vector <#> views.vector) AS inner_product
        FROM {rows} AS seen
        ORDER BY seen.vector::halfvec({dimensions}) <#> views.vector
        LIMIT %(each)s
    ) AS found
    ORDER BY views.number, found.inner_product DESC, found.icon_id
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What indexing one icon came to: vectors, or the reason why there are none."""

    icon_id: int
    svg_hash: str
    # For each way that the icon looks, at least one: a vector, (dimensions of the model,), L2-normalised, and
    # the signature, which the second stage compares.
    looks: Sequence[tuple[NDArray[np.float32], bytes]] = ()
    error: str = ""


class IconVectorQuerySet(models.QuerySet["IconVector"]):
    @staticmethod
    def nearest(model: str, vectors: NDArray[np.float32], each: int = NEAREST, within: Filter = ALL) -> list[Found]:
        """For each vector the `each` visible icons with the largest inner product, best first, in one query.

        `vectors` is (n, dimensions of the model), L2-normalised; a found icon's `view` is the index of its
        vector.
        """
        condition, params = within.condition()
        rows = SEARCHED_SQL.format(condition=condition)
        if IconVectorQuerySet._few_to_compare(within):  # all are read once, and compared with every vector
            sources = {"before": f"WITH few AS MATERIALIZED ({rows})", "rows": "few"}
        else:
            sources = {"before": "", "rows": f"({rows})"}
        texts = [HalfVector(vector).to_text() for vector in vectors]
        params |= {"vectors": texts, "model": model, "each": each}
        local = {
            # The index goes on until the filter has let enough through, in exact order.
            "hnsw.iterative_scan": "strict_order",
            "hnsw.max_scan_tuples": "400000",
            # Who wants few of each of many vectors need not look far.
            "hnsw.ef_search": str(max(each, min(EF_SEARCH, 4 * each))),
            "jit": "off",  # compiling takes longer than the query
            "random_page_cost": "1.1",  # the index is kept in memory: a few rows are better looked up one by one
            "work_mem": "64MB",  # for as many rows as a filter may let through
        }
        with transaction.atomic(), connection.cursor() as cursor:
            calls = ", ".join(["set_config(%s, %s, true)"] * len(local))
            cursor.execute(f"SELECT {calls}", [text for setting in local.items() for text in setting])
            cursor.execute(NEAREST_SQL.format(dimensions=vectors.shape[1], **sources), params)
            return [Found(*row) for row in cursor.fetchall()]

    @staticmethod
    def _few_to_compare(within: Filter) -> bool:
        return estimated_rows(Icon) <= EXACT_UP_TO if within == ALL else within.lets_few_through()

    def current(self, model: str) -> "IconVectorQuerySet":
        """As a subquery of icons: the (first) row that holds for an icon as it is now."""
        asked = Coalesce(OuterRef("set__reindexing__asked_at"), LONG_AGO)
        return self.filter(
            icon=OuterRef("pk"), model=model, look=0, svg_hash=OuterRef("svg_hash"), computed_at__gte=asked
        )

    def store(self, model: str, outcomes: Iterable[Outcome], started: datetime) -> int:
        """Write outcomes whose icon still is what they were computed from; returns how many.

        `started` is when the icons were read: whoever asks for re-indexing after that still gets it.

        An icon that somebody is changing at this moment is left to the indexing that follows its change.
        """
        by_icon = {outcome.icon_id: outcome for outcome in outcomes}
        with transaction.atomic():
            icons = Icon.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
            found = icons.filter(pk__in=by_icon).order_by("pk").values_list("pk", "svg_hash", "name")
            names = {pk: name for pk, svg_hash, name in found if by_icon[pk].svg_hash == svg_hash}
            current = [by_icon[pk] for pk in names]
            rows = [
                IconVector(
                    icon_id=outcome.icon_id,
                    model=model,
                    look=look,
                    svg_hash=outcome.svg_hash,
                    vector=vector,
                    signature=signature,
                    error=outcome.error,
                    computed_at=started,
                )
                for outcome in current
                for look, (vector, signature) in enumerate(outcome.looks or [(None, b"")])
            ]
            self.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["icon", "model", "look"],
                update_fields=["svg_hash", "vector", "signature", "error", "computed_at"],
            )
            alone = [outcome.icon_id for outcome in current if len(outcome.looks) < 2]
            self.filter(icon__in=alone, model=model, look__gt=0).delete()
            drawn = [outcome for outcome in current if outcome.looks]
            IconStyle.objects.store([(one.icon_id, names[one.icon_id], one.looks[0][1]) for one in drawn])
        return len(current)

    def mark_stale(self, icons: Sequence[int]) -> None:
        """Have these icons indexed anew; until then their old vectors answer searches."""
        self.filter(icon__in=icons).update(svg_hash="")


class IconVector(models.Model):
    """The outcome of indexing one icon with one model: a vector for each way that it looks, or an error."""

    icon = models.ForeignKey(Icon, on_delete=models.CASCADE, related_name="vectors", verbose_name=_("icon"))
    model = models.CharField(_("model"), max_length=50)
    look = models.PositiveSmallIntegerField(
        _("look"),
        default=0,
        help_text="0: on white. Further ones: in all its colours, on a dark page, where they differ.",
    )
    svg_hash = models.CharField(max_length=64, blank=True, help_text="Of the source it was computed from.")
    vector = HalfVectorField(null=True, help_text="Of as many numbers as its model makes.")
    signature = models.BinaryField(default=b"", help_text="What the second stage compares.")
    error = models.TextField(_("error"), blank=True, help_text="Why there is no vector.")
    computed_at = models.DateTimeField(help_text="When its computation began.")

    objects = IconVectorQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("indexed icon"), _("indexed icons")
        constraints = [
            # The model first, so that it is quick to tell whether a model has any rows.
            models.UniqueConstraint(fields=["model", "icon", "look"], name="vector_unique_for_model_icon_look"),
            models.CheckConstraint(
                condition=Q(vector__isnull=False, error="") | Q(vector__isnull=True) & ~Q(error=""),
                name="vector_or_error",
            ),
        ]
        indexes = [
            # One index a model, so that another model's rows neither slow nor thin out the answers.
            *(
                HnswIndex(
                    OpClass(Cast("vector", HalfVectorField(dimensions=dimensions)), "halfvec_ip_ops"),
                    name=f"hnsw_{model.replace('-', '_')}",
                    m=16,
                    ef_construction=64,
                    condition=Q(model=model),
                )
                for model, dimensions in DIMENSIONS.items()
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
