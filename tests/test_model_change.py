"""From one embedding model to another: searches go on, icons are indexed anew, and old rows are deleted."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from kombu.exceptions import OperationalError as QueueError
from pytest_django import DjangoAssertNumQueries

from icons.models import Icon
from search import indexing, tasks
from search.models import IconVector, Outcome
from search.progress import answering_model, pending_icons
from tests.conftest import SHAPES, Worker, png_of, store_outcomes, svg_of, upload, wait_until

OLD, NEW = "vgg16-imagenet", "vgg16-icons-2"


def indexed_with() -> set[str]:
    """The models that any icon is indexed with."""
    return set(IconVector.objects.values_list("model", flat=True))


def search(client: Client) -> dict[str, Any]:
    """What the API replies once no process has in mind any more which model answers."""
    cache.clear()
    reply: dict[str, Any] = client.post(
        "/api/v1/search/image/", {"image": upload(png_of(svg_of(SHAPES["home"])))}
    ).json()
    return reply


def fail(icon: Icon, model: str) -> None:
    """Have the model index this icon, with an error."""
    store_outcomes([Outcome(icon.pk, icon.svg_hash, error="No.")], model)


@pytest.fixture
def icons_of_the_old_model(icons: dict[str, Icon], settings: LazySettings) -> dict[str, Icon]:
    """Icons that are indexed with the old model, while the new one is active."""
    settings.EMBEDDING_MODEL = OLD
    indexing.index_icons([icon.pk for icon in icons.values()])
    settings.EMBEDDING_MODEL = NEW
    return icons


@pytest.mark.django_db(transaction=True)
def test_a_worker_changes_the_model_while_searches_go_on(
    icons_of_the_old_model: dict[str, Icon], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert indexed_with() == {OLD}
    reply = search(client)
    assert reply["model"] == OLD and len(reply["results"]) == len(SHAPES)
    worker = Worker()
    worker.start()  # which sweeps
    try:
        wait_until(lambda: not pending_icons(NEW).exists())
        reply = search(client)
        assert reply["model"] == NEW and reply["results"][0]["icon"] == "shapes:home"
        assert indexed_with() == {OLD, NEW}
        monkeypatch.setattr(tasks, "ANSWERING_MODEL_KNOWN_FOR", 0)
        assert tasks.sweep(unless_busy=False) == 0
        wait_until(lambda: indexed_with() == {NEW})
    finally:
        worker.stop()
    assert search(client)["results"][0]["icon"] == "shapes:home"


def test_the_old_model_answers_until_the_new_one_has_as_many(icons_of_the_old_model: dict[str, Icon]) -> None:
    *most, last = icons_of_the_old_model.values()
    indexing.index_icons([icon.pk for icon in most])
    assert answering_model().id == OLD
    indexing.index_icons([last.pk])
    assert answering_model().id == OLD, "known for a while"
    cache.clear()
    assert answering_model().id == NEW


def test_a_new_icon_does_not_bring_the_old_model_back(
    icons_of_the_old_model: dict[str, Icon], make_icon: Callable[..., Icon], settings: LazySettings
) -> None:
    settings.KEEP_OTHER_MODELS = True
    *most, last = icons_of_the_old_model.values()
    indexing.index_icons([icon.pk for icon in most])
    last.delete()
    assert answering_model().id == NEW
    cache.clear()
    indexing.index_icons([make_icon("more", SHAPES["ring"]).pk])
    make_icon("still more", SHAPES["ring"])
    assert answering_model().id == NEW


def test_a_library_without_vectors_is_answered_by_the_active_model(icons: dict[str, Icon]) -> None:
    assert answering_model().id == NEW


@pytest.fixture
def put_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """The options of the deletions that a sweep puts off; no message is sent."""
    orders: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks, "messages_waiting", lambda queue: 0)
    monkeypatch.setattr(tasks.index_icons, "apply_async", lambda args, queue: None)
    monkeypatch.setattr(tasks.delete_other_rows, "apply_async", lambda **options: orders.append(options))
    yield orders


def test_nothing_is_deleted_while_an_icon_waits(
    icons_of_the_old_model: dict[str, Icon], put_off: list[dict[str, Any]], make_icon: Callable[..., Icon]
) -> None:
    assert tasks.sweep() == len(SHAPES) and put_off == []
    for icon in icons_of_the_old_model.values():
        fail(icon, NEW)
    assert tasks.sweep() == 0
    assert [order["countdown"] > 30 for order in put_off] == [True]
    late = make_icon("late", SHAPES["ring"])
    tasks.delete_other_rows()
    assert indexed_with() == {OLD, NEW}
    fail(late, NEW)
    tasks.delete_other_rows()
    assert indexed_with() == {NEW}
    assert tasks.sweep() == 0 and len(put_off) == 1


def test_other_models_are_kept_on_request(
    icons_of_the_old_model: dict[str, Icon], put_off: list[dict[str, Any]], settings: LazySettings
) -> None:
    settings.KEEP_OTHER_MODELS = True
    for icon in icons_of_the_old_model.values():
        fail(icon, NEW)
    assert tasks.sweep() == 0 and put_off == []
    tasks.delete_other_rows()
    assert indexed_with() == {OLD, NEW}


def test_rows_are_deleted_in_batches(
    icons_of_the_old_model: dict[str, Icon],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for icon in icons_of_the_old_model.values():
        fail(icon, NEW)
    monkeypatch.setattr(tasks, "DELETED_AT_ONCE", 2)
    with django_assert_max_num_queries(20) as queries:
        tasks.delete_other_rows()
    assert len([query for query in queries if query["sql"].startswith("DELETE")]) == 3
    assert indexed_with() == {NEW}


def test_a_lost_queue_does_not_stop_the_sweep(
    icons_of_the_old_model: dict[str, Icon], put_off: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**options: Any) -> None:
        raise QueueError("refused")

    for icon in icons_of_the_old_model.values():
        fail(icon, NEW)
    monkeypatch.setattr(tasks.delete_other_rows, "apply_async", refuse)
    assert tasks.sweep() == 0


def test_the_progress_page_tells_which_model_answers(
    admin_client: Client, icons_of_the_old_model: dict[str, Icon]
) -> None:
    url = "/admin/search/iconvector/progress/"
    assert f"Searches use the model <code>{OLD}</code>" in admin_client.get(url).content.decode()
    indexing.index_icons([icon.pk for icon in icons_of_the_old_model.values()])
    cache.clear()
    assert "Searches use the model" not in admin_client.get(url).content.decode()
