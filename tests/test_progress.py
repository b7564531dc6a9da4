"""How far the indexing is: counts, and the progress bar of `index_icons --wait`, while icons come, change and go."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries
from tqdm import tqdm

from icons.models import Icon, IconSet
from search import tasks
from search.management.commands import index_icons
from search.models import Outcome
from search.progress import IndexCounts, IndexingProgress, ask_for_reindexing, count_icons
from tests.conftest import SHAPES, store_outcomes

MODEL = "vgg16-icons-2"


def finish(*icons: Icon) -> None:
    """Have these icons indexed, with an error, which counts as a vector does."""
    outcomes = [Outcome(icon.pk, icon.svg_hash, error="No.") for icon in icons]
    assert store_outcomes(outcomes) == len(icons)


def test_icons_that_arrive_make_the_total_grow_and_nothing_go_back() -> None:
    progress = IndexingProgress(IndexCounts(finished=100, pending=10), now=0)
    steps = [
        (IndexCounts(100, 510), (0, 510)),  # another import begins
        (IndexCounts(104, 506), (4, 510)),
        (IndexCounts(110, 1000), (10, 1010)),
        (IndexCounts(30, 1080), (10, 1090)),  # 80 icons are to be indexed anew
        (IndexCounts(40, 1070), (20, 1090)),
        (IndexCounts(10, 1070), (20, 1090)),  # 30 finished icons are deleted
        (IndexCounts(10, 70), (20, 90)),  # 1,000 that wait are deleted
        (IndexCounts(80, 0), (90, 90)),
    ]
    for counts, expected in steps:
        progress.update(counts, now=1)
        assert (progress.done, progress.total) == expected


def test_only_icons_that_are_finished_count_as_a_move() -> None:
    progress = IndexingProgress(IndexCounts(finished=5, pending=10), now=0)
    for now, counts in enumerate([IndexCounts(5, 900), IndexCounts(5, 1), IndexCounts(2, 4)], start=1):
        progress.update(counts, now)
        assert progress.moved_at == 0
    progress.update(IndexCounts(3, 3), now=7)
    assert progress.moved_at == 7


def test_icons_are_counted_as_they_are_now(
    icons: dict[str, Icon], make_icon: Callable[..., Icon], icon_set: IconSet
) -> None:
    make_icon("old", hidden=True)  # it is indexed, too
    number = len(SHAPES) + 1
    assert count_icons(MODEL) == IndexCounts(0, number)
    finish(icons["ring"], icons["home"])
    assert count_icons(MODEL) == IndexCounts(2, number - 2)
    ask_for_reindexing(IconSet.objects.all())
    assert count_icons(MODEL) == IndexCounts(0, number)
    Icon.objects.all().delete()
    assert count_icons(MODEL) == IndexCounts(0, 0)


def test_the_counts_are_of_one_moment(
    icons: dict[str, Icon], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        count_icons(MODEL)


# --- the progress bar ---


class Bar(tqdm):
    """A progress bar that remembers what it showed, and the lines that were written above it."""

    shown: list[tuple[float, float | None]] = []
    lines: list[str] = []

    def refresh(self, *args: object, **options: object) -> None:
        """Remember the position and the total, where they have changed."""
        if self.shown[-1:] != [(self.n, self.total)]:
            self.shown.append((self.n, self.total))

    @classmethod
    def write(cls, s: str, *args: object, **options: object) -> None:
        """Remember the line."""
        cls.lines.append(s)


@pytest.fixture
def bar(monkeypatch: pytest.MonkeyPatch) -> type[Bar]:
    """The bars that the command shows; no message is sent."""
    monkeypatch.setattr(index_icons, "tqdm", Bar)
    monkeypatch.setattr(Bar, "shown", [])
    monkeypatch.setattr(Bar, "lines", [])
    monkeypatch.setattr(tasks.index_icons, "apply_async", lambda args, queue: None)
    return Bar


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch, bar: type[Bar]) -> Callable[..., None]:
    """Runs `index_icons --wait`; each time it sleeps, the next step happens, and its seconds pass on a fake clock."""

    def run(steps: list[Callable[[], object]], seconds: float = 1) -> None:
        clock, coming = SimpleNamespace(now=0.0), iter(steps)

        def sleep(interval: float) -> None:
            clock.now += seconds
            next(coming)()

        monkeypatch.setattr(index_icons, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=sleep))
        call_command("index_icons", wait=True)
        assert next(coming, None) is None, "It ended too early."

    return run


def test_the_bar_follows_another_import_in_the_same_database(
    icons: dict[str, Icon], make_icon: Callable[..., Icon], bar: type[Bar], wait: Callable[..., None]
) -> None:
    other = IconSet.objects.create(prefix="other", title="Other")
    arrived: list[Icon] = []

    def arrive() -> None:
        first = len(arrived)
        arrived.extend(make_icon(f"new-{number}", SHAPES["ring"], set=other) for number in range(first, first + 4))

    wait(
        [
            lambda: finish(icons["ring"], icons["home"]),
            arrive,
            lambda: finish(icons["cross"]),
            arrive,
            lambda: Icon.objects.filter(name="square").delete(),  # it waits
            lambda: Icon.objects.filter(name="ring").delete(),  # it is finished
            lambda: finish(*arrived, icons["triangle"]),
        ]
    )
    assert bar.shown == [(0, 5), (2, 5), (2, 9), (3, 9), (3, 13), (3, 12), (12, 12)]
    assert bar.lines == []


def test_a_hint_is_given_once_when_nothing_was_indexed_for_a_while(
    icons: dict[str, Icon], make_icon: Callable[..., Icon], bar: type[Bar], wait: Callable[..., None]
) -> None:
    numbers: Iterator[int] = iter(range(100))

    def arrive() -> None:
        make_icon(f"new-{next(numbers)}", SHAPES["ring"])

    wait([arrive, arrive, lambda: finish(icons["ring"]), arrive, arrive, finish_all], seconds=110)
    assert bar.lines == []
    Icon.objects.all().delete()
    make_icon("late")
    wait([arrive, arrive, arrive, arrive, arrive, finish_all], seconds=110)
    assert bar.lines == [index_icons.HINT]


def finish_all() -> None:
    """Have all icons indexed."""
    finish(*Icon.objects.all())


@pytest.mark.parametrize(
    ("names", "sentence"), [(["ring"], "1 icon to index."), (["ring", "home"], "2 icons to index.")]
)
def test_the_command_says_how_many_icons_wait(
    make_icon: Callable[..., Icon], bar: type[Bar], capfd: pytest.CaptureFixture[str], names: list[str], sentence: str
) -> None:
    for name in names:
        make_icon(name)
    call_command("index_icons")
    assert sentence in capfd.readouterr().out and bar.shown == []
