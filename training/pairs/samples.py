"""Screenshots, searched in a filled database: the likeliest icons beside the reading that each was found for."""

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.conditions import in_turn
from bench.screenshots import Query, browser, make_queries
from search.matching.comparison import Comparison, compare, unique_icons
from search.matching.matches import Candidate
from search.matching.pair_network import facts_of, seen_together
from search.matching.ranking import LOOKED_AGAIN, coefficients
from search.matching.signature import SHAPE, Floats, unpack
from search.vision.readings import Reading
from training.labelled import RIGHT, likeness_to
from training.pairs.scenes import IconChoice, random_scene

SCREENSHOTS = 250  # in one file
FURTHER = 2  # right icons behind the likeliest that are looked at as well
PAIRS = LOOKED_AGAIN + FURTHER  # of one screenshot at most
REDUCED = 0.15  # share of the screenshots that are reduced afterwards, as documents and chats do
FACTORS = 0.6, 0.95  # by which
# Share of those whose edges are smoothed in another way, and the greatest logarithm of the power that does it.
SMOOTHED, CURVE = 0.35, 0.5
# Share of the others that are fitted to the screen's grid, as hinted fonts are, and by how much at most, a logarithm.
FITTED, STRETCH = 0.15, 0.05
METHODS = (
    Image.Resampling.BICUBIC,
    Image.Resampling.LANCZOS,
    Image.Resampling.BILINEAR,
    Image.Resampling.BOX,
)


@dataclass(frozen=True)
class Pairs:
    """n pairs of several screenshots, those of one in a row, the likeliest icon first."""

    shown: NDArray[np.uint8]  # (n, SHAPE, SHAPE): the ink of the reading, 255 is full
    icons: NDArray[np.uint8]  # (n, SHAPE, SHAPE): that of the icon
    facts: Floats  # (n, FACTS)
    logits: Floats  # (n,): of the second stage without the network, the prior included
    right: NDArray[np.bool_]  # (n,): whether the icon is the one shown, or looks the same
    owners: NDArray[np.int64]  # (n,): the number of the screenshot

    def write(self, path: Path) -> None:
        """Keep them in a file."""
        np.savez(path, **{field.name: getattr(self, field.name) for field in fields(Pairs)})

    @staticmethod
    def read(paths: Sequence[Path]) -> "Pairs":
        """Those that `write` kept there, the screenshots of all files numbered on."""
        parts = []
        for number, path in enumerate(paths):
            with np.load(path) as data:
                part = dict(data)
            part["owners"] += number * SCREENSHOTS
            parts.append(part)
        return Pairs(**{field.name: np.concatenate([part[field.name] for part in parts]) for field in fields(Pairs)})

    def by_screenshot(self) -> NDArray[np.int64]:
        """(screenshots, PAIRS): the indices of the pairs of each, -1 where it has fewer."""
        starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
        lengths = np.diff(starts, append=len(self.owners))
        places = np.arange(PAIRS)
        return np.where(places < lengths[:, None], starts[:, None] + places, -1)


def draw_screenshots(icons: Mapping[str, str], choice: IconChoice, seed: int) -> list[Query]:
    """SCREENSHOTS screenshots by Chromium; `icons` are SVGs by id, of which `choice` may leave some out."""
    rng = Random(seed)
    chosen = [choice.draw(rng) for _ in range(SCREENSHOTS)]
    scenes = in_turn("small", [random_scene(rng) for _ in chosen])
    with browser() as drawer:
        return make_queries(drawer, icons, chosen, rng, scenes)


def pairs_of(queries: Sequence[Query], choice: IconChoice, seed: int) -> Pairs:
    """The pairs of screenshots; without icons that are left out, and without screenshots that none is right for."""
    rng = Random(seed)
    parts = [part for number, query in enumerate(queries) for part in _pairs(query, number, choice, rng)]
    return Pairs(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Pairs)))


