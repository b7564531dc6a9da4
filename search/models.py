"""The search index, which is derived from icons: one command rebuilds it.

The models of pictures, styles and words are defined in modules of their own and re-exported here, where a reader of
a Django app looks for models.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from django.contrib.postgres.indexes import OpClass
from django.db import models, transaction
from django.db.models import OuterRef, Q
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from pgvector.django import HalfVectorField, HnswIndex

from icons.models import EarlierDrawing, Icon, IconSet
from search.kept_pictures import KeptPicture
from search.matching.embedding import DIMENSIONS
from search.model_choice import ModelChoice
from search.styles import IconStyle
from search.words.vocabulary import IconTerms, Term, TermsChange

__all__ = ["IconStyle", "IconTerms", "IconVector", "KeptPicture", "ModelChoice", "Reindexing", "Term", "TermsChange"]

# Renditions of an icon as it is have numbers below this; those of its earlier drawing of number n begin at n times it.
EARLIER = 10
LONG_AGO = models.Value(datetime(1970, 1, 1, tzinfo=UTC))


# A vector, (dimensions of the model,), L2-normalised, and the signature, which the second stage compares.
Rendition = tuple[NDArray[np.float32], bytes]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What indexing one icon came to: vectors, or the reason why there are none."""

    icon_id: int
    svg_hash: str
    # For each rendition of the icon as it is, at least one.
    renditions: Sequence[Rendition] = ()
    error: str = ""
    # The same of its earlier drawings that can be drawn, by their numbers.
    earlier: Mapping[int, Sequence[Rendition]] = field(default_factory=dict)
    earlier_hashes: frozenset[str] | None = None  # of the sources of all its earlier drawings; None: they do not matter

    def numbered(self) -> dict[int, Rendition]:
        """All renditions by their numbers."""
        starts = [(0, self.renditions), *((EARLIER * number, of_it) for number, of_it in self.earlier.items())]
        return {start + place: rendition for start, of_it in starts for place, rendition in enumerate(of_it)}


class IconVectorQuerySet(models.QuerySet["IconVector"]):
    """Rows of the index; `current` and `store` say when a row is up to date."""

    def current(self, model: str) -> "IconVectorQuerySet":
        """The first row of an icon where it is up to date, for a subquery of icons.

        It is up to date where it was computed from the icon's present source, and not before somebody asked to
        have the icon's set indexed anew.
        """
        asked_at = Coalesce(OuterRef("set__reindexing__asked_at"), LONG_AGO)
        return self.filter(
            icon=OuterRef("pk"), model=model, rendition=0, svg_hash=OuterRef("svg_hash"), computed_at__gte=asked_at
        )

    def store(self, model: str, outcomes: Iterable[Outcome], started: datetime) -> int:
        """Write the outcomes of icons that have not changed since; returns how many were written.

        `started` is when the icons were read: an icon that somebody asks to have indexed anew after that stays
        pending. An icon that somebody is changing at this moment is left to the indexing that follows the change.
        """
        outcome_of = {outcome.icon_id: outcome for outcome in outcomes}
        with transaction.atomic():
            names = _lock_unchanged(outcome_of)
            current = [outcome_of[pk] for pk in names]
            rows = [row for outcome in current for row in _rows(model, outcome, started)]
            IconVector.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["icon", "model", "rendition"],
                update_fields=["svg_hash", "vector", "signature", "error", "computed_at"],
            )
            self._delete_beside(model, rows)
            with_renditions = [outcome for outcome in current if outcome.renditions]
            IconStyle.objects.store(
                [(outcome.icon_id, names[outcome.icon_id], outcome.renditions[0][1]) for outcome in with_renditions]
            )
        return len(current)

    def _delete_beside(self, model: str, rows: Sequence["IconVector"]) -> None:
        """Delete the rows that icons have beside these, which are all of theirs."""
        wanted = {(row.icon_id, row.rendition) for row in rows}
        further = self.filter(model=model, icon__in={row.icon_id for row in rows}, rendition__gt=0)
        stored = further.values_list("pk", "icon", "rendition")
        self.filter(pk__in=[pk for pk, *row in stored if tuple(row) not in wanted]).delete()

    def rehash(self, hashes: Mapping[int, str]) -> None:
        """Let vectors that were computed from a source with these hashes, by the icon's id, count for its present one.

        To be called within the transaction that has changed the sources.
        """
        present = Icon.objects.filter(pk=OuterRef("icon")).values("svg_hash")[:1]
        for pk, svg_hash in hashes.items():
            self.filter(icon=pk, svg_hash=svg_hash).update(svg_hash=models.Subquery(present))

    def mark_stale(self, icons: Sequence[int]) -> None:
        """Have the icons of these ids indexed anew; until then their old vectors answer searches."""
        self.filter(icon__in=icons).update(svg_hash="")


def _lock_unchanged(outcome_of: Mapping[int, Outcome]) -> dict[int, str]:
    """Lock the icons that still are what their outcomes were computed from; returns their names by id.

    Icons that another transaction has locked are left out.
    """
    icons = Icon.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    rows = list(icons.filter(pk__in=outcome_of).order_by("pk").values_list("pk", "svg_hash", "name"))
    earlier: dict[int, set[str]] = defaultdict(set)
    for pk, svg_hash in EarlierDrawing.objects.filter(icon__in=outcome_of).values_list("icon", "svg_hash"):
        earlier[pk].add(svg_hash)
    return {
        pk: name
        for pk, svg_hash, name in rows
        if outcome_of[pk].svg_hash == svg_hash and outcome_of[pk].earlier_hashes in (None, earlier[pk])
    }


def _rows(model: str, outcome: Outcome, started: datetime) -> list["IconVector"]:
    return [
        IconVector(
            icon_id=outcome.icon_id,
            model=model,
            rendition=rendition,
            svg_hash=outcome.svg_hash,
            vector=vector,
            signature=signature,
            error=outcome.error,
            computed_at=started,
        )
        for rendition, (vector, signature) in (outcome.numbered() if outcome.renditions else {0: (None, b"")}).items()
    ]


class IconVector(models.Model):
    """The outcome of indexing one icon with one model: a vector for each of its renditions, or an error."""

    icon = models.ForeignKey(Icon, on_delete=models.CASCADE, related_name="vectors", verbose_name=_("icon"))
    model = models.CharField(_("model"), max_length=50)
    rendition = models.PositiveSmallIntegerField(
        _("rendition"),
        default=0,
        help_text="0: on white. Others, where they look different: in all its colours, on a dark page. From 10 on: of"
        " its earlier drawings, the number of each times 10.",
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
            # The model comes first, so that it is quick to tell whether a model has any rows.
            models.UniqueConstraint(
                fields=["model", "icon", "rendition"], name="vector_unique_for_model_icon_rendition"
            ),
            models.CheckConstraint(
                condition=Q(vector__isnull=False, error="") | Q(vector__isnull=True) & ~Q(error=""),
                name="vector_or_error",
            ),
        ]
        indexes = [
            # Each model has an index of its own, so that another model's rows neither slow nor thin out the answers.
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
    """Somebody asked to have a whole set indexed anew: what was computed before `asked_at` is stale.

    One row does this, where a mark on each vector would rewrite all of them and the index over them.
    """

    set = models.OneToOneField(IconSet, on_delete=models.CASCADE, related_name="reindexing")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.set}, {self.asked_at}"
