"""The training of the detector: pages with known places, crops of them, what is to be learnt, and that it is learnt."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path
from random import Random

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from bench.screenshots import browser
from search.detection.detector import DETECTOR_WEIGHTS, FRAME
from search.detection.network import EDGES, ICON, OUTPUTS, STRIDE, detector_network
from search.detection.places import PLACES_WEIGHTS
from search.detection.places_network import FACTS, VIEWS, places_network
from tests import chromium
from training.ahead import made_ahead
from training.detector import pages, panels, plain_panels, tiles, words
from training.detector.evaluate import are_same
from training.detector.icon_source import IconSource
from training.detector.learning import DetectorInTraining, batches
from training.detector.pages import PagePicture, Pages
from training.detector.places import (
    BATCH,
    KEPT,
    Places,
    PlacesInTraining,
    _cropped,
    evaluate_places,
    place_batches,
    places_on,
)
from training.detector.samples import Sample, crop_of, spoilt, targets_of
from training.export import export
from training.fit import fit
from training.library import Library

DEMO = Path(__file__).parent.parent / "demo"


def boxes(*edges: tuple[float, float, float, float]) -> NDArray[np.float32]:
    """(n, 4): left, top, right, bottom of n boxes, px."""
    return np.array(edges, np.float32).reshape(-1, 4)


@pytest.fixture
def page() -> PagePicture:
    """A page of noise with two icons, a place that is unsure and a line of text."""
    pixels = np.random.default_rng(1).integers(0, 255, (300, 400, 3)).astype(np.uint8)
    return PagePicture(
        pixels, boxes((20, 30, 40, 50), (200, 100, 248, 140)), boxes((300, 20, 320, 40)), boxes((50, 30, 120, 48))
    )


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Pages with icons of the demo set, without the fonts and style sheets that are downloaded."""
    if not chromium.find():
        pytest.skip("Chromium is missing.")
    folder = tmp_path_factory.mktemp("pages")
    library = Library(folder / "library")
    library.read(DEMO)
    with pytest.MonkeyPatch.context() as patch, browser() as drawer:
        patch.setattr(pages, "_style_links", dict)
        yield Pages(drawer.chromium, IconSource(library, ()), folder)


def test_a_page_is_drawn_with_the_places_of_its_icons(drawn: Pages, tmp_path: Path) -> None:
    picture = drawn.draw(3)
    assert picture is not None and len(picture.icons) >= 5 and len(picture.texts) >= 5
    height, width = picture.pixels.shape[:2]
    assert (picture.icons[:, :2] >= 0).all() and (picture.icons[:, 2:] <= (width, height)).all()
    for left, top, right, bottom in picture.icons.round().astype(int):
        assert np.ptp(picture.pixels[top:bottom, left:right].reshape(-1, 3), axis=0).max() > 30
    again = drawn.draw(3)
    assert again is not None and np.array_equal(again.icons, picture.icons)
    picture.write(tmp_path / "00003.npz")
    kept = PagePicture.read(tmp_path / "00003.npz")
    assert np.array_equal(kept.pixels, picture.pixels) and np.array_equal(kept.texts, picture.texts)


def test_narrow_icons_are_told_with_room_beside_them(page: PagePicture, tmp_path: Path) -> None:
    dots, line, usual = (10, 10, 13, 26), (40, 10, 60, 11), (80, 10, 96, 20)
    told = pages.widened(boxes(dots, line, usual)).tolist()
    assert told[0] == pytest.approx((8.5, 10, 14.5, 26))  # at most twice as wide as the ink
    assert told[1] == pytest.approx((40, 9.5, 60, 11.5))
    assert told[2] == pytest.approx(usual)
    PagePicture(page.pixels, boxes(dots), boxes(line), page.texts).write(tmp_path / "00001.npz")
    kept = PagePicture.read(tmp_path / "00001.npz")
    assert kept.icons.tolist() == told[:1] and kept.unsure.tolist() == told[1:2]


