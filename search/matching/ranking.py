"""How matches are ordered: the few hundred candidates of the first stage, by what speaks for each of them.

The first stage is the index over vectors. This is the second: the order is a conditional logit, the probability that
the library has what is shown a logistic regression, both fitted by training/second_stage.py.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from search.matching.features import FEATURES, correlatable, features
from search.matching.signature import Floats, unpack
from search.matching.twins import palette_suits, twin_groups
from search.vision.readings import Reading

COEFFICIENTS_FILE = "second_stage_1.json"
SHARED = 100  # the number of best icons among which twins are looked for, and the shares of look-alikes added up
LOOK_ALIKE = 0.97  # correlation of two icons from which they are look-alikes
# If the best icon of a reading scores lower than the best of all readings, that reading's list is moved down by BEHIND
# times the difference, at most BEHIND_MOST; both are added to the logarithm of the place.
BEHIND, BEHIND_MOST = 0.25, 1.6
# What an icon at another stroke width than its own must have ahead, so that it does not come before one that is as good
# as it is: most icons are shown as they are.
OTHER_WIDTH = 0.7

AHEAD_OF = 3, 10, 40  # places in a reading's list; a drawing that the library has scores far above these
ASSUMED_LEAD = 5.0  # the lead that is assumed where a list is shorter than the place
SINGLE = ("constant", "value", *(f"ahead of place {place}" for place in AHEAD_OF), *FEATURES)
# The same value means more for one picture than for another: how alike two shapes should be depends on the pixels there
# are.
TOGETHER = (
    *SINGLE[1 : 2 + len(AHEAD_OF)],
    "inner product",
    "shape as framed",
    "log shape distance",
    "log vector distance",
    "few pixels",
    "not clean",
)
PAIRS = np.array(
    [(SINGLE.index(left), SINGLE.index(right)) for i, left in enumerate(TOGETHER) for right in TOGETHER[i:]]
)
EVIDENCE = (*SINGLE, *(f"{SINGLE[left]} × {SINGLE[right]}" for left, right in PAIRS))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An icon whose vector is among the nearest to a vector of the query: what the first stage finds."""

    icon_id: int
    query: int  # index of the query's vector, and of its reading
    inner_product: float  # of the two vectors
    signature: bytes  # as stored with the icon's vector
    stroke: float | None = None  # the stroke width at which it was drawn for this query; None: as it is stored


@dataclass(frozen=True, slots=True)
class Twin:
    """An icon that looks like a match at the picture's resolution."""

    icon_id: int
    behind: float  # how much less likely than the match the picture makes it, as a difference of logarithms
    stroke: float | None = None  # as of a match


@dataclass(frozen=True, slots=True)
class Match:
    """An icon that may be the one meant: what the second stage makes of the candidates."""

    icon_id: int
    score: float  # 0 to 1: the probability that this is the icon meant
    present: float  # 0 to 1: the probability that the library has what the picture shows; equal for all its matches
    suits: bool = True  # whether the icon may have the colours of the picture
    twins: tuple[Twin, ...] = ()  # icons that look the same at the picture's resolution, the likeliest first
    stroke: float | None = None  # the stroke width that the picture shows, in units of the view box; None: the icon's

    @property
    def icon_ids(self) -> list[int]:
        """The ids of the icon and of its twins."""
        return [self.icon_id, *(twin.icon_id for twin in self.twins)]


@dataclass(frozen=True)
class Coefficients:
    """What training/second_stage.py has fitted."""

    order: Floats  # (len(FEATURES),)
    present: Floats  # (len(EVIDENCE),)

    @staticmethod
    def read(path: Path) -> "Coefficients":
        """The coefficients in a JSON file, by name.

        Raises OSError, ValueError or KeyError if the file is missing or another version's.
        """
        fitted = json.loads(path.read_text())
        order = [fitted["order"][name] for name in FEATURES]
        present = [fitted["present"][name] for name in EVIDENCE]
        return Coefficients(np.array(order, np.float32), np.array(present, np.float32))


@cache
def coefficients() -> Coefficients:
    """The coefficients in WEIGHTS_DIR, read once. Raises as `Coefficients.read` does."""
    return Coefficients.read(Path(settings.WEIGHTS_DIR) / COEFFICIENTS_FILE)


@dataclass(frozen=True)
class Comparison:
    """n pairs of a reading and a candidate near it, compared; n > 0. One icon may be near several readings."""

    icons: NDArray[np.int64]  # (n,): ids
    readings: NDArray[np.int64]  # (n,): indices
    rows: Floats  # (n, len(FEATURES))
    signatures: Sequence[bytes]  # n, of the candidates
    strokes: NDArray[np.float64]  # (n,): the candidates' stroke widths; NaN where they are as stored


