"""Indexing: what is stored, what is skipped, what is marked as failed. Real rasteriser, real network."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueError

from icons.models import Icon, IconSet
from icons.rendering import RenderError
from search import indexing, tasks
from search.models import IconVector, Outcome
from search.progress import ask_for_reindexing, pending_icons, progress_by_set
from search.related_icons import related_to
from tests.conftest import SHAPES, store_outcomes, svg_of

MODEL = "vgg16-icons-2"


def pending() -> list[str]:
    """The names of the icons that wait, by name."""
    return sorted(pending_icons(MODEL).values_list("name", flat=True))


def test_every_icon_gets_a_unit_vector_with_the_hash_of_its_source(indexed_icons: dict[str, Icon]) -> None:
    rows = IconVector.objects.all()
    assert len(rows) == len(SHAPES)
    for row in rows:
        assert row.model == MODEL and row.error == ""
        assert row.svg_hash == row.icon.svg_hash
        assert row.vector is not None
        assert sum(value * value for value in row.vector) == pytest.approx(1, abs=1e-2)
    assert pending() == []


def test_indexing_twice_computes_nothing_anew(indexed_icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(IconVector.objects.values_list("pk", "computed_at"))
    svgs_to_draw: list[str] = []

    def render_many(svgs: list[str], *options: object) -> list[object]:
        svgs_to_draw.extend(svgs)
        return []

    monkeypatch.setattr(indexing, "render_many", render_many)
    indexing.index_icons([icon.pk for icon in indexed_icons.values()])
    assert svgs_to_draw == [] and set(IconVector.objects.values_list("pk", "computed_at")) == before


def test_a_changed_icon_is_pending_until_it_is_indexed_anew(indexed_icons: dict[str, Icon]) -> None:
    icon = indexed_icons["ring"]
    icon.svg = svg_of(SHAPES["cross"].replace("20", "19"))
    icon.save()
    assert pending() == ["ring"]
    indexing.index_icons([icon.pk])
    assert pending() == []
    assert related_to(icon, 1).similar[0].name == "cross"


def test_a_vector_of_an_icon_that_changed_meanwhile_is_not_stored(icons: dict[str, Icon]) -> None:
    icon = icons["ring"]
    before = icon.svg_hash
    icon.svg = svg_of(SHAPES["cross"])
    icon.save()
    assert store_outcomes([Outcome(icon.pk, before, error="too late")]) == 0
    assert "ring" in pending()


def test_an_icon_that_was_deleted_meanwhile_does_no_harm(icons: dict[str, Icon]) -> None:
    gone = icons["ring"].pk
    outcome = Outcome(gone, icons["ring"].svg_hash, error="too late")
    icons["ring"].delete()
    assert store_outcomes([outcome]) == 0
    assert indexing.index_icons([gone]) == []


def test_a_failure_is_kept_with_its_reason_and_not_tried_again(
    icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "render_many", lambda svgs, *_: [RenderError("It crashed.")] * len(svgs))
    indexing.index_icons([icons["ring"].pk])
    monkeypatch.undo()
    row = IconVector.objects.get(icon=icons["ring"])
    assert row.vector is None and row.error == "It crashed."
    assert "ring" not in pending()


def test_a_failed_icon_is_tried_again_when_somebody_asks(icons: dict[str, Icon]) -> None:
    icon = icons["ring"]
    store_outcomes([Outcome(icon.pk, icon.svg_hash, error="It crashed.")])
    IconVector.objects.mark_stale([icon.pk])
    indexing.index_icons([icon.pk])
    assert IconVector.objects.get(icon=icon).error == ""


HALF_WHITE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
    '<path fill="#fff" d="M2 5h20v7H2z"/><path fill="#dc143c" d="M2 12h20v7H2z"/></svg>'
)


def test_an_icon_that_looks_otherwise_on_white_has_two_vectors_until_it_changes(icons: dict[str, Icon]) -> None:
    icon, ring = icons["square"], icons["ring"].svg
    for svg, renditions in ((HALF_WHITE, [0, 1]), (ring, [0]), (HALF_WHITE, [0, 1])):
        icon.svg = svg
        icon.save()
        indexing.index_icons([icon.pk])
        assert sorted(IconVector.objects.filter(icon=icon, error="").values_list("rendition", flat=True)) == renditions
        assert "square" not in pending()
    (row,) = progress_by_set(MODEL)
    assert (row["indexed"], row["failed"], row["pending"]) == (1, 0, len(SHAPES) - 1)


def test_a_set_is_indexed_anew_and_answers_meanwhile(indexed_icons: dict[str, Icon], icon_set: IconSet) -> None:
    of_sets = ask_for_reindexing(IconSet.objects.all())
    assert len(of_sets) == len(pending()) == len(SHAPES)
    assert progress_by_set(MODEL)[0]["pending"] == len(SHAPES)
    assert len(related_to(indexed_icons["ring"], 9).similar) == len(SHAPES) - 1
    indexing.index_icons([icon.pk for icon in of_sets])
    assert pending() == []


def test_what_was_begun_before_somebody_asked_does_not_count(icons: dict[str, Icon]) -> None:
    before = timezone.now()
    ask_for_reindexing(IconSet.objects.all())
    outcomes = [Outcome(icon.pk, icon.svg_hash, error="No.") for icon in icons.values()]
    assert IconVector.objects.store(MODEL, outcomes, before) == len(SHAPES)
    assert len(pending()) == len(SHAPES)


def test_a_blank_drawing_fails_with_a_reason(make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("nothing", "<g/>")
    indexing.index_icons([icon.pk])
    assert IconVector.objects.get(icon=icon).error == "The drawing is blank."


def test_hidden_icons_are_indexed_too(make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("ring", hidden=True)
    assert pending() == ["ring"]
    indexing.index_icons([icon.pk])
    assert pending() == [] and IconVector.objects.get().error == ""
    icon.hidden = False
    icon.save()
    assert pending() == [], "the drawing is the same"


def test_icons_for_which_there_is_no_time_left_are_handed_on(icons: dict[str, Icon], settings: LazySettings) -> None:
    settings.INDEX_BUDGET = -1
    pks = sorted(icon.pk for icon in icons.values())
    left = indexing.index_icons(pks)
    assert left
    assert len(left) + IconVector.objects.count() == len(pks)


def test_models_stand_side_by_side(indexed_icons: dict[str, Icon], settings: LazySettings) -> None:
    settings.EMBEDDING_MODEL = "vgg16-imagenet"
    icon = indexed_icons["ring"]
    indexing.index_icons([icon.pk])
    assert sorted(icon.vectors.values_list("model", flat=True)) == [MODEL, "vgg16-imagenet"]


def test_progress_counts_indexed_failed_and_pending(
    indexed_icons: dict[str, Icon], make_icon: Callable[..., Icon]
) -> None:
    indexing.index_icons([make_icon("nothing", "<g/>").pk])
    make_icon("late", SHAPES["ring"])
    assert progress_by_set(MODEL) == [
        {"prefix": "shapes", "title": "Shapes", "total": 7, "indexed": 5, "failed": 1, "pending": 1}
    ]


@pytest.mark.django_db(transaction=True)
def test_icons_are_enqueued_only_when_their_transaction_commits(
    make_icon: Callable[..., Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(tasks.index_icons, "apply_async", lambda args, queue: sent.extend(args[0]))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_icon("ring")
        raise ZeroDivisionError
    assert sent == []
    icon = make_icon("cross")
    assert sent == [icon.pk]


def test_a_queue_out_of_reach_stops_nobody(icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(args: object, queue: str) -> None:
        raise QueueError("refused")

    monkeypatch.setattr(tasks.index_icons, "apply_async", fail)
    assert tasks.enqueue([1, 2]) == 0


@pytest.mark.parametrize(
    ("icons_changed", "prompt", "queues"),
    [(10, True, ["default"]), (10, False, ["indexing"]), (300, True, ["indexing"] * 3), (0, True, [])],
)
def test_a_few_icons_that_somebody_waits_for_come_before_all_others(
    monkeypatch: pytest.MonkeyPatch, icons_changed: int, prompt: bool, queues: list[str]
) -> None:
    sent: list[tuple[int, str]] = []
    monkeypatch.setattr(tasks.index_icons, "apply_async", lambda args, queue: sent.append((len(args[0]), queue)))
    assert tasks.enqueue(range(icons_changed), prompt) == icons_changed
    assert [queue for _, queue in sent] == queues and sum(count for count, _ in sent) == icons_changed


def test_a_clock_that_was_set_back_has_nothing_indexed_for_ever(
    indexed_icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = timezone.now
    ask_for_reindexing(IconSet.objects.all())
    monkeypatch.setattr(timezone, "now", lambda: real() - timedelta(minutes=10))
    for _ in range(2):  # what was asked before the clock was set back, and what is asked after that
        assert len(pending()) == len(SHAPES)
        indexing.index_icons([icon.pk for icon in indexed_icons.values()])
        assert pending() == []
        ask_for_reindexing(IconSet.objects.all())


def test_a_sweep_finds_what_is_missing_and_waits_while_the_queue_is_busy(
    icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(tasks.index_icons, "apply_async", lambda args, queue: sent.extend(args[0]))
    monkeypatch.setattr(tasks, "messages_waiting", lambda queue: 1)
    assert tasks.sweep() == 0
    monkeypatch.setattr(tasks, "messages_waiting", lambda queue: 0)
    assert tasks.sweep() == len(SHAPES)
    assert sorted(sent) == sorted(icon.pk for icon in icons.values())