def test_boxes_are_the_same_that_overlap_or_are_about_as_large_at_the_same_place() -> None:
    icon = boxes((10, 10, 30, 30))
    told = boxes((12, 12, 33, 33), (16, 10, 24, 30), (10, 18, 30, 22), (31, 10, 51, 30), (0, 0, 40, 40))
    assert are_same(told, icon)[:, 0].tolist() == [True, True, False, False, False]


def test_a_tree_leads_its_entries_by_one_sign(drawn: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "SHARES", ((tiles.tree, 1),))
    pictures = [picture for seed in range(4) if (picture := drawn.draw(seed))]
    icons = np.concatenate([picture.icons for picture in pictures])
    sides = (icons[:, 2:] - icons[:, :2]).max(axis=1).round().tolist()
    assert len(icons) > 30
    assert max(sides.count(side) for side in set(sides)) >= 5


def test_source_code_has_signs_that_stand_apart_and_no_icons(drawn: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [words.code_line(Random(seed)).split() for seed in range(20)]
    assert sum("=" in line for line in lines) >= 2
    monkeypatch.setattr(panels, "SHARES", ((plain_panels.source, 1),))
    picture = drawn.draw(1)
    assert picture is not None and len(picture.icons) == 0 and len(picture.texts) > 20


def test_sets_that_are_left_out_are_not_drawn(drawn: Pages) -> None:
    assert IconSource(drawn.source.library, ("tabler",)).sets == []


def test_the_network_is_told_where_icons_and_texts_are() -> None:
    sample = Sample(
        np.zeros((64, 64, 3), np.uint8), boxes((8, 16, 28, 36)), boxes((40, 40, 60, 60)), boxes((30, 4, 60, 12))
    )
    targets = targets_of(sample)
    middle = 26 // STRIDE, 18 // STRIDE
    assert targets.icon[middle] == targets.icon.max() == 1
    assert targets.inner[middle] == 1
    reach = STRIDE * (np.array(middle[::-1]) + 0.5)
    expected = [reach[0] - 8, reach[1] - 16, 28 - reach[0], 36 - reach[1]]
    assert (STRIDE * targets.edges[middle]).tolist() == pytest.approx(expected)
    assert targets.text[2, 10] == 1 and targets.text[5, 10] == 0
    assert targets.sure[12, 12] == 0 and targets.sure[middle] == 1


def test_crops_hold_whole_icons_alone_and_are_the_same_for_the_same_seed(page: PagePicture) -> None:
    held = 0
    for seed in range(30):
        sample = crop_of(page, 128, np.random.default_rng(seed))
        assert sample.pixels.shape == (128, 128, 3)
        for some in (sample.icons, sample.unsure):
            assert ((some >= -0.01) & (some <= 128.01)).all()
        held += len(sample.icons)
        assert np.array_equal(sample.pixels, crop_of(page, 128, np.random.default_rng(seed)).pixels)
    assert held > 15


def test_spoiling_keeps_the_size(page: PagePicture) -> None:
    for seed in range(20):
        assert spoilt(page.pixels[:40, :50], np.random.default_rng(seed)).shape == (40, 50, 3)


def test_batches_of_several_processes_come_in_order() -> None:
    batches = made_ahead(count, 3, 2)
    assert list(islice(batches, 13)) == list(range(3, 16))
    batches.close()


def test_it_learns_and_its_weights_can_be_written(page: PagePicture, tmp_path: Path) -> None:
    for seed in range(1, 4):
        page.write(tmp_path / f"{seed:05}.npz")
    model = DetectorInTraining(detector_network())
    model({"pixels": np.zeros((1, 32, 32, 3), np.float32)})
    before = [weight.copy() for weight in model.get_weights()]
    crops = partial(batches, tmp_path, 1, 20, 1)
    fit(model, lambda start: made_ahead(crops, start, 2), 1, 1e-3, tmp_path / "work", 1, averaging=0.5)
    (line,) = (tmp_path / "work" / "log.jsonl").read_text().splitlines()
    assert 0 < json.loads(line)["loss"] < 100
    assert any(not np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True))
    export(model.network, tmp_path / "weights.npz")
    with np.load(tmp_path / "weights.npz") as arrays:
        assert arrays["outputs__kernel"].dtype == np.float16
        assert sum(array.size for array in arrays.values()) == model.network.count_params()
    keras.backend.clear_session()


