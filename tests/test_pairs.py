"""The network that looks at a reading and an icon side by side: what it sees, what it adds, and its training."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import keras
import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.screenshots import Query, encode
from icons.models import Icon
from search.matching.comparison import Comparison, compare
from search.matching.matches import Candidate
from search.matching.pair_network import CHANNELS, FACTS, facts_of, pair_network, seen_together
from search.matching.pairs import PAIR_WEIGHTS, side_by_side
from search.matching.signature import SHAPE, signature, unpack
from search.networks.layers import folded_weights
from search.networks.weights import give_weights
from search.vision.readings import Reading, readings_of
from search.vision.renditions import icon_renditions
from tests.conftest import png_of
from training.export import arrays_of, export
from training.fit import fit
from training.pairs import learning, samples
from training.pairs.samples import PAIRS, Pairs, pairs_of
from training.pairs.scenes import IconChoice, random_scene


def icon(corner: int) -> Image.Image:
    """A frame of 48 px whose corners are that round, with a bar in it."""
    picture = Image.new("RGBA", (480, 480))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle([60, 60, 420, 420], corner, outline="black", width=40)
    draw.rectangle([160, 220, 320, 260], fill="black")
    return picture.resize((48, 48), Image.Resampling.BOX)


def shot(picture: Image.Image, side: int) -> Reading:
    """The first reading of a screenshot of an icon, `side` px wide and high."""
    page = Image.new("RGB", picture.size, "white")
    page.paste(picture, mask=picture)
    return readings_of(page.resize((side, side), Image.Resampling.BOX))[0]


def packed(picture: Image.Image) -> bytes:
    """The signature of an icon."""
    return signature(icon_renditions(picture)[0])


def comparison(reading: Reading, *corners: int) -> Comparison:
    """A reading compared with frames of such corners, all of whose vectors are as near."""
    return compare([reading], [Candidate(pk, 0, 0.9, packed(icon(corner))) for pk, corner in enumerate(corners)])


def test_both_are_seen_at_the_resolution_of_the_picture() -> None:
    reading = shot(icon(0), 20)
    [[shown, stored, difference]] = np.moveaxis(seen_together(reading, unpack([packed(icon(0))])), 3, 1)
    assert shown.shape == (SHAPE, SHAPE) and np.allclose(difference, shown - stored)
    assert float(np.abs(difference).mean()) < 0.09 and shown.min() >= 0 and shown.max() <= 1.001
    [fine] = unpack([packed(icon(0))]).ink
    assert float(np.abs(np.diff(stored)).max()) < float(np.abs(np.diff(fine)).max())  # softened


def test_what_is_hidden_is_seen_as_it_is_in_the_icon() -> None:
    reading = shot(icon(0), 40)
    hidden = np.zeros((48, 48), bool)
    hidden[:16, 24:] = True
    over = reading.drawing.pixels.copy()
    over[hidden] = 0
    badged = replace(reading, drawing=replace(reading.drawing, pixels=over, hidden=hidden))
    icons = unpack([packed(icon(0))])
    assert np.abs(seen_together(badged, icons)[..., 2]).max() < 0.6
    unknown = replace(badged, drawing=replace(badged.drawing, hidden=None))
    assert np.abs(seen_together(unknown, icons)[..., 2]).max() > 0.9


def test_of_two_frames_the_one_with_the_same_corners_gains() -> None:
    for corner, other in ((0, 110), (110, 0)):
        compared = comparison(shot(icon(corner), 22), corner, other)
        [(same, unlike)] = side_by_side([([shot(icon(corner), 22)], compared, np.arange(2))])
        assert same > unlike


def test_the_order_in_which_pairs_are_asked_for_makes_no_difference() -> None:
    reading = shot(icon(40), 24)
    compared = comparison(reading, 0, 40, 110)
    [added] = side_by_side([([reading], compared, np.arange(3))])
    [again, alone] = side_by_side([([reading], compared, np.array([2, 0])), ([reading], compared, np.array([1]))])
    assert [*again, *alone] == pytest.approx(added[[2, 0, 1]], abs=1e-4)


def test_the_network_without_normalisation_says_the_same() -> None:
    network, folded = pair_network(), pair_network(folded=True)
    rng = np.random.default_rng(1)
    network.set_weights([rng.uniform(0.1, 0.4, weight.shape) for weight in network.get_weights()])
    give_weights(folded, folded_weights(arrays_of(network)))
    inputs = [rng.random((3, SHAPE, SHAPE, CHANNELS), np.float32), rng.random((3, FACTS), np.float32)]
    assert np.allclose(network(inputs, training=False), folded(inputs, training=False), rtol=1e-3)


def test_the_weights_of_the_site_fit_the_network() -> None:
    assert sum(array.size for array in PAIR_WEIGHTS.load().values()) == pair_network().count_params()


def made_up(screenshots: int, seed: int) -> Pairs:
    """Screenshots with three pairs each, of which the right one is that in which both look the same."""
    rng = np.random.default_rng(seed)
    shown = rng.integers(0, 255, (screenshots, 1, SHAPE, SHAPE), np.uint8).repeat(3, axis=1)
    icons = rng.integers(0, 255, shown.shape, np.uint8)
    right = np.zeros((screenshots, 3), bool)
    right[np.arange(screenshots), rng.integers(0, 3, screenshots)] = True
    icons[right] = shown[right]
    size = 3 * screenshots
    owners = np.arange(screenshots).repeat(3)
    left, right_side = (array.reshape(size, SHAPE, SHAPE) for array in (shown, icons))
    facts, logits = rng.random((size, FACTS), np.float32), np.zeros(size, np.float32)
    return Pairs(left, right_side, facts, logits, right.ravel(), owners)


def test_pairs_are_kept_and_numbered_on(tmp_path: Path) -> None:
    for number in range(2):
        made_up(4, number).write(tmp_path / f"{number}.npz")
    pairs = Pairs.read(sorted(tmp_path.glob("*.npz")))
    assert len(pairs.right) == 24 and len(np.unique(pairs.owners)) == 8
    by_screenshot = pairs.by_screenshot()
    assert by_screenshot.shape == (8, PAIRS) and by_screenshot[1, :4].tolist() == [3, 4, 5, -1]


def test_it_learns_which_pair_looks_the_same(tmp_path: Path) -> None:
    pairs = made_up(32, 1)
    model = learning.PairsInTraining(pair_network())
    fit(model, lambda start: learning.batches(pairs, 1, start), 2, 3e-3, tmp_path, 15)
    log = tmp_path / "log.jsonl"
    first, second = (json.loads(line)["loss"] for line in log.read_text().splitlines())
    assert second < 0.9 * first
    again = learning.PairsInTraining(pair_network())  # takes the weights of the checkpoint, and has nothing to do
    fit(again, lambda start: learning.batches(pairs, 1, start), 2, 3e-3, tmp_path, 15)
    assert len(log.read_text().splitlines()) == 2
    assert learning.evaluate(again.network, pairs) == learning.evaluate(model.network, pairs)
    keras.backend.clear_session()


def test_the_network_takes_facts_as_they_are_once_it_is_written(tmp_path: Path) -> None:
    network = pair_network()
    rng = np.random.default_rng(3)
    network.get_layer("logit").set_weights([rng.normal(size=(64, 1)), np.zeros(1)])
    pairs = made_up(5, 3)
    mean, spread = pairs.facts.mean(axis=0), pairs.facts.std(axis=0)
    pixels = learning.as_inputs(pairs, np.arange(15).reshape(5, 3))[0]["pixels"].reshape(-1, SHAPE, SHAPE, CHANNELS)
    expected = network([pixels, learning.standardised(pairs, mean, spread).facts], training=False)
    learning.for_plain_facts(network, mean, spread)
    assert np.allclose(network([pixels, pairs.facts], training=False), expected, atol=1e-3)
    export(network, tmp_path / "weights.npz")
    with np.load(tmp_path / "weights.npz") as arrays:
        assert arrays["both__kernel"].dtype == np.float16


def test_pairs_are_made_of_what_the_database_has(
    indexed_icons: Mapping[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = [Query("small", f"shapes:{name}", png_of(stored.svg, 24)) for name, stored in indexed_icons.items()]
    blank = Query("small", "shapes:ring", encode(Image.new("RGB", (9, 9), "white")))
    missing = Query("small", "shapes:none", queries[0].picture)
    pairs = pairs_of([*queries, blank, missing], IconChoice(query.icon for query in queries), 1)
    assert len(np.unique(pairs.owners)) == len(queries) and pairs.facts.shape == (len(pairs.right), FACTS)
    firsts = pairs.by_screenshot()
    assert pairs.right[firsts[:, 0]].mean() > 0.7 and not pairs.right.all()
    monkeypatch.setattr(samples, "REDUCED", 1)
    assert len(pairs_of(queries, IconChoice(query.icon for query in queries), 1).right)


def test_scenes_are_of_small_icons_mostly_and_icons_of_all_sets() -> None:
    rng = Random(1)
    sides = [random_scene(rng).side for _ in range(300)]
    assert sum(side <= 20 for side in sides) > 150 and min(sides) >= 8
    choice = IconChoice(["mdi:home", "mdi:star", "rare:home", "rare:star"])
    drawn = [choice.draw(rng) for _ in range(300)]
    assert set(drawn) == set(choice.icons) and sum(name.startswith("mdi") for name in drawn) > 150


def test_facts_tell_the_resolution() -> None:
    rows = comparison(shot(icon(0), 40), 0).rows
    coarse, fine = (facts_of(shot(icon(0), side), rows)[0] for side in (16, 44))
    assert coarse[0] > fine[0] and np.array_equal(coarse[1:], fine[1:])
