"""How far the indexing is, which model answers meanwhile, and how icons are indexed anew."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from icons.models import Icon, IconSet
from search.matching.embedding import MODELS, EmbeddingModel
from search.model_choice import active_model
from search.models import LONG_AGO, IconVector, IconVectorQuerySet, Reindexing

ANSWERING_MODEL_KNOWN_FOR = 30  # seconds; to count the rows of a large library takes some hundred milliseconds


class SetProgress(TypedDict):
    """How far the indexing of one set is: its icons, hidden ones too, each of them indexed, failed or pending."""

    prefix: str
    title: str
    total: int
    indexed: int
    failed: int
    pending: int


@dataclass(frozen=True, slots=True)
class IndexCounts:
    """How many icons have a vector or an error as they are now, and how many wait for one."""

    finished: int
    pending: int


class IndexingProgress:
    """How far the indexing has come since somebody began to watch it, while icons come, change and go.

    `done` never falls. `total` is `done` and what waits: it grows with icons that are imported or changed, and falls
    with those that are deleted before they were indexed.
    """

    def __init__(self, counts: IndexCounts, now: float) -> None:
        self.done = 0  # icons that were finished since then
        self.moved_at = now  # seconds on the clock that gave `now`: when the last of them was seen
        self._counts = counts

    @property
    def pending(self) -> int:
        """Icons that wait."""
        return self._counts.pending

    @property
    def total(self) -> int:
        """Icons that were finished since then or wait."""
        return self.done + self.pending

    def update(self, counts: IndexCounts, now: float) -> None:
        """Take new counts. If icons are deleted or re-indexed, fewer count as finished, but `done` does not fall."""
        finished = counts.finished - self._counts.finished
        if finished > 0:
            self.done += finished
            self.moved_at = now
        self._counts = counts


def count_icons(model: str) -> IndexCounts:
    """Count the icons, hidden ones too, in one statement, so that no icon changes between the two counts."""
    every = Icon.objects.order_by().values(kind=Value("every")).annotate(number=Count("pk"))
    pending = pending_icons(model).order_by().values(kind=Value("pending")).annotate(number=Count("pk"))
    counts = {row["kind"]: row["number"] for row in every.union(pending, all=True)}
    return IndexCounts(counts["every"] - counts["pending"], counts["pending"])


def pending_icons(model: str) -> QuerySet[Icon]:
    """The icons, hidden ones too, that have neither a vector nor an error as they are now."""
    return Icon.objects.filter(~Exists(IconVector.objects.current(model)))


def findable_icons(model: str) -> int:
    """The number of listed icons that a search by picture with this model can find."""
    rows = IconVector.objects.filter(model=model, icon=OuterRef("pk"))  # both are told from indexes alone
    return Icon.objects.visible().filter(Exists(rows.filter(rendition=0)), ~Exists(rows.exclude(error=""))).count()


def ask_for_reindexing(sets: QuerySet[IconSet]) -> QuerySet[Icon]:
    """Have whole sets indexed anew; returns their icons. Until then their old vectors answer searches."""
    # Later than all that was asked and computed before, also where the clock has been set back since.
    asked = Reindexing.objects.filter(set__in=sets).aggregate(last=Max("asked_at"))["last"]
    computed = IconVector.objects.filter(icon__set__in=sets).aggregate(last=Max("computed_at"))["last"]
    now = max([timezone.now(), *(last + timedelta.resolution for last in (asked, computed) if last)])
    Reindexing.objects.bulk_create(
        [Reindexing(set=icon_set, asked_at=now) for icon_set in sets],
        update_conflicts=True,
        unique_fields=["set"],
        update_fields=["asked_at"],
    )
    return Icon.objects.filter(set__in=sets.values("pk"))


def answering_model() -> EmbeddingModel:
    """The model whose vectors answer searches, kept in mind for ANSWERING_MODEL_KNOWN_FOR seconds.

    It is the active one; but while icons wait for it, it is the model with which the most icons are indexed.
    """
    active = active_model()
    key = f"answering-model:{active.id}"
    if (model := cache.get(key)) is None:
        model = _most_complete(active.id)
        cache.set(key, model, ANSWERING_MODEL_KNOWN_FOR)
    return MODELS[model]


def _most_complete(active: str) -> str:
    # Mostly there are no rows of other models, and the index over the rows tells that at once.
    rows_of = [IconVector.objects.filter(model=model).values_list("model")[:1] for model in MODELS if model != active]
    others = [model for (model,) in rows_of[0].union(*rows_of[1:], all=True)]
    if not others:
        return active
    # Only columns of one index are read: the rows themselves are long.
    first_rows = IconVector.objects.filter(model__in=[active, *others], rendition=0)
    rows = dict(first_rows.values_list("model").annotate(rows=Count("*")))
    most = max([active, *others], key=lambda model: rows.get(model, 0))
    # What waits for nothing must not keep another model for ever.
    return most if most == active or pending_icons(active).exists() else active


def other_rows() -> IconVectorQuerySet:
    """The rows of all models but the active one, which may be deleted once no icon waits for the active one."""
    if settings.KEEP_OTHER_MODELS:
        return IconVector.objects.none()
    active = active_model().id
    return IconVector.objects.filter(Q(model__lt=active) | Q(model__gt=active))  # an index finds these, unlike “not”


def progress_by_set(model: str) -> list[SetProgress]:
    """The progress of each set that has icons, ordered by prefix."""
    current = Q(
        vectors__model=model,
        vectors__rendition=0,  # one row an icon
        vectors__svg_hash=F("svg_hash"),
        vectors__computed_at__gte=Coalesce("set__reindexing__asked_at", LONG_AGO),
    )
    rows = (
        Icon.objects.values(prefix=F("set__prefix"), title=F("set__title"))
        .annotate(
            total=Count("pk", distinct=True),
            indexed=Count("vectors", filter=current & Q(vectors__error="")),
            failed=Count("vectors", filter=current & ~Q(vectors__error="")),
        )
        .order_by("prefix")
    )
    return [SetProgress(**row, pending=row["total"] - row["indexed"] - row["failed"]) for row in rows]