def _pairs(query: Query, number: int, choice: IconChoice, rng: Random) -> Iterator[Pairs]:
    from search.model_choice import active_model
    from search.models import IconVector

    model = active_model()
    inputs_and_readings = list(model.of_query(_opened(query, rng)))
    prefix, _, name = query.icon.partition(":")
    rows = IconVector.objects.filter(model=model.id, icon__set__prefix=prefix, icon__name=name, error="")
    renditions = list(rows.values_list("icon", "signature"))
    if not inputs_and_readings or not renditions:
        return
    readings = [reading for _, reading in inputs_and_readings]
    candidates = _candidates(model.id, model.embed([picture for picture, _ in inputs_and_readings]), choice)
    if not candidates:
        return
    comparison, fitted = compare(readings, candidates), coefficients()
    logits = comparison.rows @ fitted.order + fitted.prior * comparison.priors
    likeliest = unique_icons(comparison, logits)
    likeness = likeness_to([comparison.signatures[pair] for pair in likeliest], [bytes(row) for _, row in renditions])
    right = (likeness > RIGHT) | (comparison.icons[likeliest] == renditions[0][0])
    behind = np.flatnonzero(right[LOOKED_AGAIN:])[:FURTHER] + LOOKED_AGAIN
    kept = np.concatenate([np.arange(min(LOOKED_AGAIN, len(likeliest))), behind])
    if right[kept].any():
        yield _seen(readings, comparison, likeliest[kept], logits, right[kept], number)


def _candidates(model: str, vectors: Floats, choice: IconChoice) -> list[Candidate]:
    """What the first stage finds, without icons of sets that are left out."""
    from icons.models import IconSet
    from search.nearest import nearest_icons

    learnt = set(IconSet.objects.filter(prefix__in=choice.by_set).values_list("pk", flat=True))
    return [candidate for candidate in nearest_icons(model, vectors) if candidate.set_id in learnt]


def _opened(query: Query, rng: Random) -> Image.Image:
    file = Image.open(io.BytesIO(query.picture))
    picture = file.convert(file.mode if file.mode in ("RGB", "RGBA") else "RGB")
    if picture.mode == "RGB" and rng.random() < SMOOTHED:
        picture = _smoothed(picture, math.exp(rng.uniform(-CURVE, CURVE)))
    if rng.random() < REDUCED:
        factor = rng.uniform(*FACTORS)
        picture = _resized(picture, factor, factor, rng)
    elif rng.random() < FITTED:
        across, down = (math.exp(rng.uniform(-STRETCH, STRETCH)) for _ in range(2))
        picture = _resized(picture, across, down, rng)
    return picture


def _smoothed(picture: Image.Image, power: float) -> Image.Image:
    """A picture whose edges are nearer its light or its dark colours, as systems smooth the shapes of fonts."""
    pixels = np.asarray(picture, np.float32)
    least = pixels.min(axis=(0, 1))
    span = np.maximum(pixels.max(axis=(0, 1)) - least, 1)
    return Image.fromarray(np.round(least + span * ((pixels - least) / span) ** power).astype(np.uint8))


def _resized(picture: Image.Image, across: float, down: float, rng: Random) -> Image.Image:
    size = max(8, round(picture.width * across)), max(8, round(picture.height * down))
    return picture.resize(size, rng.choice(METHODS))


def _seen(
    readings: Sequence[Reading],
    comparison: Comparison,
    pairs: NDArray[np.int64],
    logits: Floats,
    right: NDArray[np.bool_],
    number: int,
) -> Pairs:
    """These pairs of a comparison as the network sees them."""
    shown, icons = np.empty((2, len(pairs), SHAPE, SHAPE), np.uint8)
    facts = []
    for place, pair in enumerate(pairs):
        reading = readings[comparison.readings[pair]]
        [seen] = seen_together(reading, unpack([comparison.signatures[pair]]))
        shown[place], icons[place] = (np.round(255 * seen[..., side].clip(0, 1)) for side in (0, 1))
        facts.append(facts_of(reading, comparison.rows[pair : pair + 1])[0])
    return Pairs(shown, icons, np.stack(facts), logits[pairs], right, np.full(len(pairs), number))
