"""The detector: from what its network says to boxes on the picture. What the network has learnt, test_regions tests."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from search.detection import detector
from search.detection.detector import FRAME, MOST_PIXELS, Detection, detect_with, icons_of
from search.detection.network import EDGES, ICON, MULTIPLE, OUTPUTS, STRIDE, detector_network
from search.detection.places import HARDLY, MANY, MOST_PLACES, icon_chances
from search.detection.places_network import SEEN, VIEWS, pixels_of
from search.detection.regions import look_for_icons
from search.networks import compiled
from search.networks.layers import folded_weights
from search.networks.weights import give_weights
from search.picture_search import load_regions

NOTHING = -9.0  # a logit


def outputs_with(rows: int, columns: int, *icons: tuple[int, int, float, float]) -> NDArray[np.float32]:
    """Outputs that show an icon at each row and column, with a logit, and `reach` px to each of its edges."""
    outputs = np.full((rows, columns, OUTPUTS), NOTHING, np.float32)
    for row, column, logit, reach in icons:
        outputs[row, column, ICON] = logit
        outputs[row, column, EDGES] = np.log(reach / STRIDE)
    return outputs


def test_a_peak_is_a_box_around_its_place() -> None:
    boxes, confidence = icons_of(outputs_with(20, 30, (5, 10, 2.0, 8)))
    assert boxes.tolist() == [[pytest.approx(edge, abs=0.01) for edge in (34, 14, 50, 30)]]
    assert confidence.tolist() == [pytest.approx(1 / (1 + np.exp(-2.0)))]


def test_the_surest_come_first_and_repeats_and_parts_of_an_icon_are_left_out() -> None:
    outputs = outputs_with(40, 40, (10, 10, 1.0, 20), (10, 12, 3.0, 20), (12, 11, 0.5, 4), (30, 30, 2.0, 8))
    boxes, confidence = icons_of(outputs)
    assert [(box[0] + box[2]) / 2 for box in boxes.tolist()] == [pytest.approx(50), pytest.approx(122)]
    assert confidence.tolist() == sorted(confidence.tolist(), reverse=True)


def test_what_is_unlikely_is_no_icon() -> None:
    boxes, confidence = icons_of(outputs_with(8, 8, (3, 3, -4.0, 8)))
    assert boxes.shape == (0, 4)
    assert confidence.shape == (0,)


@pytest.mark.parametrize(("height", "width"), [(60, 130), (3000, 1000), (2000, 2400)])
def test_boxes_are_in_pixels_of_the_picture_however_large_it_is(height: int, width: int) -> None:
    shapes = []

    def forward(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Says that there is an icon of 24 px, 40 px from the left and the top of what it sees of a picture's start."""
        shapes.append(pixels.shape)
        _, high, wide, _ = pixels.shape
        return outputs_with(high // STRIDE, wide // STRIDE, *[(10, 10, 5.0, 12)] * bool(pixels[0, FRAME, FRAME, 0]))[
            None
        ]

    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 8, : width // 8] = 255
    detection = detect_with(forward, picture)
    assert len(set(shapes)) == 1  # both halves of a large one are of one size
    assert all(side % MULTIPLE == 0 for side in shapes[0][1:3])
    high, wide = shapes[0][1:3]
    assert high * wide <= MOST_PIXELS + (high + wide) * (2 * FRAME + 4 * MULTIPLE)
    reduced = max(1.0, (height * width / MOST_PIXELS) ** 0.5)
    edges = [reduced * (edge - FRAME) for edge in (30, 30, 54, 54)]
    assert detection.boxes.tolist() == [[pytest.approx(edge, rel=0.02) for edge in edges]]


