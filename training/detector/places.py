"""The places that the detector tells on the pages, each with whether it is an icon; and how the network learns them."""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray
from tqdm import tqdm

from search.detection.boxes import overlap_of
from search.detection.detector import detect_with
from search.detection.places_network import FACTS, SEEN, VIEWS, facts_of, pixels_of
from training.detector.evaluate import are_same
from training.detector.pages import PagePicture
from training.detector.samples import spoilt

KEPT = 80  # px: width and height that are kept of each place, so that it can be moved and scaled while it is learnt
NEITHER = 0.25  # overlap with an icon below which a place is learnt as nothing
SCALES = 0.6, 2.0  # least and largest factor by which a page is reduced or enlarged
AS_DRAWN = 0.5  # share of the pages that are looked at as they were drawn; the others in another size, and spoilt
MOVED, SCALED = 0.06, 0.12  # of what is seen: by how much a place is moved and scaled at most
CROPPED = 0.5  # share of the places around which the picture is cropped, as people do
MARGINS = 0.1, 6.0  # sides of a place, the longer ones: how much such a crop leaves on each of its four sides
BATCH = 64  # places that are learnt from at once, or a multiple of them
PIXELS_FILE, FACTS_FILE = "pixels.bin", "facts.npz"  # of a folder of places; the second is written last
DOUBT = 0.01  # that a place is not what it is said to be

Forward = Callable[[NDArray[np.float32]], NDArray[np.float32]]


@dataclass(frozen=True)
class Places:
    """n places."""

    pixels: NDArray[np.uint8]  # (n, len(VIEWS), KEPT, KEPT, 3) RGB
    facts: NDArray[np.float32]  # (n, FACTS)
    icon: NDArray[np.bool_]  # (n,)

    @staticmethod
    def write(parts: Iterable["Places"], folder: Path) -> None:
        """Keep the places of all parts in a folder, which then `is_there`."""
        folder.mkdir(parents=True, exist_ok=True)
        facts, icon = [], []
        with open(folder / PIXELS_FILE, "wb") as file:
            for part in parts:
                file.write(part.pixels.tobytes())
                facts.append(part.facts)
                icon.append(part.icon)
        draft = folder / "unfinished.npz"
        np.savez(draft, facts=np.concatenate(facts), icon=np.concatenate(icon))
        draft.rename(folder / FACTS_FILE)

    @staticmethod
    def is_there(folder: Path) -> bool:
        """Whether `write` is done with a folder."""
        return (folder / FACTS_FILE).exists()

    @staticmethod
    def read(folder: Path) -> "Places":
        """Those that `write` kept there; their pixels stay in the file, whose pages all processes share."""
        with np.load(folder / FACTS_FILE) as data:
            facts, icon = data["facts"], data["icon"]
        pixels = np.memmap(folder / PIXELS_FILE, np.uint8, "r", shape=(len(icon), len(VIEWS), KEPT, KEPT, 3))
        return Places(pixels, facts, icon)


def places_on(files: list[Path], forward: Forward, seed: int) -> Iterator[Places]:
    """What the detector tells on each of these pages: as it was drawn, or in another size and spoilt."""
    rng = np.random.default_rng(seed)
    for path in tqdm(files, "Finding places", unit=" pages", disable=None):
        page = PagePicture.read(path)
        yield _places(page if rng.random() < AS_DRAWN else _another(page, rng), forward)


def _another(page: PagePicture, rng: np.random.Generator) -> PagePicture:
    scale = float(np.exp(rng.uniform(*np.log(SCALES))))
    size = round(page.pixels.shape[1] * scale), round(page.pixels.shape[0] * scale)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    pixels = np.asarray(cv2.resize(page.pixels, size, interpolation=method), np.uint8)
    return PagePicture(spoilt(pixels, rng), page.icons * scale, page.unsure * scale, page.texts * scale)


def _places(page: PagePicture, forward: Forward) -> Places:
    detection = detect_with(forward, page.pixels)
    icon = np.asarray(are_same(detection.boxes, page.icons).any(axis=1))
    best = overlap_of(detection.boxes, page.icons).max(axis=1, initial=0)
    unsure = overlap_of(detection.boxes, page.unsure).max(axis=1, initial=0) > NEITHER
    learnt = icon | (best < NEITHER) & ~unsure
    pixels = pixels_of(page.pixels, detection.boxes[learnt], KEPT)
    return Places(pixels, facts_of(detection)[learnt], icon[learnt])


