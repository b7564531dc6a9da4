"""The training on a few icons: that it learns, goes on where it stopped, and what it writes can be loaded."""

import json
import random
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from icons.importing.npm import ALL_OF_ICONIFY, PACKAGE
from search.matching.icons_network import Form, embedder
from search.vision.drawing import SIDE
from training.batches import LOOK_ALIKE, Batches, Pairs, coarse, make_pairs, replayed, screenshot_of
from training.export import export
from training.fit import Checkpoint, train
from training.held_out import split
from training.library import Library, rasterised
from training.network import FROZEN, PairNetwork, look_alikes

DEMO = Path(__file__).parent.parent / "demo" / "tabler.json"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Sixty icons of the demo set, and four of another set, one of which is a copy."""
    folder = tmp_path_factory.mktemp("training")
    demo = json.loads(DEMO.read_text())
    names = [name for name, icon in demo["icons"].items() if not icon.get("hidden")][:900:14]
    shared = {key: demo[key] for key in ("width", "height") if key in demo}
    for prefix, chosen in (("learnt", names[:60]), ("unseen", [names[0], *names[61:64]])):
        data = {"prefix": prefix, **shared, "icons": {name: demo["icons"][name] for name in chosen}}
        (folder / f"{prefix}.json").write_text(json.dumps(data))
    made = Library(folder / "library")
    made.read(folder)
    made.draw(1)
    return made


def test_the_library_holds_every_icon_and_its_drawing(library: Library) -> None:
    assert len(library.ids) == 64 and library.ids[-1].startswith("unseen:")
    assert library.drawings.shape == (64, SIDE, SIDE, 3)
    assert library.drawings.any(axis=(1, 2, 3)).all() and library.drawings.max() == 255
    assert library.renditions(0).shape == (1, SIDE, SIDE, 3)  # one colour, so there is one
    view_box, body = library.source(0)
    assert len(view_box.split()) == 4 and body.startswith("<")


def test_the_library_reads_view_boxes_as_an_import_does(tmp_path: Path) -> None:
    icons = {"a": {"body": "<g/>"}, "b": {"body": "<g/>", "left": -1.5, "width": 20.0}}
    (tmp_path / "x.json").write_text(json.dumps({"prefix": "x", "height": 24, "icons": icons}))
    made = Library(tmp_path / "library")
    made.read(tmp_path)
    assert [made.source(index)[0] for index in range(2)] == ["0 0 16 24", "-1.5 0 20 24"]


def test_a_screenshot_is_the_same_for_the_same_seed(library: Library) -> None:
    sizes = set()
    for index in range(40):
        first, second = (screenshot_of(library, index, random.Random(index)) for _ in range(2))
        assert first.tobytes() == second.tobytes()
        sizes.add(first.size)
    assert len(sizes) > 20


def test_a_panic_of_the_rasteriser_is_an_ordinary_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """What Rust raises, which no other process can read."""

    def panic(*_: object) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr("training.library.draw", panic)
    with pytest.raises(RuntimeError, match="index out of bounds"):
        rasterised("<svg/>", 48)


def test_pairs_show_the_same_icon(library: Library) -> None:
    pairs = make_pairs(library.folder, np.arange(40), "seed")
    likeness = (coarse(pairs.queries) * coarse(pairs.keys)).sum(axis=1)
    assert likeness.min() > 0.4 and np.median(likeness) > 0.8
    assert (pairs.queries == make_pairs(library.folder, np.arange(40), "seed").queries).all()


def test_look_alikes_are_told_by_their_drawings(library: Library) -> None:
    drawings = np.asarray(library.drawings[[0, 1, 2, 60]])  # the last is a copy of the first
    told = keras.ops.convert_to_numpy(look_alikes(drawings.astype(np.float32)))
    shapes = coarse(list(drawings))
    expected = (shapes @ shapes.T > LOOK_ALIKE) & ~np.eye(4, dtype=bool)
    assert told[0, 3] == told[3, 0] == 1 and (told == expected).all()


def test_batches_are_learnt_from_together_with_earlier_ones() -> None:
    def numbered(number: int) -> Pairs:
        pictures = np.full((2, 1, 1, 3), number, np.uint8)
        return Pairs(pictures, pictures, np.full((2, 2, 4), number, np.float32))

    mixed = list(replayed(map(numbered, range(9)), 3, 0))
    assert [len(pairs.queries) for pairs in mixed] == [6] * 9  # of one size from the first on
    for number, pairs in enumerate(mixed):
        assert pairs.taught is not None
        used = pairs.queries[::2, 0, 0, 0].tolist()
        assert used[0] == number == max(used) and len(set(used)) == min(3, number + 1)
        assert pairs.keys[::2, 0, 0, 0].tolist() == pairs.taught[::2, 0, 0].tolist() == used


def test_a_slimmer_network_learns_from_a_teacher(library: Library, tmp_path: Path) -> None:
    icons = split(library, "unseen", 5, seed=1)
    keras.utils.set_random_seed(1)
    teacher = embedder(Form(slimmer=2))
    features, coloured = np.tile(icons.features[icons.learnt], (3, 1)), np.tile(icons.coloured[icons.learnt], 3)
    batches = Batches(library.folder, features, np.tile(icons.learnt, 3), coloured, 16, 1, 1)
    model = PairNetwork(embedder(Form(slimmer=8)))
    assert model.embed.get_layer("block1_conv1").filters == 8 and model.embed.get_layer("block4_conv1").filters == 64
    train(model, batches, 5, 0.1, tmp_path, per_round=3, together=2, teacher=teacher)
    losses = [json.loads(line)["loss"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert losses[-1] < losses[0]
    drawings = np.asarray(library.drawings[:40]).astype(np.float32)
    taught, learnt = (keras.ops.convert_to_numpy(network(drawings)) for network in (teacher, model.embed))
    assert (taught * learnt).sum(axis=1).mean() > 0.3  # by chance it would be near 0


def test_what_looks_like_a_held_out_icon_is_not_learnt(library: Library) -> None:
    icons = split(library, "unseen", 5, seed=1)
    assert [library.ids[i].partition(":")[0] for i in icons.unseen] == ["unseen"] * 4
    assert 0 not in icons.learnt  # the icon of which the unseen set has a copy
    assert not set(icons.held_out) & set(icons.learnt)
    assert icons.features.shape[0] == 64


def test_it_learns_and_goes_on_where_it_stopped(library: Library, tmp_path: Path) -> None:
    icons = split(library, "unseen", 5, seed=1)
    keras.utils.set_random_seed(1)
    features, coloured = np.tile(icons.features[icons.learnt], (3, 1)), np.tile(icons.coloured[icons.learnt], 3)
    batches = Batches(library.folder, features, np.tile(icons.learnt, 3), coloured, 16, 1, 1)

    def run(rounds: int) -> PairNetwork:
        model = PairNetwork(embedder(Form(from_imagenet=True), FROZEN))
        train(model, batches, rounds, 2e-3, tmp_path, per_round=3)
        return model

    run(5)
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["round"] for line in log] == [1, 2, 3, 4, 5]
    assert Checkpoint.read(tmp_path, "stable") == Checkpoint(4, 5)
    again = run(5)  # done: the weights are those of the checkpoint
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 5
    run(7)  # goes on from where the rate had not yet fallen
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["round"] for line in log[5:]] == [5, 6, 7]

    path = tmp_path / "weights.npz"
    export(again.embed, path)
    with np.load(path) as arrays:
        assert arrays["head__kernel"].dtype == np.float16
        assert {name.partition("__")[0] for name in arrays} >= {"block1_conv1", "block4_conv1", "head_conv", "head"}


@pytest.mark.parametrize("program", ["training", "training.second_stage", "training.detector"])
def test_the_programs_say_what_they_do(program: str) -> None:
    done = subprocess.run([sys.executable, "-m", program, "--help"], cwd=DEMO.parent.parent, capture_output=True)
    assert done.returncode == 0 and b"weights/" in done.stdout


def test_the_package_to_learn_from_is_pinned() -> None:
    assert PACKAGE.match(ALL_OF_ICONIFY) and ALL_OF_ICONIFY.count("@") == 2