def test_the_weights_of_the_site_fit_the_network() -> None:
    arrays = DETECTOR_WEIGHTS.load()
    assert sum(array.size for array in arrays.values()) == detector_network().count_params()
    places = PLACES_WEIGHTS.load()
    assert sum(array.size for array in places.values()) == places_network().count_params()
    assert DETECTOR_WEIGHTS.bytes + PLACES_WEIGHTS.bytes < 4_000_000


def telling(*places: tuple[int, int, float]) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """A detector that tells a place of `side` px around each x and y of any picture, px."""

    def forward(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        outputs = np.full((1, pixels.shape[1] // STRIDE, pixels.shape[2] // STRIDE, OUTPUTS), -9, np.float32)
        for x, y, side in places:
            place = outputs[0, (y + FRAME) // STRIDE, (x + FRAME) // STRIDE]
            place[ICON], place[EDGES] = 2, np.log(side / 2 / STRIDE)
        return outputs

    return forward


def test_places_are_learnt_as_what_they_are_unless_that_is_open(page: PagePicture, tmp_path: Path) -> None:
    page.write(tmp_path / "00001.npz")
    forward = telling((30, 40, 20), (150, 200, 24), (310, 30, 20))  # an icon, nothing, and what is unsure
    seed = next(
        seed for seed in range(9) if np.random.default_rng(seed).random() < 0.5
    )  # that shows it as it was drawn
    [places] = places_on([tmp_path / "00001.npz"], forward, seed)
    assert places.icon.tolist() == [True, False]
    assert places.pixels.shape == (2, len(VIEWS), KEPT, KEPT, 3)
    assert not Places.is_there(tmp_path / "places")
    Places.write([places, places], tmp_path / "places")
    assert Places.is_there(tmp_path / "places")
    kept = Places.read(tmp_path / "places")
    for name in ("pixels", "facts", "icon"):
        assert np.array_equal(getattr(kept, name), np.concatenate([getattr(places, name)] * 2))


def test_a_crop_repeats_its_edge_in_every_view_alike() -> None:
    page = np.tile(np.arange(KEPT, dtype=np.uint8)[None, :, None], (KEPT, 1, 3))  # each column has its own value
    seen = _cropped(page, np.array([10.0, 200, 15.0, 5.0]))
    middle = (KEPT - 1) / 2
    assert (seen[0, :, 0] == np.arange(KEPT).clip(middle - 10, middle + 15).round()).all()
    page = page.transpose(1, 0, 2)
    seen = _cropped(page, np.array([10.0, 200, 15.0, 5.0]))
    assert (seen[:, 0, 0] == np.arange(KEPT).clip(0, middle + 5).round()).all()


def test_icons_and_other_places_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    icon = np.arange(2 * BATCH) % 2 == 0
    pixels = np.where(icon[:, None, None, None, None], 40, 220) * np.ones((1, len(VIEWS), KEPT, KEPT, 3))
    places = Places(pixels.astype(np.uint8), np.zeros((2 * BATCH, FACTS), np.float32), icon)
    keras.utils.set_random_seed(1)
    network = places_network()
    model = PlacesInTraining(network)
    Places.write([places], tmp_path / "places")
    source = partial(place_batches, tmp_path / "places", 1, 1)
    fit(model, source, 3, 2e-2, tmp_path, 15)
    *_, last = (tmp_path / "log.jsonl").read_text().splitlines()
    assert json.loads(last)["right"] > 0.9
    fit(PlacesInTraining(places_network()), source, 4, 2e-2, tmp_path, 15)
    *_, last = (tmp_path / "log.jsonl").read_text().splitlines()
    assert json.loads(last)["round"] == 4  # which goes on where the one before it stopped
    evaluate_places(network, places)
    assert f" of {BATCH} icons" in capsys.readouterr().out
    keras.backend.clear_session()