class PlacesInTraining(keras.Model):  # type: ignore[misc]  # Keras has no types
    """The network with its loss, the cross-entropy of each place being an icon."""

    def __init__(self, network: keras.Model) -> None:
        super().__init__()
        self.network = network
        self.right = keras.metrics.Mean(name="right")
        # Only a model that has been called once has the weights that a checkpoint is loaded into.
        self({"pixels": ops.zeros((1, len(VIEWS), SEEN, SEEN, 3)), "facts": ops.zeros((1, FACTS))})

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """The logits."""
        return self.network([inputs["pixels"], inputs["facts"]], training=training)

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The mean cross-entropy, with labels that leave a little doubt."""
        self.right.update_state(ops.cast((y_pred > 0) == (y > 0.5), "float32"))
        return ops.mean(ops.binary_crossentropy(DOUBT + (1 - 2 * DOUBT) * y, y_pred, from_logits=True))


def place_batches(
    folder: Path, seed: int, times: int, start: int, step: int = 1
) -> Generator[tuple[dict[str, Any], Any], None, None]:
    """Endless batches of `times` BATCH places of a folder, varied: the numbers `start`, `start + step` and so on."""
    cv2.setNumThreads(1)
    places = Places.read(folder)
    for number in count(start, step):
        rng = np.random.default_rng((seed, number))
        chosen = np.sort(rng.choice(len(places.icon), times * BATCH, replace=False))
        inputs = {"pixels": _varied(places.pixels[chosen], rng), "facts": places.facts[chosen]}
        yield inputs, places.icon[chosen].astype(np.float32)


def _varied(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """(n, len(VIEWS), SEEN, SEEN, 3): places as they might have been told as well: cropped, mirrored, recoloured."""
    varied = np.empty((len(pixels), len(VIEWS), SEEN, SEEN, 3), np.float32)
    least, most = np.log(MARGINS)
    for index, views in enumerate(pixels):
        scale = float(np.exp(rng.uniform(-SCALED, SCALED)))
        moved = rng.uniform(-MOVED, MOVED, 2)
        margins = np.exp(rng.uniform(least, most, 4)) if rng.random() < CROPPED else None
        for view, sides in enumerate(VIEWS):
            seen = views[view] if margins is None else _cropped(views[view], (margins + 0.5) * SEEN / sides)
            # The views have their middle in common, so that the same shift is fewer pixels of the wider one.
            x, y = (KEPT - SEEN / scale) / 2 + moved * SEEN * VIEWS[0] / sides
            matrix = np.array([[scale, 0, -scale * x], [0, scale, -scale * y]])
            varied[index, view] = cv2.warpAffine(
                seen, matrix, (SEEN, SEEN), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
    for seen in varied:
        if rng.random() < 0.2:
            seen[:] = seen[:, :, ::-1].copy()
        if rng.random() < 0.15:
            seen[:] = 255 - seen
        if rng.random() < 0.2:
            seen[:] = seen[..., rng.permutation(3)]
    return varied


def _cropped(view: NDArray[np.uint8], reach: NDArray[np.float64]) -> NDArray[np.uint8]:
    """A view, (KEPT, KEPT, 3), whose picture ends so many px to the left, above, to the right and below its middle.

    What is beyond repeats the edge, as where a picture really ends.
    """
    left, above, right, below = reach
    places = np.arange(KEPT) - (KEPT - 1) / 2
    columns, rows = (
        np.clip(np.round(places.clip(-before, after) + (KEPT - 1) / 2), 0, KEPT - 1).astype(int)
        for before, after in ((left, right), (above, below))
    )
    return np.asarray(view[rows][:, columns])


def evaluate_places(network: Any, places: Places) -> None:
    """Print how many of the icons among these places are told at several thresholds, and how many others are."""
    middle = (KEPT - SEEN) // 2
    seen = places.pixels[:, :, middle : middle + SEEN, middle : middle + SEEN].astype(np.float32)
    chance = 1 / (1 + np.exp(-network.predict((seen, places.facts), batch_size=256, verbose=0)))
    icons = places.icon.sum()
    for least in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        told = chance >= least
        print(
            f"from {least}: {told[places.icon].mean():.3f} of {icons} icons, {(told & ~places.icon).sum() / icons:.3f} false an icon"
        )
