"""Drawing: right pictures, and a child process that fails harms one icon alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
from django.conf import LazySettings, settings
from PIL import Image

from icons import rendering
from icons.child_processes import ChildProcess, stop_children
from icons.rendering import RenderError, render, render_many
from icons.svg import clean_svg

CIRCLE = '<circle cx="12" cy="12" r="10"/>'
# The child program with a rasteriser that obeys: it crashes or hangs where an icon says so.
OBEDIENT = """
import os, re, sys, time
from icons import rasteriser_child

draw = rasteriser_child.draw

def obey(rasteriser, svg, size):
    if "crash" in svg:
        os.kill(os.getpid(), 9)
    if once := re.search('id="once([^"]*)"', svg):
        try:
            os.mkdir(once[1] + "/crashed")
            os.kill(os.getpid(), 9)
        except FileExistsError:
            pass
    if "hang" in svg:
        time.sleep(600)
    return draw(rasteriser, svg, size)

rasteriser_child.draw = obey
rasteriser_child.main(sys.argv[1])
"""


def svg_of(body: str, box: str = "0 0 24 24") -> str:
    return clean_svg(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{body}</svg>').svg


def rect(width: float, height: float) -> str:
    return svg_of(f'<rect width="{width}" height="{height}"/>', f"0 0 {width} {height}")


def ink(picture: Image.Image | RenderError) -> tuple[int, int, int, int] | None:
    """What is drawn on: left, top, right and bottom in pixels; None where nothing is."""
    assert isinstance(picture, Image.Image), str(picture)
    return picture.getchannel("A").getbbox()


def pixel(picture: Image.Image, x: int, y: int) -> list[int]:
    """Red, green, blue and alpha, 0 to 255."""
    return [int(channel) for channel in np.asarray(picture)[y, x]]


def children_of(pid: int | None = None) -> list[psutil.Process]:
    """The rasterisers; the test run has other children, such as its Redis."""
    return [child for child in psutil.Process(pid).children() if "rasterise" in " ".join(child.cmdline())]


def ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it went in between
        return True


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "It did not happen."
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def _fresh_children(settings: LazySettings) -> Iterator[None]:
    settings.RENDER_TIMEOUT = 60  # seconds; for a stuck rasteriser, not a slow machine
    stop_children()
    yield
    stop_children()


@pytest.fixture
def _obedient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "command", lambda rasteriser: [sys.executable, "-c", OBEDIENT, rasteriser])


@pytest.fixture(params=["resvg", "cairosvg"])
def rasteriser(request: pytest.FixtureRequest, settings: LazySettings) -> str:
    name: str = request.param
    settings.RASTERISER = name
    return name


def test_it_draws_a_circle_on_nothing(rasteriser: str) -> None:
    picture = render(svg_of('<circle cx="12" cy="12" r="6" fill="red"/>'), 48)
    assert (picture.mode, picture.size) == ("RGBA", (48, 48))
    assert pixel(picture, 24, 24) == [255, 0, 0, 255]
    assert pixel(picture, 1, 1)[3] == 0
    assert ink(picture) == (12, 12, 36, 36)


def test_colour_is_not_multiplied_by_alpha(rasteriser: str) -> None:
    half = render(svg_of('<path fill="red" opacity=".5" d="M0 0h24v24H0z"/>'), 8)
    red, green, blue, alpha = pixel(half, 4, 4)
    assert (green, blue) == (0, 0)
    assert red >= 254 and 126 <= alpha <= 129


def test_wide_and_tall_icons_keep_their_shape_and_are_centred(rasteriser: str) -> None:
    assert ink(render(rect(48, 24), 64)) == (0, 16, 64, 48)
    assert ink(render(rect(24, 48), 64)) == (16, 0, 48, 64)


@pytest.mark.parametrize(("width", "height"), [(100_000, 1), (1, 999_999), (0.001, 0.001), (1e-30, 1)])
def test_an_extreme_shape_gives_a_square_all_the_same(rasteriser: str, width: float, height: float) -> None:
    assert render(rect(width, height), 64).size == (64, 64)


def test_the_order_is_kept() -> None:
    widths = [1 + i % 24 for i in range(100)]
    pictures = render_many([svg_of(f'<path d="M0 0h{width}v24H0z"/>') for width in widths], 24)
    assert [ink(picture) for picture in pictures] == [(0, 0, width, 24) for width in widths]


def test_what_is_no_svg_is_refused_and_the_rest_drawn() -> None:
    first, second, third = render_many([svg_of(CIRCLE), "nothing", svg_of(CIRCLE)], 16)
    assert isinstance(second, RenderError)
    assert str(second).startswith("The rasteriser refused this icon: ")
    assert ink(first) == ink(third) == (1, 1, 15, 15)


def test_nesting_that_ends_the_process_harms_one_icon_alone() -> None:
    nested = f'<svg xmlns="http://www.w3.org/2000/svg">{"<g>" * 900}<path d="M0 0h9"/>{"</g>" * 900}</svg>'
    first, second, third = render_many([svg_of(CIRCLE), nested, svg_of(CIRCLE)], 16)
    assert isinstance(second, RenderError)
    assert ink(first) == ink(third) == (1, 1, 15, 15)


@pytest.mark.usefixtures("_obedient")
def test_after_a_crash_the_next_icon_is_drawn() -> None:
    with pytest.raises(RenderError, match="^The rasteriser crashed on this icon.$"):
        render(svg_of('<path id="crash"/>'), 16)
    assert ink(render(svg_of(CIRCLE), 16))


@pytest.mark.usefixtures("_obedient")
def test_an_icon_is_not_blamed_for_the_first_crash(tmp_path: Path) -> None:
    render(svg_of(CIRCLE), 16)
    assert ink(render(svg_of(f'<path id="once{tmp_path}"/>{CIRCLE}'), 16))


@pytest.mark.usefixtures("_obedient")
def test_every_crash_is_put_down_to_its_own_icon() -> None:
    svgs = [svg_of(f'<path id="{"crash" if i % 3 == 1 else "fine"}" d="M0 0h9v9"/>') for i in range(12)]
    failed = [isinstance(result, RenderError) for result in render_many(svgs, 16)]
    assert failed == [i % 3 == 1 for i in range(12)]


@pytest.mark.usefixtures("_obedient")
def test_drawing_that_takes_too_long_is_ended(settings: LazySettings) -> None:
    settings.RENDER_TIMEOUT = 1
    with pytest.raises(RenderError, match="^Drawing took longer than 1 seconds.$"):
        render(svg_of('<path id="hang"/>'), 16)
    settings.RENDER_TIMEOUT = 60
    assert ink(render(svg_of(CIRCLE), 16))


def test_a_child_killed_between_two_icons_is_replaced() -> None:
    render(svg_of(CIRCLE), 16)
    [child] = children_of()
    child.kill()
    wait_until(lambda: ended(child))
    assert ink(render(svg_of(CIRCLE), 16))


def test_no_icon_is_blamed_when_the_rasteriser_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(rendering, "command", lambda rasteriser: [sys.executable, "-c", "raise SystemExit(1)"])
        with pytest.raises(RuntimeError, match="The child program .* does not start"):
            render(svg_of(CIRCLE), 16)
    assert ink(render(svg_of(CIRCLE), 16))


@pytest.mark.usefixtures("_obedient")
def test_an_interrupted_drawing_is_not_taken_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        render(svg_of(CIRCLE), 16)
        patch.setattr(ChildProcess, "_read", interrupt)
        render(svg_of(CIRCLE), 16)
    assert ink(render(rect(24, 12), 16)) == (0, 4, 16, 12)


def test_nothing_is_started_after_the_deadline() -> None:
    assert list(render_many([svg_of(CIRCLE)] * 5, 16, deadline=time.monotonic() - 1)) == []
    assert len(list(render_many([svg_of(CIRCLE)] * 5, 16, deadline=time.monotonic() + 600))) == 5


def test_a_reader_may_stop_early() -> None:
    pictures = render_many([svg_of(CIRCLE)] * 50, 16)
    assert ink(next(pictures))
    pictures.close()
    assert ink(render(svg_of(CIRCLE), 16))


def test_threads_share_the_children() -> None:
    def work(width: int) -> set[tuple[int, int, int, int] | None]:
        return {ink(render(svg_of(f'<path d="M0 0h{width}v24H0z"/>'), 24)) for _ in range(20)}

    with ThreadPoolExecutor(8) as executor:
        drawn = list(executor.map(work, range(1, 9)))
    assert drawn == [{(0, 0, width, 24)} for width in range(1, 9)]
    assert 0 < len(children_of()) <= rendering.CHILDREN


def test_a_child_takes_no_notice_of_ctrl_c() -> None:
    render(svg_of(CIRCLE), 16)
    [child] = children_of()
    child.send_signal(signal.SIGINT)
    assert ink(render(svg_of(CIRCLE), 16))
    assert children_of() == [child]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_starts_children_of_its_own() -> None:
    render(svg_of(CIRCLE), 16)
    before = children_of()
    forked = os.fork()
    if not forked:  # never back into pytest from here
        try:
            own = bool(ink(render(svg_of(CIRCLE), 16))) and len(children_of()) == 1
        except BaseException:
            own = False
        os._exit(0 if own else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    assert ink(render(svg_of(CIRCLE), 16))
    assert children_of() == before


@pytest.mark.parametrize("end", ["kill", "terminate", "leave"])
def test_no_child_outlives_its_parent(end: str) -> None:
    program = (
        "import sys; from icons.rendering import *; settings.BASE_DIR;"
        "list(render_many([sys.argv[1]] * 20, 16));"
        "print('drawn', flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, svg_of(CIRCLE)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "iconsite.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with parent:
        assert parent.stdout and parent.stdout.readline() == b"drawn\n"
        children = children_of(parent.pid)
        assert children
        if end != "leave":
            getattr(parent, end)()
    wait_until(lambda: all(ended(child) for child in children))


@pytest.mark.parametrize(
    "body",
    [
        '<filter id="f"><feGaussianBlur stdDeviation="100000"/></filter><path filter="url(#f)" d="M0 0h24v24"/>',
        '<path d="M0 0h1e6" stroke="red" stroke-dasharray=".000001"/>',
        f'<path d="M0 0{"l9 9-9-9" * 50_000}" stroke="red" stroke-linejoin="round"/>',
        '<pattern id="p" width=".0001" height=".0001"><path d="M0 0h1"/></pattern>'
        '<path fill="url(#p)" d="M0 0h24v24"/>',
        "".join(f'<mask id="m{i}"><path mask="url(#m{i + 1})" d="M0 0h9v9"/></mask>' for i in range(25))
        + '<path mask="url(#m0)" d="M0 0h9v9"/>',
    ],
    ids=["blur", "dashes", "corners", "tiles", "masks"],
)
def test_what_cleaning_lets_through_is_drawn_in_bounded_time(body: str) -> None:
    first, second = render_many([svg_of(body), svg_of(CIRCLE)], 64)
    assert not isinstance(first, RenderError), str(first)
    assert ink(second) == (5, 5, 59, 59)


def test_what_lies_beside_the_view_box_is_not_drawn() -> None:
    wide = np.asarray(render(svg_of('<path d="M-9-9h50v50h-50z"/>', "0 0 24 12"), 48))[..., 3]
    assert wide[12:36].min() == 255 and wide[:12].max() == wide[36:].max() == 0
    tall = np.asarray(render(svg_of('<path d="M-9-9h50v50h-50z"/>', "0 0 12 24"), 48))[..., 3]
    assert tall[:, 12:36].min() == 255 and tall[:, :12].max() == tall[:, 36:].max() == 0