@pytest.mark.parametrize(("height", "width"), [(500, 1200), (1200, 500), (800, 800)])
def test_both_halves_of_a_large_picture_are_put_together(height: int, width: int) -> None:
    """Of a network that sees 4 × 4 px of each place, halves and whole give the same."""
    rng = np.random.default_rng(3)
    seen = []

    def forward(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        seen.append(pixels.shape)
        means = pixels[..., 0].reshape(len(pixels), pixels.shape[1] // STRIDE, STRIDE, -1, STRIDE).mean(axis=(2, 4))
        return np.repeat(means[..., None], OUTPUTS, axis=-1).astype(np.float32)

    framed = rng.integers(0, 256, (-(-height // 128) * 128, -(-width // 128) * 128, 3), np.uint8)
    halves = detector._outputs(forward, framed)
    assert len(seen) == 2
    assert np.array_equal(halves, forward(framed[None])[0])


def test_no_picture_waits_for_a_network_once_they_are_loaded() -> None:
    load_regions()
    loaded = compiled._folded.cache_info().currsize
    for height, width in ((64, 64), (300, 390), (900, 1440)):
        look_for_icons(Image.new("RGB", (width, height), "white"))
    assert compiled._folded.cache_info().currsize == loaded


def test_pictures_have_few_sizes() -> None:
    sizes = {detector._usual(length) for length in range(1, 3000)}
    assert len(sizes) < 32 and all(size % MULTIPLE == 0 for size in sizes)
    assert all(length <= detector._usual(length) < length + 128 for length in range(1, 3000))


def test_the_network_answers_for_any_size_that_fits() -> None:
    network = detector_network()
    for height, width in ((32, 64), (96, 32)):
        assert network(np.zeros((2, height, width, 3), np.float32)).shape == (2, height // 4, width // 4, OUTPUTS)


def test_normalisation_is_folded_into_the_convolutions() -> None:
    network, folded = detector_network(), detector_network(folded=True)
    rng = np.random.default_rng(1)
    for layer in network.layers:
        if layer.weights:
            layer.set_weights([rng.uniform(0.5, 1.5, array.shape) / array.shape[-1] for array in layer.get_weights()])
    weights = {f"{layer.name}__{array.name}": array.numpy() for layer in network.layers for array in layer.weights}
    give_weights(folded, folded_weights(weights))
    pixels = rng.uniform(0, 255, (1, 64, 64, 3)).astype(np.float32)
    assert np.allclose(network(pixels), folded(pixels), rtol=1e-3)


@pytest.mark.parametrize("side", [9, 24, 150])
def test_a_place_is_seen_at_one_size_with_what_is_around_it(side: int) -> None:
    picture = np.full((600, 600, 3), 255, np.uint8)
    picture[200 : 200 + side, 300 : 300 + side] = (200, 0, 0)
    (views,) = pixels_of(picture, np.array([[300, 200, 300 + side, 200 + side]], np.float32))
    assert views.shape == (len(VIEWS), SEEN, SEEN, 3)
    for seen, sides in zip(views, VIEWS, strict=True):
        rows, columns = np.nonzero(seen[..., 1] < 128)
        for places in (rows, columns):
            assert (places.min() + places.max()) / 2 == pytest.approx((SEEN - 1) / 2, abs=1)
            assert np.ptp(places) + 1 == pytest.approx(SEEN / sides, abs=2)


@pytest.mark.parametrize("size", [(1200, 1600), (1201, 1601), (1, 900), (900, 1)])
def test_a_large_place_is_seen_by_averages_wherever_it_is(size: tuple[int, int]) -> None:
    rows, columns = (np.linspace(0, 255, length, dtype=np.float32) for length in size)
    picture = np.repeat((rows[:, None] / 2 + columns[None] / 2)[..., None], 3, axis=2).astype(np.uint8)
    height, width = size
    side = min(max(size), 500)
    (views,) = pixels_of(picture, np.array([[width / 2, height / 2, width / 2 + side, height / 2 + side]], np.float32))
    middle = min(height - 1, (height + side) // 2), min(width - 1, (width + side) // 2)
    for view in views:
        assert int(view[SEEN // 2, SEEN // 2, 0]) == pytest.approx(int(picture[middle][0]), abs=8)


def test_beyond_the_edge_of_the_picture_its_edge_is_seen() -> None:
    picture = np.full((20, 30, 3), (10, 20, 30), np.uint8)
    seen = pixels_of(picture, np.array([[0, 0, 20, 20], [28, 2, 30, 18]], np.float32))
    assert (seen == (10, 20, 30)).all()


def test_only_so_many_places_are_looked_at() -> None:
    count = MOST_PLACES + 5
    boxes = np.tile(np.array([[4, 4, 20, 20]], np.float32), (count, 1))
    detection = Detection(boxes, np.full(count, 0.5, np.float32))
    chances = icon_chances(np.zeros((32, 32, 3), np.uint8), detection)
    assert chances.shape == (count,)
    assert (chances[:MOST_PLACES] > 0).all() and (chances[MOST_PLACES:] == 0).all()


def test_of_many_places_those_that_are_hardly_told_are_not_looked_at() -> None:
    boxes = np.tile(np.array([[8, 8, 24, 24]], np.float32), (100, 1))
    confidence = np.linspace(0.9, 0.1, 100, dtype=np.float32)
    chances = icon_chances(np.zeros((32, 32, 3), np.uint8), Detection(boxes, confidence))
    assert (chances > 0).tolist() == (confidence >= HARDLY).tolist()
    few = Detection(boxes[:MANY], np.full(MANY, HARDLY / 2, np.float32))
    assert (icon_chances(np.zeros((32, 32, 3), np.uint8), few) > 0).all()


def test_places_say_the_same_however_many_are_looked_at() -> None:
    """More than one pass takes are looked at in several, side by side."""
    pixels = np.random.default_rng(4).integers(0, 256, (96, 96, 3)).astype(np.uint8)
    corners = np.random.default_rng(5).uniform(0, 60, (150, 2)).astype(np.float32)
    boxes = np.concatenate([corners, corners + 20], axis=1)
    together = icon_chances(pixels, Detection(boxes, np.full(150, 0.5, np.float32)))
    alone = [icon_chances(pixels, Detection(box[None], np.full(1, 0.5, np.float32)))[0] for box in boxes[::30]]
    np.testing.assert_allclose(together[::30], alone, atol=1e-4)