def compare(readings: Sequence[Reading], candidates: Sequence[Candidate]) -> Comparison:
    """Each candidate, at least one, compared with the reading that it was found for; in the order of the readings."""
    icons, of_reading, rows, strokes = [], [], [], []
    packed: list[bytes] = []
    for index, reading in enumerate(readings):
        near = [candidate for candidate in candidates if candidate.query == index]
        if near:
            packed += [candidate.signature for candidate in near]
            signatures = unpack(packed[-len(near) :])
            inner_products = np.array([candidate.inner_product for candidate in near], np.float32)
            icons.append(np.array([candidate.icon_id for candidate in near]))
            of_reading.append(np.full(len(near), index))
            rows.append(features(reading, readings[0], inner_products, signatures))
            strokes.append(np.array([candidate.stroke or np.nan for candidate in near]))
    return Comparison(
        np.concatenate(icons), np.concatenate(of_reading), np.concatenate(rows), packed, np.concatenate(strokes)
    )


def evidence(values: Floats, rows: Floats, readings: NDArray[np.int64]) -> Floats:
    """(len(EVIDENCE),): what speaks for the best of n pairs being right at all.

    `values`, (n,), are the logits of the pairs in the order; `rows` and `readings` are those of the comparison.
    """
    best = int(values.argmax())
    of_reading = np.sort(values[readings == readings[best]])[::-1]
    ahead = [values[best] - of_reading[place] if place < len(of_reading) else ASSUMED_LEAD for place in AHEAD_OF]
    single = np.array([1, values[best], *ahead, *rows[best]], np.float32)
    return np.concatenate([single, single[PAIRS].prod(axis=1)])


def merge_keys(values: Floats, readings: NDArray[np.int64]) -> Floats:
    """(n,) keys, the larger the better, by which the lists of the readings become one list.

    A plain shape, say the button under an icon, has a hundred icons just like it. They must not crowd out what
    the other readings found: the best icon of each reading comes among the first few, however much better
    another reading's is. `values` and `readings` are as for `evidence`.
    """
    order = np.lexsort((-values, readings))
    place = np.empty(len(values), np.int64)
    place[order] = np.arange(len(values)) - np.searchsorted(readings[order], readings[order])
    best = np.full(int(readings.max()) + 1, -np.inf)
    np.maximum.at(best, readings, values)
    behind = values.max() - best[readings]
    return np.asarray(-np.log1p(place) - np.minimum(BEHIND * behind, BEHIND_MOST), np.float32)


def unique_icons(comparison: Comparison, values: Floats) -> NDArray[np.int64]:
    """The indices of the pairs that are left when each icon stands once, where it is first; best first."""
    best = np.lexsort((-values, -merge_keys(values, comparison.readings)))
    _, firsts = np.unique(comparison.icons[best], return_index=True)
    return best[np.sort(firsts)]


def best_matches(readings: Sequence[Reading], candidates: Sequence[Candidate]) -> list[Match]:
    """The icons among the candidates, at least one, the most probable first, each once: as a match or a twin of one.

    The score is the probability that the library has what is shown, times this icon's share of it, to which the shares
    of its twins and look-alikes are added. Raises as `coefficients` does.
    """
    fitted = coefficients()
    comparison = compare(readings, candidates)
    handicaps = np.where(np.isnan(comparison.strokes), 0, OTHER_WIDTH).astype(np.float32)
    values = comparison.rows @ fitted.order - handicaps
    logit = float(evidence(values, comparison.rows, comparison.readings) @ fitted.present)
    present = 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
    chosen = unique_icons(comparison, values)
    weight = np.exp(values[chosen] - values.max())
    share = weight / weight.sum()
    icons = unpack([comparison.signatures[pair] for pair in chosen[:SHARED]])
    shapes = correlatable(icons.ink.reshape(len(icons.ink), -1))
    likes = shapes @ shapes.T > LOOK_ALIKE
    of_reading = comparison.readings[chosen]
    groups = twin_groups([readings[index] for index in of_reading[:SHARED]], icons)
    for head, *twins in groups:
        likes[head, twins] = True
    shared = share.copy()
    shared[:SHARED] = likes.astype(np.float32) @ share[:SHARED]
    suits = np.ones(len(chosen), bool)
    for index in np.unique(of_reading[:SHARED]):
        of_this = np.flatnonzero(of_reading[:SHARED] == index)
        suits[of_this] = palette_suits(readings[index], icons)[of_this]
    groups += [[place] for place in range(len(icons.ink), len(chosen))]
    heads = [head for head, *_ in groups]
    scores = present * shared[heads].clip(0, 1)
    # Scores fall with the order: another reading's best icon has at least the score of what follows it.
    scores = np.minimum(np.maximum.accumulate(scores[::-1])[::-1], scores[0])
    ids, ordered = comparison.icons[chosen].tolist(), values[chosen].tolist()
    strokes = [None if np.isnan(width) else float(width) for width in comparison.strokes[chosen]]
    return [
        Match(
            ids[head],
            float(score),
            present,
            bool(suits[head]),
            tuple(Twin(ids[twin], ordered[head] - ordered[twin], strokes[twin]) for twin in twins),
            strokes[head],
        )
        for (head, *twins), score in zip(groups, scores, strict=True)
    ]
